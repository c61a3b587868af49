"""The proof that acknowledged means stored: real broker, real store, real process, and kills."""

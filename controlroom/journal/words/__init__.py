"""The journal in words: what each record says, for the audit. No I/O."""

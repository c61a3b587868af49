"""Rule tables: what a signal needs, written by people, checked before it goes live, explained after."""

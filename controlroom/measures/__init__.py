"""The Plan on a Page: figures counted from the journal's records, and published."""

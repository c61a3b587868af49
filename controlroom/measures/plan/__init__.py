"""The Plan on a Page as data: what is measured, what counts for it, and what is wanted of it."""

"""The log book: what people wrote down, its versions, and what of it is still open."""

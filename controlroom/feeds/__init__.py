"""Feed files: what the field said, message by message, to be played and replayed; the form is docs/feeds.md.

`model` is the lines, `write` and `read` are the files. A feed is written once, in the order of its time, and
read as a stream: whatever its size, only a few lines of it are ever in memory.
"""

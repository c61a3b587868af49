"""Handing a shift over: what one person writes, another takes, and both sign."""

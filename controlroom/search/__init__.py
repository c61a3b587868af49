"""Full-text search over everything that the room has kept: a derived index, made anew whenever in doubt."""

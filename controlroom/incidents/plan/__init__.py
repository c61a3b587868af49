"""What people said about the plan's figures; the figures themselves are counted from records elsewhere."""

"""The calls to those who hold the keys of a site: who is next, who wanted to come, and who did not."""

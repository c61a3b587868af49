"""The same thing again and again: rolled up and counted, never dropped, and never about a life."""

"""Faults that come back by themselves, and those that do not."""

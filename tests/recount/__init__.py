"""A plan year that a real room decides, counted by the ledger and by code that shares nothing with it."""

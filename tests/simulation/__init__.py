"""A seeded city in virtual time around the real room, judged by code that shares nothing with it."""

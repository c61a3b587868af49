"""Sites: set or not, tested, polled, opened, closed and visited in time, and how often they cried wolf."""

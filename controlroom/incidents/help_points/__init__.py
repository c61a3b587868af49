"""What the room knows about its help points: calls that ring, buttons that stick, tests that should come."""

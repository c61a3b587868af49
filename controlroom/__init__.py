"""controlroom: the event-driven integration service of Leedswatch, a council's security control room.

The way of one signal through the house is told in ``docs/architecture.md``; each step of it
stands in the room of this package that bears its name.
"""

__version__ = "0.1.0"

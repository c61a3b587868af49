"""Which moments a person may name: those of this room's working life, which every zone and calendar can hold.

A moment of the year 1 or 9999 is a slip of the hand or worse, and cannot be told in another zone. The room
refuses it; what counts the journal lets one that stands there already count at the nearer edge.
"""

from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Older than any record of the service."""

LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Later than any promise of the plan."""


def is_thinkable(moment: datetime) -> bool:
    """Say whether this moment lies between the two, whatever its zone."""
    return EARLIEST <= moment <= LATEST


def nearest(moment: datetime) -> datetime:
    """Return this moment, or the edge that it lies beyond."""
    return min(max(moment, EARLIEST), LATEST)

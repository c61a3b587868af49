"""The devices' own clock, the only place where a simulator reads the wall clock.

It is not the room's clock on purpose: a device knows nothing of the room, and its `time` is its own.
"""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the wall time, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - a device has its own clock; see the module

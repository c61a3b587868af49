"""What the room remembers of its help points: a part of the state, changed only by `help_points.note`.

Only points of the estate are remembered, at most `CALLS_KEPT` calls each: so it is bounded by the estate.
"""

from datetime import datetime

from msgspec import Struct, field

CALLS_KEPT = 16
"""Calls of one point that may stand at once, and starts that are remembered: a point has one button. An
older one is forgotten, and its watch finds nothing."""


class Call(Struct, frozen=True, gc=False, array_like=True):
    """A call that is not over: when it began, whether a voice answered, whether it was given up."""

    call: str
    since: datetime
    answered: bool = False
    abandoned: bool = False


class Stuck(Struct, frozen=True, gc=False, array_like=True):
    """A button that is stuck: where that is collected, how many calls since, and when the last one came."""

    incident: str | None
    calls: int
    last: datetime


class SelfTest(Struct, frozen=True, gc=False, array_like=True):
    """When a point last tested itself, and whether the next test is overdue."""

    at: datetime
    overdue: bool = False


class HelpPoints(Struct):
    """Everything about help points, by topic."""

    calls: dict[str, tuple[Call, ...]] = field(default_factory=dict)
    starts: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    stuck: dict[str, Stuck] = field(default_factory=dict)
    tested: dict[str, SelfTest] = field(default_factory=dict)

    def call_of(self, point: str, call: str) -> Call | None:
        """Return a call that is not over; None for one that is unknown or over."""
        return next((one for one in self.calls.get(point, ()) if one.call == call), None)

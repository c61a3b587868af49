"""The changes that the facts of later signals depend on. They move no incident and show on no list."""

from enum import StrEnum

from msgspec import Struct

from controlroom.incidents.on_test import OnTest
from controlroom.signals.vocabulary import AlarmEvent


class Threat(StrEnum):
    """What is confirmed."""

    INTRUSION = "intrusion"
    HOLD_UP = "hold_up"


class ClueKept(Struct, frozen=True, gc=False, tag="clue"):
    """A signal that a later one may be confirmed by; `armed`: the system was not known to be unset.

    `zone` is the detector, or the path of a path fault; None where the signal named none.
    """

    site: str
    event: AlarmEvent
    zone: str | None
    armed: bool


class Confirmed(Struct, frozen=True, gc=False, tag="confirmed"):
    """A threat at a site is confirmed by the signals at these positions, the one being decided last.

    One position alone is a panel that confirmed by itself.
    """

    site: str
    threat: Threat
    by: tuple[int, ...]


class PathMoved(Struct, frozen=True, gc=False, tag="path_moved"):
    """A path of a site failed, or came back; `path` is empty where the report names none."""

    site: str
    path: str
    failed: bool


class WentOnTest(Struct, frozen=True, gc=False, tag="went_on_test"):
    """A target is on test."""

    test: OnTest


class CameOffTest(Struct, frozen=True, gc=False, tag="came_off_test"):
    """A test is over, with its report; `by` is who ended it, None when it ran out."""

    test: OnTest
    by: str | None = None


class Swallowed(Struct, frozen=True, gc=False, tag="swallowed"):
    """A signal was only logged while the test of this name stood."""

    test: str
    event: str


Lesson = ClueKept | Confirmed | PathMoved | WentOnTest | CameOffTest | Swallowed
"""What the room learns from one event for the next ones."""

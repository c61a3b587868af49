"""What is kept of the waits: the incidents that are open, and by month how often each time was counted."""

import math
from datetime import datetime
from enum import StrEnum

import msgspec

RESPOND_DEFAULT_S = 1_800
"""The response limit of an incident whose rule sets none: the 30 min of most intruder rules, which is the
default of `work.arrive_within_s` as well."""

FINE_S = 3_600
"""Times up to here are kept to the tenth of a second, longer ones to the minute."""

LONGEST_S = 86_400
"""Longer is *a day or more*: nobody asks for the difference."""


class Stage(StrEnum):
    """Which wait is over; a metric label, so the set is closed."""

    ANSWERED = "answered"
    SENT = "sent"
    ARRIVED = "arrived"


class Waited(msgspec.Struct, frozen=True, gc=False):
    """A wait is over, after so many seconds; `by_room` where no person was asked."""

    stage: Stage
    kind: str
    seconds: float
    by_room: bool = False


class Judged(msgspec.Struct, frozen=True, gc=False):
    """A limit was kept or missed; a missed one is told when it passes, and not again when somebody comes."""

    stage: Stage
    kind: str
    within: bool


Told = Waited | Judged


class Case(msgspec.Struct):
    """An open incident as its waits see it. `waits` is that a person is expected to answer."""

    kind: str
    opened_at: datetime
    answer_s: int
    respond_s: int
    waits: bool
    answered: bool = False
    answer_judged: bool = False
    sent_at: datetime | None = None
    arrived: bool = False
    arrival_judged: bool = False
    units: list[str] = []


Times = dict[str, dict[int, int]]
"""By kind and limit ("arc-alarm 60"): how often each time was counted, in tenths of a second."""


class MonthOfAnswers(msgspec.Struct):
    """The waits of the incidents that opened in one month; of each kind, how many the room handled."""

    answered: Times = {}
    sent: Times = {}
    arrived: Times = {}
    by_room: dict[str, int] = {}


class Answering(msgspec.Struct):
    """The waits of the last months, and what is open."""

    open: dict[str, Case] = {}
    months: dict[str, MonthOfAnswers] = {}


def tenths(seconds: float) -> int:
    """Return the time as it is kept: tenths of a second, rounded up, so that no limit is kept by rounding."""
    if seconds <= FINE_S:
        return max(0, math.ceil(round(seconds * 10, 6)))
    return min(LONGEST_S, math.ceil(seconds / 60) * 60) * 10

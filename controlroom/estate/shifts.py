"""When somebody is to be at work: the roster of a worker or a post, as a council writes it in one cell.

`mon-fri 08:00-16:30; sat 09:00-12:00`: days, then from and to by the clock on the wall. `daily` is every
day. A shift that ends at or before its start ends on the day after. Limits: no bank holidays and no
rotas of several weeks; who is not expected is taken off the roster.
"""

import re

from msgspec import Struct

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The words for days, in the order of `datetime.weekday`."""

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

_CLOCK = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_SHIFT = re.compile(rf"(daily|[a-z]{{3}}(?:-[a-z]{{3}})?) +{_CLOCK}-{_CLOCK}")


class Shift(Struct, frozen=True):
    """On these weekdays (0 is Monday) from a minute of the day to another; past 1,440 is the day after."""

    days: tuple[int, ...]
    start: int
    end: int


class Assignment(Struct, frozen=True):
    """How somebody is watched over: the roster, how often a sign of life is due; None: as the house says."""

    check_every_min: int | None = None
    check_grace_min: int | None = None
    shifts: tuple[Shift, ...] = ()


def read_shifts(text: str) -> tuple[Shift, ...]:
    """Return the shifts of a cell; raises ValueError where one is none."""
    return tuple(_shift(part.strip()) for part in text.split(";") if part.strip())


def week_of(shifts: tuple[Shift, ...]) -> bytes:
    """Return for each minute of a week, from Monday's midnight on the wall, whether a shift runs (1)."""
    week = bytearray(WEEK_MINUTES)
    for shift in shifts:
        for day in shift.days:
            start, end = day * DAY_MINUTES + shift.start, day * DAY_MINUTES + shift.end
            over = max(0, end - WEEK_MINUTES)
            week[start : end - over] = b"\1" * (end - over - start)
            week[:over] = b"\1" * over
    return bytes(week)


def _shift(text: str) -> Shift:
    found = _SHIFT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    days, *clock = found.groups()
    start, end = (int(clock[place]) * 60 + int(clock[place + 1]) for place in (0, 2))
    return Shift(_days(days), start, end if end > start else end + DAY_MINUTES)


def _days(text: str) -> tuple[int, ...]:
    if text == "daily":
        return tuple(range(len(DAYS)))
    first, _, last = text.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)  # ValueError: no such day
    if start > end:
        raise ValueError(text)
    return tuple(range(start, end + 1))

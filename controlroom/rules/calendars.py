"""Named stretches of the week in Leeds: opening hours, nights, bank holidays.

A calendar is judged by the clock on the wall in Europe/London, not by elapsed time. That makes both
clock changes plain: on the last Sunday of March the minutes from 01:00 to 02:00 never happen and belong
to nothing; on the last Sunday of October the hour happens twice and both times belong to the same
spans. A span that ends at or before its start runs past midnight, and belongs to the day it started
on: a night that starts on a bank holiday is a bank holiday's night until the morning.

Limits: whole minutes; no "first Monday of the month": such days are written out as dates.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

LONDON = ZoneInfo("Europe/London")
"""The clock that people in the room live by."""

DAY_MINUTES = 24 * 60
WEEK_DAYS = 7

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The words for days, in the order of `datetime.weekday`."""


class Span(msgspec.Struct, frozen=True, order=True):
    """From a minute of a weekday (0 is Monday) up to but not including another.

    `end` above 1,440 lies on the following day; 1,440 itself is midnight at the end of the day.
    """

    day: int
    start: int
    end: int


class Calendar(msgspec.Struct, frozen=True):
    """One calendar: spans that return every week, whole dates beside them, and dates taken out.

    `never` are dates on which no weekly span starts; `dates` are in from midnight to midnight.
    """

    name: str
    weekly: tuple[Span, ...] = ()
    dates: frozenset[date] = frozenset()
    never: frozenset[date] = frozenset()

    def holds(self, now: datetime) -> bool:
        """Return whether this instant is inside the calendar; `now` carries its zone."""
        return self.holds_on_the_wall(now.astimezone(LONDON))

    def holds_on_the_wall(self, local: datetime) -> bool:
        """Return whether this reading of the clock on the wall is inside the calendar."""
        today = local.date()
        if today in self.dates:
            return True
        weekday, minute = local.weekday(), local.hour * 60 + local.minute
        for span in self.weekly:
            if span.day == weekday and span.start <= minute < span.end and today not in self.never:
                return True
            if (
                span.end > DAY_MINUTES
                and (span.day + 1) % WEEK_DAYS == weekday
                and minute < span.end - DAY_MINUTES
                and today - timedelta(days=1) not in self.never
            ):
                return True
        return False


def inside(calendars: Iterable[Calendar], now: datetime) -> frozenset[str]:
    """Return the names of the calendars that hold at this instant."""
    local = now.astimezone(LONDON)
    return frozenset(calendar.name for calendar in calendars if calendar.holds_on_the_wall(local))


def moments(calendars: Mapping[str, Calendar], start: date) -> dict[frozenset[str], datetime]:
    """Return every combination of calendars that can hold together, each with its first instant found.

    Complete for the calendars given: it reads the clock at each edge of each span in the ordinary week
    that follows `start`, and around every date that any calendar names (in UTC, seconds zero). Ordinary
    days go first, so an instant of a holiday stands only for what no other day has.
    """
    named = {day for c in calendars.values() for day in (*c.dates, *c.never)}
    ordinary = timedelta(days=2 * WEEK_DAYS)
    days = {start + timedelta(days=n) for n in range(ordinary.days)} | {
        day + timedelta(days=n) for day in named for n in (0, 1)
    }
    edges = {0} | {
        edge % DAY_MINUTES for c in calendars.values() for span in c.weekly for edge in (span.start, span.end)
    }
    found: dict[frozenset[str], datetime] = {}
    for day in sorted(days, key=lambda day: (not timedelta() <= day - start < ordinary, day)):
        for edge in sorted(edges):
            local = datetime.combine(day, time(edge // 60, edge % 60), LONDON)
            instant = local.astimezone(UTC)
            found.setdefault(inside(calendars.values(), instant), instant)
    return found

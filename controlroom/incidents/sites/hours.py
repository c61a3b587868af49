"""When a calendar next begins or ends to hold: the hours from which deadlines are made.

An edge is an instant at which the calendar holds and did not a minute before (it *opens*), or the other
way round (it *closes*), by the clock on the wall in Leeds. At both clock changes the edge is where people
see it: what ends at 18:00 ends at 18:00, however long the day was; an hour that happens twice may hold
twice, and an hour that never happens ends at the change.

Limit: a calendar that does not change within `FAR_DAYS` has no edge.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from controlroom.rules.calendars import DAY_MINUTES, LONDON, Calendar

FAR_DAYS = 400
"""How far ahead an edge is looked for: a calendar of a few dates returns within a year."""

CHANGE_HOUR_UTC = 1
"""The hour at which the clocks change in the United Kingdom, both ways (Summer Time Order 2002)."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def next_closing(calendar: Calendar, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which the calendar ends to hold; None where none is near."""
    return _next(calendar, now, opens=False)


def next_opening(calendar: Calendar, now: datetime) -> datetime | None:
    """Return the first instant after `now` at which the calendar begins to hold; None where none is near."""
    return _next(calendar, now, opens=True)


def last_closing(calendar: Calendar, now: datetime) -> datetime | None:
    """Return the last instant up to `now` at which the calendar ended to hold; None where none is near."""
    return _last(calendar, now, opens=False)


def last_opening(calendar: Calendar, now: datetime) -> datetime | None:
    """Return the last instant up to `now` at which the calendar began to hold; None where none is near."""
    return _last(calendar, now, opens=True)


def _last(calendar: Calendar, now: datetime, *, opens: bool) -> datetime | None:
    today = now.astimezone(LONDON).date()
    for back in range(FAR_DAYS):
        for instant in reversed(_candidates(calendar, today - timedelta(days=back))):
            if instant <= now and _is_edge(calendar, instant, opens=opens):
                return instant
    return None


def _next(calendar: Calendar, now: datetime, *, opens: bool) -> datetime | None:
    today = now.astimezone(LONDON).date()
    for ahead in range(FAR_DAYS):
        for instant in _candidates(calendar, today + timedelta(days=ahead)):
            if instant > now and _is_edge(calendar, instant, opens=opens):
                return instant
    return None


def _is_edge(calendar: Calendar, instant: datetime, *, opens: bool) -> bool:
    return calendar.holds(instant) is opens and calendar.holds(instant - _MINUTE) is not opens


def _candidates(calendar: Calendar, day: date) -> list[datetime]:
    """Return the instants of this day in Leeds at which anything may begin or end, in order, in UTC.

    Days taken out of the calendar are not looked at: what is no edge there is found out by asking it.
    """
    weekday = day.weekday()
    minutes = {0, *_left_over(calendar, day)}
    for span in calendar.weekly:
        if span.day == weekday:
            minutes |= {span.start, span.end}
    found = {instant for minute in minutes if minute < DAY_MINUTES for instant in _instants(day, minute)}
    change = datetime.combine(day, time(CHANGE_HOUR_UTC), UTC)
    if _offset(change - _MINUTE) != _offset(change):
        found.add(change)
    return sorted(found)


def _left_over(calendar: Calendar, day: date) -> Iterator[int]:
    """Yield the minutes of this day at which spans of the day before end."""
    yesterday = (day - _DAY).weekday()
    for span in calendar.weekly:
        if span.day == yesterday and span.end > DAY_MINUTES:
            yield span.end - DAY_MINUTES


def _instants(day: date, minute: int) -> set[datetime]:
    """Return the instants at which the clock on the wall shows this minute: one, or two in October."""
    shown = datetime.combine(day, time(minute // 60, minute % 60), LONDON)
    return {shown.astimezone(UTC), shown.replace(fold=1).astimezone(UTC)}


def _offset(instant: datetime) -> timedelta | None:
    return instant.astimezone(LONDON).utcoffset()

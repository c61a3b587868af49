"""When the next shift of a roster begins, and when the one that runs is over, by the clock in Leeds.

Judged by the clock on the wall in Europe/London, so a shift begins at eight in winter and in summer. Of
the hour that comes twice in October the first counts; a shift that would begin in the hour that never
comes in March begins an hour later on the wall.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from controlroom.estate.shifts import DAY_MINUTES, Shift
from controlroom.rules.calendars import LONDON, WEEK_DAYS


def next_start(shifts: tuple[Shift, ...], after: datetime) -> datetime | None:
    """Return when the first shift begins after this moment, UTC; None where the roster is empty."""
    starts = (start for start, _ in _around(shifts, after) if start > after)
    return min(starts, default=None)


def end_of(shifts: tuple[Shift, ...], now: datetime, early: timedelta) -> datetime | None:
    """Return when the shift that runs now, or begins within `early`, is over; None where none is.

    Of two the one that begins later: whoever books on early does not come for the last one's end.
    """
    running = [(start, end) for start, end in _around(shifts, now) if start - early <= now < end]
    return max(running)[1] if running else None


def _around(shifts: tuple[Shift, ...], moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end of every shift from the day before this moment to a week and a day after it."""
    today = moment.astimezone(LONDON).date()
    for shift in shifts:
        for ahead in range(-1, WEEK_DAYS + 2):
            day = today + timedelta(days=ahead)
            if day.weekday() in shift.days:
                midnight = datetime.combine(day, time())
                yield _utc(midnight, shift.start), _utc(midnight, shift.end)


def _utc(midnight: datetime, minute: int) -> datetime:
    """Return this minute of the day on the wall as a moment; past the day's end it is the day after's."""
    days, minutes = divmod(minute, DAY_MINUTES)
    wall = midnight + timedelta(days=days, minutes=minutes)
    return wall.replace(tzinfo=LONDON).astimezone(UTC)

"""Calendars follow the clock on the wall in Leeds: over both clock changes, holidays and midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from controlroom.rules.calendars import Calendar, Span, inside, moments
from controlroom.rules.model import RuleSet

NIGHT = Calendar("night", tuple(Span(day, 22 * 60, 30 * 60) for day in range(7)))
EARLY = Calendar("early", (Span(6, 60, 120),))
"""Sundays from 01:00 to 02:00: the hour that is missing in March and comes twice in October."""


def _minutes(calendar: Calendar, start: datetime, hours: int) -> int:
    """Return how many minutes of this stretch of real time the calendar holds."""
    return sum(calendar.holds(start + timedelta(minutes=minute)) for minute in range(hours * 60))


def test_the_night_of_the_spring_change_is_an_hour_short() -> None:
    """From 22:00 on 28 March 2026 to 06:00 on the 29th seven hours pass, all of them night."""
    assert _minutes(NIGHT, datetime(2026, 3, 28, 12, tzinfo=UTC), 23) == 7 * 60


def test_the_night_of_the_autumn_change_is_an_hour_long() -> None:
    """From 22:00 on 24 October 2026 to 06:00 on the 25th nine hours pass, all of them night."""
    assert _minutes(NIGHT, datetime(2026, 10, 24, 11, tzinfo=UTC), 25) == 9 * 60


def test_the_missing_hour_belongs_to_nothing() -> None:
    """A span that lies in the hour that spring takes away does not happen that day."""
    assert _minutes(EARLY, datetime(2026, 3, 29, tzinfo=UTC), 23) == 0


def test_the_doubled_hour_holds_both_times() -> None:
    """A span in the hour that autumn gives twice holds for two hours."""
    assert _minutes(EARLY, datetime(2026, 10, 24, 23, tzinfo=UTC), 25) == 120


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        (datetime(2026, 7, 14, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 7, 14, 7, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 16, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 17, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 18, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 14, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 28, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 29, 12, 0, tzinfo=UTC), True),
    ],
)
def test_opening_hours(shipped: RuleSet, *, at: datetime, holds: bool) -> None:
    """The shipped opening hours are 08:00 to 18:00 on the wall, Monday to Friday, no bank holidays."""
    assert shipped.calendars["opening_hours"].holds(at) is holds


def test_a_closed_night_is_closed_until_morning() -> None:
    """A span past midnight belongs to the day on which it starts, also when that day is taken out."""
    closed = Calendar("night", NIGHT.weekly, never=frozenset({date(2026, 12, 25)}))
    assert closed.holds(datetime(2026, 12, 25, 3, tzinfo=UTC))
    assert not closed.holds(datetime(2026, 12, 25, 23, tzinfo=UTC))
    assert not closed.holds(datetime(2026, 12, 26, 3, tzinfo=UTC))
    assert closed.holds(datetime(2026, 12, 26, 23, tzinfo=UTC))


def test_a_date_is_in_from_midnight_to_midnight_on_the_wall() -> None:
    """A whole date in summer begins at 23:00 UTC the day before."""
    day = Calendar("day", (), frozenset({date(2026, 5, 25)}))
    assert _minutes(day, datetime(2026, 5, 24, 23, tzinfo=UTC), 24) == 24 * 60
    assert not day.holds(datetime(2026, 5, 24, 22, 59, tzinfo=UTC))


def test_moments_finds_every_combination(shipped: RuleSet) -> None:
    """Every combination of calendars that some minute of two years shows is among the moments."""
    found = moments(shipped.calendars, date(2026, 6, 8))
    for names, now in found.items():
        assert inside(shipped.calendars.values(), now) == names
    start = datetime(2025, 12, 1, tzinfo=UTC)
    seen = {
        inside(shipped.calendars.values(), start + timedelta(minutes=30 * n)) for n in range(2 * 365 * 48)
    }
    assert seen <= set(found)

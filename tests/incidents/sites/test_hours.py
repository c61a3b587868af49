"""When a calendar begins and ends to hold, against a plain walk through the minutes; when the sun sets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.incidents.sites.dusk import sunset
from controlroom.incidents.sites.hours import last_closing, last_opening, next_closing, next_opening
from controlroom.rules.calendars import Calendar, Span
from tests.fundamentals.sites_room import leeds

MINUTE = timedelta(minutes=1)
NEAR = {
    "the clocks go back": datetime(2026, 10, 24, 22, tzinfo=UTC),
    "the clocks go forward": datetime(2027, 3, 27, 22, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 28, 22, tzinfo=UTC),
    "a turn of the year": datetime(2026, 12, 31, 20, tzinfo=UTC),
}
spans = st.builds(
    lambda day, start, length: Span(day, start, start + length),
    st.integers(0, 6),
    st.integers(0, 1_439),
    st.integers(1, 1_440),
)
calendars = st.builds(
    lambda weekly, date_in, date_out: Calendar("c", tuple(sorted(weekly)), date_in, date_out),
    st.lists(spans, max_size=4),
    st.frozensets(st.sampled_from([date(2026, 10, 25), date(2028, 2, 29)]), max_size=2),
    st.frozensets(st.sampled_from([date(2027, 3, 28), date(2027, 1, 1), date(2026, 10, 24)]), max_size=2),
)


def walked(calendar: Calendar, now: datetime, *, opens: bool, step: timedelta) -> datetime | None:
    """Return the edge that a walk of a day and a half through the minutes comes to first; None for none."""
    at = now.replace(second=0, microsecond=0)
    for _ in range(36 * 60):
        at += step
        if calendar.holds(at) is opens and calendar.holds(at - MINUTE) is not opens:
            return at
    return None


@pytest.mark.parametrize("now", NEAR.values(), ids=NEAR)
@given(calendars)
@settings(max_examples=25, deadline=None)
def test_the_next_edge_is_the_one_that_a_walk_through_the_minutes_finds(
    now: datetime, calendar: Calendar
) -> None:
    """Whatever the calendar, around the nights on which dates and clocks are odd."""
    for found, opens in ((next_closing(calendar, now), False), (next_opening(calendar, now), True)):
        plain = walked(calendar, now, opens=opens, step=MINUTE)
        assert plain in (found, None)
        assert plain is not None or found is None or found > now + timedelta(hours=35)


@pytest.mark.parametrize("now", NEAR.values(), ids=NEAR)
@given(calendars)
@settings(max_examples=15, deadline=None)
def test_the_last_edge_is_the_one_that_a_walk_back_finds(now: datetime, calendar: Calendar) -> None:
    """Backwards as forwards, this very minute included."""
    now += timedelta(hours=12)
    for found, opens in ((last_closing(calendar, now), False), (last_opening(calendar, now), True)):
        plain = walked(calendar, now + MINUTE, opens=opens, step=-MINUTE)
        assert plain in (found, None)


def test_a_calendar_that_never_changes_has_no_edge() -> None:
    """Open day and night, or never: nothing is expected at any hour."""
    always = Calendar("always", tuple(Span(day, 0, 1_440) for day in range(7)))
    for calendar in (always, Calendar("never")):
        assert next_closing(calendar, leeds(2026, 3, 2, 12)) is None
        assert last_opening(calendar, leeds(2026, 3, 2, 12)) is None


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 6, 21), leeds(2026, 6, 21, 21, 41)),
        (date(2026, 12, 21), leeds(2026, 12, 21, 15, 46)),
        (date(2026, 3, 20), leeds(2026, 3, 20, 18, 19)),
        (date(2026, 9, 23), leeds(2026, 9, 23, 19, 3)),
    ],
    ids=str,
)
def test_the_sun_sets_when_almanacs_say(day: date, printed: datetime) -> None:
    """At the solstices and equinoxes the sunset of Leeds is within three minutes of the printed one."""
    assert abs(sunset(day) - printed) <= timedelta(minutes=3)

"""The plan's time: years from April, quarters, days on the wall in Leeds."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.commands.moments import EARLIEST, LATEST
from controlroom.measures.months import month_of
from controlroom.measures.periods import (
    ALLOWED,
    begins,
    day_of,
    month,
    parse,
    plan_year,
    quarter,
    quarter_of,
    quarters_until,
    single,
    year_before,
    year_of,
)

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize("year", [1, 1999, 9999])
def test_a_moment_out_of_bounds_counts_at_the_nearer_edge(year: int) -> None:
    """A journal that holds an entry of the year 1 is read all the same."""
    edge = date(2000, 1, 1) if year < 2000 else date(2100, 1, 1)
    moment = datetime(year, 12 if year > 2000 else 1, 31, 23, 59, tzinfo=UTC)
    assert day_of(moment) == edge
    assert month_of(moment) == f"{edge:%Y-%m}"


@pytest.mark.parametrize(
    ("name", "first", "last", "words"),
    [
        ("2026", date(2026, 4, 1), date(2027, 3, 31), "Plan year 2026/27"),
        ("2026Q1", date(2026, 4, 1), date(2026, 6, 30), "Quarter 1 of 2026/27 (April to June 2026)"),
        ("2026Q3", date(2026, 10, 1), date(2026, 12, 31), "Quarter 3 of 2026/27 (October to December 2026)"),
        ("2026Q4", date(2027, 1, 1), date(2027, 3, 31), "Quarter 4 of 2026/27 (January to March 2027)"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "February 2026"),
        ("2028-02-29", date(2028, 2, 29), date(2028, 2, 29), "29 February 2028"),
    ],
)
def test_a_period_is_named_by_the_year_it_begins_in(name: str, first: date, last: date, words: str) -> None:
    """Quarter 1 is April to June, and quarter 4 lies in the next calendar year."""
    period = parse(name)
    assert (period.first, period.last, period.name, period.in_words) == (first, last, name, words)


@pytest.mark.parametrize(
    "name", ["", "26Q1", "2026Q5", "2026q1", "2026-13", "2026-02-30", "Q1 2026", "2026-1"]
)
def test_what_is_no_period_is_refused_with_what_is(name: str) -> None:
    """The message names the forms that are allowed."""
    with pytest.raises(ValueError, match=r"is no period; allowed: a plan year \(2026\)"):
        parse(name)


YEARS = st.sampled_from(["0000", "0001", "1999", "2000", "2026", "2099", "2100", "9999"]) | st.from_regex(
    r"\A\d{4}\Z"
)
PARTS = st.sampled_from(["", "Q1", "Q4", "-01", "-03", "-12", "-12-31", "-02-29", "-00", "Q0"])
NAMES = st.builds(str.__add__, YEARS, PARTS) | st.text(max_size=12)


@given(NAMES)
def test_whatever_is_named_is_a_period_that_can_be_worked_with_or_is_refused(name: str) -> None:
    """No name leads past the calendar's edge: what is taken has a year and quarters before it, and words."""
    try:
        period = parse(name)
    except ValueError as fault:
        assert ALLOWED in str(fault)  # noqa: PT017 - either is right
        return
    assert parse(period.name) == period
    assert EARLIEST.year - 1 <= period.first.year <= LATEST.year + 1
    assert year_before(year_before(period)).last < period.first
    assert len(quarters_until(quarter_of(period.first), 8)) == 8
    assert period.in_words
    assert begins(period.first) <= begins(period.last).astimezone(UTC)


@given(DAYS)
def test_every_day_lies_in_one_quarter_of_its_year(day: date) -> None:
    """The four quarters of a plan year follow each other without a hole, and hold each day once."""
    year = year_of(day)
    four = [quarter(year.first.year, number) for number in (1, 2, 3, 4)]
    assert [one for one in four if one.holds(day)] == [quarter_of(day)]
    assert (four[0].first, four[3].last) == (year.first, year.last)
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(four))
    assert month(day).holds(day)
    for period in (year, quarter_of(day), month(day), single(day)):
        assert parse(period.name) == period
        before = year_before(period)
        assert 365 <= (period.first - before.first).days <= 366 or period.name.endswith("-02-29")
    assert quarters_until(four[0], 5)[0].name == f"{year.first.year - 1}Q1"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_every_moment_lies_in_one_day_of_the_wall(moment: datetime) -> None:
    """Midnight in Leeds begins a day, also on the days of 23 and of 25 hours."""
    day = day_of(moment)
    assert begins(day) <= moment < begins(day + timedelta(days=1))


def test_the_year_ends_at_midnight_of_summer_time() -> None:
    """31 March is British summer time, so the plan year ends at 23:00 UTC."""
    assert day_of(datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)) == plan_year(2026).last
    assert day_of(datetime(2027, 3, 31, 23, 0, tzinfo=UTC)) == plan_year(2027).first
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert (begins(spring + timedelta(days=1)) - begins(spring).astimezone(UTC)) == timedelta(hours=23)
    assert (begins(autumn + timedelta(days=1)) - begins(autumn).astimezone(UTC)) == timedelta(hours=25)

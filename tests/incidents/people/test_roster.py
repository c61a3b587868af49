"""When a shift begins and ends, by the clock on the wall in Leeds."""

from datetime import UTC, datetime, timedelta

import pytest

from controlroom.estate.shifts import Shift, read_shifts
from controlroom.incidents.people.roster import end_of, next_start

EARLY = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("", ()),
        ("mon-fri 08:00-16:30", (Shift((0, 1, 2, 3, 4), 480, 990),)),
        ("daily 22:00-06:00", (Shift((0, 1, 2, 3, 4, 5, 6), 1320, 1800),)),
        ("sat 09:00-12:00; sun 10:00-12:00", (Shift((5,), 540, 720), Shift((6,), 600, 720))),
    ],
)
def test_a_roster_reads_as_it_is_written(text: str, shifts: tuple[Shift, ...]) -> None:
    """Days, from and to; past midnight where the end is not after the start; nothing is no roster."""
    assert read_shifts(text) == shifts


@pytest.mark.parametrize("text", ["fri-mon 08:00-16:00", "mon 8:00-16:00", "mon 24:00-25:00", "often", "mon"])
def test_what_is_no_roster_is_refused(text: str) -> None:
    """A run past Sunday, an hour that is none, or prose is not guessed at."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the table of the estate says what is allowed
        read_shifts(text)
    assert refused.value.args


@pytest.mark.parametrize(
    ("after", "start"),
    [
        ("2026-03-02T07:59:00", "2026-03-02T08:00:00"),
        ("2026-03-02T08:00:00", "2026-03-03T08:00:00"),
        ("2026-03-06T12:00:00", "2026-03-09T08:00:00"),
        ("2026-03-27T12:00:00", "2026-03-30T07:00:00"),  # the clocks went forward on the 29th
        ("2026-10-23T12:00:00", "2026-10-26T08:00:00"),  # and back on the 25th
    ],
)
def test_eight_in_the_morning_is_eight_on_the_wall(after: str, start: str) -> None:
    """The next shift begins at eight by the clock in Leeds, winter and summer, on working days."""
    assert next_start(read_shifts("mon-fri 08:00-16:30"), at(after)) == at(start)


@pytest.mark.parametrize(
    ("roster", "after", "start"),
    [
        ("sun 01:30-05:00", "2026-03-28T12:00:00", "2026-03-29T01:30:00"),
        ("sun 01:30-05:00", "2026-10-24T12:00:00", "2026-10-25T00:30:00"),
    ],
)
def test_a_shift_in_the_hour_of_the_clock_change_begins_once(roster: str, after: str, start: str) -> None:
    """In the hour that never comes it begins an hour later, in the one that comes twice at its first time."""
    shifts = read_shifts(roster)
    assert next_start(shifts, at(after)) == at(start)
    following = next_start(shifts, at(start))
    assert following is not None
    assert following - at(start) > timedelta(days=6)


def test_who_books_on_early_comes_for_the_next_shift() -> None:
    """Between two shifts that meet, an hour before the second the booking is for the second."""
    shifts = read_shifts("daily 06:00-14:00; daily 14:00-22:00")
    assert end_of(shifts, at("2026-03-02T12:59:00"), EARLY) == at("2026-03-02T14:00:00")
    assert end_of(shifts, at("2026-03-02T13:00:00"), EARLY) == at("2026-03-02T22:00:00")
    assert end_of(shifts, at("2026-03-02T23:00:00"), EARLY) is None
    assert end_of(read_shifts("daily 22:00-06:00"), at("2026-03-02T05:00:00"), EARLY) == at(
        "2026-03-02T06:00:00"
    )

"""The prediction of load, held against queues that can be worked out by hand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from controlroom.replay.load import BUCKETS, Assumptions, load_of
from controlroom.replay.tally import Tally, Trip, Work

BEGINS = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASSUMED = Assumptions(handling_s=(100, 100, 100, 100), trip_s=600, operators=3)


def _tally(*arrivals: tuple[float, int]) -> Tally:
    """Return a history with an incident at each of these seconds, of this priority."""
    tally = Tally()
    tally.work = [Work(BEGINS + timedelta(seconds=at), priority, 60, crew=False) for at, priority in arrivals]
    return tally


def test_one_operator_takes_the_most_urgent_first_and_then_the_oldest() -> None:
    """Four at once: one is taken, then priority 1, then the two others in their order."""
    desk = load_of(_tally((0, 3), (1, 3), (2, 3), (3, 1)), BEGINS, BEGINS + HOUR, ASSUMED).desks[0]

    # taken at 0, the urgent one at 100, the others at 200 and 300: they waited 0, 97, 199 and 298 s
    assert (desk.median_s, desk.longest_s) == (97, 298)
    assert (desk.longest_queue, desk.at_the_end) == (3, 0)
    assert desk.in_time == 0.25


def test_nobody_waits_where_there_are_operators_enough() -> None:
    """Three operators take three at once."""
    desk = load_of(_tally((0, 3), (0, 3), (0, 1)), BEGINS, BEGINS + HOUR, ASSUMED).desks[2]

    assert (desk.longest_s, desk.longest_queue, desk.in_time) == (0, 0, 1.0)
    assert desk.busy == round(300 / (3 * 3600), 4)


def test_crews_are_out_for_the_length_of_a_trip() -> None:
    """Two orders five minutes apart, trips of ten: two crews are out at once for five minutes."""
    tally = Tally()
    tally.trips = [Trip(BEGINS, "MR-01", 1), Trip(BEGINS + timedelta(minutes=5), "MR-02", 1)]
    load = load_of(tally, BEGINS, BEGINS + HOUR, ASSUMED)

    assert (load.orders, load.crew_h, load.most_crews_out) == (2, round(1200 / 3600, 2), 2)
    assert load.crews_out.count(2) == BUCKETS * 5 // 60 + 1


@given(st.lists(st.tuples(st.integers(0, 3599), st.integers(1, 4)), max_size=60))
def test_more_operators_never_make_anybody_wait_longer_in_all(arrivals: list[tuple[int, int]]) -> None:
    """With equal handling times, the longest queue and what is left only fall with each operator more."""
    desks = load_of(_tally(*sorted(arrivals)), BEGINS, BEGINS + HOUR, ASSUMED).desks

    for few, more in pairwise(desks):
        assert more.longest_queue <= few.longest_queue
        assert more.at_the_end <= few.at_the_end
        assert more.in_time >= few.in_time

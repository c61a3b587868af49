import msgspec
from hypothesis import given
from hypothesis import strategies as st

from controlroom.console.queue import cursor_of, page, rank_of
from controlroom.incidents.incident import Incident, Status
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.console.small_room import SmallRoom


def incident(number: int, **changes: object) -> Incident:
    """Return an open incident that differs from others in what is given."""
    room = SmallRoom()
    room.decided(signal(Kind.ARC_ALARM, "a", event="panic"))
    return msgspec.structs.replace(next(iter(room.state.incidents.values())), id=f"INC-{number}", **changes)


def test_the_most_urgent_stands_first_then_what_is_due_first_then_the_oldest() -> None:
    """Priority, due moment, opening moment, in this order; what waits for nobody comes after what does."""
    wanted = [
        incident(1, priority=1, due=after(90)),
        incident(2, priority=2, due=after(10), opened_at=after(5)),
        incident(3, priority=2, due=after(20), opened_at=after(1)),
        incident(4, priority=2, due=after(20), opened_at=after(2)),
        incident(5, priority=2, due=None, opened_at=after(0)),
    ]
    found, cursor = page(reversed(wanted), None, 10)
    assert (found, cursor) == (wanted, None)


def test_closed_incidents_stand_latest_first() -> None:
    """Of what is over, the newest is what somebody looks for."""
    closed = [incident(n, status=Status.CLOSED, closed_at=after(n)) for n in range(3)]
    found, _ = page(closed, None, 10)
    assert [one.id for one in found] == ["INC-2", "INC-1", "INC-0"]


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 5)), max_size=30), st.integers(1, 7))
def test_pages_hold_every_incident_once(shapes: list[tuple[int, int]], limit: int) -> None:
    """Following the cursors gives the whole list in order, without a gap or a repeat."""
    all_of_them = [incident(n, priority=p, opened_at=after(at)) for n, (p, at) in enumerate(shapes)]
    walked: list[Incident] = []
    behind = None
    while True:
        found, cursor = page(all_of_them, behind, limit)
        walked += found
        if cursor is None:
            break
        behind = rank_of(cursor)
        assert behind is not None
    assert walked == page(all_of_them, None, len(all_of_them) + 1)[0]


@given(st.text())
def test_what_is_no_cursor_is_refused(text: str) -> None:
    """A made-up cursor is either refused or one that we could have made."""
    rank = rank_of(text)
    assert rank is None or rank_of(cursor_of(rank)) == rank

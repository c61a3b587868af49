"""A cell keeps every record that counts, and gives each back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measures.cells import Cell, add, events_of, records_in, remove

EVENTS = st.lists(
    st.tuples(st.integers(1, 2**40), st.integers(1, 500)), max_size=60, unique_by=lambda one: one[0]
)


@given(EVENTS)
def test_what_is_counted_can_be_listed_and_adds_up(events: list[tuple[int, int]]) -> None:
    """In whatever order positions come, all are given back, and the value is the sum of the weights."""
    cell = Cell()
    for position, weight in events:
        add(cell, position, weight)
    assert list(events_of(cell)) == events
    assert cell.value == sum(weight for _, weight in events)


@given(EVENTS.filter(bool), st.data())
def test_what_is_taken_back_leaves_the_rest(events: list[tuple[int, int]], data: st.DataObject) -> None:
    """A cell without a record is the cell that never had it."""
    gone = data.draw(st.sampled_from(events))
    cell, other = Cell(), Cell()
    for one in events:
        add(cell, *one)
        if one != gone:
            add(other, *one)
    remove(cell, *gone)
    assert cell == other
    with pytest.raises(ValueError, match="not in list"):
        remove(cell, *gone)


def test_a_year_of_events_takes_little() -> None:
    """Positions close to each other cost two to three bytes each."""
    cell = Cell()
    for number in range(10_000):
        add(cell, 5_000_000 + 7 * number)
    assert len(cell.events) < 25_000


@given(st.lists(st.tuples(st.integers(1, 2**40), st.integers(0, 100_000)), max_size=50))
def test_a_cell_knows_how_many_records_it_has(records: list[tuple[int, int]]) -> None:
    """Whatever the positions and weights, in any order: as many as reading them gives."""
    cell = Cell()
    for position, weight in records:
        add(cell, position, weight)

    assert records_in(cell) == len(records) == len(list(events_of(cell)))

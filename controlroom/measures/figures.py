"""Figures asked of the ledger: how much, of which measure, in which period and area, and which events.

Pure reading. `how_many` and `events` agree by construction: a figure is the sum of the weights of its events.
"""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from controlroom.measures.cells import Cell, events_of, records_in
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period


class Event(Struct, frozen=True, array_like=True):
    """One record that counts: on which day, in which area ("" where in none), where it stands, how much."""

    day: date
    area: str
    position: int
    weight: int


def how_many(ledger: Ledger, measure: str, period: Period, area: str | None = None) -> int:
    """Return how much counts for the measure in these days, of one area or (None) of the whole city."""
    return sum(cell.value for _, _, cell in _cells(ledger, measure, period, area))


def events(ledger: Ledger, measure: str, period: Period, area: str | None = None) -> Iterator[Event]:
    """Yield what makes up the figure, day by day."""
    for day, where, cell in _cells(ledger, measure, period, area):
        for position, weight in events_of(cell):
            yield Event(date.fromordinal(day), where, position, weight)


def records_by_day(ledger: Ledger, measure: str, period: Period, area: str | None = None) -> dict[date, int]:
    """Return how many records make up the figure on each day that has any, the first day first."""
    found: dict[date, int] = {}
    for day, _, cell in _cells(ledger, measure, period, area):
        on = date.fromordinal(day)
        found[on] = found.get(on, 0) + records_in(cell)
    return found


def by_area(ledger: Ledger, measure: str, period: Period) -> dict[str, int]:
    """Return the figure of each area that has any; what belongs to none stands under ""."""
    found: dict[str, int] = {}
    for _, where, cell in _cells(ledger, measure, period, None):
        found[where] = found.get(where, 0) + cell.value
    return found


def totals(ledger: Ledger) -> dict[str, int]:
    """Return what stands now for each measure, of all time."""
    return {measure: total - ledger.taken_back.get(measure, 0) for measure, total in ledger.counted.items()}


def _cells(ledger: Ledger, measure: str, period: Period, area: str | None) -> Iterator[tuple[int, str, Cell]]:
    days = ledger.cells.get(measure, {})
    first, last = period.first.toordinal(), period.last.toordinal()
    # The scrape asks on a thread of its own: `tuple` copies in one step what the room may be changing.
    chosen = (
        sorted(day for day in tuple(days) if first <= day <= last)
        if last - first > len(days)
        else range(first, last + 1)
    )
    for day in chosen:
        for where, cell in tuple(days.get(day, _NOWHERE).items()):
            if area is None or where == area:
                yield day, where, cell


_NOWHERE: dict[str, Cell] = {}

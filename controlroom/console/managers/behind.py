"""What stands behind a figure: its events, each with the record that counted, a page of them at a time.

The figure above the list and the list are of the same cells, so they are equal by construction. A page begins
after the last event of the one before it, by day and position: an event that a correction adds in between
moves no other.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec

from controlroom.console.managers.card import name_of
from controlroom.events import SignalReceived
from controlroom.incidents.changes import IncidentClosed, IncidentOpened, Logged, OrderMoved
from controlroom.incidents.log_book.changes import EntryKept
from controlroom.incidents.people.duty import Checked
from controlroom.incidents.record import Record
from controlroom.measures.figures import Event, events, how_many, records_by_day
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period, single

PAGE = 100
"""Events on one page: what can be read, and what the journal gives in a blink."""


class Shown(msgspec.Struct, frozen=True):
    """One event: when it was, where, how much it counts, at which record, and what that record says."""

    day: date
    area: str
    position: int
    weight: int
    at: datetime | None
    what: str


class Slice(msgspec.Struct, frozen=True):
    """One page of the events, and where the next one begins; `total` is the figure, `count` the events."""

    events: tuple[Event, ...]
    total: int
    count: int
    first: int
    after: str | None


class Which(msgspec.Struct, frozen=True):
    """Which events: of a measure, in a period and area (None: the city), behind this mark."""

    measure: str
    period: Period
    area: str | None = None
    after: str | None = None


def slice_of(ledger: Ledger, which: Which, size: int = PAGE) -> Slice:
    """Return so many of the events; raises ValueError on a mark that is none.

    Only the days of the page are read event by event, so the last page of a busy quarter is as quick as the
    first.
    """
    counts = records_by_day(ledger, which.measure, which.period, which.area)
    mark = _mark(which.after)
    skipped = sum(count for day, count in counts.items() if day.toordinal() < mark[0])
    shown: list[Event] = []
    for day in counts:
        if day.toordinal() < mark[0] or len(shown) > size:
            continue
        of_day = sorted(events(ledger, which.measure, single(day), which.area), key=_place)
        behind = [event for event in of_day if _place(event) > mark]
        skipped += len(of_day) - len(behind)
        shown += behind
    page = tuple(shown[:size])
    return Slice(
        page,
        how_many(ledger, which.measure, which.period, which.area),
        sum(counts.values()),
        skipped + 1,
        "{}.{}".format(*_place(page[-1])) if len(shown) > size else None,
    )


def _mark(after: str | None) -> tuple[int, int]:
    """Return the day and position of the last event of the page before; of none, what is before all."""
    if after is None:
        return 0, 0
    day, _, position = after.partition(".")
    return int(day), int(position)


def told(part: Slice, records: Sequence[Record]) -> Iterator[Shown]:
    """Yield the events with what their records say; a record that the journal did not give is left blank."""
    by_position = {record.position: record for record in records}
    for event in part.events:
        record = by_position.get(event.position)
        yield Shown(
            event.day,
            name_of(event.area) if event.area else "no area",
            event.position,
            event.weight,
            record.now if record is not None else None,
            _said(record) if record is not None else "in the archive",
        )


def _place(event: Event) -> tuple[int, int]:
    return event.day.toordinal(), event.position


def _said(record: Record) -> str:
    """Return what the record is about, in a few words: no name, no free text."""
    for change in record.decision.changes:
        said = _of_change(change)
        if said is not None:
            return said
    event = record.event
    if isinstance(event, SignalReceived):
        return f"signal of {event.signal.source.rpartition('/')[2]}"
    return type(event).__name__


def _of_change(change: object) -> str | None:
    match change:
        case IncidentOpened(incident=incident):
            return f"{incident.id}: {_plain(incident.event)} at {incident.site}"
        case Logged():
            return f"{_plain(change.event)} of {change.source.rpartition('/')[2]}, logged"
        case IncidentClosed():
            return f"{change.incident} closed: {_plain(change.outcome)}"
        case OrderMoved():
            return f"{change.order}: {_plain(change.step)}"
        case Checked():
            return f"check of {change.source.rpartition('/')[2]}: {_plain(change.result)}"
        case EntryKept(entry=entry):
            return f"{entry.id}: {_plain(entry.kind)}"
        case _:
            return None


def _plain(word: str) -> str:
    return str(word).replace("_", " ")

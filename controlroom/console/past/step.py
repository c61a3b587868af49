"""From one position to the next, or to the one before: any record, or one about something.

That is what a screen shows, a kind of signal, or an incident. Records are read in runs, to a bound; what lies
further is asked for by time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from enum import StrEnum

import msgspec

from controlroom.console.deltas import Delta, Opened, Stepped
from controlroom.console.past.fold import Past
from controlroom.console.past.scene import delta_for
from controlroom.console.past.seek import Range
from controlroom.console.sight import Sight
from controlroom.console.views import Lens
from controlroom.incidents.record import Record
from controlroom.journal.lookup import NEAR, records_at
from controlroom.journal.store import Store
from controlroom.orders import SendCrew
from controlroom.signals.vocabulary import Kind

LOOKED_THROUGH = 40_000
"""Records that one step looks through at most: hours of a city's night, two seconds of reading."""

RUN_RECORDS = 2_048
"""Records read from the journal at once: an archived frame costs the reading of its whole file."""


class Direction(StrEnum):
    """Which way a step goes."""

    NEXT = "next"
    PREVIOUS = "previous"


class About(msgspec.Struct, frozen=True):
    """What a step is to lead to: any record, or one that shows something, of a kind, of an incident."""

    shown: bool = False
    kind: Kind | None = None
    incident: str | None = None

    @property
    def anything(self) -> bool:
        """Whether every record will do."""
        return not self.shown and self.kind is None and self.incident is None


class Walk(msgspec.Struct, frozen=True):
    """A step to take from where a past stands, for somebody who may see what `sight` says."""

    to: Direction
    about: About
    sight: Sight


async def step(store: Store, past: Past, walk: Walk, lens: Lens, over: Range) -> int | None:
    """Return the position that the step leads to; None where none lies within `LOOKED_THROUGH` records."""
    by = 1 if walk.to is Direction.NEXT else -1
    if walk.about.anything:
        position = past.position + by
        return position if over.first.position <= position <= over.last.position else None
    fits = _fits(past, walk, lens)
    async for record in _walked(store, past, by, over):
        if fits(record):
            return record.position
    return None


def _fits(past: Past, walk: Walk, lens: Lens) -> Callable[[Record], bool]:
    orders = {order_id: standing.order.incident for order_id, standing in past.state.orders.items()}
    about, epoch = walk.about, past.epoch

    def fits(record: Record) -> bool:
        for order in record.decision.orders:
            if isinstance(order, SendCrew):
                orders[order.id] = order.incident
        delta = delta_for(record, epoch, lens, walk.sight)
        if delta is None:
            return False
        if about.kind is not None and (delta.signal is None or delta.signal.kind is not about.kind):
            return False
        return about.incident is None or about.incident in _named(delta, orders)

    return fits


def _named(delta: Delta, orders: dict[str, str]) -> set[str]:
    """Return the incidents that something happened to."""
    found = {delta.signal.incident} if delta.signal is not None and delta.signal.incident else set()
    for one in delta.steps:
        if isinstance(one, Opened):
            found.add(one.incident.id)
        elif isinstance(one, Stepped):
            found.add(orders.get(one.order, ""))
        else:
            found.add(one.id)
    return found


async def _walked(store: Store, past: Past, by: int, over: Range) -> AsyncIterator[Record]:
    """Yield the records after the past's position, or before it from the nearest on, up to the bound."""
    at = past.position
    end = (
        min(over.last.position, at + LOOKED_THROUGH)
        if by > 0
        else max(over.first.position, at - LOOKED_THROUGH)
    )
    while at != end:
        near = at + by * NEAR
        far = near if past.first <= near <= past.last else at + by * RUN_RECORDS
        run = range(at + by, (min(end, far) if by > 0 else max(end, far)) + by, by)
        for record in await _run(store, past, run):
            yield record
        at = run[-1]


async def _run(store: Store, past: Past, run: range) -> list[Record]:
    """Return the records of these positions, in this order: those that are held, else from the journal."""
    await asyncio.sleep(0)
    low, high = min(run), max(run)
    if past.first <= low and high <= past.last:
        found = past.records[low - past.first : high - past.first + 1]
    else:
        found = await records_at(store, run)
    return found if run.step > 0 else found[::-1]

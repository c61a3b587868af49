"""From a moment to a position: where the journal begins and ends, and what stood last at a time.

Positions have no index by time. The search halves the journal, reading one frame at each look, until little
is left, and reads that through.

Limit: across a restart the machine's clock is believed, so moments may go back there; the search then finds
one of the places where the clock showed the moment.
"""

from datetime import UTC, datetime

import msgspec

from controlroom.commands.moments import is_thinkable
from controlroom.journal.records import moments_of
from controlroom.journal.store import Store
from controlroom.journal.stored import StoredFrame
from controlroom.rules.calendars import LONDON

READ_THROUGH = 8_192
"""Positions that are read through instead of halved further: a look at an archived frame reads its file."""


class Edge(msgspec.Struct, frozen=True):
    """A place in the journal: the position of a record, and when it was decided."""

    position: int
    at: datetime


class Range(msgspec.Struct, frozen=True):
    """What the journal reaches over."""

    first: Edge
    last: Edge


class Asked(msgspec.Struct, frozen=True):
    """A moment as somebody meant it; `other` is the second of two that a clock in Leeds showed alike."""

    at: datetime
    other: datetime | None = None


def meant(text: str) -> Asked | None:
    """Return the moment that a text names; None where it names none that this room can have.

    Without a zone it is the clock in Leeds. Of the hour that comes twice in October the first counts; a time
    that never comes in March is an hour later on the wall, as for rosters.
    """
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        if wall.tzinfo is not None:
            at = wall.astimezone(UTC)
            return Asked(at) if is_thinkable(at) else None
        first, second = (wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return None
    if not is_thinkable(first):
        return None
    return Asked(first, second if second > first else None)


async def reach(store: Store) -> Range | None:
    """Return where the journal begins and ends; None while it is empty. Raises as `Store.frames` does."""
    last = await store.last()
    first = await _frame_after(store, 0)
    if last is None or first is None:
        return None
    return Range(
        Edge(first.position, moments_of(first.body)[0]), Edge(last.last_position, moments_of(last.body)[-1])
    )


async def position_at(store: Store, at: datetime, over: Range) -> int:
    """Return the last position that was decided at or before this moment, which lies within `over`."""
    low, high = over.first.position, over.last.position  # what is at `low` was decided at or before `at`
    while high - low > READ_THROUGH:
        frame = await _frame_after(store, (low + high) // 2)
        if frame is None or frame.position <= low:
            break
        if moments_of(frame.body)[0] <= at:
            low = frame.position
        else:
            high = frame.position - 1
    async for frame in store.frames(low - 1):
        for position, moment in enumerate(moments_of(frame.body), frame.position):
            if position > low and moment > at:
                return position - 1
    return over.last.position


async def _frame_after(store: Store, position: int) -> StoredFrame | None:
    """Return the frame that holds the first record after this position."""
    async for frame in store.frames(position):
        return frame
    return None

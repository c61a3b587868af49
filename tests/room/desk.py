"""A room at work on virtual time, with a record writer that stores only when it is told to.

`Shelf` is the twin of the journal's writer as the room sees it: same bounds, same refusals, but durable is
what a test says is durable.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.writer import PENDING_LIMIT, JournalFull
from controlroom.room import Room, Settled
from tests.build import after, handbook
from tests.journal.virtual_time import passes


class Shelf:
    """Keeps submitted records in order; `store` makes the oldest of them durable."""

    def __init__(self, bound: int = PENDING_LIMIT) -> None:
        self.bound = bound
        self.waiting: list[Record] = []
        self.stored: list[Record] = []
        self.batches: list[int] = []

    @property
    def room_left(self) -> int:
        """As `RecordWriter.room_left` says."""
        return self.bound - len(self.waiting)

    @property
    def pending(self) -> int:
        """As `RecordWriter.pending` says."""
        return len(self.waiting)

    def submit(self, records: Sequence[Record], position: int | None = None) -> None:
        """As `RecordWriter.submit` says; refuses what the journal's writer refuses."""
        assert position == len(self.stored) + len(self.waiting) + 1
        assert [record.position for record in records] == list(range(position, position + len(records)))
        if len(records) > self.room_left:
            raise JournalFull(f"{len(records)} records submitted, there is room for {self.room_left}")
        self.waiting.extend(records)
        self.batches.append(len(records))


class Desk:
    """A room, its shelf, and everything that was let out of it, in the order in which that happened."""

    def __init__(self, book: Handbook, bound: int, state: State | None = None) -> None:
        self.shelf = Shelf(bound)
        self.room = Room(book, State() if state is None else state, self.now)
        self.released_positions: list[int] = []
        self.settled: list[Settled] = []
        self.shown: list[int] = []
        self.room.attach(self.shelf)
        self.room.follow(self)
        self.room.settle_with(self.settled.extend)
        self.room.provisional = self._show

    @property
    def tokens(self) -> list[object]:
        """The tokens that were settled, in order."""
        return [one.told.token for one in self.settled]

    def now(self) -> datetime:
        """Virtual time, which began at noon."""
        return after(asyncio.get_running_loop().time())

    def released(self, records: Sequence[Record]) -> None:
        """Remember these records; whoever is settled by them must not have been so before."""
        self.released_positions += [record.position for record in records]

    def store(self, count: int | None = None) -> None:
        """Make the oldest so many waiting records durable, or all of them."""
        shelf = self.shelf
        taken = len(shelf.waiting) if count is None else min(count, len(shelf.waiting))
        if not taken:
            return
        records, shelf.waiting = shelf.waiting[:taken], shelf.waiting[taken:]
        shelf.stored += records
        self.room.released(records, records[-1].position)

    async def turns(self) -> None:
        """Let the room do all that it can do now."""
        await passes(0.001)

    def _show(self, records: Sequence[Record]) -> None:
        self.shown += [record.position for record in records]


@asynccontextmanager
async def at_work(book: Handbook | None = None, bound: int = PENDING_LIMIT) -> AsyncIterator[Desk]:
    """A desk whose room runs within, and is cancelled at the end."""
    desk = Desk(handbook() if book is None else book, bound)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(desk.room.run(), name="room")
        yield desk
        task.cancel()

"""One life of the room's process, made of the real parts, and the places at which it can end.

Real: `restore` and the take-over of the journal, the journal's writer, chain, frames and snapshots over the
in-memory twins of store and snapshots, `Room` with its inbox and timers, `decide` and `apply`, the intake
with its decoder and receipts, the ear for the connection, the outbox, the keeper of snapshots, the figures.
Not here: the MQTT session and the broker (their twin is `broker`), Valkey, HTTP and the browser, metrics and
log lines.

A process ends by an exception at a seam or by being cancelled at any moment. From then on nothing that is
left of it can reach the outside, as nothing of a killed process can; only a frame on its way to the store may
still arrive there, before or after the next process has taken over.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

import msgspec

from controlroom import restore
from controlroom.dispatch.current import CurrentOrders
from controlroom.dispatch.outbox import NotNow, Outbox
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record
from controlroom.ingest.decode import Limits
from controlroom.ingest.intake import Intake
from controlroom.ingest.session.model import ConnectionState, Inbound, PublishQueueFull, Ticket
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.store import Fenced, JournalError, StoreLost
from controlroom.journal.stored import Head, StoredFrame
from controlroom.journal.writer import Chain, JournalOver, Writer
from controlroom.measures.desk import DeskCounting
from controlroom.measures.waits import Told
from controlroom.room import Room, Settled
from controlroom.wiring.ear import Ear
from controlroom.wiring.memory import Keeping, take_over
from tests.build import BOOK, REAL_BOOK
from tests.simulation.plants import KEY, Plant

LIMITS = Limits(payload_bytes=4096, future_s=300, simulated_welcome=True)

LEFT_ALREADY = 0.5
"""The chance that a frame had left the process before its end."""

LATE_FRAME_S = 5.0
"""How long a frame of a dead process may still be on its way to the store."""


class Crashed(BaseException):
    """The process ended here; no handler of its own may catch it."""


class Outside(msgspec.Struct, frozen=True):
    """What a process finds around it. `ends_at` says whether it is the process's fate to end at this seam."""

    now: Callable[[], datetime]
    chance: Callable[[], float]
    ends_at: Callable[[str], bool]
    stored: Callable[[], None]
    listen: Callable[[Callable[[Inbound], None], Callable[[ConnectionState], None]], None]
    acknowledge: Callable[[Sequence[Ticket | None]], None]
    publish: Callable[[str, bytes], "asyncio.Future[None]"]
    settled: Callable[[Sequence[Settled]], None]


class Shelves(msgspec.Struct, frozen=True):
    """What outlives a process: frames and snapshots."""

    frames: MemoryShelf
    snapshots: MemorySnapshots


class Process:
    """The room's process from its start to its end; `run` returns when it has ended."""

    def __init__(self, outside: Outside, handbook: Handbook, plant: Plant, name: str, every: int) -> None:
        self.dead = False
        self.room: Room | None = None
        self.folded = restore.Folded()
        self.store: MemoryStore | None = None
        self.outside = outside
        self.plant = plant
        self._handbook = handbook
        self._book = BOOK if handbook.house.demonstration else REAL_BOOK
        self._name = name
        self._every = every
        self._main: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """Return the clock on the wall, as this process reads it."""
        return self.plant.clock(self.outside.now())

    def passes(self, seam: str) -> None:
        """End here if that is this process's fate, or if it has ended already."""
        if self.dead or self.outside.ends_at(seam):
            self.end()
            raise Crashed(seam)

    def end(self) -> None:
        """End now, wherever the process is."""
        self.dead = True
        if self._main is not None:
            self._main.cancel()

    async def run(self, shelves: Shelves, restored: Callable[[restore.Folded], None]) -> JournalError | None:
        """Live until the end; return the error where the store did not let it start or go on.

        `restored` is shown what the process begins with.
        """
        errors: list[BaseException] = []
        try:
            async with asyncio.TaskGroup() as tasks:
                self._main = tasks.create_task(self._live(shelves, restored), name="process")
        except* (Crashed, JournalOver):
            if not self.dead:
                raise  # then nobody ended it
        except* JournalError as group:
            errors = _flat(group)
        self.dead = True
        return next((error for error in errors if isinstance(error, JournalError)), None)

    async def _live(self, shelves: Shelves, restored: Callable[[restore.Folded], None]) -> None:
        self.store = MemoryStore(shelves.frames)
        store, kept = _Store(self, self.store), _Snapshots(self, shelves.snapshots)
        opening, self.folded = await restore.begin(store, kept, KEY, self._book)
        self.passes("journal read")
        await take_over(opening, self.folded, Keeping(self._handbook, self._book), self._name, self.now)
        self.passes("journal claimed")
        restored(self.folded)
        self.plant.opened(self.folded.state)
        room = Room(self._handbook, self.folded.state, self.now)
        self.writer = Writer(
            store,
            Chain(KEY, opening.head),
            lambda records: encode_frame(self._name, records),
            _Listener(self, room),
            self.outside.chance,
        )
        self.keeper = restore.Keeper(self.folded, kept, KEY, self._every, lambda: self.writer.head)
        self._join(room)
        self.room = room
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.writer.run(), name="journal")
            tasks.create_task(room.run(), name="room")
            tasks.create_task(self._keep(), name="snapshots")

    def _join(self, room: Room) -> None:
        """Join the parts as `wiring.running` does, with a seam between each two that act on a record."""
        intake = Intake(room, lambda: room.handbook.estate, LIMITS, self.now)
        line = _Line(self)
        intake.attach(line)
        outbox = Outbox(room, line.order, _Uncounted())
        current = CurrentOrders(lambda: room.handbook.estate, line.keep)
        current.start(room.state, self.now())
        seam = _Seam(self)
        room.attach(self.writer)
        room.rest_when_due(self.keeper.due)
        room.settle_with(intake.settled, self._settled)
        figures = DeskCounting(self.folded.desk, _Uncounted(), count_simulated=self._book.simulated)
        counting = restore.Counting(self.folded.ledger, self._book)
        room.follow(seam, counting, figures, seam, outbox, current, seam)
        outbox.start()
        self.outside.listen(intake.message, Ear(room).heard)

    async def _keep(self) -> None:
        while True:
            await self.keeper.save_next()

    def _settled(self, settled: Sequence[Settled]) -> None:
        if not self.dead:
            self.outside.settled(settled)


def _flat(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    """Return the errors of a group, however deep."""
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _flat(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found


class _Listener:
    """What the journal's writer tells the room and the keeper, as `wiring.running` joins them."""

    def __init__(self, process: Process, room: Room) -> None:
        self._process = process
        self._room = room

    def released(self, records: Sequence[Record], last_position: int) -> None:
        process = self._process
        process.passes("before effects")
        self._room.released(records, last_position)
        if process.keeper.due() and not process.writer.pending:
            process.keeper.at_rest()

    def degraded(self, because: str) -> None:
        self._room.degraded(because)

    def recovered(self) -> None:
        self._room.recovered()


class _Seam:
    """A follower that does nothing but be a place to end at."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def released(self, records: Sequence[Record]) -> None:
        del records
        self._process.passes("between effects")


class _Uncounted:
    """Counts nothing: the judge counts."""

    def handed_over(self, orders: int) -> None:
        del orders

    def retried(self, orders: int) -> None:
        del orders

    def tell(self, told: Iterable[Told]) -> None:
        del told


class _Line:
    """The process's end of the connection; a dead process says nothing more."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def acknowledge(self, tickets: Sequence[Ticket | None]) -> None:
        for ticket in tickets:
            self._process.passes("before acknowledgement")
            self._process.outside.acknowledge((ticket,))

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        content_type: str | None = None,
        correlation: bytes | None = None,
    ) -> "asyncio.Future[None]":
        del retain, content_type, correlation
        return self._process.outside.publish(topic, payload)

    def keep(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        try:
            return self.publish(topic, payload, retain=True)
        except PublishQueueFull as error:
            raise NotNow(str(error)) from error

    def order(self, topic: str, payload: bytes) -> "asyncio.Future[None]":
        self._process.passes("before order")
        try:
            answer = self.publish(topic, self._process.plant.order(payload))
        except PublishQueueFull as error:
            raise NotNow(str(error)) from error
        self._process.passes("after order")
        return answer


class _Store:
    """The store with a seam at each side of an append; whoever watches the shelf looks after each."""

    def __init__(self, process: Process, store: MemoryStore) -> None:
        self._process = process
        self._inner = store
        self._append = process.plant.append(store)

    def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        return self._inner.frames(after_position)

    async def last(self) -> StoredFrame | None:
        return await self._inner.last()

    async def append(self, frame: StoredFrame, after: Head) -> None:
        outside = self._process.outside
        self._process.passes("before append")
        try:
            await self._append(frame, after)
        except asyncio.CancelledError:
            if outside.chance() < LEFT_ALREADY:
                late_s = outside.chance() * LATE_FRAME_S
                asyncio.get_running_loop().call_later(late_s, self._arrives_late, frame, after)
            raise
        finally:
            outside.stored()
        self._process.passes("after append")

    def _arrives_late(self, frame: StoredFrame, after: Head) -> None:
        """Let the store judge a frame whose writer is gone: it follows, or it is fenced."""
        with suppress(Fenced, StoreLost):
            self._inner._put(frame, after)
        self._process.outside.stored()


class _Snapshots:
    """The snapshots with a seam at each side of a save; a torn one is half on the disk when the end comes."""

    def __init__(self, process: Process, kept: MemorySnapshots) -> None:
        self._process = process
        self._kept = kept

    async def save(self, sealed: bytes) -> None:
        process = self._process
        process.passes("before snapshot")
        sealed = process.plant.snapshot(sealed)
        try:
            process.passes("torn snapshot")
        except Crashed:
            await self._kept.save(sealed[: len(sealed) // 2])
            raise
        await self._kept.save(sealed)
        process.passes("after snapshot")

    async def latest(self) -> tuple[bytes, ...]:
        return await self._kept.latest()

"""The room's loop against a real writer whose store never answers: bounds hold, and nobody spins."""

import asyncio
from datetime import datetime

from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import EMPTY
from controlroom.journal.writer import Bounds, Chain, Writer
from controlroom.room import BATCH_MAX, Room
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal

WATCHES = BATCH_MAX
LIMIT = WATCHES + 2 * BATCH_MAX - 1
"""After the watches are armed, room for one batch and all but one record of a second."""


class Deaf:
    """Nobody listens to the writer: nothing is ever released."""

    def released(self, records: object, last_position: int) -> None: ...

    def degraded(self, because: str) -> None: ...

    def recovered(self) -> None: ...


class Stage:
    """A room with as many armed watches as a batch holds, and a clock that the test sets."""

    def __init__(self) -> None:
        self.now = after(0)
        self.asked = 0
        self.room = Room(handbook(demonstration=True), State(), self.clock)
        chain = Chain(bytes(32), EMPTY)
        self.writer: Writer[Record] = Writer(
            MemoryStore(),
            chain,
            lambda records: encode_frame("test", records),
            Deaf(),
            lambda: 0.5,
            Bounds(pending_limit=LIMIT),
        )
        self.room.attach(self.writer)
        for number in range(WATCHES):
            self.room.tell(signal(Kind.HELP_POINT, f"h{number}"))

    def clock(self) -> datetime:
        self.asked += 1
        return self.now


async def turns(count: int) -> None:
    """Let the loop take so many turns."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_watches_and_signals_together_never_overfill_the_writer() -> None:
    """However many watches fall due beside however many signals, a batch fits the room that is left."""
    stage = Stage()
    async with asyncio.TaskGroup() as group:
        loop = group.create_task(stage.room.run(), name="room")
        await turns(20)
        assert stage.writer.pending == WATCHES
        stage.now = after(3_600)
        for number in range(BATCH_MAX):
            stage.room.tell(signal(Kind.GUARD, f"g{number}"))
        await turns(20)
        assert not loop.done()
        assert WATCHES < stage.writer.pending <= LIMIT
        loop.cancel()


async def test_a_room_that_must_wait_for_its_store_does_not_spin() -> None:
    """A watch that is due while there is no room to decide it waits for the store and not for the clock."""
    stage = Stage()
    async with asyncio.TaskGroup() as group:
        loop = group.create_task(stage.room.run(), name="room")
        await turns(20)
        stage.now = after(3_600)
        for number in range(3 * BATCH_MAX):
            stage.room.tell(signal(Kind.GUARD, f"g{number}"))
        await turns(20)
        assert stage.writer.room_left < BATCH_MAX
        assert stage.room.waiting > 0
        before = stage.asked
        await turns(200)
        assert stage.asked - before <= 1
        loop.cancel()


async def test_after_the_stop_has_begun_no_watch_is_decided() -> None:
    """Once everything told is decided for the stop, a watch that falls due is left to the next start."""
    stage = Stage()
    async with asyncio.TaskGroup() as group:
        loop = group.create_task(stage.room.run(), name="room")
        await stage.room.caught_up()
        stored = group.create_task(stage.writer.run(), name="writer")
        assert await stage.writer.drain(1.0) == 0
        await stored
        stage.now = after(3_600)
        stage.room.answer_in_turn("wakes the room")
        await turns(20)
        assert not loop.done()
        loop.cancel()

"""How the room leaves: everything told is decided and stored, and nothing is begun after that."""

import asyncio
from datetime import datetime

from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import EMPTY
from controlroom.journal.writer import Chain, Writer
from controlroom.room import Room
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal

WATCHES = 10


class Deaf:
    """Nobody listens to the writer: nothing is ever released."""

    def released(self, records: object, last_position: int) -> None: ...

    def degraded(self, because: str) -> None: ...

    def recovered(self) -> None: ...


class Stage:
    """A room with some armed watches, a writer of its own, and a clock that the test sets."""

    def __init__(self) -> None:
        self.now = after(0)
        self.room = Room(handbook(demonstration=True), State(), self.clock)
        chain = Chain(bytes(32), EMPTY)
        self.writer: Writer[Record] = Writer(
            MemoryStore(),
            chain,
            lambda records: encode_frame("test", records),
            Deaf(),
            lambda: 0.5,
        )
        self.room.attach(self.writer)
        for number in range(WATCHES):
            self.room.tell(signal(Kind.HELP_POINT, f"h{number}"))

    def clock(self) -> datetime:
        return self.now


async def turns(count: int) -> None:
    """Let the loop take so many turns."""
    for _ in range(count):
        await asyncio.sleep(0)


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

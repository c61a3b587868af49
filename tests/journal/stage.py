"""A writer on the in-memory store, with a listener that remembers everything. Records are numbers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec

from controlroom.journal.memory import MemoryStore
from controlroom.journal.open import open_journal
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.stored import StoredFrame
from controlroom.journal.writer import Bounds, Chain, Writer

KEY = bytes(range(32))
OPENING = -1


def encode(records: Sequence[int]) -> bytes:
    """A frame's body."""
    return msgspec.msgpack.encode(list(records))


def decode(frame: StoredFrame) -> list[int]:
    """The records of a frame."""
    return msgspec.msgpack.decode(frame.body, type=list[int])


def durable(store: MemoryStore) -> list[int]:
    """Every record on the shelf but the openings."""
    return [n for frame in store.shelf.frames for n in decode(frame) if n != OPENING]


class Memory:
    """Remembers what the writer said, and checks at once that what is released is durable."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.released_records: list[int] = []
        self.batches: list[int] = []
        self.positions: list[int] = []
        self.said: list[str] = []
        self.on_release: Callable[[Sequence[int]], object] = list

    def released(self, records: Sequence[int], last_position: int) -> None:
        """They are in the store's last frame, and are remembered."""
        last = self.store.shelf.frames[-1]
        assert decode(last) == list(records)
        assert last.last_position == last_position
        self.released_records += records
        self.batches.append(len(records))
        self.positions.append(last_position)
        self.on_release(records)

    def degraded(self, because: str) -> None:
        """Remembered."""
        self.said.append(because)

    def recovered(self) -> None:
        """Remembered."""
        self.said.append("recovered")


async def opened(store: MemoryStore, bounds: Bounds | None = None) -> tuple[Writer[int], Memory]:
    """A writer that has read the journal in and claimed it, and its listener."""
    opening = await open_journal(store, MemorySnapshots(), KEY, schema=1)
    async for _ in opening.frames():
        pass
    head = await opening.claim(encode([OPENING]))
    memory = Memory(store)
    return Writer(store, Chain(KEY, head), encode, memory, lambda: 1.0, bounds), memory


@asynccontextmanager
async def running(writer: Writer[int]) -> AsyncIterator[asyncio.Task[None]]:
    """The writer runs within; it is cancelled at the end unless it ended before."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(writer.run(), name="writer")
        yield task
        task.cancel()


async def until(true: Callable[[], bool]) -> None:
    """`true` holds; on virtual time this can only hang by raising."""
    while not true():  # noqa: ASYNC110 - a condition has no event, and virtual time costs nothing
        await asyncio.sleep(0.001)

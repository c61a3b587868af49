"""Whatever happens to store and process, what was released is what is durable, in order, once."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.verify import Sound, verify
from controlroom.journal.writer import Bounds
from tests.journal.stage import KEY, Memory, durable, opened, until
from tests.journal.virtual_time import passes, run

STEPS = st.one_of(
    st.tuples(st.just("submit"), st.integers(1, 30)),
    st.tuples(st.just("wait"), st.integers(0, 300)),
    st.tuples(st.just("away"), st.booleans()),
    st.tuples(st.just("refuse"), st.booleans()),
    st.tuples(st.just("lose replies"), st.integers(1, 3)),
    st.tuples(st.just("slow"), st.integers(0, 50)),
    st.tuples(st.just("crash"), st.integers(0, 3)),
)
BOUNDS = Bounds(frame_records=20, frame_bytes=60, pending_limit=80)


class Life:
    """Everything that steps act on: the shelf outlives the process, the rest is one process."""

    def __init__(self) -> None:
        self.shelf = MemoryShelf()
        self.released: list[int] = []
        self.next = 0

    async def begin(self) -> None:
        """A process opens the journal and runs its writer."""
        self.store = MemoryStore(self.shelf)
        self.before = len(durable(self.store))
        self.writer, self.memory = await opened(self.store, BOUNDS)
        self.task = asyncio.create_task(self.writer.run(), name="writer")

    async def crash(self, loop_turns: int) -> None:
        """The process ends between two turns of its loop; some of what it did not confirm may be stored."""
        for _ in range(loop_turns):
            await asyncio.sleep(0)
        self.task.cancel()
        await asyncio.wait([self.task])
        self.check(self.memory)
        await self.begin()

    def check(self, memory: Memory) -> None:
        """What this process released is exactly how its durable records begin."""
        stored = durable(self.store)[self.before :]
        assert memory.released_records == stored[: len(memory.released_records)]
        assert self.store.most_in_flight <= 1

    async def step(self, what: str, how: int) -> None:
        """One thing happens."""
        match what:
            case "submit" if self.writer.room_left >= how:
                self.writer.submit(list(range(self.next, self.next + how)))
                self.next += how
            case "wait":
                await passes(how / 1000)
            case "away":
                self.store.away = bool(how)
            case "refuse":
                self.store.refusing = "OOM" if how else None
            case "lose replies":
                self.store.lose_replies = how
            case "slow":
                self.store.latency_s = how / 1000
            case "crash":
                await self.crash(how)

    async def end(self) -> None:
        """The store is well again and the last process gets everything done."""
        self.store.away, self.store.refusing, self.store.lose_replies = False, None, 0
        await until(lambda: self.writer.pending == 0)
        assert await self.writer.drain(deadline_s=1) == 0
        await self.task


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=40))
def test_released_is_the_durable_prefix_whatever_happens(steps: list[tuple[str, int]]) -> None:
    """Over outages, refusals, lost replies and crashes: released records are the durable ones' beginning.

    Each record is durable at most once and in order; once the store is well, everything is released.
    """

    async def story() -> None:
        life = Life()
        await life.begin()
        for what, how in steps:
            await life.step(what, how)
        await life.end()
        life.check(life.memory)
        stored = durable(life.store)
        assert stored == sorted(set(stored))
        assert life.memory.released_records == stored[life.before :]
        assert isinstance(await verify(life.store.frames(), KEY), Sound)

    run(story())

"""The group commit, on virtual time and the in-memory store."""

import asyncio

import pytest

from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.store import Fenced, StoreLost
from controlroom.journal.verify import Sound, verify
from controlroom.journal.writer import Bounds, JournalFull, JournalOver
from tests.journal.stage import KEY, durable, opened, running, until
from tests.journal.virtual_time import passes, run


def test_what_gathers_while_a_write_is_in_flight_becomes_the_next_frame() -> None:
    """One write is in flight; everything submitted meanwhile goes out as one frame after it."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        async with running(writer):
            store.gate.clear()
            writer.submit([0], position=2)
            await until(lambda: store.in_flight == 1)
            for n in range(1, 50):
                writer.submit([n], position=2 + n)
            assert (writer.pending, memory.released_records) == (50, [])
            store.gate.set()
            await until(lambda: writer.pending == 0)
        assert memory.batches == [1, 49]
        assert memory.positions == [2, 51]
        assert store.most_in_flight == 1

    run(story())


@pytest.mark.parametrize(("gap_s", "records_a_frame"), [(0.01, 1), (0.001, 5), (0.0001, 50)])
def test_frames_grow_with_the_load(gap_s: float, records_a_frame: int) -> None:
    """The faster records come, the more a frame takes: as many as come during one write."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        store.latency_s = 0.005
        async with running(writer):
            for n in range(500):
                writer.submit([n])
                await passes(gap_s)
            await until(lambda: writer.pending == 0)
        assert memory.released_records == list(range(500))
        assert sorted(memory.batches)[len(memory.batches) // 2] == pytest.approx(records_a_frame, rel=0.2)
        assert store.most_in_flight == 1

    run(story())


def test_while_the_store_is_away_nothing_is_released_and_then_everything_once() -> None:
    """An outage releases nothing; afterwards every record is durable and released once, in order."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        async with running(writer):
            store.away = True
            for n in range(100):
                writer.submit([n])
                await passes(0.1)
            assert (memory.released_records, writer.pending) == ([], 100)
            store.away = False
            await until(lambda: writer.pending == 0)
        assert memory.released_records == durable(store) == list(range(100))
        assert memory.said == ["store away: the in-memory store is switched away", "recovered"]
        assert await verify(store.frames(), KEY) == Sound(3, 101, writer.head)

    run(story())


def test_every_cause_of_trouble_is_said_once() -> None:
    """Trouble is said when it starts and when its cause changes, not at every try; recovery once."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        async with running(writer):
            store.away = True
            writer.submit([1])
            await passes(30)
            store.away, store.refusing = False, "OOM"
            await passes(30)
            store.refusing = None
            await until(lambda: writer.pending == 0)
            writer.submit([2])
            await until(lambda: writer.pending == 0)
        assert [said.split(":")[0] for said in memory.said] == ["store away", "store refuses", "recovered"]

    run(story())


def test_retries_slow_down_to_the_longest_pause() -> None:
    """Pauses double from the first to the longest: few tries in a long outage, a quick return after it."""

    async def story() -> None:
        store = MemoryStore()
        writer, _ = await opened(store)
        async with running(writer):
            store.away = True
            before = store.appends
            writer.submit([1])
            await passes(0.04)
            assert store.appends - before == 1
            await passes(0.02)
            assert store.appends - before == 2
            await passes(100)
            assert 50 <= store.appends - before <= 57
            store.away = False
            await passes(2.1)
            assert writer.pending == 0

    run(story())


def test_a_lost_reply_is_stored_and_released_once() -> None:
    """A frame whose confirmation got lost is the same frame when tried again: once stored, once released."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        async with running(writer):
            for n in range(10):
                store.lose_replies = n % 3
                writer.submit([n])
                await until(lambda: writer.pending == 0)
        assert memory.released_records == durable(store) == list(range(10))

    run(story())


def test_the_bound_on_what_is_pending_is_kept_and_says_when_there_is_room() -> None:
    """Beyond the bound nothing is taken, not even in part; `room` ends when records have become durable."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store, Bounds(pending_limit=10))
        async with running(writer):
            store.away = True
            writer.submit(range(8))
            await passes(5)
            assert (writer.pending, writer.room_left) == (8, 2)
            with pytest.raises(JournalFull, match="room for 2"):
                writer.submit([8, 9, 10])
            writer.submit([8, 9], position=writer.next_position)
            waiting = asyncio.ensure_future(writer.room(5))
            await passes(60)
            assert not waiting.done()
            store.away = False
            await waiting
            assert writer.room_left >= 5
            await until(lambda: writer.pending == 0)
        assert memory.released_records == list(range(10))

    run(story())


def test_a_frame_holds_at_most_so_many_records_and_bytes() -> None:
    """What gathered beyond a frame's bounds goes into the next ones; a record too large goes alone."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store, Bounds(frame_records=100, frame_bytes=200))
        small, large = list(range(250)), list(range(2**40, 2**40 + 60))  # one byte or two, and nine bytes
        async with running(writer):
            store.gate.clear()
            writer.submit([0])
            await until(lambda: store.in_flight == 1)
            writer.submit(small)
            writer.submit(large)
            store.gate.set()
            await until(lambda: writer.pending == 0)
        assert memory.released_records == [0, *small, *large]
        assert max(memory.batches) == 100
        assert max(len(f.body) for f in store.shelf.frames) <= 200

        lone, memory = await opened(MemoryStore(), Bounds(frame_bytes=1))
        async with running(lone):
            lone.submit([1, 2, 3])
            await until(lambda: lone.pending == 0)
        assert memory.batches == [1, 1, 1]

    run(story())


def test_a_writer_that_was_overtaken_stops_for_good() -> None:
    """Once another writer has opened, the first stores, releases and takes nothing more."""

    async def story() -> None:
        shelf = MemoryShelf()
        first, memory = await opened(MemoryStore(shelf))
        second, _ = await opened(MemoryStore(shelf))
        first.submit([1])
        waiting = asyncio.ensure_future(first.room(first.room_left + 1))
        with pytest.raises(Fenced):
            await first.run()
        with pytest.raises(JournalOver):
            await waiting
        with pytest.raises(JournalOver):
            first.submit([2])
        assert memory.released_records == []
        assert await verify(MemoryStore(shelf).frames(), KEY) == Sound(2, 2, second.head)

    run(story())


def test_a_store_that_lost_confirmed_frames_stops_the_writer() -> None:
    """A store that is empty after it had confirmed frames ends the writer: going on would hide the loss."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        store.shelf = MemoryShelf()
        memory.store = store
        writer.submit([1])
        with pytest.raises(StoreLost):
            await writer.run()
        assert memory.released_records == []

    run(story())


def test_positions_must_follow() -> None:
    """Records whose position leaves a hole or repeats one are refused, and nothing of them is taken."""

    async def story() -> None:
        writer, _ = await opened(MemoryStore())
        writer.submit([1, 2], position=2)
        for wrong in (1, 3, 5):
            with pytest.raises(ValueError, match="4 is next"):
                writer.submit([3], position=wrong)
        writer.submit([])
        assert (writer.pending, writer.next_position) == (2, 4)

    run(story())


def test_a_listener_may_submit_what_follows() -> None:
    """Records submitted from within `released` are stored in a later frame."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        memory.on_release = lambda records: writer.submit([n - 1 for n in records if n > 0])
        async with running(writer):
            writer.submit([3])
            await until(lambda: memory.released_records[-1:] == [0])
        assert durable(store) == [3, 2, 1, 0]

    run(story())


def test_a_listener_that_fails_ends_the_writer() -> None:
    """An error in a released effect stops the writer instead of being swallowed."""

    async def story() -> None:
        writer, memory = await opened(MemoryStore())

        def fail(records: object) -> None:
            raise ZeroDivisionError(str(records))

        memory.on_release = fail
        writer.submit([1])
        with pytest.raises(ZeroDivisionError):
            await writer.run()

    run(story())


def test_draining_ends_the_writer_with_everything_durable() -> None:
    """After a drain all that was submitted is released and `run` has ended by itself."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        store.latency_s = 0.01
        task = asyncio.ensure_future(writer.run())
        writer.submit(range(1000))
        writer.submit(range(1000, 3000))
        assert await writer.drain(deadline_s=5) == 0
        await task
        assert memory.released_records == durable(store) == list(range(3000))
        with pytest.raises(JournalOver):
            writer.submit([1])

    run(story())


def test_a_drain_that_takes_too_long_says_what_was_never_confirmed() -> None:
    """With the store away a drain ends at its deadline, names the records left and stops the writer."""

    async def story() -> None:
        store = MemoryStore()
        writer, memory = await opened(store)
        store.away = True
        task = asyncio.ensure_future(writer.run())
        writer.submit(range(7))
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        assert await writer.drain(deadline_s=3) == 7
        assert loop.time() - start_s == pytest.approx(3)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert memory.released_records == []

    run(story())

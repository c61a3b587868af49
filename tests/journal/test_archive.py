"""Frames that leave the store for files are neither lost nor doubled, whenever the process dies."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.journal.archive import ArchivedStore, archivable, archive_files
from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.store import StoreAway
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.journal.verify import Broken, Fault, Sound, verify

KEY = bytes(range(32))


class NoTrim(MemoryStore):
    """A store whose connection breaks at the trim: as if the process had died between the two steps."""

    async def trim(self, through_position: int) -> None:
        """Fails before anything is trimmed."""
        raise StoreAway(f"gone before trimming through {through_position}")


class Meanwhile(MemoryStore):
    """A store that is rolled by somebody else just before it gives out its `when`-th frame (0: any)."""

    def __init__(self, shelf: MemoryShelf, folder: Path, when: int) -> None:
        super().__init__(shelf)
        self.other = ArchivedStore(MemoryStore(shelf), folder)
        self.when = when

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As the store's, a frame a page, with the roll in between."""
        for number, _ in enumerate([*self.shelf.frames, None]):
            if number == self.when:
                await self.other.roll(15)
            rest = super().frames(after_position)
            page = [frame async for frame in rest]
            if not page:
                return
            yield page[0]
            after_position = page[0].last_position


async def fill(store: ArchivedStore, head: Head, frames: int, body: bytes = b"body") -> Head:
    """So many frames of three records follow; returns the new head."""
    for _ in range(frames):
        frame = seal(KEY, head, 1, 3, body)
        await store.append(frame, head)
        head = head_of(frame)
    return head


async def read(store: ArchivedStore, after: int = 0) -> list[StoredFrame]:
    """The frames for a reader who has everything up to `after`."""
    return [frame async for frame in store.frames(after)]


async def test_reading_is_the_same_before_and_after_a_roll(tmp_path: Path) -> None:
    """Archives then stream read as one journal, from any position; the stream is shorter for it."""
    inner = MemoryStore()
    store = ArchivedStore(inner, tmp_path / "archive", file_bytes=10)
    head = await fill(store, EMPTY, 10)
    before = [await read(store, after) for after in range(31)]

    rolled = await store.roll(20)
    assert (rolled.files, rolled.frames, rolled.through_position) == (2, 6, 18)
    assert [f.position for f in inner.shelf.frames] == [19, 22, 25, 28]
    assert [await read(store, after) for after in range(31)] == before
    assert await verify(store.frames(), KEY) == Sound(10, 30, head)
    assert await store.last() == before[0][-1]


async def test_a_roll_of_everything_leaves_the_last_frame_as_the_fence(tmp_path: Path) -> None:
    """The last frame is in a file and in the store, and is read once."""
    inner = MemoryStore()
    store = ArchivedStore(inner, tmp_path)
    head = await fill(store, EMPTY, 3)
    await store.roll(1000)

    assert len(inner.shelf.frames) == 1
    head = await fill(store, head, 2)
    assert await verify(store.frames(), KEY) == Sound(5, 15, head)
    assert (await store.roll(1000)).frames == 2
    assert (await store.roll(1000)).frames == 0
    assert await verify(store.frames(), KEY) == Sound(5, 15, head)


@pytest.mark.parametrize("when", [0, 1, 3, 9])
async def test_a_roll_while_somebody_reads_makes_no_hole(tmp_path: Path, when: int) -> None:
    """An auditor or a standby that reads the journal of a living room finds all of it."""
    shelf = MemoryShelf()
    head = await fill(ArchivedStore(MemoryStore(shelf), tmp_path), EMPTY, 10)
    reading = ArchivedStore(Meanwhile(shelf, tmp_path, when), tmp_path)

    assert await verify(reading.frames(), KEY) == Sound(10, 30, head)


async def test_a_crash_between_file_and_trim_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Frames that lie in a file and in the store are read once, and the next roll trims them."""
    shelf = MemoryShelf()
    dying = ArchivedStore(NoTrim(shelf), tmp_path)
    head = await fill(dying, EMPTY, 10)
    with pytest.raises(StoreAway):
        await dying.roll(15)

    store = ArchivedStore(MemoryStore(shelf), tmp_path)
    assert len(shelf.frames) == 10
    assert await verify(store.frames(), KEY) == Sound(10, 30, head)
    assert (await store.roll(15)).files == 0
    assert len(shelf.frames) == 5
    assert await verify(store.frames(), KEY) == Sound(10, 30, head)


async def test_a_crash_while_a_file_is_written_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    """A half-written file is never read, and the next roll removes it."""
    store = ArchivedStore(MemoryStore(), tmp_path)
    head = await fill(store, EMPTY, 4)
    await store.roll(6)
    (done,) = archive_files(tmp_path)
    half = tmp_path / f"{done.name.replace('1-', '7-', 1)}.part"
    half.write_bytes(done.read_bytes()[:20])

    assert await verify(store.frames(), KEY) == Sound(4, 12, head)
    await store.roll(9)
    assert not half.exists()
    assert await verify(store.frames(), KEY) == Sound(4, 12, head)


async def test_a_folder_that_cannot_be_written_trims_nothing(tmp_path: Path) -> None:
    """When the file cannot be written the frames stay in the store."""
    inner = MemoryStore()
    (tmp_path / "file").write_text("in the way")
    store = ArchivedStore(inner, tmp_path / "file" / "archive")
    await fill(store, EMPTY, 4)

    with pytest.raises(OSError, match="file"):
        await store.roll(9)
    assert len(inner.shelf.frames) == 4


async def test_every_flipped_byte_of_a_file_is_found(tmp_path: Path) -> None:
    """One bit changed in any byte of an archive file, padding and header included, breaks the verdict."""
    store = ArchivedStore(MemoryStore(), tmp_path)
    await fill(store, EMPTY, 3)
    await store.roll(6)
    (path,) = archive_files(tmp_path)
    good = path.read_bytes()

    for index in range(len(good)):
        touched = bytearray(good)
        touched[index] ^= 1 << (index % 8)
        path.write_bytes(touched)
        found = await verify(store.frames(), KEY)
        assert isinstance(found, Broken), index
        assert found.position <= 7, index


async def test_a_missing_a_cut_and_a_renamed_file_are_found(tmp_path: Path) -> None:
    """A journal without one of its files, or with one that is not what its name says, is broken there."""
    store = ArchivedStore(MemoryStore(), tmp_path, file_bytes=1)
    await fill(store, EMPTY, 5)
    await store.roll(12)
    second = archive_files(tmp_path)[1]
    good = second.read_bytes()

    second.write_bytes(good[:-5])
    cut = await verify(store.frames(), KEY)
    assert isinstance(cut, Broken)
    assert cut.fault == Fault.UNDECODABLE
    second.unlink()
    missing = await verify(store.frames(), KEY)
    assert isinstance(missing, Broken)
    assert (missing.position, missing.fault) == (4, Fault.HOLE)
    (tmp_path / second.name.replace("4-", "3-", 1)).write_bytes(good)
    renamed = await verify(store.frames(), KEY)
    assert isinstance(renamed, Broken)
    assert renamed.fault == Fault.UNDECODABLE


def test_only_old_frames_under_a_snapshot_are_archived() -> None:
    """What no snapshot covers stays, and so do the newest records."""
    assert archivable(snapshot_position=900, last_position=1000, keep_records=200) == 800
    assert archivable(snapshot_position=500, last_position=1000, keep_records=200) == 500
    assert archivable(snapshot_position=50, last_position=100, keep_records=200) == 0


STEPS = st.one_of(
    st.tuples(st.just("append"), st.integers(1, 5)),
    st.tuples(st.just("roll"), st.integers(0, 60)),
    st.tuples(st.just("die after the file"), st.integers(0, 60)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=12), st.integers(1, 40))
def test_any_order_of_appends_rolls_and_crashes_reads_as_one_journal(
    steps: list[tuple[str, int]], file_bytes: int
) -> None:
    """Whatever the order of appends, rolls and deaths, every frame is read once and in order."""

    async def story(folder: Path) -> None:
        shelf, head = MemoryShelf(), EMPTY
        for what, how in steps:
            inner = NoTrim(shelf) if what.startswith("die") else MemoryStore(shelf)
            store = ArchivedStore(inner, folder, file_bytes)
            if what == "append":
                head = await fill(store, head, how, body=b"x" * how)
            elif what == "roll":
                await store.roll(how)
            else:
                with pytest.raises(StoreAway):
                    await store.roll(how)
        store = ArchivedStore(MemoryStore(shelf), folder, file_bytes)
        verdict = await verify(store.frames(), KEY)
        assert isinstance(verdict, Sound)
        assert verdict.head == head

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder)))

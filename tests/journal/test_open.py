"""Opening: from the newest snapshot that can be trusted, through frames that are checked, or not at all."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.open import BrokenJournal, Opening, open_journal
from controlroom.journal.snapshot import MemorySnapshots, Snapshot, choose, seal_snapshot
from controlroom.journal.store import Fenced, StoreLost
from controlroom.journal.stored import EMPTY, StoredFrame, head_of
from controlroom.journal.verify import Fault

KEY = bytes(range(32))


def frames(*bodies: bytes) -> list[StoredFrame]:
    """A sound chain of two records a frame."""
    head, made = EMPTY, []
    for body in bodies:
        made.append(seal(KEY, head, 1, 2, body))
        head = head_of(made[-1])
    return made


def snapshot(frame: StoredFrame, body: bytes, schema: int = 1) -> bytes:
    """A sealed snapshot taken after `frame`."""
    return seal_snapshot(KEY, Snapshot(head_of(frame), schema, body))


async def read_in(made: Sequence[StoredFrame], *kept: bytes, schema: int = 1) -> tuple[Opening, list[bytes]]:
    """The journal is opened and read to its end: the opening, and the bodies that came."""
    opening = await open_journal(MemoryStore(MemoryShelf(made)), MemorySnapshots(*kept), KEY, schema)
    return opening, [frame.body async for frame in opening.frames()]


async def test_an_empty_journal_opens_at_position_1_of_epoch_1() -> None:
    """Nothing stored yet: no snapshot, no frame, and the opening record is the first."""
    opening, bodies = await read_in([])

    assert (opening.snapshot, opening.put_aside, bodies) == (None, (), [])
    head = await opening.claim(b"opening")
    assert (head.epoch, head.position, head.next_position) == (1, 1, 2)


async def test_opening_goes_on_from_the_latest_snapshot() -> None:
    """The latest snapshot and the frames after it are the whole state."""
    made = frames(b"a", b"b", b"c", b"d")
    opening, bodies = await read_in(made, snapshot(made[1], b"ab"), snapshot(made[0], b"a"))

    assert opening.snapshot is not None
    assert (opening.snapshot.position, opening.snapshot.body, bodies) == (4, b"ab", [b"c", b"d"])
    assert (await opening.claim(b"opening")).epoch == 2


async def test_a_bad_latest_snapshot_gives_way_to_the_previous_and_then_to_the_start() -> None:
    """What cannot be trusted is put aside with a reason, and nothing of the state is missing for it."""
    made = frames(b"a", b"b", b"c")
    bad, old = snapshot(made[1], b"ab")[:-1] + b"?", snapshot(made[0], b"a")

    opening, bodies = await read_in(made, bad, old)
    assert (opening.snapshot and opening.snapshot.body, bodies) == (b"a", [b"b", b"c"])
    assert opening.put_aside == (
        "the latest snapshot is put aside: its mac does not fit its bytes and this key",
    )
    opening, bodies = await read_in(made, bad, old[:-1])
    assert (opening.snapshot, bodies, len(opening.put_aside)) == (None, [b"a", b"b", b"c"], 2)
    opening, bodies = await read_in(made, snapshot(made[1], b"ab", schema=2), old)
    assert (opening.snapshot and opening.snapshot.body, bodies) == (b"a", [b"b", b"c"])
    assert "schema 2, this programme reads 1" in opening.put_aside[0]


@given(st.data())
def test_a_snapshot_with_one_flipped_byte_is_never_used(data: st.DataObject) -> None:
    """Any flipped bit of a kept snapshot puts it aside."""
    sealed = bytearray(snapshot(frames(b"a")[0], b"state"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))

    assert choose(KEY, (bytes(sealed),), schema=1).snapshot is None


async def test_a_broken_journal_stops_with_position_and_advice() -> None:
    """A broken chain never opens silently: good frames come, then an error that says where and what to do."""
    made = frames(b"a", b"b", b"c")
    made[1] = StoredFrame(1, 3, 2, b"B", made[1].mac)
    opening = await open_journal(MemoryStore(MemoryShelf(made)), MemorySnapshots(), KEY, schema=1)
    frames_read = opening.frames()

    assert (await anext(frames_read)).body == b"a"
    with pytest.raises(BrokenJournal, match=r"position 3 .mac.*audit verify") as caught:
        await anext(frames_read)
    assert (caught.value.position, caught.value.fault) == (3, Fault.MAC)


async def test_frames_that_were_trimmed_without_an_archive_are_a_hole() -> None:
    """Without a snapshot a journal that does not begin at position 1 does not open."""
    with pytest.raises(BrokenJournal, match=r"position 1 .hole"):
        await read_in(frames(b"a", b"b")[1:])


@pytest.mark.parametrize("left", [0, 1])
async def test_a_store_that_ends_before_its_snapshot_does_not_open(left: int) -> None:
    """The snapshot shows that frames were lost at the end, which the chain alone cannot show."""
    made = frames(b"a", b"b")
    with pytest.raises(StoreLost, match="the snapshot or the archive reaches 4"):
        await read_in(made[:left], snapshot(made[1], b"ab"))


async def test_a_store_whose_last_frame_is_not_the_snapshots_does_not_open() -> None:
    """A snapshot of another history is found though its position fits."""
    made, other = frames(b"a", b"b"), frames(b"a", b"x")
    with pytest.raises(BrokenJournal, match="not the one that the snapshot names"):
        await read_in(made, snapshot(other[1], b"ax"))


async def test_frames_that_come_in_while_reading_are_read_before_claiming() -> None:
    """A claim that would skip a late frame fails; after reading on it succeeds behind that frame."""
    store = MemoryStore(MemoryShelf(frames(b"a")))
    opening = await open_journal(store, MemorySnapshots(), KEY, schema=1)
    assert [f.body async for f in opening.frames()] == [b"a"]
    late = seal(KEY, opening.head, 1, 2, b"late")
    await MemoryStore(store.shelf).append(late, opening.head)

    with pytest.raises(Fenced):
        await opening.claim(b"opening")
    assert [f.body async for f in opening.frames()] == [b"late"]
    assert (await opening.claim(b"opening")).position == 5


def test_a_short_key_opens_nothing() -> None:
    """A key that proves little is refused before anything is read."""
    with pytest.raises(ValueError, match="at least 32"):
        asyncio.run(open_journal(MemoryStore(), MemorySnapshots(), b"short", schema=1))

"""What every store promises, held against the in-memory twin and a real Valkey alike."""

from typing import Protocol

import pytest

from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.store import Fenced, StoreAway, Trimmable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.journal.verify import Sound, verify
from tests.integration.journal.stage import Links, Proxy, ValkeyServer

KEY = bytes(range(32))


class Rig(Protocol):
    """A store under test: each `connect` is another process's connection to the same frames."""

    def connect(self) -> Trimmable:
        """Another connection."""
        ...

    def lose_next_reply(self) -> None:
        """The next append through the newest connection is stored, and its confirmation lost."""
        ...


class MemoryRig:
    """The twin."""

    def __init__(self) -> None:
        self.shelf = MemoryShelf()
        self.stores: list[MemoryStore] = []

    def connect(self) -> MemoryStore:
        """As `Rig` says."""
        self.stores.append(MemoryStore(self.shelf))
        return self.stores[-1]

    def lose_next_reply(self) -> None:
        """As `Rig` says."""
        self.stores[-1].lose_replies = 1


class ValkeyRig:
    """The real one; writes go through the proxy."""

    def __init__(self, room: str, links: Links, proxy: Proxy, direct: ValkeyServer) -> None:
        self.room, self.links, self.proxy, self.direct = room, links, proxy, direct

    def connect(self) -> ValkeyStore:
        """As `Rig` says."""
        through = self.links(self.direct.address(port=self.proxy.port))
        return ValkeyStore(self.room, through, self.links(self.direct.address()))

    def lose_next_reply(self) -> None:
        """As `Rig` says."""
        self.proxy.mode = "lose reply"


@pytest.fixture(params=["memory", "valkey"])
async def rig(request: pytest.FixtureRequest, links: Links, proxy: Proxy, shared_valkey: ValkeyServer) -> Rig:
    """The twin, and the real one behind a proxy that can lose its replies."""
    if request.param == "memory":
        return MemoryRig()
    return ValkeyRig(request.node.name, links, proxy, shared_valkey)


async def put(store: Trimmable, head: Head, *bodies: bytes, count: int = 1, epoch: int | None = None) -> Head:
    """Each of `bodies` is stored as a frame; returns the new head."""
    for body in bodies:
        frame = seal(KEY, head, max(1, head.epoch) if epoch is None else epoch, count, body)
        await store.append(frame, head)
        head = head_of(frame)
    return head


async def read(store: Trimmable, after: int = 0) -> list[StoredFrame]:
    """The frames for a reader who has everything up to `after`."""
    return [frame async for frame in store.frames(after)]


async def test_an_empty_store_has_no_frames_and_no_last(rig: Rig) -> None:
    """A store that nobody wrote to is empty and says so."""
    store = rig.connect()

    assert await read(store) == []
    assert await store.last() is None


async def test_what_was_appended_is_read_back_by_another(rig: Rig) -> None:
    """Frames come back byte for byte, in order, to any reader, and their chain holds."""
    head = await put(rig.connect(), EMPTY, b"one", bytes(range(256)), b"", b"\r\n$3\r\nfoo", count=3)
    reader = rig.connect()

    frames = await read(reader)
    assert [f.body for f in frames] == [b"one", bytes(range(256)), b"", b"\r\n$3\r\nfoo"]
    assert await reader.last() == frames[-1]
    assert await verify(reader.frames(), KEY) == Sound(4, 12, head)


async def test_reading_starts_with_the_frame_that_holds_the_next_record(rig: Rig) -> None:
    """A reader that has a position gets every frame with a later record, in any epoch, and no other."""
    store = rig.connect()
    head = EMPTY
    for epoch in (1, 2, 5):
        head = await put(store, head, b"a", b"b", count=3, epoch=epoch)

    for after in range(20):
        starts = [f.position for f in await read(store, after)]
        assert starts == [p for p in (1, 4, 7, 10, 13, 16) if p + 2 > after], after


async def test_a_later_epoch_fences_the_earlier_writer(rig: Rig) -> None:
    """Once a second writer has appended, the first one's append fails and leaves nothing behind."""
    first, second = rig.connect(), rig.connect()
    head = await put(first, EMPTY, b"first")
    taken = await put(second, head, b"second opens", epoch=2)

    with pytest.raises(Fenced):
        await put(first, head, b"too late")
    with pytest.raises(Fenced):
        await put(first, head, b"still too late")
    assert await verify(first.frames(), KEY) == Sound(2, 2, taken)


async def test_an_opening_that_read_too_little_is_refused(rig: Rig) -> None:
    """A new writer that missed a frame of the old one cannot open, though its id is the greatest."""
    old, new = rig.connect(), rig.connect()
    seen = await put(old, EMPTY, b"seen")
    unseen = await put(old, seen, b"unseen")

    with pytest.raises(Fenced):
        await put(new, seen, b"opens on what it saw", epoch=2)
    assert (await old.last()) is not None
    assert await verify(old.frames(), KEY) == Sound(2, 2, unseen)


async def test_two_writers_that_open_the_same_epoch_cannot_both(rig: Rig) -> None:
    """Of two openings with the same id the first one stands, even when their bytes are the same."""
    head = await put(rig.connect(), EMPTY, b"before")
    await put(rig.connect(), head, b"opening", epoch=2)

    with pytest.raises(Fenced):
        await put(rig.connect(), head, b"opening", epoch=2)


@pytest.mark.parametrize("earlier", [0, 1, 2])
async def test_an_append_whose_reply_got_lost_is_stored_once_when_repeated(rig: Rig, earlier: int) -> None:
    """After a lost reply the same frame can be appended again: it is there once and the next one follows."""
    store = rig.connect()
    head = await put(store, EMPTY, *[b"earlier"] * earlier)
    frame = seal(KEY, head, 1, 2, b"was it stored?")
    rig.lose_next_reply()

    with pytest.raises(StoreAway):
        await store.append(frame, head)
    await store.append(frame, head)
    head = await put(store, head_of(frame), b"next", b"after next")
    assert await verify(store.frames(), KEY) == Sound(earlier + 3, earlier + 4, head)


async def test_a_lost_reply_does_not_hide_that_another_writer_took_over(rig: Rig) -> None:
    """A writer that repeats an unsure append after being overtaken is fenced, stored or not."""
    overtaking, store = rig.connect(), rig.connect()
    frame = seal(KEY, EMPTY, 1, 1, b"was it stored?")
    rig.lose_next_reply()

    with pytest.raises(StoreAway):
        await store.append(frame, EMPTY)
    await put(overtaking, head_of(frame), b"takes over", epoch=2)
    with pytest.raises(Fenced):
        await store.append(frame, EMPTY)


async def test_trimming_takes_whole_frames_and_never_the_last(rig: Rig) -> None:
    """Trimmed are the frames that end at or before the position; the fence outlives them."""
    store = rig.connect()
    head = await put(store, EMPTY, b"a", b"b", b"c", count=4)

    await store.trim(7)
    assert [f.position for f in await read(store)] == [5, 9]
    await store.trim(8)
    await store.trim(0)
    assert [f.position for f in await read(store)] == [9]
    await store.trim(1000)
    assert [f.position for f in await read(store)] == [9]
    with pytest.raises(Fenced):
        await put(rig.connect(), EMPTY, b"from the start")
    await put(store, head, b"d")

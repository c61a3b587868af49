"""A journal that was touched anywhere is found out, at the position where it was touched."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.journal.chain import check_key, seal
from controlroom.journal.resp import Reply
from controlroom.journal.stored import EMPTY, FIRST_POSITION, StoredFrame, head_of
from controlroom.journal.valkey import Address, Link
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.journal.verify import Broken, Fault, Sound, Verdict, verify

KEY = bytes(range(32))
BATCHES = st.lists(
    st.tuples(st.integers(1, 12), st.binary(max_size=60), st.booleans()), min_size=1, max_size=8
)
Entry = list[bytes]


def chain(batches: Iterable[tuple[int, bytes, bool]]) -> list[StoredFrame]:
    """A sound chain; True opens a new epoch."""
    head, frames = EMPTY, []
    for count, body, opens in batches:
        epoch = max(1, head.epoch + opens)
        frames.append(seal(KEY, head, epoch, count, body))
        head = head_of(frames[-1])
    return frames


def verdict(frames: Iterable[StoredFrame], key: bytes = KEY) -> Verdict:
    """What `verify` says of these frames."""

    async def given_out() -> AsyncIterator[StoredFrame]:
        for frame in frames:
            yield frame

    return asyncio.run(verify(given_out(), key))


class Entries:
    """A server that answers every question with these entries."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    async def call(self, *commands: object) -> list[Reply]:
        """These entries, whatever was asked."""
        del commands
        return [[[entry_id, list(fields)] for entry_id, *fields in self.entries]]


def entry(frame: StoredFrame) -> Entry:
    """The frame's bytes as they lie in the store."""
    entry_id = b"%d-%d" % (frame.epoch, frame.position)
    return [entry_id, b"n", b"%d" % frame.count, b"b", frame.body, b"m", frame.mac]


def verdict_of(entries: list[Entry]) -> Verdict:
    """What `verify` says of a stream with these entries; the link for writing leads nowhere."""
    store = ValkeyStore("r", Link(Address()), Entries(entries))
    return asyncio.run(verify(store.frames(), KEY))


@given(BATCHES)
def test_a_chain_that_nobody_touched_is_sound(batches: list[tuple[int, bytes, bool]]) -> None:
    """Frames, records and head of a sound chain are told."""
    frames = chain(batches)

    records = sum(count for count, _, _ in batches)
    assert verdict(frames) == Sound(len(frames), records, head_of(frames[-1]))
    assert verdict_of([entry(f) for f in frames]) == verdict(frames)


@settings(max_examples=400)
@given(BATCHES, st.data())
def test_one_flipped_byte_anywhere_is_found_where_it_is(
    batches: list[tuple[int, bytes, bool]], data: st.DataObject
) -> None:
    """Any other value of any byte of id, count, body, mac or field name is found at that frame."""
    frames = chain(batches)
    entries = [entry(f) for f in frames]
    index = data.draw(st.integers(0, len(frames) - 1))
    field = data.draw(st.sampled_from([n for n, raw in enumerate(entries[index]) if raw]))
    raw = bytearray(entries[index][field])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    entries[index][field] = bytes(raw)

    found = verdict_of(entries)
    assert isinstance(found, Broken)
    assert found.position == frames[index].position
    assert found.frames == index
    assert found.head == (head_of(frames[index - 1]) if index else EMPTY)


@given(BATCHES, st.data())
def test_a_frame_taken_out_repeated_or_moved_is_found(
    batches: list[tuple[int, bytes, bool]], data: st.DataObject
) -> None:
    """Missing, repeated and exchanged frames are found at the first position that is not as it was."""
    frames = chain([*batches, (1, b"last", False)])
    index = data.draw(st.integers(0, len(frames) - 2))
    here, following = frames[index], frames[index + 1]

    missing = verdict(frames[:index] + frames[index + 1 :])
    assert isinstance(missing, Broken)
    assert (missing.position, missing.fault) == (here.position, Fault.HOLE)
    repeated = verdict([*frames[: index + 1], *frames[index:]])
    assert isinstance(repeated, Broken)
    assert (repeated.position, repeated.fault) == (following.position, Fault.OVERLAP)
    exchanged = verdict([*frames[:index], following, here, *frames[index + 2 :]])
    assert isinstance(exchanged, Broken)
    assert exchanged.position == here.position


def test_an_epoch_that_goes_back_is_named() -> None:
    """A frame of an earlier epoch after a later one is a fault of its own, though it carries a good mac."""
    frames = chain([(2, b"a", True), (2, b"b", True)])
    frames.append(seal(KEY, head_of(frames[-1]), 1, 1, b"from the past"))

    found = verdict(frames)
    assert isinstance(found, Broken)
    assert (found.position, found.fault, found.records) == (5, Fault.EPOCH_BACK, 4)


def test_a_frame_of_another_history_is_found() -> None:
    """A frame with the right position and a mac of the right key does not fit after another frame."""
    ours = chain([(2, b"ours", False), (2, b"same", False)])
    theirs = chain([(2, b"theirs", False), (2, b"same", False)])

    found = verdict([ours[0], theirs[1]])
    assert isinstance(found, Broken)
    assert (found.position, found.fault) == (3, Fault.MAC)


def test_a_frame_without_records_is_no_frame() -> None:
    """A frame of no records would not move the chain on; even a sealed one is refused."""
    found = verdict([seal(KEY, EMPTY, 1, 0, b"")])

    assert isinstance(found, Broken)
    assert (found.position, found.fault) == (1, Fault.UNDECODABLE)


def test_another_key_proves_nothing() -> None:
    """The chain holds only with the key it was written with; a short key is refused."""
    found = verdict(chain([(1, b"a", False)]), key=bytes(32))

    assert isinstance(found, Broken)
    assert (found.position, found.fault) == (FIRST_POSITION, Fault.MAC)
    assert check_key(KEY) == KEY
    with pytest.raises(ValueError, match="31 bytes"):
        check_key(bytes(31))

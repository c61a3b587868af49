"""What a start makes of snapshots and frames of other versions."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import msgspec
import pytest

from controlroom import restore
from controlroom.events import RoomOpened
from controlroom.incidents.record import Decision, Record
from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import MemorySnapshots, Snapshot, seal_snapshot
from controlroom.journal.stored import EMPTY, StoredFrame, head_of
from controlroom.restore import Folded, Keeper, NewerJournal, begin, fold
from tests.build import BOOK, NOON, REAL_BOOK

KEY = bytes(range(32))


def frame(body: bytes | None = None) -> StoredFrame:
    """The journal's first frame: one opening, unless `body` says something else."""
    opened = Record(1, NOON, RoomOpened("w", 1, "rules", demonstration=False), Decision())
    return seal(KEY, EMPTY, 1, 1, encode_frame("w", [opened]) if body is None else body)


def at_first(body: bytes) -> bytes:
    """A sealed snapshot of that body, taken after the first frame."""
    return seal_snapshot(KEY, Snapshot(head_of(frame()), restore.SCHEMA, body))


async def started(stored: StoredFrame, *snapshots: bytes) -> tuple[Folded, tuple[str, ...]]:
    """What a start brings back, and what it put aside."""
    opening, folded = await begin(
        MemoryStore(MemoryShelf([stored])), MemorySnapshots(*snapshots), KEY, REAL_BOOK
    )
    await fold(folded, opening.frames(), REAL_BOOK)
    return folded, opening.put_aside


def told(story: Coroutine[Any, Any, Any]) -> Any:
    """What the story returns."""
    return asyncio.run(story)


def test_a_snapshot_that_cannot_be_read_costs_time_and_nothing_else() -> None:
    """A whole snapshot of another version's state is put aside, and the journal is read from its start."""
    strange = msgspec.msgpack.encode({"state": {"position": "one"}})

    folded, put_aside = told(started(frame(), at_first(strange)))

    assert folded.state.position == 1
    assert "position 1 is put aside" in put_aside[0]


def test_a_snapshot_of_this_version_is_gone_on_from() -> None:
    """What it holds is not read again."""
    folded, put_aside = told(started(frame(), at_first(restore.to_bytes(told(started(frame()))[0]))))

    assert (folded.state.position, put_aside) == (1, ())


def test_figures_that_another_plan_counted_are_counted_anew() -> None:
    """A snapshot whose figures were counted otherwise is put aside, with that reason, and nothing is lost."""
    other = restore.to_bytes(restore.empty(BOOK))
    folded, put_aside = told(started(frame(), at_first(other)))

    assert (folded.state.position, folded.ledger.digest) == (1, REAL_BOOK.digest)
    assert "counts otherwise" in put_aside[0]


def test_a_frame_of_a_newer_version_stops_the_start_with_advice() -> None:
    """A frame that is whole and unreadable is said to be a newer version's, with its position."""
    newer = msgspec.msgpack.encode(
        ["w", 1, [[NOON, {"changes": [{"type": "teleported"}]}, {"type": "tick"}]]]
    )

    with pytest.raises(NewerJournal, match=r"position 1 .*newer version"):
        told(started(frame(newer)))


def test_a_snapshot_is_taken_at_rest_only_and_one_at_a_time() -> None:
    """With records in flight, or one snapshot still unsaved, none is taken, and whoever asked is told so."""

    async def story() -> None:
        folded, head = Folded(), EMPTY
        keeper = Keeper(folded, MemorySnapshots(), KEY, 1, lambda: head)
        folded.state.position = 1
        assert not keeper.at_rest()
        head = head_of(frame())
        assert keeper.at_rest()
        assert not keeper.at_rest()
        assert await keeper.save_next() == 1
        assert keeper.at_rest()

    asyncio.run(story())

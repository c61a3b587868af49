"""What the console shows of the time before a start, and a store that does not give it."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from controlroom.events import Tick
from controlroom.incidents.record import Decision, Record
from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.store import JournalError, StoreAway, StoreRefused, Undecodable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of
from controlroom.wiring.recent import recent_records
from tests.build import NOON

KEY = bytes(range(32))


class Breaking(MemoryStore):
    """A store that fails after its first frame."""

    fault: JournalError | OSError | None = None

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As `Store.frames` says."""
        async for frame in super().frames(after_position):
            yield frame
            if self.fault is not None:
                raise self.fault


async def filled(*bodies: bytes | None) -> tuple[Breaking, Head]:
    """Return a store of frames of one record each, and its end; a body given is no record's."""
    store, head = Breaking(), EMPTY
    for body in bodies:
        record = Record(head.next_position, NOON, Tick(), Decision())
        frame = seal(KEY, head, 1, 1, encode_frame("writer", [record]) if body is None else body)
        await store.append(frame, head)
        head = head_of(frame)
    return store, head


async def test_the_last_records_are_shown() -> None:
    """What lies in the store is what the console starts with, in order."""
    store, head = await filled(None, None, None)

    assert [record.position for record in await recent_records(store, head)] == [1, 2, 3]


async def test_what_cannot_be_read_any_more_is_passed_over() -> None:
    """Records before a frame of another version are not shown, since the list has no holes."""
    store, head = await filled(None, b"of another version", None)

    assert [record.position for record in await recent_records(store, head)] == [3]


@pytest.mark.parametrize(
    "fault", [StoreAway("no answer"), StoreRefused("busy"), Undecodable("no frame"), OSError("no archive")]
)
async def test_a_store_that_fails_now_shows_nothing_and_stops_no_start(fault: JournalError | OSError) -> None:
    """Half of what happened is not shown as if it were all; the log says why, and the room starts."""
    store, head = await filled(None, None, None)
    store.fault = fault

    with capture_logs() as lines:
        assert await recent_records(store, head) == []

    assert [(line["event"], line["error"]) for line in lines] == [("recent_not_shown", str(fault))]

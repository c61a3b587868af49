"""Records are found by their positions, wherever their frames lie."""

from controlroom.events import Tick
from controlroom.incidents.record import Decision, Record
from controlroom.journal.lookup import NEAR, records_at
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import EMPTY, StoredFrame, head_of
from tests.build import after


async def _store(frames: int, size: int) -> MemoryStore:
    store, head = MemoryStore(), EMPTY
    for number in range(frames):
        first = number * size + 1
        records = [Record(first + one, after(first + one), Tick(), Decision()) for one in range(size)]
        frame = StoredFrame(1, first, size, encode_frame("w", records), b"m")
        await store.append(frame, head)
        head = head_of(frame)
    return store


async def test_each_record_that_is_there_is_found_once_and_in_order() -> None:
    """Near and far positions, the first and the last one, doubled ones; what is not there is left out."""
    store = await _store(frames=400, size=3)
    wanted = [1200, 1, 2, 2, 5, NEAR + 40, 1201, 5_000, 0]
    found = await records_at(store, wanted)
    assert [record.position for record in found] == [1, 2, 5, NEAR + 40, 1200]
    assert [record.now for record in found] == [after(record.position) for record in found]


async def test_nothing_is_asked_for_nothing() -> None:
    """No position gives no record, also of an empty store."""
    assert await records_at(MemoryStore(), [1, 2]) == []
    assert await records_at(await _store(1, 1), []) == []

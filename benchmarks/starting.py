"""How long a room takes to be there again: the real `restore` over a snapshot and the frames behind it."""

import asyncio
import gc
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.big_room import GAP, BigRoom, Sizes, rss_bytes
from controlroom import restore
from controlroom.incidents.record import Record
from controlroom.incidents.state import next_deadline
from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import MemorySnapshots, Snapshot, seal_snapshot
from controlroom.journal.stored import EMPTY, head_of
from controlroom.measures.book import Book
from controlroom.measures.ledger import Ledger
from controlroom.measures.plan.read import read_plan

KEY = bytes(range(32))
PLAN = Path("config/plan-on-a-page.yaml")
BOOK = Book(read_plan(str(PLAN), PLAN.read_text("utf-8")), count_simulated=True)
FRAME_RECORDS = 256
"""Records a frame, as they gather at a high rate; small frames cost more a record, at a slow pace."""


def measure_start(sizes: Sizes) -> dict[str, object]:
    """Record a room's life behind a snapshot, forget the room, and time its return."""
    room = BigRoom(sizes)
    room.open_incidents()
    room.arm_watches()
    folded = restore.Folded(room.state, Ledger(digest=BOOK.digest))
    folded.ledger.position = room.state.position
    before = perf_counter()
    body = restore.to_bytes(folded)
    taken_s = perf_counter() - before
    # The chain begins at the snapshot: frames before it are read by nobody.
    marker = seal(KEY, EMPTY, 1, room.state.position, b"what the snapshot holds")
    head = head_of(marker)
    snapshots = MemorySnapshots(seal_snapshot(KEY, Snapshot(head, restore.SCHEMA, body)))
    shelf, records = MemoryShelf([marker]), 0
    batch: list[Record] = []
    for n in range(sizes.signals):
        batch.append(room.tell(room.any_signal()))
        batch += room.look_after(batch[-1])
        room.now += GAP
        batch += [room.tell(event) for event in room.upkeep()]
        if len(batch) >= FRAME_RECORDS or n == sizes.signals - 1:
            frame = seal(KEY, head, 1, len(batch), encode_frame("bench", batch))
            head = head_of(frame)
            shelf.frames.append(frame)
            records += len(batch)
            batch = []
    position, incidents = room.state.position, len(room.state.incidents)
    del room, folded
    gc.collect()
    figures = asyncio.run(_restart(shelf, snapshots, position))
    return {
        "signals": sizes.signals,
        "records": records,
        "journal_mb": round(sum(len(frame.body) for frame in shelf.frames) / 1e6),
        "snapshot_mb": round(len(body) / 1e6, 1),
        "snapshot_taken_s": round(taken_s, 2),
        "open_incidents": incidents,
        **figures,
    }


async def _restart(shelf: MemoryShelf, snapshots: MemorySnapshots, position: int) -> dict[str, object]:
    """Return what it took to open the journal and to fold it to its end."""
    empty = rss_bytes()
    gc.disable()
    start, cpu_start = perf_counter(), process_time()
    opening, folded = await restore.begin(MemoryStore(shelf), snapshots, KEY, BOOK)
    read_s = perf_counter() - start
    await restore.fold(folded, opening.frames(), BOOK)
    next_deadline(folded.state)  # the watches come into their order when it is asked for the first time
    whole_s = perf_counter() - start
    cpu_s = process_time() - cpu_start
    gc.enable()
    if folded.state.position != position:
        raise AssertionError(f"restored to {folded.state.position}, not to {position}")
    folded_records = position - (opening.snapshot.position if opening.snapshot is not None else 0)
    return {
        "start_s": round(whole_s, 2),
        "start_cpu_s": round(cpu_s, 2),
        "snapshot_read_s": round(read_s, 2),
        "fold_us_a_record": round((whole_s - read_s) / folded_records * 1e6, 2),
        "room_mb": round((rss_bytes() - empty) / 1e6),
    }

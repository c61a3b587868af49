"""How long a look into the past takes, and what the live room feels of it.

python -m benchmarks.past [--records 100000 --records 1000000] [--incidents 200]

For each length of journal: the fold to a moment at its end with nothing to begin from (`cold_s`), the same
for another moment with the states that the first fold left (`warm_s`), one step (`step_ms`), the next event
of an incident (`event_ms`) and what the page lists of signals (`feed_ms`). `jump_s` are the median and the
longest of jumps to random moments over the states that are left along the journal, `mark_mb` the size of one
as it is and as a file; `memory_mb` is what ten pasts hold. Then the same room decides signals
alone and beside a fold in a process of its own, in turns: `room_p99_ratio` is what the room feels of it. The
journal is held in memory here; a store and an archive cost the reading of their frames besides.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import sys
import zlib
from statistics import median, quantiles
from time import perf_counter

from benchmarks.big_room import GAP, BigRoom, Sizes, rss_bytes
from controlroom.console.past.fold import Kept, kept
from controlroom.console.past.library import Library
from controlroom.console.past.scene import feed_of
from controlroom.console.past.seek import position_at, reach
from controlroom.console.past.step import About, Direction, Walk, step
from controlroom.console.sight import WHOLE
from controlroom.console.views import Lens
from controlroom.incidents.record import Record
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.journal.memory import MemoryShelf, MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import StoredFrame
from controlroom.wiring.past_marks import LEVEL

FRAME_RECORDS = 64
"""Records a frame: between those of a slow night and of the flat-out rate."""

SITES = 2_000
"""The demonstration estate's sources, about."""

ROUNDS = 5
"""Turns of the room alone and beside a fold; the median ratio counts."""

JUMPS = 12
"""Jumps to random moments."""

A_TURN = 4_000
"""Signals a turn."""


def lived(records: int, incidents: int) -> tuple[BigRoom, MemoryShelf]:
    """Return a room and the journal of a life of so many records."""
    room = BigRoom(Sizes(sites=SITES, incidents=incidents))
    shelf = MemoryShelf()
    batch: list[Record] = []
    while room.state.position < records:
        batch.append(room.tell(room.any_signal()))
        batch += room.look_after(batch[-1])
        room.now += GAP
        batch += [room.tell(event) for event in room.upkeep()]
        if len(batch) >= FRAME_RECORDS or room.state.position >= records:
            body = encode_frame("bench", batch)
            shelf.frames.append(StoredFrame(1, batch[0].position, len(batch), body, b""))
            batch = []
    return room, shelf


async def no_snapshots() -> list[Kept]:
    """Return none: every fold begins at the start or at a state of its own."""
    return []


def lens_of(room: BigRoom) -> Lens:
    """Return where words are looked up."""
    return Lens(estate=lambda: room.handbook.estate, why=lambda _: None, plan=lambda _table, _rule: None)


async def looked_at(room: BigRoom, shelf: MemoryShelf) -> dict[str, object]:
    """Return what each kind of look takes."""
    library = Library(MemoryStore(shelf), no_snapshots)
    over = await reach(library.store)
    if over is None:
        raise AssertionError("no journal")
    lens, empty = lens_of(room), rss_bytes()
    start = perf_counter()
    position = await position_at(library.store, room.now - 100 * GAP, over)
    found_s = perf_counter() - start
    async with library.at(position) as past:
        cold_s = perf_counter() - start
    start = perf_counter()
    async with library.at(position * 3 // 4) as past:
        warm_s = perf_counter() - start
        steps = []
        for back in range(1, 40):
            start = perf_counter()
            past.go(past.position - 1 if back % 2 else past.position + 1)
            steps.append(perf_counter() - start)
        start = perf_counter()
        incident = next(iter(past.state.incidents))
        walk = Walk(Direction.NEXT, About(incident=incident), WHOLE)
        await step(library.store, past, walk, lens, over)
        event_s = perf_counter() - start
        start = perf_counter()
        feed_of(past, lens).recent(200)
        feed_s = perf_counter() - start
    mark = kept(from_bytes(to_bytes(room.state))).body
    jumps = await jumped(library, over.last.position)
    return {
        "records": over.last.position,
        "open_incidents": len(room.state.incidents),
        "find_ms": round(found_s * 1e3, 1),
        "cold_s": round(cold_s, 2),
        "cold_us_a_record": round(cold_s / over.last.position * 1e6, 2),
        "warm_s": round(warm_s, 2),
        "jump_s": [round(median(jumps), 2), round(max(jumps), 2)],
        "mark_mb": [round(len(one) / 1e6, 2) for one in (mark, zlib.compress(mark, LEVEL))],
        "step_ms": round(median(steps) * 1e3, 2),
        "event_ms": round(event_s * 1e3, 1),
        "feed_ms": round(feed_s * 1e3, 1),
        "memory_mb": round((rss_bytes() - empty) / 1e6),
    }


async def jumped(library: Library, last: int) -> list[float]:
    """Return the seconds that jumps to random moments take."""
    taken, draw = [], random.Random(4)
    for _ in range(JUMPS):
        start = perf_counter()
        async with library.at(draw.randrange(last // 20, last)):
            taken.append(perf_counter() - start)
    return taken


def folding(
    records: int,
    incidents: int,
    stop: "multiprocessing.synchronize.Event",
    ready: "multiprocessing.synchronize.Event",
) -> None:
    """Fold over and over, standing back as the reader does, until told to stop."""
    _, shelf = lived(records, incidents)
    os.nice(10)
    ready.set()
    while not stop.is_set():
        asyncio.run(_one_fold(shelf))


async def _one_fold(shelf: MemoryShelf) -> None:
    library = Library(MemoryStore(shelf), no_snapshots)
    async with library.at(shelf.frames[-1].last_position):
        pass


def p99_us(room: BigRoom) -> float:
    """Return the 99th percentile of deciding one signal, and all that follows, in microseconds."""
    taken = []
    for _ in range(A_TURN):
        event = room.any_signal()
        start = perf_counter()
        record = room.tell(event)
        taken.append(perf_counter() - start)
        room.look_after(record)
        room.now += GAP
        for due in room.upkeep():
            room.tell(due)
    return quantiles(taken, n=100)[-1] * 1e6


def felt(incidents: int) -> dict[str, object]:
    """Return what the room feels of a fold beside it."""
    context = multiprocessing.get_context("spawn")
    ratios, alone_us = [], []
    room = BigRoom(Sizes(sites=SITES, incidents=incidents))
    p99_us(room)
    for _ in range(ROUNDS):
        alone = p99_us(room)
        stop, ready = context.Event(), context.Event()
        child = context.Process(target=folding, args=(20_000, incidents, stop, ready))
        child.start()
        ready.wait()
        ratios.append(p99_us(room) / alone)
        alone_us.append(alone)
        stop.set()
        child.join()
    return {"room_p99_us": round(median(alone_us), 1), "room_p99_ratio": round(median(ratios), 2)}


def main() -> None:
    """Measure, and print one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.past", description="Look into the past.")
    parser.add_argument("--records", type=int, action="append")
    parser.add_argument("--incidents", type=int, default=200)
    asked = parser.parse_args()
    looks = []
    for records in asked.records or [100_000, 1_000_000]:
        room, shelf = lived(records, asked.incidents)
        looks.append(asyncio.run(looked_at(room, shelf)))
        print(json.dumps(looks[-1]))
    print(
        json.dumps(
            {
                "load": os.getloadavg()[0],
                "python": sys.version.split()[0],
                "looks": looks,
                **felt(asked.incidents),
            }
        )
    )


if __name__ == "__main__":
    main()

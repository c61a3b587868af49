"""What a candidate beside the rules costs the room: latency and CPU with and without one, in the same run.

    python -m benchmarks.shadow [--signals 20000] [--rate 2000]

A real room with its writer over the in-memory twin of the store (so the store's own time is not in it), fed
at a steady rate with the mixed workload; latency runs from telling the room to its settling. The candidate is
the shipped rules with a changed one. Sides take turns. The last line is one JSON object.
"""

import argparse
import asyncio
import gc
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.replay import CONFIG, LIMITS, changed_rules
from benchmarks.room import percentiles_us
from benchmarks.workload import templates
from controlroom.clock import wall_clock
from controlroom.incidents.handbook import HouseRules
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.ingest.decode import decode
from controlroom.journal.memory import MemoryStore
from controlroom.journal.open import open_journal
from controlroom.journal.records import encode_frame
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.writer import Chain, Writer
from controlroom.room import Room, Settled
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from controlroom.wiring.replay_books import ReplayBook, read_replay_book
from controlroom.wiring.shadowing import Candidate, Shadowing

KEY = bytes(32)
ROUNDS = 3


class Listener:
    """Tells the room what its writer says."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def released(self, records: Sequence[Record], last_position: int) -> None:
        """Pass it on."""
        self._room.released(records, last_position)

    def degraded(self, because: str) -> None:
        """Pass it on."""
        self._room.degraded(because)

    def recovered(self) -> None:
        """Pass it on."""
        self._room.recovered()


async def live(book: ReplayBook, candidate: ReplayBook | None, signals: int, rate: int) -> dict[str, float]:
    """Feed one room for a while; return its latency and what the process spent."""
    now = wall_clock()
    room = Room(book.handbook, State(), now)
    store = MemoryStore()
    opening = await open_journal(store, MemorySnapshots(), KEY, schema=1)
    async for _ in opening.frames():
        pass
    writer: Writer[Record] = Writer(
        store,
        Chain(KEY, opening.head),
        lambda records: encode_frame("b", records),
        Listener(room),
        lambda: 1.0,
    )
    room.attach(writer)
    taken: list[float] = []

    def settled(items: Sequence[Settled]) -> None:
        at = perf_counter()
        taken.extend(at - item.told.token for item in items if isinstance(item.told.token, float))

    room.settle_with(settled)
    beside = Shadowing(room, lambda: book.rules)
    room.follow(beside)
    if candidate is not None:
        beside.begin(Candidate(candidate.rules, candidate.properties))
    begun_cpu = process_time()
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(work, name="bench") for work in (room.run(), writer.run(), beside.run())]
        await _feed(room, book, signals, rate)
        while len(taken) < signals or beside.waiting:  # noqa: ASYNC110 - nobody tells when all is compared
            await asyncio.sleep(0.01)
        for task in running:
            task.cancel()
    counted = sum(beside.counts.values()) - beside.counts["passed_over"]
    figures = percentiles_us(taken)
    return {**figures, "cpu_us_a_signal": (process_time() - begun_cpu) / signals * 1e6, "compared": counted}


async def _feed(room: Room, book: ReplayBook, signals: int, rate: int) -> None:
    """Tell the room of signals at this rate."""
    made, now = templates(book.handbook.estate), wall_clock()
    begun = perf_counter()
    for number in range(signals):
        ahead = begun + number / rate - perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        template, moment = made[number % len(made)], now()
        body = template.payload(b"b-%d" % number, moment.isoformat().encode())
        event = decode(Wire(template.topic, body, STRUCTURED), book.handbook.estate, LIMITS, moment)
        if event is not None:
            room.tell(event, perf_counter())


def main() -> None:
    """Let both sides take turns, and print the median of each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.shadow")
    parser.add_argument("--signals", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=2_000)
    asked = parser.parse_args()
    house = HouseRules(demonstration=True)
    sides: dict[str, list[dict[str, float]]] = {"without": [], "with": []}
    with tempfile.TemporaryDirectory() as held:
        book = read_replay_book(CONFIG / "rules", CONFIG / "estate", house)
        other = read_replay_book(changed_rules(Path(held)), CONFIG / "estate", house)
        gc.disable()
        for _ in range(ROUNDS):
            for name, candidate in (("without", None), ("with", other)):
                sides[name].append(asyncio.run(live(book, candidate, asked.signals, asked.rate)))
                gc.collect()
    middle = {
        name: {key: sorted(one[key] for one in rounds)[ROUNDS // 2] for key in rounds[0]}
        for name, rounds in sides.items()
    }
    ratio = {
        key: round(middle["with"][key] / middle["without"][key], 2)
        for key in ("p50", "p99", "cpu_us_a_signal")
    }
    for name, figures in middle.items():
        print(f"{name:>8}  " + "  ".join(f"{key} {value:,.1f}" for key, value in figures.items()))
    print(
        json.dumps({"load": os.getloadavg()[0], "python": sys.version.split()[0], **middle, "ratio": ratio})
    )


if __name__ == "__main__":
    main()

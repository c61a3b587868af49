"""What a watch costs by itself: time to arm, move, take off and fire, and bytes of memory, with many armed.

    python -m benchmarks.watches [--watches 1000000] [--timed 100000]

The mechanism alone (`incidents.watches`), no decision and no journal: subjects are topics as the estate has
them, made before the clock starts; moments lie within a day, in random order. Time is this process's own on
the processor. Memory is what the process grew by, subjects, moments, dictionary and heaps included,
divided by the watches: armed one by one, and as restored from a snapshot. A *rebuild* is the one pause, a
heap made anew after more than half of it was taken off. Python's collector is off, as in the room. The last
line is JSON.
"""

import argparse
import gc
import json
import random
from datetime import UTC, datetime, timedelta
from time import process_time

import msgspec

from benchmarks.big_room import rss_bytes
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.watches import Watches, arm, disarm, first

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY_S = 86_400
SEED = 2015


def made(rng: random.Random, prefix: str, count: int) -> list[Watch]:
    """Return so many watches on sources of their own, in random order of their moments."""
    return [
        Watch(
            NOON + timedelta(seconds=rng.uniform(0, DAY_S)),
            WatchKind.CHECK,
            f"leedswatch/inner-north-east/lone-worker/{prefix}-{number:07}",
        )
        for number in range(count)
    ]


def timed_us(watches: Watches, some: list[Watch], rng: random.Random) -> dict[str, float]:
    """Return the microseconds of each step for one watch, with all the others armed."""
    figures = {}
    later = [msgspec.structs.replace(watch, due=watch.due + timedelta(hours=1)) for watch in some]
    gone = rng.sample(later, len(later))
    for name, batch, armed in (("arm", some, True), ("move", later, True), ("take_off", gone, False)):
        start = process_time()
        for watch in batch:
            if armed:
                arm(watches, watch)
            else:
                disarm(watches, watch.kind, watch.subject)
        figures[name] = round((process_time() - start) / len(batch) * 1e6, 2)
    start = process_time()
    for _ in some:
        due = first(watches)
        if due is not None:
            disarm(watches, due.kind, due.subject)
    figures["fire"] = round((process_time() - start) / len(some) * 1e6, 2)
    return figures


def rebuild_ms(watches: Watches, rng: random.Random) -> dict[str, float]:
    """Return the longest single step while three watches of four are taken off in random order."""
    subjects = list(watches.armed[WatchKind.CHECK])
    rng.shuffle(subjects)
    longest_s = 0.0
    for subject in subjects[: len(subjects) * 3 // 4]:
        start = process_time()
        disarm(watches, WatchKind.CHECK, subject)
        longest_s = max(longest_s, process_time() - start)
    return {"rebuild_ms": round(longest_s * 1e3, 1)}


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--watches", type=int, default=1_000_000)
    words.add_argument("--timed", type=int, default=100_000)
    asked = words.parse_args()
    rng = random.Random(SEED)
    gc.disable()
    before = rss_bytes()
    watches = Watches()
    first(watches)  # from now on they are kept in order, as in a room that runs
    for watch in made(rng, "LW", asked.watches):
        arm(watches, watch)
    figures: dict[str, object] = {"watches": len(watches)}
    figures["bytes_armed"] = round((rss_bytes() - before) / asked.watches)
    start = process_time()
    snapshot = msgspec.msgpack.encode(watches)
    figures["snapshot_s"] = round(process_time() - start, 2)
    figures["snapshot_bytes"] = round(len(snapshot) / asked.watches)
    del watches, watch
    gc.collect()
    before = rss_bytes()
    start = process_time()
    watches = msgspec.msgpack.decode(snapshot, type=Watches)
    first(watches)
    figures["restore_s"] = round(process_time() - start, 2)
    figures["bytes_restored_at_most"] = round((rss_bytes() - before) / asked.watches)
    figures["us"] = timed_us(watches, made(rng, "NEW", asked.timed), rng)
    figures |= rebuild_ms(watches, rng)
    for name, value in figures.items():
        print(f"{name:<24} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""What deciding costs in a room ten times a city, what it holds in memory, and how fast it is there again.

    python -m benchmarks.room [--sites 100000] [--incidents 10000] [--watches 1000000] [--signals 1000000]

The shipped rules over a made-up estate. *Decide* is timed call by call, `apply` after it, while the room
holds so many open incidents and armed watches; signals come from all five kinds of feed, each from a random
source, and an old incident is closed for each new one. *Start* is the real `restore`: a snapshot of that
room and frames of 256 records behind it, checked against their chain, from memory (without a store's time).

As in the room itself, Python's collector is off while time is taken; what one collection costs is told apart.
Each part runs in a process of its own, so that memory is that part's. The last line is one JSON object.
"""

import argparse
import gc
import json
import os
import subprocess
import sys
from time import perf_counter

from benchmarks.big_room import BigRoom, Sizes, rss_bytes
from benchmarks.starting import measure_start

MEASURED = 200_000
"""Signals that are timed one by one: two thousand of them are above the 99th percentile."""

WATCHES_TIMED = 100_000


def percentiles_us(taken_s: list[float]) -> dict[str, float]:
    """Return the median and the tail in microseconds."""
    ordered = sorted(taken_s)
    last = len(ordered) - 1
    shares = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
    return {name: round(ordered[min(last, int(share * last))] * 1e6, 1) for name, share in shares.items()}


def measure_decide(sizes: Sizes) -> dict[str, object]:
    """Fill a room, then time every step of every signal."""
    empty = rss_bytes()
    room = BigRoom(sizes)
    with_estate = rss_bytes()
    room.open_incidents()
    with_incidents = rss_bytes()
    room.arm_watches()
    with_watches = rss_bytes()
    gc.collect()
    gc.disable()
    decided, applied, commands, ticks = room.live_through(MEASURED)
    both = [decide + apply for decide, apply in zip(decided, applied, strict=True)]
    watches = room.time_watches(WATCHES_TIMED)
    start = perf_counter()
    gc.collect()
    return {
        "decide_us": percentiles_us(decided),
        "decide_and_apply_us": percentiles_us(both),
        "command_us": percentiles_us(commands),
        "tick_us": percentiles_us(ticks) if ticks else None,
        "watch_us": watches,
        "open_incidents": len(room.state.incidents),
        "armed": len(room.state.watches),
        "collect_ms": round((perf_counter() - start) * 1e3, 1),
        "bytes_a_site": round((with_estate - empty) / sizes.sites),
        "bytes_an_incident": round((with_incidents - with_estate) / sizes.incidents),
        "bytes_a_watch": round((with_watches - with_incidents) / max(1, sizes.watches)),
    }


def part(name: str, sizes: Sizes) -> dict[str, object]:
    """Run one part in a process of its own and return its figures."""
    words = [sys.executable, "-m", "benchmarks.room", "--part", name]
    words += [f"--{field}={getattr(sizes, field)}" for field in sizes.__struct_fields__]
    ran = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    for key, value in figures.items():
        print(f"{name:>6}  {key:<22} {value}")
    return figures


def main() -> None:
    """Run both parts and print their figures; with `--part` only that one."""
    standard = Sizes()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room", description="Measure a big room.")
    for field in standard.__struct_fields__:
        parser.add_argument(f"--{field}", type=int, default=getattr(standard, field))
    parser.add_argument("--part", choices=["decide", "start"])
    asked = parser.parse_args()
    sizes = Sizes(**{field: getattr(asked, field) for field in standard.__struct_fields__})
    if asked.part == "decide":
        print(json.dumps(measure_decide(sizes)))
    elif asked.part == "start":
        print(json.dumps(measure_start(sizes)))
    else:
        figures = {"load": os.getloadavg()[0], "python": sys.version.split()[0]}
        print(json.dumps(figures | {name: part(name, sizes) for name in ("decide", "start")}))


if __name__ == "__main__":
    main()

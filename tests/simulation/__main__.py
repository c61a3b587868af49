"""`make simulate`: many simulated days; the last line is one JSON object, exit 1 when a promise was broken.

python -m tests.simulation [--from 1] [--seeds 1000] [--plant NAME] [--workers N]

Each day is lived by itself, so as many processes as there are cores share them; what is said is in the order
of the seeds, and the same however many share.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from time import perf_counter

from tests.simulation.day import Day, live
from tests.simulation.plants import PLANTS

EVERY_S = 5.0
"""How often the progress is told."""


def command_for(seed: int, plant: str | None = None) -> str:
    """Return the one command that lives this day again."""
    return f"make simulate FROM={seed} SEEDS=1" + (f" PLANT={plant}" if plant else "")


def main() -> int:
    """Live the days that are asked for; return 0 when every promise held in all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Live simulated days.")
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1_000)
    parser.add_argument("--plant", choices=["", *PLANTS], default="")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    plant = asked.plant or None
    began, told_s = perf_counter(), 0.0
    days: list[Day] = []
    failed: list[Day] = []
    for day in _lived(range(asked.first, asked.first + asked.seeds), plant, asked.workers):
        seed = day.seed
        days.append(day)
        if day.findings:
            failed.append(day)
            for finding in day.findings[:3]:
                _say(f"seed {seed} at {finding.at_s:.3f} s: {finding.promise}: {finding.seen[:600]}")
            _say(f"again: {command_for(seed, plant)}")
            if plant is not None:
                break
        if perf_counter() - began - told_s > EVERY_S:
            told_s = perf_counter() - began
            _say(
                f"{len(days)} of {asked.seeds} days, {len(failed)} failed, {len(days) / told_s:.1f} a second"
            )
    report = _report(days, failed, perf_counter() - began) | {"plant": plant}
    _say(json.dumps(report))
    return 1 if failed else 0


def _lived(seeds: range, plant: str | None, workers: int) -> Iterator[Day]:
    """Yield the days in the order of their seeds; with a planted bug one by one, up to the first find."""
    if plant is not None or workers < 2:
        yield from map(live, seeds, repeat(plant))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(live, seeds, repeat(plant))


def _report(days: list[Day], failed: list[Day], took_s: float) -> dict[str, object]:
    counts = ("signals", "records", "orders", "fired", "lives", "crashes", "starts")
    return {
        "days": len(days),
        "failed": [day.seed for day in failed],
        "seconds": round(took_s, 1),
        "days_a_second": round(len(days) / took_s, 2),
        **{name: sum(getattr(day, name) for day in days) for name in counts},
    }


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())

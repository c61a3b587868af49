"""How fast a recorded day of the city is replayed: alone, and by two rule sets side by side.

    python -m benchmarks.replay [--hours 24] [--feed FILE]

The feed is the simulated city in virtual time, heartbeats included, or a file of your own. It is read from
the file and decided on one core: reading, decoding, deciding and comparing are all in the figure. The second
rule set is the shipped one with a few rules changed, so that there is something to compare. Ratios are to
decoding alone (the same feed read and decoded, nothing decided) in the same run. The last line is one JSON
object.
"""

import argparse
import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.incidents.handbook import HouseRules
from controlroom.ingest.decode import Limits
from controlroom.replay.load import Assumptions
from controlroom.wiring.replay_books import ReplayBook, read_replay_book
from controlroom.wiring.replaying import Books, given_of, replay_feed

CONFIG = Path("config")
LIMITS = Limits(payload_bytes=65_536, future_s=300, simulated_welcome=True)
WANTED_A_SECOND = 8_000


def changed_rules(folder: Path) -> Path:
    """Return a copy of the shipped rules in which a threshold moves and an alarm loses its urgency."""
    for part in ("rules", "plans"):
        shutil.copytree(CONFIG / part, folder / part)
    shutil.copy(CONFIG / "calendars.yaml", folder)
    for name, old, new in (
        ("camera-fault.yaml", "silent], risk: {from: 3}}", "silent], risk: {from: 2}}"),
        ("park.yaml", "priority: 4", "priority: 3"),
    ):
        file = folder / "rules" / name
        file.write_text(file.read_text().replace(old, new))
    return folder / "rules"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of wall time and of CPU that this takes."""
    gc.collect()
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def main() -> None:
    """Make the feed where none is given, and time what is done with it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replay")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--feed", type=Path)
    asked = parser.parse_args()
    house = HouseRules(demonstration=True)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        old = read_replay_book(CONFIG / "rules", CONFIG / "estate", house)
        new = read_replay_book(changed_rules(folder), CONFIG / "estate", house)
        feed = asked.feed or folder / "city.jsonl.zst"
        if asked.feed is None:
            write_feed(feed, old.handbook.estate, old.digest, Wanted(asked.hours))
        print(json.dumps(_measured(feed, old, new)))


def _measured(feed: Path, old: ReplayBook, new: ReplayBook) -> dict[str, object]:
    signals = 0

    def decode_alone() -> None:
        nonlocal signals
        signals = sum(1 for _ in given_of(feed, old, LIMITS))

    def one() -> object:
        return replay_feed(feed, Books(old, None, LIMITS, Assumptions()), lambda *_: None)

    def two() -> object:
        return replay_feed(feed, Books(new, old, LIMITS, Assumptions()), lambda *_: None)

    figures: dict[str, object] = {"load": os.getloadavg()[0], "python": sys.version.split()[0]}
    taken = {
        name: timed(work)
        for name, work in (("decode_alone", decode_alone), ("one_rule_set", one), ("two_rule_sets", two))
    }
    figures["signals"] = signals
    for name, (wall_s, cpu_s) in taken.items():
        rate = signals / cpu_s
        figures[name] = {
            "a_second": round(signals / wall_s),
            "a_second_of_cpu": round(rate),
            "ratio_to_decoding": round(taken["decode_alone"][1] / cpu_s, 3),
        }
        print(f"{name:>14}  {signals / wall_s:>9,.0f} signals a second, {rate:>9,.0f} a second of CPU")
    figures["wanted_a_second"] = WANTED_A_SECOND
    return figures


if __name__ == "__main__":
    main()

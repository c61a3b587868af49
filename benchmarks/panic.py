"""From a panic signal to the order at the crew's terminal, at a thousand signals a second, on real parts.

`python -m benchmarks.panic`. The room with its journal on a Valkey that fsyncs every frame, a Mosquitto, and
one listener that stands for all terminals; 45 % of the signals are about a life and end in an order, so some
450 orders a second. The floor beside it is this project's own MQTT session with nothing behind it, in the
same minute: the ratio says what deciding, storing and choosing a crew cost, whatever machine this is.

Prints a line a run, and one JSON object last; ends with 1 where an order was lost or the 99th percentile of
the room is not below `TARGET_MS`.
"""

import argparse
import json
import sys
from statistics import median

from benchmarks.route import measure

RATE = 1_000
"""Signals a second: four times the busiest second that a city of this size is made to have."""

TARGET_MS = 100.0
"""Nobody waits for a tenth of a second; a crew needs ten to reach for the terminal."""

ROUNDS, SECONDS = 3, 20.0


def main() -> int:
    """Measure both sides in turn, report; 1 when an order was lost or came too late."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rate", type=float, default=RATE)
    arguments = parser.parse_args()
    load = {"seconds": arguments.seconds, "rate": arguments.rate}
    floor, room = [], []
    for _ in range(arguments.rounds):
        floor.append(measure("session", **load))
        room.append(measure("room", **load))
    p99_ms, floor_ms = (median(run.seen["p99_ms"] for run in side) for side in (room, floor))
    lost = sum(run.seen["lost"] for run in room)
    report = {
        "rate": arguments.rate,
        "orders": sum(run.seen["orders"] for run in room),
        "lost": lost,
        "p50_ms": median(run.seen["p50_ms"] for run in room),
        "p99_ms": p99_ms,
        "floor_p99_ms": floor_ms,
        "ratio": round(p99_ms / floor_ms, 2) if floor_ms else None,
        "cpu_us": median(run.cpu_us for run in room),
    }
    print(json.dumps(report))
    return 1 if lost or p99_ms >= TARGET_MS else 0


if __name__ == "__main__":
    sys.exit(main())

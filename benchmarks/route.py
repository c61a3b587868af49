"""How fast a signal becomes an order, on real parts, beside the floor of the same machine and minute.

`make bench`. Each run has a fresh Mosquitto and, for the room, a fresh Valkey that fsyncs every frame.
Sides take turns (floor, floor, room, and again), so a machine whose speed drifts drifts for all of them;
medians are reported, and ratios are formed within this one run. Sustained means: the rate at which
orders keep up with a publisher that is never more than `LEAD` signals ahead. Latency is measured at
25 % and 75 % of that, at a steady pace, from the moment a signal was due to leave to its order's arrival.

Prints a line a run, and one JSON object last. Writes `docs/plots/route.png` with `--plot`.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

import msgspec

from benchmarks.broker import Servers, cpu_s, free_port, memory_mb, servers
from benchmarks.plot import draw

ROUNDS = 3
LEAD = 1_000
HELD_S = 7.0
PACED_S = 10.0
SHARES = (0.25, 0.75)

FLOORS = ("gmqtt", "session")
"""The library's own client, and this project's session with nothing behind it."""


class Side(msgspec.Struct, frozen=True):
    """One run of one side: what the load saw, and what each process used. CPU in microseconds a signal."""

    name: str
    seen: dict[str, Any]
    cpu_us: float
    broker_us: float
    store_us: float
    rss_mb: float


def measure(name: str, **load: float) -> Side:
    """Run one side under one load, on fresh servers."""
    with servers() as parts, subject(name, parts) as pid:
        watched = (pid, parts.broker_pid, parts.store_pid)
        before = [cpu_s(process) for process in watched]
        seen = _load(parts.broker_port, **load)
        used = [cpu_s(process) - was for process, was in zip(watched, before, strict=True)]
        a_signal = [round(seconds / max(1, seen["sent"]) * 1e6, 1) for seconds in used]
        side = Side(name, seen, a_signal[0], a_signal[1], a_signal[2], round(memory_mb(pid), 1))
    print(
        f"{name:8} {seen['rate']:>6}/s  p50 {seen['p50_ms']:.2f}  p95 {seen['p95_ms']:.2f}  "
        f"p99 {seen['p99_ms']:.2f} ms  lost {seen['lost']}  CPU us: itself {side.cpu_us}, "
        f"broker {side.broker_us}, store {side.store_us}  {side.rss_mb} MB",
        flush=True,
    )
    return side


def _load(port: int, **options: float) -> dict[str, Any]:
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", "--port", str(port), *words],
        stdout=subprocess.PIPE,
        check=True,
    )
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@contextmanager
def subject(name: str, parts: Servers) -> Iterator[int]:
    """Run the side that is measured; give its process id once it listens."""
    with tempfile.TemporaryDirectory() as folder:
        if name == "room":
            console = free_port()
            command = [sys.executable, "-m", "controlroom", "serve", "--config", "config/demo.toml"]
            environment = os.environ | settings(parts, folder, console)
        else:
            command = [sys.executable, "-m", "benchmarks.floor", "--port", str(parts.broker_port)]
            command += ["--client", name]
            environment = dict(os.environ)
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, env=environment, stderr=log)
        try:
            if name == "room":
                _ready(console)
            time.sleep(WARM_S)
            yield process.pid
        finally:
            process.terminate()
            process.wait()


WARM_S = 2.5
"""A floor starts, connects and subscribes in well under this; a message before it would only be lost
to a subscriber that is not there yet. The room says itself when it is there, and then rests as long."""

READY_S = 60.0
"""The first start of a day reads a thousand files from a cold disk."""


def _ready(console: int) -> None:
    """Wait until the room says that it is; raises TimeoutError where it does not."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{console}/readyz"):
            return
        time.sleep(0.1)
    raise TimeoutError(f"the room was not ready within {READY_S:.0f} s")


def settings(parts: Servers, folder: str, console: int) -> dict[str, str]:
    """Return the room's settings for a measurement: nineteen rules, nothing merged, the log in a file."""
    return {
        "CONTROLROOM_BROKER__PORT": str(parts.broker_port),
        "CONTROLROOM_STORE__URL": f"redis://127.0.0.1:{parts.store_port}/0",
        "CONTROLROOM_SERVICE__DATA_DIR": folder,
        "CONTROLROOM_SERVICE__LOG_FORMAT": "json",
        "CONTROLROOM_CONSOLE__PORT": str(console),
        "CONTROLROOM_CONSOLE__PAGES_A_PERSON": "256",
        "CONTROLROOM_METRICS__PORT": str(free_port()),
        "CONTROLROOM_RULES__DIRECTORY": str(Path("benchmarks/rules").absolute()),
        "CONTROLROOM_ROOM__ACCEPT_WITHIN_S": "86400",
    }


def main() -> int:
    """Measure, report, plot; 1 when anything was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    sides: dict[str, list[Side]] = {name: [] for name in (*FLOORS, "room")}
    for _ in range(arguments.rounds):
        for name, runs in sides.items():
            runs.append(measure(name, seconds=HELD_S, lead=LEAD))
    rates = {name: median(run.seen["rate"] for run in runs) for name, runs in sides.items()}
    paced = [measure("room", seconds=PACED_S, rate=int(rates["room"] * share)) for share in SHARES]
    rooms = [*sides["room"], *paced]
    report = {
        "sustained": rates["room"],
        "floor": rates["gmqtt"],
        "ratio": round(rates["room"] / rates["gmqtt"], 3),
        "p50_ms": paced[1].seen["p50_ms"],
        "p95_ms": paced[1].seen["p95_ms"],
        "p99_ms": paced[1].seen["p99_ms"],
        "quarter": {key: paced[0].seen[key] for key in ("rate", "p50_ms", "p95_ms", "p99_ms")},
        "cpu_us": median(run.cpu_us for run in sides["room"]),
        "broker_us": median(run.broker_us for run in sides["room"]),
        "store_us": median(run.store_us for run in sides["room"]),
        "session_floor": rates["session"],
        "session_ratio": round(rates["room"] / rates["session"], 3),
        "rss_mb": max(run.rss_mb for run in rooms),
        "lost": sum(run.seen["lost"] for run in rooms),
    }
    if arguments.plot is not None:
        draw(arguments.plot, rates, paced[0].seen, paced[1].seen)
    print(json.dumps(report))
    return 1 if report["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())

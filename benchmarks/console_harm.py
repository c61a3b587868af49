"""The age of orders while clients do harm to the console: what is the room's, and what the machine's."""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks import console_relay
from benchmarks.broker import Servers, cpu_s, free_port
from benchmarks.console_room import LOWEST, clients, fresh, load


@asynccontextmanager
async def relayed(address: str, token: str) -> AsyncIterator[str]:
    """Give the address of a relay of the stream, which gives way as its readers do."""
    port = free_port()
    words = [sys.executable, "-m", console_relay.__name__, address, token, str(port)]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    if process.stdout is not None:
        await process.stdout.readline()
    os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def ordered_with(
    arguments: argparse.Namespace, *, give_way: bool = False, **ways: int
) -> dict[str, Any]:
    """Return what the load saw while clients of these ways were there, and what the room took."""
    async with (
        fresh() as (parts, address, token, process),
        clients(address, token, give_way=give_way, **ways),
    ):
        return await _loaded(arguments, parts, process)


async def ordered_beside_a_relay(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the same while the readers read from a relay, and give way as they do at the room."""
    async with (
        fresh() as (parts, address, token, process),
        relayed(address, token) as relay,
        clients(relay, token, give_way=True, read=arguments.readers),
    ):
        return await _loaded(arguments, parts, process)


async def _loaded(arguments: argparse.Namespace, parts: Servers, process: int) -> dict[str, Any]:
    used, waited = cpu_s(process), _waited_s(process)
    seen = await load(parts, arguments.rate, arguments.seconds)
    seen["room_used"] = round((cpu_s(process) - used) / arguments.seconds, 3)
    seen["room_waited"] = round((_waited_s(process) - waited) / arguments.seconds, 3)
    return seen


def _waited_s(pid: int) -> float:
    """Return how long this process was ready to run and waited for a core, in seconds (`schedstat`)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9

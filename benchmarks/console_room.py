"""A real room for measurements of the console, with broker and store, and a load and clients beside it."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import console_clients
from benchmarks.broker import Servers, free_port, servers
from benchmarks.route import settings

LOWEST = 19
"""The niceness of clients that stand for other machines'."""


@asynccontextmanager
async def room(parts: Servers, folder: Path) -> AsyncIterator[tuple[str, str, int]]:
    """Run the real room; give the console's address, a token that opens it, and the process."""
    port = free_port()
    environment = os.environ | settings(parts, str(folder), port)
    command = [sys.executable, "-m", "controlroom"]
    config = ["--config", "config/demo.toml"]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, "serve", *config, env=environment, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        await _answers(address)
        words = [*command, "tokens", "add", "bench", "--role", "operator", "--days", "1", *config]
        made = subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: ASYNC221 - nothing else runs yet
        yield address, made.stdout.decode().split()[-1], process.pid
    finally:
        process.terminate()
        await process.wait()


async def _answers(address: str) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{address}/livez") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.2)


async def load(parts: Servers, rate: float, seconds: float, *more: str) -> dict[str, Any]:
    """Send signals at this pace; return what the load saw of orders."""
    words = ["--port", str(parts.broker_port), "--rate", str(rate), "--seconds", str(seconds), *more]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", *words, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    seen: dict[str, Any] = json.loads(out)
    return seen


@asynccontextmanager
async def clients(
    address: str, token: str, *, give_way: bool = False, **ways: int
) -> AsyncIterator[dict[str, int]]:
    """Let clients of these ways do what they do, in a process of their own; filled with what they saw."""
    words = [word for name, count in ways.items() for word in (f"--{name}", str(count))]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        console_clients.__name__,
        address,
        token,
        *words,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is not None:
        await process.stdout.readline()
    if give_way:
        os.setpriority(os.PRIO_PROCESS, process.pid, LOWEST)
    seen: dict[str, int] = {}
    yield seen
    process.terminate()
    out, _ = await process.communicate()
    seen.update(json.loads(out))


@asynccontextmanager
async def fresh() -> AsyncIterator[tuple[Servers, str, str, int]]:
    """Give fresh servers and a room: the load's signals are the same each time, and decided once."""
    with servers() as parts, tempfile.TemporaryDirectory() as folder:
        async with room(parts, Path(folder)) as (address, token, process):
            yield parts, address, token, process

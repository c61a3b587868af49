"""Where the broker is, for the commands that speak to one, and running until done or stopped."""

import asyncio
import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import typer

from controlroom.cli.exits import ExitCode
from controlroom.cli.feed_check import stop
from simulators.feed_line import NoBrokerError
from simulators.publisher import Broker, RefusedError

HIGHEST_PORT = 65_535


def broker_of(address: str, user: str | None, password_file: Path | None, what: str) -> Broker:
    """Return the broker under a client id of this process; ends the command where the address is none."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal() or not 0 < int(port) <= HIGHEST_PORT:
        raise stop(f"--broker {address}: wanted as HOST:PORT, such as 127.0.0.1:1883", ExitCode.USAGE)
    password = None
    if password_file is not None:
        try:
            password = password_file.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, UnicodeDecodeError) as fault:
            raise stop(f"cannot read --password-file {password_file}: {fault}", ExitCode.CONFIG) from fault
    client = f"controlroom-feed-{what}-{os.getpid()}"
    return Broker(host.strip("[]"), int(port), client, user, password)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run until done; SIGINT and SIGTERM cancel it. Ends the command where the broker is not to be had."""
    ends: list[typer.Exit] = []
    try:
        asyncio.run(_until_signal(work))
    except* (NoBrokerError, OSError) as faults:
        ends.append(stop(_first(faults), ExitCode.UNREACHABLE))
    except* RefusedError as faults:
        ends.append(stop(f"{_first(faults)}; check --user and --password-file", ExitCode.CONFIG))
    if ends:
        raise ends[0]


async def _until_signal(work: Coroutine[Any, Any, None]) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(work, name="feed")
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)


def _first(fault: BaseException) -> BaseException:
    """Return the first fault inside nested groups."""
    return _first(fault.exceptions[0]) if isinstance(fault, BaseExceptionGroup) else fault

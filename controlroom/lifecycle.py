"""How the service runs and how it ends: one group of named tasks, a stop order, a deadline.

Start: the journal's writer, the room, then the doors (console, metrics), and last the broker, so that
nothing comes in before somebody can decide it. Stop, on SIGTERM or SIGINT: the broker's session says
goodbye, what was told is decided and stored, a last snapshot is taken, the doors close. A part that
ends by itself ends the service: a room without its writer must not look alive.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import structlog

DRAIN_S = 10.0
"""How long the stop waits for the store: well inside the 30 s that supervisors allow before they kill."""


class Part(msgspec.Struct, frozen=True):
    """One task of the service; `run` ends only when it is cancelled or has failed.

    `leaves_first` marks a part that is ended before the steps of the stop: nothing new comes in then.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    leaves_first: bool = False


class Stop(msgspec.Struct, frozen=True):
    """One step of the stop, run in order; its failure is logged and the next step runs all the same."""

    name: str
    step: Callable[[], Awaitable[Any]]


class PartEnded(Exception):
    """A part of the service ended that should run for ever."""


async def run(parts: Sequence[Part], stops: Sequence[Stop], *, ready: Callable[[], None]) -> None:
    """Run every part until a stop signal comes; then take the stop's steps in order and end the parts.

    Raises the exception group of what failed, when a part failed.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with asyncio.TaskGroup() as group:
        tasks = {
            part.name: group.create_task(_for_ever(part, stopping), name=f"controlroom.{part.name}")
            for part in parts
        }
        ready()
        await stopping.wait()
        leaving = [tasks[part.name] for part in parts if part.leaves_first]
        for task in leaving:
            task.cancel()
        if leaving:
            await asyncio.wait(leaving, timeout=DRAIN_S)
        for stop in stops:
            await _take(stop)
        for task in tasks.values():
            task.cancel()


async def _for_ever(part: Part, stopping: asyncio.Event) -> None:
    await part.run()
    if stopping.is_set():
        return
    raise PartEnded(f"{part.name} ended by itself; the service cannot go on without it")


async def _take(stop: Stop) -> None:
    """Take one step of the stop, within its deadline; what fails is logged, for the next must still run."""
    try:
        async with asyncio.timeout(DRAIN_S):
            await stop.step()
    except Exception as error:  # noqa: BLE001 - last resort: the steps after this one must run
        structlog.get_logger("lifecycle").warning("stop_step_failed", step=stop.name, error=repr(error))

"""The whole city: every feed merged by virtual time, and the loop that says each thing when it is due."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from controlroom.estate.model import Estate
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from simulators import arc, cameras, guards, help_points, keepers, lone_workers, parks, telecare
from simulators.speech import Message, Run, Utterance, speak, wires
from simulators.timetable import Act
from simulators.trouble import Shares, disturbed

FEEDS = {
    Kind.ARC_ALARM: arc.acts,
    Kind.CAMERA_FAULT: cameras.acts,
    Kind.HELP_POINT: help_points.acts,
    Kind.LONE_WORKER: lone_workers.acts,
    Kind.GUARD: guards.acts,
    Kind.PARK: parks.acts,
    Kind.TELECARE: telecare.acts,
}
"""Every kind of source and what it does all day."""

KEPT = {Kind.ARC_ALARM: keepers.panel_acts, Kind.GUARD: keepers.patrol_acts, Kind.PARK: keepers.park_acts}
"""What goes by the clock on the wall and not by the city's day."""

LATE_S = 1.0
"""Real seconds the city may lag before its day is moved on: a broker that was away gets no burst after."""


def life(estate: Estate, seed: int, pace: float, run: Run) -> Iterator[Message]:
    """Yield everything that the city's devices say, in the order of virtual time, without end."""
    feeds = (speak(kind, _acts(kind, estate, seed, pace, run), run) for kind in FEEDS)
    return heapq.merge(*feeds, key=_due)


def _acts(kind: Kind, estate: Estate, seed: int, pace: float, run: Run) -> Iterator[Act]:
    """Yield what one feed does all day, and what it does by the real clock, where the run has one."""
    acts, kept = FEEDS[kind](estate, seed, pace), KEPT.get(kind)
    if kind is Kind.CAMERA_FAULT and run.wall is not None:
        return heapq.merge(acts, cameras.beats(estate, seed, run.speed), key=_due)
    if kept is None or run.wall is None:
        return acts
    return heapq.merge(acts, kept(estate, seed, run.wall), key=_due)


def city(estate: Estate, seed: int, pace: float, shares: Shares, run: Run) -> Iterator[Utterance]:
    """Yield the city's life with its share of garbage and repeats."""
    return disturbed(life(estate, seed, pace, run), seed, shares, run)


def _due(message: Message | Act) -> float:
    """Return when a message or an act is due."""
    return message.due_s


async def perform(
    said: Iterator[Utterance],
    send: Callable[[Wire], Awaitable[None]],
    speed: float,
    now: Callable[[], datetime],
) -> None:
    """Send every utterance when it is due; done when `said` ends, if it ends.

    When `send` waits (a broker that is away or slow) the city waits with it: nothing is left out, and
    its day goes on from there.
    """
    loop = asyncio.get_running_loop()
    start = loop.time()
    for each in said:
        ahead = start + each.due_s / speed - loop.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
        elif ahead < -LATE_S:
            start -= ahead
        for wire in wires(each, now(), speed):
            await send(wire)

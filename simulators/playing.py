"""Playing a feed into a broker: each message when it is due, faster if asked, never one too few.

Played messages are news: they get ids of this play, their clocks are moved to the moment of sending (a clock
that was wrong stays as wrong), devices' counters go on, and the mark `simulated` is set whatever the feed
says, so that no recorded alarm can send anybody. Reports of crews are left out: they answer orders of another
room. All of that but the mark is switched off by `as_recorded`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from controlroom.feeds.model import SECOND_US, Cut, Entry, Header, Spoken, moment
from controlroom.signals.wire import Wire
from simulators.generating import Only, wanted
from simulators.rewriting import Anew, anew, is_marked

DISPATCH = "leedswatch/dispatch/"
"""What crews and the room say to each other."""

MAX_SPEED = float("inf")

BEHIND_S = 1.0
"""Seconds that a play may lag before its clock is moved on: a broker that was away gets no burst after."""


class Part(msgspec.Struct, frozen=True):
    """What of a feed is played: from and to a moment in microseconds, from a message on (1 is the first)."""

    from_us: int = 0
    to_us: int | None = None
    from_message: int = 1
    only: Only = frozenset()


class How(msgspec.Struct, frozen=True):
    """How it is played: `speed` (infinity: as fast as it goes), and whether bytes stay as recorded."""

    speed: float = 1.0
    as_recorded: bool = False
    run: str = "play"


class Due(msgspec.Struct, frozen=True):
    """One entry to be played, with its number among the feed's messages."""

    number: int
    entry: Entry


class Progress(msgspec.Struct):
    """How far a play is: messages sent and left out, cuts made, and the last entry that was handed over."""

    sent: int = 0
    skipped: int = 0
    cuts: int = 0
    number: int = 0
    at_us: int = 0


def part_of(entries: Iterable[Entry], part: Part, progress: Progress, *, reports: bool) -> Iterator[Due]:
    """Yield what is to be played; what is left out is counted as skipped."""
    number = 0
    for entry in entries:
        if part.to_us is not None and entry.at_us >= part.to_us:
            return
        number += isinstance(entry, Spoken)
        if entry.at_us < part.from_us or number < part.from_message:
            continue
        if isinstance(entry, Spoken) and not _played(entry.topic, part.only, reports=reports):
            progress.skipped += 1
        else:
            yield Due(number, entry)


def _played(topic: str, only: Only, *, reports: bool) -> bool:
    return wanted(only, topic) and (reports or not topic.startswith(DISPATCH))


def told_now(header: Header, spoken: Spoken, how: How, now: datetime, counted: int) -> Wire:
    """Return what is sent at `now` for this message of the feed."""
    wire = spoken.wire()
    if how.as_recorded:
        return wire if is_marked(wire) else anew(wire, Anew(mark=True))
    later = now - moment(header, spoken.at_us)
    return anew(wire, Anew(f"-{how.run}", later, counted, mark=True, speed=min(how.speed, 1e6)))


async def play(
    header: Header,
    due: Iterator[Due],
    how: How,
    line: "Line",
    now: Callable[[], datetime],
    progress: Progress,
) -> None:
    """Send everything when it is due; `line` takes messages and makes cuts. Done when `due` ends."""
    loop = asyncio.get_running_loop()
    counted = round((now() - header.begins).total_seconds())
    start: float | None = None
    for each in due:
        at_s = each.entry.at_us / SECOND_US / how.speed
        start = loop.time() - at_s if start is None else start
        ahead = start + at_s - loop.time()
        if ahead > 0:
            await asyncio.sleep(ahead)
        elif ahead < -BEHIND_S:
            start -= ahead
        if isinstance(each.entry, Cut):
            progress.cuts += 1
            await line.cut(each.entry.for_us / SECOND_US / how.speed)
        else:
            await line.send(told_now(header, each.entry, how, now(), counted))
            progress.sent += 1
        progress.number, progress.at_us = each.number, each.entry.at_us


class Line(msgspec.Struct, frozen=True):
    """The way to the broker: `send` waits while too much is on its way; `cut` loses the line for so long."""

    send: Callable[[Wire], Awaitable[None]]
    cut: Callable[[float], Awaitable[None]]

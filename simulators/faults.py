"""What goes wrong between the devices and the room, done to a stream of timed messages: pure, from a seed.

Each fault has dice of its own, so that one more of one sort moves no other. Moments are microseconds; the
result is in the order of its time. The stream is read only as far as need be: what is late waits in a heap.
"""

import heapq
import itertools
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta

import msgspec

from controlroom.feeds.model import SECOND_US, Cut, Entry, spoken
from controlroom.signals.wire import Wire
from simulators.rewriting import Anew, anew
from simulators.timetable import HOUR_S, dice

AGAIN_S = 60.0
"""How long after itself a repeated message comes at most: a device that missed the acknowledgement."""

OVERTAKEN_S = 3.0
"""How long a message is overtaken for, at most."""

CUT_S = (2.0, 240.0)
"""How long the connection is away: a router that restarts, up to a line that is down for some minutes."""

SKEWS_S = (-86_400.0, -3_600.0, -120.0, 45.0, 3_600.0, 86_400.0)
"""How wrong a wrong clock is: a day, a missed change of the clocks, a drift."""

MOST = 50.0
"""The largest flood."""

MARK = b'"simulated":true'
"""How our devices write the mark in a structured event."""

Timed = tuple[int, Wire]
"""A moment in microseconds, and a message."""


class Faults(msgspec.Struct, frozen=True):
    """How much goes wrong. Shares are chances per message, but `skew`, which is a share of the devices.

    `disconnect` is how often an hour the connection is lost. From `flood_from_s` on, for `flood_for_s`, there
    is `flood` times as much of everything, as news of its own and not as repeats.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    delay: float = 0.0
    delay_max_s: float = 900.0
    reorder: float = 0.0
    corrupt: float = 0.0
    skew: float = 0.0
    disconnect: float = 0.0
    flood: float = 1.0
    flood_from_s: float = 0.0
    flood_for_s: float = HOUR_S

    def told(self) -> dict[str, str]:
        """Return what is not as it should be, for a header."""
        usual = Faults()
        return {
            f"fault {name.replace('_', ' ')}": f"{getattr(self, name):g}"
            for name in self.__struct_fields__
            if getattr(self, name) != getattr(usual, name)
        }


def spoil(messages: Iterable[Timed], seed: int, faults: Faults) -> Iterator[Entry]:
    """Yield the messages as they arrive, and where the connection was cut."""
    if faults == Faults():
        return (spoken(at, wire) for at, wire in messages)
    arriving = _late(_flooded(_skewed(messages, seed, faults), seed, faults), seed, faults)
    return _cut(arriving, seed, faults)


def _skewed(messages: Iterable[Timed], seed: int, faults: Faults) -> Iterator[Timed]:
    """Yield each message with its device's clock, which is wrong for a share of the devices."""
    wrong: dict[str, float] = {}
    for at, wire in messages:
        if wire.topic not in wrong:
            rng = dice(seed, f"skew {wire.topic}")
            wrong[wire.topic] = rng.choice(SKEWS_S) if rng.random() < faults.skew else 0.0
        off = wrong[wire.topic]
        yield at, anew(wire, Anew(later=timedelta(seconds=off))) if off else wire


def _flooded(messages: Iterable[Timed], seed: int, faults: Faults) -> Iterator[Timed]:
    """Yield each message, and in the flood more of its kind beside it."""
    rng = dice(seed, "flood")
    begins, ends = (round(at * SECOND_US) for at in _span(faults))
    for at, wire in messages:
        yield at, wire
        if begins <= at < ends:
            more = faults.flood - 1
            for number in range(int(more) + (rng.random() < more % 1)):
                yield at, anew(wire, Anew(suffix=f"-flood{number + 1}"))


def _span(faults: Faults) -> tuple[float, float]:
    return faults.flood_from_s, faults.flood_from_s + faults.flood_for_s


def _late(messages: Iterable[Timed], seed: int, faults: Faults) -> Iterator[Timed]:
    """Yield what is not lost, damaged, late, overtaken or twice, in the order in which it arrives."""
    names = ("drop", "duplicate", "delay", "reorder", "corrupt")
    rngs = {name: dice(seed, f"fault {name}") for name in names}
    ticket = itertools.count()
    waiting: list[tuple[int, int, Wire]] = []
    for at, said in messages:
        while waiting and waiting[0][0] <= at:
            yield waiting[0][0], heapq.heappop(waiting)[2]
        if rngs["drop"].random() < faults.drop:
            continue
        wire, arrives = said, at
        if rngs["corrupt"].random() < faults.corrupt:
            wire = msgspec.structs.replace(wire, payload=damaged(rngs["corrupt"], wire.payload))
        if rngs["delay"].random() < faults.delay:
            arrives += _us(rngs["delay"], faults.delay_max_s)
        if rngs["reorder"].random() < faults.reorder:
            arrives += _us(rngs["reorder"], OVERTAKEN_S)
        heapq.heappush(waiting, (arrives, next(ticket), wire))
        if rngs["duplicate"].random() < faults.duplicate:
            again = arrives + _us(rngs["duplicate"], AGAIN_S)
            heapq.heappush(waiting, (again, next(ticket), wire))
    while waiting:
        at, _, wire = heapq.heappop(waiting)
        yield at, wire


def _us(rng: random.Random, most_s: float) -> int:
    return round(rng.uniform(0, most_s) * SECOND_US)


def _cut(messages: Iterable[Timed], seed: int, faults: Faults) -> Iterator[Entry]:
    """Yield messages and cuts: what would have come while the line was down comes when it is back."""
    rng = dice(seed, "cuts")
    falls, back = _next_cut(rng, faults, 0), 0
    for at, wire in messages:
        while falls is not None and falls <= max(at, back):
            down = round(rng.uniform(*CUT_S) * SECOND_US)
            falls = max(falls, back)
            yield Cut(falls, down)
            back = falls + down
            falls = _next_cut(rng, faults, back)
        yield spoken(max(at, back), wire)


def _next_cut(rng: random.Random, faults: Faults, after: int) -> int | None:
    if faults.disconnect <= 0:
        return None
    return after + round(rng.expovariate(faults.disconnect / HOUR_S) * SECOND_US)


def damaged(rng: random.Random, payload: bytes) -> bytes:
    """Return the bytes with one of them changed, or their end missing.

    The mark of a simulated signal is never what is damaged: a made-up alarm must not become a real one.
    """
    if not payload:
        return b"\0"
    at = rng.randrange(len(payload))
    other = payload[:at] + bytes((payload[at] ^ rng.randrange(1, 256),)) + payload[at + 1 :]
    cut = rng.random() < 0.5  # noqa: PLR2004 - half of them
    return payload[:at] if cut or (MARK in payload and MARK not in other) else other

"""Virtual time: when things happen in the city, as pure streams of acts in the order of their time.

An *act* is one thing a device says, at so many virtual seconds after the start. An *episode* is a few
acts that belong together (an alarm and its restore), in order. A feed is a handful of endless episode
streams; `unfold` merges them into one stream of acts that never goes back in time.

Nothing here sleeps or reads a clock: an hour of the city is as quick as the loop that asks for it.
"""

import heapq
import itertools
import random
from collections.abc import Iterator

import msgspec

from controlroom.signals.payloads import Payload

START_HOUR = 7.5
"""The hour of the virtual day at which every run starts: buildings open, the day shift books on."""

HOUR_S = 3600.0
DAY_H = 24

CALLS_BY_HOUR = (
    179, 150, 160, 133, 123, 151, 202, 297, 362, 415, 469, 489, 528, 534, 542, 506, 561,
    667, 613, 447, 386, 332, 308, 222,
)  # fmt: skip
"""How busy each hour is, midnight first. STAND-IN for figures of the room itself: Montgomery County
911 calls, all kinds, 24 days from 2015-12-11 (M. Chirico, Kaggle, ODbL); only the shape is used."""

OPENINGS_BY_HOUR = (1, 1, 1, 1, 2, 6, 12, 25, 20, 10, 4, 3, 3, 3, 4, 8, 14, 20, 12, 8, 6, 4, 2, 1)
"""How many buildings are set or unset each hour. STAND-IN: our guess of a council's working day."""

EVENLY = (1,) * DAY_H
"""The shape of what machines do: no hour differs from another."""


class Act(msgspec.Struct, frozen=True, gc=False):
    """One thing a device says: when (virtual seconds after the start), on which topic, and what.

    `amber_s` is how many virtual seconds after the act a timed note of a lone worker turns red.
    """

    due_s: float
    topic: str
    data: Payload
    amber_s: float | None = None


Episode = tuple[Act, ...]


def dice(seed: int, name: str) -> random.Random:
    """Return a generator of its own for this name, so that one stream more does not move the others."""
    return random.Random(f"{seed}/{name}")  # noqa: S311 - repeatable play, nothing here is a secret


def arrivals(
    rng: random.Random, per_hour: float, *, first_s: float, by_hour: tuple[int, ...] = EVENLY
) -> Iterator[float]:
    """Yield the virtual seconds of endless random arrivals, the first exactly at `first_s`.

    `per_hour` is the mean over a day; `by_hour` shapes it (a Poisson process, thinned).
    """
    mean = sum(by_hour) / DAY_H
    peak = max(by_hour) / mean
    at = first_s
    yield at
    while True:
        at += rng.expovariate(per_hour * peak / HOUR_S)
        hour = int(START_HOUR + at / HOUR_S) % DAY_H
        if rng.random() * peak * mean <= by_hour[hour]:
            yield at


def unfold(*streams: Iterator[Episode]) -> Iterator[Act]:
    """Yield the acts of all streams in the order of their time.

    Each stream's episodes come in the order of their start, and an episode's first act is its start.
    """
    ticket = itertools.count()
    pending: list[tuple[float, int, Act]] = []
    for episode in heapq.merge(*streams, key=_start):
        while pending and pending[0][0] <= _start(episode):
            yield heapq.heappop(pending)[2]
        for act in episode:
            heapq.heappush(pending, (act.due_s, next(ticket), act))
    while pending:
        yield heapq.heappop(pending)[2]


def _start(episode: Episode) -> float:
    """Return when an episode starts."""
    return episode[0].due_s

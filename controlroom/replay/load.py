"""The work that decisions make, and how a desk of so many operators and the crews would bear it.

A small queue, simulated exactly: each new incident waits until an operator is free, the most urgent first,
then the oldest, and is never put back; handling takes as long as its priority says. No random number, so the
same decisions give the same figures.

What it leaves out, and says on every page: operators do not differ, tire or take breaks; handling times are
settings and not measured; a crew's trip is one length; what operators do too late makes no new work. Read it
for the difference between two rule sets, not for a roster.
"""

import heapq
from collections.abc import Sequence
from datetime import datetime
from math import ceil

import msgspec

from controlroom.replay.tally import Tally, Trip, Work

BUCKETS = 96
"""Points of a line over time: a quarter of an hour each for a day."""

ANSWER_DEFAULT_S = 180
"""By when an incident without a time of its own should be taken: the room's own default."""


class Assumptions(msgspec.Struct, frozen=True):
    """How long things take, in seconds. Defaults are ours: confirm each with the room's own figures.

    `handling_s` is how long an operator works on an incident of priority 1 to 4, its paper included;
    `trip_s` how long a crew is out for an order; `operators` up to how many are tried.
    """

    handling_s: tuple[int, int, int, int] = (600, 420, 300, 120)
    trip_s: int = 2_400
    operators: int = 8


class Staffed(msgspec.Struct, frozen=True):
    """A desk of so many operators. Waits in seconds; `in_time` is the share taken by its own deadline.

    `longest_queue` is the most incidents that waited at once, `at_the_end` how many wait when the recording
    ends, `busy` the share of the operators' time that is spent on incidents; `queue` is the longest queue in
    each of `BUCKETS` parts of the time.
    """

    operators: int
    median_s: int
    p90_s: int
    p99_s: int
    longest_s: int
    in_time: float
    longest_queue: int
    at_the_end: int
    busy: float
    queue: tuple[int, ...]


class Load(msgspec.Struct, frozen=True):
    """What the decisions ask of people: incidents by priority, and desks from one operator up.

    `crews_out` is the most crews out at once in each part of the time, as many as were ordered.
    """

    incidents: dict[str, int]
    handling_h: float
    desks: tuple[Staffed, ...]
    orders: int
    crew_h: float
    most_crews_out: int
    crews_out: tuple[int, ...]


def load_of(tally: Tally, begins: datetime, ends: datetime, assumed: Assumptions) -> Load:
    """Return what a history asks of people between two moments."""
    span_s = max(1.0, (ends - begins).total_seconds())
    counts = {str(priority): 0 for priority in (1, 2, 3, 4)}
    for work in tally.work:
        counts[str(work.priority)] += 1
    handling_s = sum(_handling(work, assumed) for work in tally.work)
    desks = tuple(
        _desk(tally.work, operators, begins, span_s, assumed) for operators in range(1, assumed.operators + 1)
    )
    out = _out(tally.trips, begins, span_s, assumed.trip_s)
    return Load(
        incidents=counts,
        handling_h=round(handling_s / 3600, 2),
        desks=desks,
        orders=len(tally.trips),
        crew_h=round(len(tally.trips) * assumed.trip_s / 3600, 2),
        most_crews_out=max(out),
        crews_out=out,
    )


def _handling(work: Work, assumed: Assumptions) -> int:
    return assumed.handling_s[work.priority - 1]


def _desk(
    works: Sequence[Work], operators: int, begins: datetime, span_s: float, assumed: Assumptions
) -> Staffed:
    """Simulate one desk over all the work, which is in the order of its time."""
    taken = _taken(works, operators, begins, assumed)
    waits = sorted(begin - at for at, begin, _ in taken)
    in_time = sum(begin - at <= (work.answer_s or ANSWER_DEFAULT_S) for at, begin, work in taken)
    moves = [(at, 1) for at, begin, _ in taken if begin > at]
    moves += [(begin, -1) for at, begin, _ in taken if begin > at]
    queue = _most(moves, span_s)
    return Staffed(
        operators=operators,
        median_s=_share(waits, 0.5),
        p90_s=_share(waits, 0.9),
        p99_s=_share(waits, 0.99),
        longest_s=_share(waits, 1.0),
        in_time=round(in_time / len(waits), 4) if waits else 1.0,
        longest_queue=max(queue),
        at_the_end=sum(at <= span_s < begin for at, begin, _ in taken),
        busy=round(sum(_handling(work, assumed) for work in works) / (operators * span_s), 4),
        queue=queue,
    )


def _taken(
    works: Sequence[Work], operators: int, begins: datetime, assumed: Assumptions
) -> list[tuple[float, float, Work]]:
    """Return of each incident when it came and when an operator took it, in seconds, and the incident."""
    arrivals = [(work.at - begins).total_seconds() for work in works]
    free = [0.0] * operators
    waiting: list[tuple[int, int]] = []
    taken: list[tuple[float, float, Work]] = []
    number = 0
    while number < len(works) or waiting:
        moment = free[0] if waiting else max(free[0], arrivals[number])
        while number < len(works) and arrivals[number] <= moment:
            heapq.heappush(waiting, (works[number].priority, number))
            number += 1
        which = heapq.heappop(waiting)[1]
        heapq.heapreplace(free, moment + _handling(works[which], assumed))
        taken.append((arrivals[which], moment, works[which]))
    return taken


def _out(trips: Sequence[Trip], begins: datetime, span_s: float, trip_s: int) -> tuple[int, ...]:
    """Return how many crews are out at once at most in each part of the time, as many as were ordered."""
    starts = [(trip.at - begins).total_seconds() for trip in trips]
    return _most([move for at in starts for move in ((at, 1), (at + trip_s, -1))], span_s)


def _most(moves: list[tuple[float, int]], span_s: float) -> tuple[int, ...]:
    """Return the greatest count in each part of the time; who leaves at a moment leaves before who comes."""
    most = [0] * BUCKETS
    count = part = 0
    for at, step in sorted(moves):
        here = min(BUCKETS - 1, max(0, int(at / span_s * BUCKETS)))
        for between in range(part + 1, here + 1):
            most[between] = count
        part = here
        count += step
        most[part] = max(most[part], count)
    for between in range(part + 1, BUCKETS):
        most[between] = count
    return tuple(most)


def _share(ordered: Sequence[float], share: float) -> int:
    """Return the value that this share of them does not exceed (nearest rank), in whole seconds."""
    return ceil(ordered[max(0, ceil(share * len(ordered)) - 1)]) if ordered else 0

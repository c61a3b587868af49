"""Answering performance as a page shows it: exact percentiles of kept times, by kind and limit.

A percentile is the nearest rank: the time within which at least that share was answered. What the room
handled by itself stands beside it and is in none of the times.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

from controlroom.measures.waits import Answering, MonthOfAnswers, Times
from controlroom.signals.vocabulary import Kind

SHARES = (0.5, 0.8, 0.9, 0.985)
"""The middle, and the shares that EN 50518 is remembered to ask about (80 % and 98.5 %)."""

EDGES_S = (30, 60, 90, 180)
"""The limits that EN 50518 is remembered to set: a default, confirm against the standard."""


class Row(msgspec.Struct, frozen=True):
    """The waits of one kind of signal under one limit, in seconds; shares from 0 to 1."""

    kind: str
    limit_s: int
    count: int
    within: float
    percentiles_s: tuple[float, ...]
    longest_s: float
    shares: tuple[float, ...]


class Table(msgspec.Struct, frozen=True):
    """One kind of wait: what it is called, from when to when it runs, and its rows."""

    title: str
    says: str
    rows: tuple[Row, ...]


class Page(msgspec.Struct, frozen=True):
    """The three waits, and how many incidents the room handled by itself, by kind."""

    tables: tuple[Table, ...]
    by_room: tuple[tuple[str, int, float], ...]
    answered: int
    handled_by_room: int


def page_of(book: Answering, months: Iterable[str]) -> Page:
    """Return the performance of these months together."""
    chosen = [book.months[name] for name in months if name in book.months]
    answered = _rows(_added(month.answered for month in chosen))
    by_room = _by_room(chosen, answered)
    return Page(
        (
            Table(
                "Answered by a person",
                "From the opening of an incident to the first act of a person about it.",
                answered,
            ),
            Table(
                "Sent by a person",
                "From the opening of an incident to its first order, where a person had acted before.",
                _rows(_added(month.sent for month in chosen)),
            ),
            Table(
                "Arrived",
                "From the first order, refusals included, to the first unit on scene.",
                _rows(_added(month.arrived for month in chosen)),
            ),
        ),
        by_room,
        sum(row.count for row in answered),
        sum(count for _, count, _ in by_room),
    )


def percentile_s(times: Mapping[int, int], share: float) -> float:
    """Return the time in seconds within which at least this share lies; times are in tenths, and not none."""
    wanted = math.ceil(share * sum(times.values()) - 1e-9)
    seen = 0
    for time in sorted(times):
        seen += times[time]
        if seen >= max(1, wanted):
            return time / 10
    raise ValueError("no times")


def share_within(times: Mapping[int, int], limit_s: float) -> float:
    """Return which share of these times is within the limit."""
    return sum(count for time, count in times.items() if time <= limit_s * 10) / sum(times.values())


def _added(parts: Iterable[Times]) -> Times:
    whole: Times = {}
    for part in parts:
        for name, times in part.items():
            into = whole.setdefault(name, {})
            for time, count in times.items():
                into[time] = into.get(time, 0) + count
    return whole


def _rows(times: Times) -> tuple[Row, ...]:
    rows = []
    for name, counts in times.items():
        kind, _, limit = name.rpartition(" ")
        rows.append(
            Row(
                kind,
                int(limit),
                sum(counts.values()),
                share_within(counts, int(limit)),
                tuple(percentile_s(counts, share) for share in SHARES),
                max(counts) / 10,
                tuple(share_within(counts, edge_s) for edge_s in EDGES_S),
            )
        )
    order = {kind.value: number for number, kind in enumerate(Kind)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.kind, len(order)), row.limit_s)))


def _by_room(
    months: Iterable[MonthOfAnswers], answered: tuple[Row, ...]
) -> tuple[tuple[str, int, float], ...]:
    """Return for each kind how many the room handled, and which share of all that is."""
    counts: dict[str, int] = {}
    for month in months:
        for kind, count in month.by_room.items():
            counts[kind] = counts.get(kind, 0) + count
    found = []
    for kind in Kind:
        people = sum(row.count for row in answered if row.kind == kind)
        room = counts.get(kind, 0)
        if people or room:
            found.append((kind.value, room, room / (people + room)))
    return tuple(found)

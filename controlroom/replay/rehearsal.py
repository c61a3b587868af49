"""A recorded day, several times as busy: at which point the desk cannot keep up any more.

*Times n* is what happened at the place where it happened, and n - 1 more times at other places of the same
kind, within the same quarter of an hour. So merging, rolling up and floods take part as they would on such a
day, and what is held back by them makes no work. Heartbeats are not multiplied: more of them is no news.

*Breaks* is a rule of ours: the desk takes fewer than nine of ten incidents by their own deadline.
"""

from collections.abc import Sequence

import msgspec

from controlroom.replay.charts import Line, chart
from controlroom.replay.load import Assumptions, Load
from controlroom.replay.page import rendered
from controlroom.replay.report import Source

IN_TIME = 0.9
"""The share of incidents that has to be taken by its deadline; below it the desk counts as broken."""

STEPS = (1, 2, 3, 5, 10, 20, 30, 40, 50)
"""The multiples that are tried in a range, besides its ends: each takes as long as its share of signals."""

DRAWN = (2, 4, 6, 8)
"""The desks that a chart has lines for."""


class Tried(msgspec.Struct, frozen=True):
    """One multiple: its signals, how many of them were rolled up or joined an incident, and the load."""

    times: int
    signals: int
    absorbed: int
    load: Load


class Rehearsal(msgspec.Struct, frozen=True):
    """All multiples of one feed. `mixed` is the name of what was mixed in, empty for nothing."""

    source: Source
    mixed: str
    rules: str
    assumed: Assumptions
    tried: tuple[Tried, ...]

    def breaks_at(self, operators: int) -> int | None:
        """Return the first multiple that this desk does not bear; None where it bears them all."""
        for one in self.tried:
            if one.load.desks[operators - 1].in_time < IN_TIME:
                return one.times
        return None


def steps_of(first: int, last: int) -> tuple[int, ...]:
    """Return the multiples to try from `first` to `last`, both in it."""
    return tuple(sorted({first, last, *(step for step in STEPS if first < step < last)}))


def rehearsal_lines(told: Rehearsal) -> Sequence[str]:
    """Return the rehearsal for a terminal: a table, and where each desk breaks."""
    mixed = f", mixed with {told.mixed}" if told.mixed else ""
    lines = [
        f"{told.source.name}{mixed}: {told.source.begins:%Y-%m-%d %H:%M} to {told.source.ends:%H:%M} UTC"
    ]
    handling = ", ".join(f"P{n} {seconds} s" for n, seconds in enumerate(told.assumed.handling_s, 1))
    lines.append(f"assuming that handling takes {handling}; shares of incidents taken by their own deadline")
    desks = [desk.operators for desk in told.tried[0].load.desks]
    head = "".join(f"{f'{count} op':>8}" for count in desks)
    lines.append(f"{'times':>6}{'signals':>10}{'incidents':>11}{'absorbed':>10}{'orders':>8}{head}")
    for one in told.tried:
        shares = "".join(f"{desk.in_time:>8.0%}" for desk in one.load.desks)
        incidents = sum(one.load.incidents.values())
        counts = f"{one.times:>6}{one.signals:>10,}{incidents:>11,}{one.absorbed:>10,}{one.load.orders:>8,}"
        lines.append(counts + shares)
    for count in desks:
        at = told.breaks_at(count)
        lines.append(f"{count} operators " + (f"break at times {at}" if at is not None else "bear all of it"))
    return lines


def rehearsal_page(told: Rehearsal) -> str:
    """Return the rehearsal as a page that stands alone."""
    marks = [f"x{one.times}" for one in told.tried]
    desks = [count for count in DRAWN if count <= told.assumed.operators]
    waits, shares, queues = (
        [
            Line(f"{count} operators", [_read(what, one, count) for one in told.tried], look)
            for look, count in enumerate(desks, 1)
        ]
        for what in ("p90_s", "in_time", "longest_queue")
    )
    figures = [
        chart("Incidents taken by their own deadline", shares, marks, "per cent, by times"),
        chart("How long nine of ten incidents wait at most", waits, marks, "minutes, by times"),
        chart("The longest queue", queues, marks, "incidents, by times"),
    ]
    breaks = [(count, told.breaks_at(count)) for count in range(1, told.assumed.operators + 1)]
    return rendered("rehearsal.html", {"told": told, "figures": figures, "breaks": breaks})


def _read(what: str, one: Tried, operators: int) -> float:
    desk = one.load.desks[operators - 1]
    if what == "in_time":
        return desk.in_time * 100
    return desk.p90_s / 60 if what == "p90_s" else desk.longest_queue

"""How often the same thing was just said: runs of signals of one source and event.

A run goes on while each signal comes less than `RUN_GAP_S` after the one before; a longer silence ends
it. Thirty in a run is what monitoring firms call a runaway (domain notes: 30 signals, each under 30 min
apart); what a number means for the routing is the rule tables' business. Counting is all that happens
here: no signal is dropped or merged for being the n-th.

Bounds: a run that has ended is forgotten after at most two gaps. When more than `RUNS_MAX` runs begin
within a gap (a flood of unknown sources) the oldest are forgotten early and count from one again, which
routes them as if they were new: too many alarms rather than too few.
"""

from datetime import datetime, timedelta

import msgspec

RUN_GAP_S = 1_800
"""A signal this long after the one before begins a new run: the 30 min of the runaway rule. A default,
confirm with the centre's own procedure."""

RUNS_MAX = 20_000
"""Runs in one of the two generations: ten times the sources of the city, some 8 MB in all."""

# Names are joined with `+`: an f-string formats the enum's word, at three times the price, twice a signal.
_GAP = timedelta(seconds=RUN_GAP_S)


class Run(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The last signal of a run: which of its run it was, counted from one, and when it came."""

    nth: int
    at: datetime


class Runs(msgspec.Struct):
    """Every run that may still go on, by source and event; `before` is the older generation.

    `turns_at` is when the younger generation becomes the older one, None before the first signal.
    """

    recent: dict[str, Run] = msgspec.field(default_factory=dict)
    before: dict[str, Run] = msgspec.field(default_factory=dict)
    turns_at: datetime | None = None


def before_this(runs: Runs, source: str, event: str, now: datetime) -> int:
    """Return how many signals of this source and event the run that goes on has; 0 when none does."""
    name = source + " " + event
    run = runs.recent.get(name) or runs.before.get(name)
    return run.nth if run is not None and now - run.at < _GAP else 0


def count(runs: Runs, source: str, event: str, nth: int, now: datetime) -> None:
    """Remember the `nth` signal of the run of this source and event; 0 stands for one that is not counted."""
    if not nth:
        return
    turns_at, recent = runs.turns_at, runs.recent
    if turns_at is None or now >= turns_at or len(recent) >= RUNS_MAX:
        runs.before = recent
        runs.recent = recent = {}
        runs.turns_at = now + _GAP
    recent[source + " " + event] = Run(nth, now)

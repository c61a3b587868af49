"""Help point calls at the bus stations: started, answered by a desk, ended; a few ring out, a button sticks.

Each point tests itself once a virtual day, whatever the pace: tests do not hurry.

Rates are per virtual hour for a busy demonstration and are ours.
"""

import itertools
import random
from collections.abc import Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import HelpPointCall
from controlroom.signals.vocabulary import CallStep
from simulators.timetable import CALLS_BY_HOUR, DAY_H, HOUR_S, Act, Episode, arrivals, dice, unfold

CALLS_PER_H = 40.0
"""Calls a virtual hour."""

RINGS_OUT = 0.02
"""Share of calls that nobody answers before the caller walks away; our guess. Each stays in the list until a
person has looked."""

STUCK_PER_H = 0.1
STUCK_CALLS = 8
"""How often a button sticks, a virtual hour, and how often it calls until somebody frees it; our guess."""

DESKS = ("DESK-1", "DESK-2", "DESK-3")
"""The desks that answer."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all help points report, for ever; `pace` multiplies every rate. No points: nothing."""
    points = tuple(place for place in estate.places.values() if place.kind == "help-point")
    if not points:
        return iter(())
    return unfold(
        _calls(dice(seed, "help point calls"), points, pace),
        _stuck(dice(seed, "stuck buttons"), points, pace),
        _self_tests(points),
    )


def _stuck(rng: random.Random, points: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield a button that calls every half minute, each call answered by a desk that hears nobody."""
    for number, at in enumerate(arrivals(rng, STUCK_PER_H * pace, first_s=1_500), 1):
        point, desk = rng.choice(points), rng.choice(DESKS)
        yield tuple(
            report(at + 30 * turn + later, point, f"B-{number:04}-{turn}", step, who)
            for turn in range(STUCK_CALLS)
            for later, step, who in (
                (0, CallStep.STARTED, None),
                (8, CallStep.ANSWERED, desk),
                (20, CallStep.ENDED, desk),
            )
        )


def _self_tests(points: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield each point's test of itself, one after another through the day."""
    for number in itertools.count():
        at = number * DAY_H * HOUR_S / len(points)
        yield (report(at, points[number % len(points)], f"T-{number:06}", CallStep.SELF_TEST),)


def _calls(rng: random.Random, points: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield calls from start to end; a call's key is its number at this run."""
    for number, at in enumerate(arrivals(rng, CALLS_PER_H * pace, first_s=8, by_hour=CALLS_BY_HOUR), 1):
        point = rng.choice(points)
        call = f"C-{number:06}"
        started = report(at, point, call, CallStep.STARTED)
        if number > 1 and rng.random() < RINGS_OUT:
            yield started, report(at + rng.uniform(30, 90), point, call, CallStep.ENDED)
            continue
        answered = at + rng.uniform(6, 50)
        desk = rng.choice(DESKS)
        yield (
            started,
            report(answered, point, call, CallStep.ANSWERED, desk),
            report(answered + rng.uniform(20, 240), point, call, CallStep.ENDED, desk),
        )


def report(at: float, point: Place, call: str, step: CallStep, desk: str | None = None) -> Act:
    """Return one step of a call; the point's key is the last segment of its topic."""
    key = point.topic.rpartition("/")[2]
    return Act(at, point.topic, HelpPointCall(point=key, call=call, step=step, answered_by=desk))

"""Lone workers: check-ins all day, timed notes, a flat battery, and now and then somebody in trouble.

Positions wander around the worker's base. Rates are per virtual hour for a busy demonstration and are ours.
"""

import random
from collections.abc import Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import LoneWorkerReport, Position
from controlroom.signals.vocabulary import WorkerEvent
from simulators.timetable import CALLS_BY_HOUR, HOUR_S, Act, Episode, arrivals, dice, unfold

CHECK_IN_EVERY_S = 600.0
"""How often each worker checks in, in virtual seconds; our guess for a demonstration."""

TROUBLE_PER_H = 4.0
NOTES_PER_H = 8.0
BATTERIES_PER_H = 1.0
"""Episodes a virtual hour."""

TROUBLE_MIX = {WorkerEvent.SOS: 60, WorkerEvent.MAN_DOWN: 30, WorkerEvent.DURESS: 10}
"""Shares of trouble, in percent; our guess."""

ROAM = 0.01
"""How far from the base a worker is at most, in degrees: about a kilometre."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all workers' devices report, for ever; `pace` multiplies every rate. No workers: nothing."""
    workers = tuple(place for place in estate.places.values() if place.kind == "lone-worker")
    if not workers:
        return iter(())
    return unfold(
        _check_ins(dice(seed, "worker check-ins"), workers, pace),
        _trouble(dice(seed, "worker trouble"), workers, pace),
        _notes(dice(seed, "worker notes"), workers, pace),
        _batteries(dice(seed, "worker batteries"), workers, pace),
    )


def _report(
    rng: random.Random, at: float, worker: Place, event: WorkerEvent, amber_s: float | None = None
) -> Act:
    """Return one report with where the worker is; the worker's key is the last segment of the topic."""
    position = Position(
        latitude=round(worker.latitude + rng.uniform(-ROAM, ROAM), 5),
        longitude=round(worker.longitude + rng.uniform(-ROAM, ROAM), 5),
        accuracy_m=float(rng.choice((5, 8, 12, 30))),
    )
    key = worker.topic.rpartition("/")[2]
    return Act(at, worker.topic, LoneWorkerReport(worker=key, event=event, position=position), amber_s)


def _check_ins(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield check-ins round and round, each worker about every `CHECK_IN_EVERY_S`, never exactly."""
    gap_s = CHECK_IN_EVERY_S / len(workers) / pace
    order = rng.sample(workers, len(workers))
    number = 0
    while True:
        at = 1.0 + (number + rng.uniform(0, 0.9)) * gap_s
        yield (_report(rng, at, order[number % len(order)], WorkerEvent.CHECK_IN),)
        number += 1


def _trouble(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield SOS, man-down and duress; the first is an SOS in the first minute."""
    for number, at in enumerate(arrivals(rng, TROUBLE_PER_H * pace, first_s=50, by_hour=CALLS_BY_HOUR)):
        event = WorkerEvent.SOS if number == 0 else rng.choices([*TROUBLE_MIX], [*TROUBLE_MIX.values()])[0]
        yield (_report(rng, at, rng.choice(workers), event),)


def _notes(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield timed notes ("in flat 12, back in ten minutes"); nine in ten are ended by a check-in in time."""
    for at in arrivals(rng, NOTES_PER_H * pace, first_s=70, by_hour=CALLS_BY_HOUR):
        worker = rng.choice(workers)
        amber_s = rng.uniform(0.1, 0.3) * HOUR_S
        note = _report(rng, at, worker, WorkerEvent.AMBER_TIMER, amber_s)
        if rng.random() < 0.9:  # noqa: PLR2004 - as the docstring says
            yield note, _report(rng, at + amber_s * rng.uniform(0.3, 0.9), worker, WorkerEvent.CHECK_IN)
        else:
            yield (note,)


def _batteries(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield devices that say their battery is low."""
    for at in arrivals(rng, BATTERIES_PER_H * pace, first_s=110):
        yield (_report(rng, at, rng.choice(workers), WorkerEvent.LOW_BATTERY),)

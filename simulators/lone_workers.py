"""Lone workers: booked on, checking in, timed notes, booked off; a flat battery, and somebody in trouble.

Each worker has a day of their own: duties of some hours, a check a little before it is due, now and then one
that is late or does not come for a while. Positions wander around the worker's base. Rates are per
virtual hour for a busy demonstration and are ours.
"""

import random
from collections.abc import Iterator

from controlroom.estate.model import CREW_TAG, Estate, Place
from controlroom.signals.payloads import LoneWorkerReport, Position
from controlroom.signals.vocabulary import WorkerEvent
from simulators.timetable import CALLS_BY_HOUR, HOUR_S, Act, Episode, arrivals, dice, unfold

USUAL_MIN, GRACE_MIN = 30, 5
"""Minutes of an assignment that says nothing, as the room has them."""

MINUTE_S = 60.0

BOOK_ON_GAP_S = 4.0
"""Virtual seconds between two workers booking on at the start of a run."""

LATE, SILENT = 0.02, 0.005
"""Shares of checks that come in their grace, and that do not come for as long as it takes to be missed."""

NOTES, FORGOTTEN = 0.08, 0.05
"""Share of checks that are followed by a timed note, and of notes whose end the worker forgets."""

TROUBLE_PER_H = 4.0
BATTERIES_PER_H = 1.0
"""Episodes a virtual hour."""

TROUBLE_MIX = {WorkerEvent.SOS: 60, WorkerEvent.MAN_DOWN: 30, WorkerEvent.DURESS: 10}
"""Shares of trouble, in percent; our guess."""

ROAM = 0.01
"""How far from the base a worker is at most, in degrees: about a kilometre."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all workers' devices report, for ever. No workers: nothing.

    `pace` multiplies every rate; checks come as often as they are due, also in a city that is slower than 1.
    """
    workers = tuple(
        place
        for place in estate.places.values()
        if place.kind == "lone-worker" and CREW_TAG not in place.tags  # crews speak for themselves
    )
    if not workers:
        return iter(())
    return unfold(
        _trouble(dice(seed, "worker trouble"), workers, pace),
        _batteries(dice(seed, "worker batteries"), workers, pace),
        *(
            _day(dice(seed, worker.topic), worker, 1 + number * BOOK_ON_GAP_S, pace)
            for number, worker in enumerate(dice(seed, "worker order").sample(workers, len(workers)))
        ),
    )


def report(
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


def _day(rng: random.Random, worker: Place, first_s: float, pace: float) -> Iterator[Episode]:
    """Yield the duties of one worker; two in three are out when the run begins."""
    every_s = (worker.duty.check_every_min or USUAL_MIN) * MINUTE_S
    grace_s = (worker.duty.check_grace_min or GRACE_MIN) * MINUTE_S
    eager, pace = pace >= 1, max(pace, 1.0)
    at = first_s / pace if rng.random() < 2 / 3 else rng.uniform(1, 4) * HOUR_S / pace
    while True:
        end = at + rng.uniform(3, 8) * HOUR_S / pace
        yield (report(rng, at, worker, WorkerEvent.BOOKED_ON),)
        gap_s = rng.uniform(1, 4)  # the first check shows that the device works
        while at + gap_s / pace < end:
            at += gap_s / pace
            yield (report(rng, at, worker, WorkerEvent.CHECK_IN),)
            if rng.random() < NOTES:
                gap_s = rng.uniform(0.1, 0.3) * HOUR_S
                yield (report(rng, at + 1 / pace, worker, WorkerEvent.AMBER_TIMER, gap_s / pace),)
                gap_s *= rng.uniform(0.3, 0.9) if rng.random() >= FORGOTTEN else rng.uniform(1.1, 1.3)
                gap_s = min(gap_s, 0.9 * every_s)
            else:
                gap_s = next_gap_s(rng, every_s, grace_s, eager=eager)
        yield (report(rng, end, worker, WorkerEvent.BOOKED_OFF),)
        at = end + rng.uniform(1, 8) * HOUR_S / pace


def next_gap_s(rng: random.Random, every_s: float, grace_s: float, *, eager: bool) -> float:
    """Return how long after the last the next sign of life comes: nearly always before it is due.

    Who is eager presses more often than asked; in a slow city, where every signal counts, just in time.
    """
    chance = rng.random()
    if chance < SILENT:
        return every_s + grace_s + rng.uniform(60, 900)
    if chance < SILENT + LATE:
        return every_s + grace_s * rng.uniform(0.1, 0.8)
    return every_s * (rng.uniform(0.2, 0.45) if eager else rng.uniform(0.8, 0.97))


def _trouble(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield SOS, man-down and duress; the first is an SOS in the first minute."""
    for number, at in enumerate(arrivals(rng, TROUBLE_PER_H * pace, first_s=50, by_hour=CALLS_BY_HOUR)):
        event = WorkerEvent.SOS if number == 0 else rng.choices([*TROUBLE_MIX], [*TROUBLE_MIX.values()])[0]
        yield (report(rng, at, rng.choice(workers), event),)


def _batteries(rng: random.Random, workers: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield devices that say their battery is low."""
    for at in arrivals(rng, BATTERIES_PER_H * pace, first_s=110):
        yield (report(rng, at, rng.choice(workers), WorkerEvent.LOW_BATTERY),)

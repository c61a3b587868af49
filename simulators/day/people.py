"""Lone workers and guards on a believable day: on and off by the roster, checks in between, and who forgets.

A roster goes by the clock on the wall, because the room watches it there. Checks go by the city's day.
"""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from controlroom.estate.model import CREW_TAG, Place
from controlroom.estate.shifts import DAY_MINUTES, Shift
from controlroom.rules.calendars import LONDON
from controlroom.signals.payloads import GuardBooking
from controlroom.signals.vocabulary import GuardEvent, WorkerEvent
from simulators.day import volumes
from simulators.day.shapes import calls
from simulators.day.town import Town
from simulators.lone_workers import GRACE_MIN, MINUTE_S, USUAL_MIN, next_gap_s, report
from simulators.timetable import HOUR_S, Act, Episode, unfold

LATE_MIN = (-8.0, 4.0)
"""Minutes around the start and the end of a shift at which people book."""

FORGOTTEN = 0.02
"""Share of shifts that nobody books on to; ours. The room asks, and the guard is there a while later."""

FORGOTTEN_MIN = (20.0, 45.0)

NOTES, RED = 0.06, 0.04
"""Share of checks that are followed by a timed note, and of notes whose end is forgotten; ours."""

CALLED_OUT = 0.4
"""Share of weekdays on which a worker without a roster is out; ours."""

SEARCHED_DAYS = 400
"""Days after which nobody looks for the next shift of a roster that has none."""


def streams(town: Town, silent: frozenset[str]) -> Iterator[Iterator[Episode]]:
    """Yield what workers' devices and guards say; `silent` are the topics whose first check never comes."""
    for worker in town.places("lone-worker"):
        if CREW_TAG not in worker.tags:
            yield _worker(town, worker, quiet=worker.topic in silent)
    for post in town.places("guard"):
        if post.duty.shifts:
            yield _post(town, post, quiet=post.topic in silent)
    workers = tuple(one for one in town.places("lone-worker") if CREW_TAG not in one.tags)
    if workers:
        yield _trouble(town, workers)
        yield _batteries(town, workers)


def duties(town: Town, place: Place, rng: random.Random) -> Iterator[tuple[datetime, datetime]]:
    """Yield the shifts of this roster that are not over when the run begins, as real moments."""
    shifts = place.duty.shifts or (Shift(tuple(range(5)), 9 * 60, 13 * 60),)
    today = town.wall.started.astimezone(LONDON).date() - timedelta(days=1)
    idle = 0
    while idle < SEARCHED_DAYS:
        idle += 1
        for shift in shifts:
            if today.weekday() not in shift.days or (not place.duty.shifts and rng.random() >= CALLED_OUT):
                continue
            idle = 0
            midnight = datetime.combine(today, time(), LONDON)
            starts = midnight + timedelta(minutes=shift.start)
            ends = midnight + timedelta(days=shift.end // DAY_MINUTES, minutes=shift.end % DAY_MINUTES)
            if ends > town.wall.started:
                yield starts, ends
        today += timedelta(days=1)


def _spans(town: Town, place: Place, rng: random.Random) -> Iterator[tuple[float, float, bool]]:
    """Yield the virtual seconds of booking on and off, and whether booking on was forgotten at first."""
    free = 1.0
    for starts, ends in duties(town, place, rng):
        forgotten = rng.random() < FORGOTTEN
        late = rng.uniform(*FORGOTTEN_MIN) if forgotten else rng.uniform(*LATE_MIN)
        on = town.wall.second(starts + timedelta(minutes=late))
        off = town.wall.second(ends + timedelta(minutes=rng.uniform(*LATE_MIN)))
        on = max(on, free + rng.uniform(0, 60))  # who was on already says so in the first minute
        if off > on + 2:
            yield on, off, forgotten
            free = off + 1


def _checks(rng: random.Random, place: Place, on: float, off: float, *, quiet: bool) -> Iterator[float]:
    """Yield when the checks of a shift come; of a quiet one, the second is the last for two hours."""
    every_s = (place.duty.check_every_min or USUAL_MIN) * MINUTE_S
    grace_s = (place.duty.check_grace_min or GRACE_MIN) * MINUTE_S
    at, number = on + every_s * rng.uniform(0.1, 0.9), 0
    while at < off:
        yield at
        number += 1
        at += next_gap_s(rng, every_s, grace_s, eager=False)
        if quiet and number == 2:  # noqa: PLR2004 - the second check
            at += 2 * HOUR_S


def _worker(town: Town, worker: Place, *, quiet: bool) -> Iterator[Episode]:
    rng = town.dice(worker.topic)
    for on, off, _ in _spans(town, worker, rng):
        shift = [report(rng, on, worker, WorkerEvent.BOOKED_ON)]
        for at in _checks(rng, worker, on, off, quiet=quiet):
            shift.append(report(rng, at, worker, WorkerEvent.CHECK_IN))
            if rng.random() < NOTES:
                note_s = rng.uniform(0.1, 0.3) * HOUR_S
                back = at + note_s * (rng.uniform(1.1, 1.3) if rng.random() < RED else rng.uniform(0.3, 0.9))
                shift.append(report(rng, at + 1, worker, WorkerEvent.AMBER_TIMER, note_s))
                shift.append(report(rng, min(back, off - 1), worker, WorkerEvent.CHECK_IN))
        shift.append(report(rng, off, worker, WorkerEvent.BOOKED_OFF))
        yield tuple(sorted(shift, key=lambda act: act.due_s))
        quiet = False


def _post(town: Town, post: Place, *, quiet: bool) -> Iterator[Episode]:
    rng = town.dice(post.topic)
    for number, (on, off, _) in enumerate(_spans(town, post, rng)):
        guard = f"G-{post.key}-{'AB'[number % 2]}"
        yield (
            _guard(on, post, guard, GuardEvent.ON_DUTY),
            *(
                _guard(at, post, guard, GuardEvent.CHECK_CALL)
                for at in _checks(rng, post, on, off, quiet=quiet)
            ),
            _guard(off, post, guard, GuardEvent.OFF_DUTY),
        )
        quiet = False


def _guard(at: float, post: Place, guard: str, event: GuardEvent) -> Act:
    return Act(at, post.topic, GuardBooking(guard=guard, post=post.key, event=event))


def _trouble(town: Town, workers: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield SOS, man-down and duress."""
    rng = town.dice("worker trouble")
    events = (WorkerEvent.SOS, WorkerEvent.MAN_DOWN, WorkerEvent.DURESS)
    for at in town.arrivals("worker trouble", volumes.TROUBLE, calls()):
        yield (report(rng, at, rng.choice(workers), rng.choices(events, (60, 34, 6))[0]),)


def _batteries(town: Town, workers: tuple[Place, ...]) -> Iterator[Episode]:
    rng = town.dice("worker batteries")
    for at in town.arrivals("worker batteries", volumes.BATTERIES, calls()):
        yield (report(rng, at, rng.choice(workers), WorkerEvent.LOW_BATTERY),)


def merged(town: Town, silent: frozenset[str]) -> Iterator[Act]:
    """Yield all of it in the order of its time."""
    return unfold(*streams(town, silent))

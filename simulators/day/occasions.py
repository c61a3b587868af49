"""What makes a day memorable: a power cut, a storm, a match, a switch, a detector, a panel, people.

Each occasion has a chance a day; a run can ask for some of them on its first day. They are drawn before the
day begins, so that what is not said (a silent camera, a worker who does not answer) can be left out of the
routine. Chances and sizes are ours, but for the shape of the storm: a few hours, mostly wind on cameras.
"""

import bisect
import itertools
import random
from collections.abc import Callable, Iterator

import msgspec

from simulators.day import occasion_kinds as kinds
from simulators.day.cameras import Silences
from simulators.day.town import DAY_S, Town
from simulators.timetable import HOUR_S, Episode

SATURDAY = 5


class Sort(msgspec.Struct, frozen=True):
    """A sort of occasion: its chance a day, the hours between which it starts, and what happens."""

    chance: float
    between: tuple[float, float]
    acts: Callable[[Town, random.Random, float], list[Episode]]
    saturdays: bool = False


SORTS: dict[str, Sort] = {
    "power-cut": Sort(0.12, (1, 22), kinds.power_cut),
    "storm": Sort(0.08, (8, 16), kinds.storm),
    "match-day": Sort(0.5, (11, 12.5), kinds.match_day, saturdays=True),
    "lost-switch": Sort(0.15, (0, 23), kinds.lost_switch),
    "chattering-detector": Sort(0.5, (19, 23), kinds.chattering_detector),
    "runaway-panel": Sort(0.1, (0, 23), kinds.runaway_panel),
    "pranks": Sort(0.5, (15, 21), kinds.pranks),
    "stuck-button": Sort(0.15, (6, 22), kinds.stuck_button),
    "silent-worker": Sort(0.35, (9, 14), kinds.nothing),
    "forgetful-guard": Sort(0.5, (6, 20), kinds.nothing),
}
"""Every occasion by name. The last two are people who say nothing: the routine leaves their checks out."""

SILENT_KINDS = {"silent-worker": "lone-worker", "forgetful-guard": "guard"}


class Happening(msgspec.Struct, frozen=True):
    """One occasion of one day: its name and when it starts, in virtual seconds."""

    name: str
    at: float


def happenings(town: Town, day: int) -> tuple[Happening, ...]:
    """Return the occasions of this day of the run, in the order of their start."""
    found = []
    start = day * DAY_S
    midnight_s = (town.local(start).hour + town.local(start).minute / 60) * HOUR_S
    for name, sort in SORTS.items():
        rng = town.dice(f"occasion {name} {day}")
        chance, hour = rng.random(), rng.uniform(*sort.between)
        fits = not sort.saturdays or town.local(start).weekday() == SATURDAY
        if (fits and chance < sort.chance) or (day == 0 and name in town.chosen):
            at = start + (hour * HOUR_S - midnight_s) % DAY_S
            found.append(Happening(name, at))
    return tuple(sorted(found, key=lambda one: (one.at, one.name)))


def merged(town: Town) -> Iterator[Episode]:
    """Yield the episodes of all occasions in the order of their start, for ever."""
    waiting: list[Episode] = []
    for day in itertools.count():
        for one in happenings(town, day):
            rng = town.dice(f"happening {one.name} {day}")
            waiting.extend(SORTS[one.name].acts(town, rng, one.at))
        waiting.sort(key=lambda each: each[0].due_s)
        over = bisect.bisect_left(waiting, (day + 1) * DAY_S, key=lambda each: each[0].due_s)
        yield from waiting[:over]
        del waiting[:over]


def silent(town: Town) -> frozenset[str]:
    """Return the topics of those who do not answer on the first day of the run."""
    topics = set()
    for one in happenings(town, 0):
        if one.name in SILENT_KINDS:
            rostered = [place.topic for place in town.places(SILENT_KINDS[one.name]) if place.duty.shifts]
            if rostered:
                topics.add(town.dice(f"who is {one.name}").choice(sorted(rostered)))
    return frozenset(topics)


def dark(town: Town, days: int) -> Silences:
    """Return which cameras are without their switch, and when, on the first days of the run."""
    silences: Silences = {}
    for day in range(days):
        for one in happenings(town, day):
            if one.name == "lost-switch":
                rng = town.dice(f"happening {one.name} {day}")
                cameras, back = kinds.station_without_switch(town, rng, one.at)
                for camera in cameras:
                    silences.setdefault(camera.topic, []).append((one.at, back))
    return silences

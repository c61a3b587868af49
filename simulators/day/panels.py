"""Alarm panels on a believable day: hours, tests, activations where nobody is, and everything small."""

import itertools
import random
from collections.abc import Iterator

from controlroom.estate.model import Place
from controlroom.rules.calendars import DAY_MINUTES, Calendar, Span
from controlroom.signals.vocabulary import AlarmEvent, Condition, SetState
from simulators import keepers
from simulators.arc import MOMENTS, ZONES, report
from simulators.day import volumes
from simulators.day.shapes import EVENLY, calls, daily
from simulators.day.town import DAY_S, Town
from simulators.timetable import Episode, unfold

WEEKDAYS, SIX_DAYS, WEEK = range(5), range(6), range(7)

HOURS = {
    "office": (WEEKDAYS, 8.1, 17.8),
    "depot": (SIX_DAYS, 8.05, 17.0),
    "leisure-centre": (WEEK, 8.1, 21.5),
    "community-centre": (WEEK, 8.5, 21.0),
    "children-centre": (WEEKDAYS, 8.1, 17.75),
    "museum": (SIX_DAYS, 9.0, 17.0),
    "waste-site": (WEEK, 8.1, 17.5),
    "park": (WEEK, 8.2, 15.5),
    "cemetery": (WEEKDAYS, 8.2, 15.5),
    "private-client": (WEEKDAYS, 8.2, 17.5),
}
"""When buildings without a calendar of their own are in use, in hours of the day; ours. At the weekend those
of some risk stay shut, because the shipped rules ask who opens them."""

HABITS = {"school": keepers.Habit((62.0, 85.0)), "library": keepers.USUAL}
UNWATCHED = keepers.Habit((0.0, 20.0), says_open=False)
"""Schools are unset when staff come at eight, though their hours begin with the caretaker's at seven, when it
is expected as well. Of the others only those with a calendar say how they stand."""

QUIET_DAYS = 5
"""From this weekday on, places of some risk stay shut."""

CANCEL, SECOND, PANEL = 0.3, 0.12, 0.08
"""Shares of intruder activations that staff cancel, that a second zone confirms, and that the panel confirms;
the rest is one trip and its restore. Ours."""


def streams(town: Town) -> Iterator[Iterator[Episode]]:
    """Yield what panels say, each stream in the order of its time."""
    panels = town.places("arc-alarm")
    if not panels:
        return
    guarded = tuple(place for place in panels if "system-intruder" in place.tags) or panels
    hours = {place.topic: hours_of(town, place) for place in guarded}
    for place in guarded:
        calendar = hours[place.topic]
        if calendar is not None:
            rng = town.dice(f"hours {place.topic}")
            yield keepers.building(rng, place, calendar, town.wall, HABITS.get(place.site_kind, UNWATCHED))
    yield from keepers.polls(town.estate, town.seed)
    yield _tests(town, panels)
    yield _walk_tests(town, panels)
    yield _intrusions(town, guarded, hours)
    yield _life(town, panels)
    yield _minor(town, panels)


def hours_of(town: Town, place: Place) -> Calendar | None:
    """Return when this building is in use: its own calendar's hours, or those of its kind."""
    own = town.wall.calendars.get(place.hours or "")
    if own is not None or place.site_kind not in HOURS:
        return own
    days, opens, closes = HOURS[place.site_kind]
    last = QUIET_DAYS if place.risk > 1 else len(WEEK)
    spans = (Span(day, round(opens * 60), min(round(closes * 60), DAY_MINUTES)) for day in days if day < last)
    return Calendar(place.site_kind, tuple(spans))


def _tests(town: Town, panels: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield each panel's test, once a day at a minute of its own, as it was programmed."""
    rng = town.dice("panel tests")
    times = sorted((rng.uniform(0, DAY_S), place.topic, place) for place in panels)
    for day in itertools.count():
        for at, _, place in times:
            yield (report(day * DAY_S + at, place, AlarmEvent.TEST, test=True),)


def _walk_tests(town: Town, panels: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield engineers who walk through a building: real alarms under the test flag."""
    rng = town.dice("walk tests")
    for at in town.arrivals("walk tests", volumes.WALK_TESTS, calls()):
        panel = rng.choice(panels)
        steps = itertools.accumulate(rng.uniform(8, 40) for _ in range(rng.randint(3, 7)))
        yield tuple(
            report(at + step, panel, AlarmEvent.INTRUDER, zone=f"Z{number:02}", test=True)
            for number, step in enumerate(steps, 1)
        )


def _zone(rng: random.Random) -> str:
    return f"Z{rng.randint(1, ZONES):02}"


def _intrusions(
    town: Town, guarded: tuple[Place, ...], hours: dict[str, Calendar | None]
) -> Iterator[Episode]:
    """Yield trips of detectors in buildings that are set at that moment; a busy hour has none to trip."""
    rng = town.dice("intrusions")
    for at in town.arrivals("intrusions", volumes.INTRUSIONS, EVENLY):
        moment = town.moment(at)
        shut = [one for one in guarded if (open_ := hours[one.topic]) is None or not open_.holds(moment)]
        if shut:
            yield _trip(rng, rng.choice(shut), at)


def _trip(rng: random.Random, panel: Place, at: float) -> Episode:
    chance, zone = rng.random(), _zone(rng)
    by_panel = chance < PANEL
    first = report(
        at, panel, AlarmEvent.INTRUDER, zone=zone, set_state=SetState.SET, panel_confirmed=by_panel
    )
    over = at + rng.uniform(20, 90)
    restore = report(over, panel, AlarmEvent.INTRUDER, zone=zone, condition=Condition.RESTORED)
    if by_panel or chance > PANEL + SECOND + CANCEL:
        return first, restore
    if chance < PANEL + SECOND:
        later = over + rng.uniform(60, 800)
        return first, restore, report(later, panel, AlarmEvent.INTRUDER, zone="Z09", set_state=SetState.SET)
    return first, restore, report(over + rng.uniform(5, 60), panel, AlarmEvent.CANCEL)


def _life(town: Town, panels: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield fire, panic, hold-up, duress, medical and gas, which restore within a quarter of an hour."""
    rng = town.dice("life")
    mix = volumes.LIFE_MIX
    for at in town.arrivals("life", volumes.LIFE, daily("fire_alarm")):
        event = rng.choices([*mix], [*mix.values()])[0]
        system = "system-fire" if event in (AlarmEvent.FIRE, AlarmEvent.GAS) else "system-panic"
        panel, zone = rng.choice([one for one in panels if system in one.tags] or panels), _zone(rng)
        start = report(at, panel, event, zone=zone)
        later = at + rng.uniform(90, 900)
        yield start, report(later, panel, event, zone=zone, condition=Condition.RESTORED)


def _minor(town: Town, panels: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield faults with their restores, and small notices without."""
    rng = town.dice("minor")
    mix = volumes.MINOR_MIX
    for at in town.arrivals("minor", volumes.MINOR, calls()):
        event, panel = rng.choices([*mix], [*mix.values()])[0], rng.choice(panels)
        if event in MOMENTS:
            yield (report(at, panel, event),)
        else:
            later = at + rng.uniform(60, 1800)
            yield report(at, panel, event), report(later, panel, event, condition=Condition.RESTORED)


def merged(town: Town) -> Iterator[Episode]:
    """Yield all of it as one stream of single acts."""
    return ((act,) for act in unfold(*streams(town)))

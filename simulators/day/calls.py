"""People who call, on a believable day: help points, homes with telecare, and what wardens find in parks."""

import heapq
import itertools
from collections.abc import Iterator
from datetime import timedelta

from controlroom.estate.model import Place
from controlroom.rules.calendars import Calendar, Span
from controlroom.signals.vocabulary import CallStep, ParkEvent, TelecareEvent
from simulators import help_points, keepers, parks, telecare
from simulators.day import volumes
from simulators.day.shapes import EVENLY, Shape, calls, daily
from simulators.day.town import DAY_S, Town
from simulators.timetable import HOUR_S, Act, Episode, unfold

REASSURED: Shape = tuple(tuple(12.0 if hour in (9, 10) else 0.0 for hour in range(24)) for _ in range(7))
"""Reassurance calls go out between nine and eleven."""

UNGATED = Calendar("parks", tuple(Span(day, 8 * 60, 20 * 60) for day in range(7)))
"""When parks without hours of their own are opened and closed by wardens, at dusk like the others."""

PARK_KINDS = parks.INCIDENT_MIX | {ParkEvent.ANTISOCIAL_BEHAVIOUR: 72}
"""Anti-social behaviour is what Parkswatch is called to most."""


def merged(town: Town) -> Iterator[Act]:
    """Yield what callers, homes and wardens say, for ever."""
    return heapq.merge(
        unfold(*_points(town)), unfold(*_homes(town)), unfold(*_parks(town)), key=lambda act: act.due_s
    )


def _points(town: Town) -> Iterator[Iterator[Episode]]:
    points = town.places("help-point")
    if points:
        yield _help_calls(town, points)
        yield _self_tests(town, points)


def _help_calls(town: Town, points: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield calls from start to end; a few are never answered."""
    rng = town.dice("help calls")
    for number, at in enumerate(town.arrivals("help calls", volumes.HELP_CALLS, calls()), 1):
        point, call = rng.choice(points), f"C-{number:06}"
        desk = None if rng.random() < volumes.RINGS_OUT else rng.choice(help_points.DESKS)
        yield help_call(at, point, call, desk, rng.uniform(6, 25))


def help_call(at: float, point: Place, call: str, desk: str | None, answered_after: float) -> Episode:
    """Return one call: answered by a desk and ended, or rung out after a minute where no desk has it."""
    step = help_points.report
    started = step(at, point, call, CallStep.STARTED)
    if desk is None:
        return started, step(at + 60, point, call, CallStep.ENDED)
    answered = at + answered_after
    return (
        started,
        step(answered, point, call, CallStep.ANSWERED, desk),
        step(answered + 10 * answered_after, point, call, CallStep.ENDED, desk),
    )


def _self_tests(town: Town, points: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield each point's test of itself, in the small hours, a few seconds after one another."""
    midnight = town.local(0).replace(hour=0, minute=0, second=0, microsecond=0)
    first = (midnight + timedelta(hours=3) - town.local(0)).total_seconds()
    for number in itertools.count():
        day, place = divmod(number, len(points))
        at = first + day * DAY_S + place * 20
        if at >= 0:
            yield (help_points.report(at, points[place], f"T-{number:06}", CallStep.SELF_TEST),)


def _homes(town: Town) -> Iterator[Iterator[Episode]]:
    homes = town.places("telecare")
    if homes:
        yield _alarms(town, homes)
        yield _housekeeping(town, homes)
        yield _home_tests(town, homes)
        yield _reassurance(town, homes)


def _alarms(town: Town, homes: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield personal alarms; what a carer or the resident can reset is reset within half an hour."""
    rng, mix = town.dice("telecare alarms"), volumes.CALL_MIX
    for at in town.arrivals("telecare alarms", volumes.TELECARE_CALLS, daily("fall_victim")):
        event, home = rng.choices([*mix], [*mix.values()])[0], rng.choice(homes)
        device, later = f"D-{rng.randint(1, 6)}", at + rng.uniform(120, 1800)
        call = telecare.report(at, home, event, device)
        if event in telecare.RESETS:
            yield call, telecare.report(later, home, TelecareEvent.RESET, device)
        else:
            yield (call,)


def _housekeeping(town: Town, homes: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield what units report of the home and of themselves; the mains come back."""
    rng, mix = town.dice("telecare faults"), volumes.FAULT_MIX
    for at in town.arrivals("telecare faults", volumes.TELECARE_FAULTS, EVENLY):
        event, home = rng.choices([*mix], [*mix.values()])[0], rng.choice(homes)
        back = at + rng.uniform(0.02, 2) * HOUR_S
        if event is TelecareEvent.MAINS_LOST:
            yield telecare.report(at, home, event), telecare.report(back, home, TelecareEvent.MAINS_RESTORED)
        else:
            yield (telecare.report(at, home, event),)


def _home_tests(town: Town, homes: tuple[Place, ...]) -> Iterator[Episode]:
    rng = town.dice("telecare tests")
    for at in town.arrivals("telecare tests", volumes.TELECARE_TESTS / (town.calls or 1), EVENLY):
        yield (telecare.report(at, rng.choice(homes), TelecareEvent.TEST),)


def _reassurance(town: Town, homes: tuple[Place, ...]) -> Iterator[Episode]:
    rng = town.dice("reassurance")
    for at in town.arrivals("reassurance", volumes.REASSURANCE, REASSURED):
        missed = rng.random() < volumes.REASSURANCE_MISSED
        event = TelecareEvent.REASSURANCE_MISSED if missed else TelecareEvent.REASSURANCE_ANSWERED
        yield (telecare.report(at, rng.choice(homes), event),)


def _parks(town: Town) -> Iterator[Iterator[Episode]]:
    grounds = town.places("park")
    for park in grounds:
        hours = town.wall.calendars.get(park.hours or "", UNGATED)
        yield keepers.gates(town.dice(f"gates {park.topic}"), park, hours, town.wall)
    if grounds:
        yield _found(town, grounds)
        yield _dangers(town, grounds)
        yield _stuck_gates(town, grounds)


def _found(town: Town, grounds: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield what wardens find; licensed premises and gates only where there are some."""
    rng = town.dice("park incidents")
    licensed = [park for park in grounds if "licensed" in park.tags] or [*grounds]
    for at in town.arrivals("park incidents", volumes.PARK_INCIDENTS, calls()):
        event = rng.choices([*PARK_KINDS], [*PARK_KINDS.values()])[0]
        park = rng.choice(licensed if event is ParkEvent.LICENCE_BREACH else grounds)
        gate = rng.choice(parks.GATES) if event in (ParkEvent.FOUND_OPEN, ParkEvent.LOCKED_IN) else None
        yield (parks.report(at, park, event, gate=gate, warden=parks.a_warden(rng)),)


def _dangers(town: Town, grounds: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield what threatens a life; somebody is in the water only where there is a lake."""
    rng, mix = town.dice("park dangers"), parks.DANGER_MIX
    lakes = [park for park in grounds if "lake" in park.tags] or [*grounds]
    for at in town.arrivals("park dangers", volumes.PARK_DANGERS, calls()):
        event = rng.choices([*mix], [*mix.values()])[0]
        park = rng.choice(lakes if event is ParkEvent.PERSON_IN_WATER else grounds)
        yield (parks.report(at, park, event, warden=parks.a_warden(rng)),)


def _stuck_gates(town: Town, grounds: tuple[Place, ...]) -> Iterator[Episode]:
    rng = town.dice("park gates")
    driven = [park for park in grounds if "electric-gates" in park.tags] or [*grounds]
    for at in town.arrivals("park gates", volumes.GATE_FAULTS, EVENLY):
        park, gate = rng.choice(driven), rng.choice(parks.GATES)
        mended = at + rng.uniform(0.2, 2) * HOUR_S
        yield (
            parks.report(at, park, ParkEvent.GATE_FAULT, gate=gate),
            parks.report(mended, park, ParkEvent.GATE_MENDED, gate=gate),
        )

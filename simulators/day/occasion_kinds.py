"""What happens on each occasion, as episodes in the order of their start."""

import random
from collections.abc import Sequence

from controlroom.estate.model import Place
from controlroom.signals.vocabulary import (
    AlarmEvent,
    CameraFault,
    Condition,
    FaultState,
    ParkEvent,
    SetState,
    TelecareEvent,
)
from simulators import arc, cameras, help_points, parks, telecare
from simulators.day.calls import help_call
from simulators.day.town import Town
from simulators.timetable import HOUR_S, Episode

FOOTBALL = ("Beeston", "Holbeck", "City Centre")
"""Where the ground of Leeds United is, and where its crowd comes through: public place names."""


def nothing(_town: Town, _rng: random.Random, _at: float) -> list[Episode]:
    """Somebody says nothing."""
    return []


def _ordered(episodes: list[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda each: each[0].due_s)


def _some(rng: random.Random, places: Sequence[Place], most: int) -> list[Place]:
    return rng.sample(places, min(most, len(places)))


def power_cut(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """Mains faults of the panels and homes of one area within two minutes; all back within ninety."""
    area = rng.choice(sorted({place.area for place in town.places("arc-alarm")}))
    panels = [place for place in town.places("arc-alarm") if place.area == area]
    homes = [place for place in town.places("telecare") if place.area == area]
    back = at + rng.uniform(0.3, 1.5) * HOUR_S
    episodes: list[Episode] = []
    for panel in _some(rng, panels, rng.randint(18, 30)):
        fault = arc.report(at + rng.uniform(0, 120), panel, AlarmEvent.MAINS_FAULT)
        restored = back + rng.uniform(0, 60)
        episodes.append(
            (fault, arc.report(restored, panel, AlarmEvent.MAINS_FAULT, condition=Condition.RESTORED))
        )
    for home in _some(rng, homes, rng.randint(8, 20)):
        lost = telecare.report(at + rng.uniform(0, 180), home, TelecareEvent.MAINS_LOST)
        episodes.append(
            (lost, telecare.report(back + rng.uniform(0, 90), home, TelecareEvent.MAINS_RESTORED))
        )
    return _ordered(episodes)


def storm(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """Three to five hours of wind and rain: cameras first, then water, doors, lines and fences."""
    lasts = rng.uniform(3, 5) * HOUR_S
    outside = [one for one in town.places("camera-fault") if one.site_kind in ("on-street", "utc")]
    panels, homes, grounds = town.places("arc-alarm"), town.places("telecare"), town.places("park")
    episodes: list[Episode] = []

    def when() -> float:
        return at + lasts * (rng.random() + rng.random()) / 2  # strongest in its middle

    for camera in (rng.choice(outside) for _ in range(60 if outside else 0)):
        fault = rng.choice((CameraFault.IMAGE_QUALITY, CameraFault.SIGNAL_LOSS, CameraFault.OFFLINE))
        start = when()
        over = start + rng.uniform(60, 7200)
        raised = cameras.report(start, camera, fault, FaultState.RAISED)
        episodes.append((raised, cameras.report(over, camera, fault, FaultState.CLEARED)))
    events = (AlarmEvent.INTRUDER_EXTERNAL, AlarmEvent.ENVIRONMENT, AlarmEvent.PATH_FAULT, AlarmEvent.TAMPER)
    for event in rng.choices(events, (18, 10, 12, 2), k=40):
        start, panel = when(), rng.choice(panels)
        over = start + rng.uniform(120, 5400)
        alarm = arc.report(start, panel, event, zone=f"Z{rng.randint(1, 8):02}")
        episodes.append((alarm, arc.report(over, panel, event, condition=Condition.RESTORED)))
    episodes += [
        (telecare.report(when(), home, TelecareEvent.FLOOD, "D-4"),) for home in _some(rng, homes, 4)
    ]
    for park in _some(rng, grounds, 3):
        episodes.append((parks.report(when(), park, ParkEvent.FOUND_INSECURE, warden=parks.a_warden(rng)),))
    return _ordered(episodes)


def match_day(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """Six hours around a match: help points and parks where the crowd is, and a few buttons too many."""
    near = [one for one in town.places("help-point") if one.name.startswith(FOOTBALL)]
    points = near or [*town.places("help-point")]
    grounds = town.places("park")
    episodes: list[Episode] = []
    for number in range(30 if points else 0):
        start = at + rng.choice((rng.uniform(0, 2.5), rng.uniform(4.5, 6.5))) * HOUR_S  # before and after
        desk = None if rng.random() < 0.1 else rng.choice(help_points.DESKS)  # noqa: PLR2004 - one in ten
        episodes.append(help_call(start, rng.choice(points), f"M-{number:04}", desk, rng.uniform(8, 40)))
    for park in (rng.choice(grounds) for _ in range(6 if grounds else 0)):
        what = rng.choice((ParkEvent.ANTISOCIAL_BEHAVIOUR, ParkEvent.LICENCE_BREACH))
        start = at + rng.uniform(0, 7) * HOUR_S
        episodes.append((parks.report(start, park, what, warden=parks.a_warden(rng)),))
    return _ordered(episodes)


def station_without_switch(town: Town, rng: random.Random, at: float) -> tuple[list[Place], float]:
    """Return the cameras of a station that goes dark at this second, and when it is back."""
    sites: dict[str, list[Place]] = {}
    for camera in town.places("camera-fault"):
        if camera.site_kind == "bus-station":
            sites.setdefault(camera.site, []).append(camera)
    if not sites:
        return [], at
    return sites[rng.choice(sorted(sites))], at + rng.uniform(600, 5400)


def lost_switch(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """All cameras of a bus station go offline within seconds, say nothing, and come back one by one."""
    gone, back = station_without_switch(town, rng, at)
    episodes: list[Episode] = []
    for number, camera in enumerate(gone):
        offline = cameras.report(at + number * 0.7, camera, CameraFault.OFFLINE, FaultState.RAISED)
        there = cameras.report(back + rng.uniform(0, 45), camera, CameraFault.OFFLINE, FaultState.CLEARED)
        episodes.append((offline, there))
    return episodes


def chattering_detector(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """One zone of a set building trips and restores a dozen to forty times: a spider, a loose lid."""
    guarded = [one for one in town.places("arc-alarm") if "system-intruder" in one.tags]
    if not guarded:
        return []
    panel, zone = rng.choice(guarded), f"Z{rng.randint(1, 8):02}"
    episodes: list[Episode] = [(arc.report(at, panel, AlarmEvent.CLOSED, set_state=SetState.SET),)]
    for _ in range(rng.randint(12, 40)):
        at += rng.uniform(40, 400)
        over = at + rng.uniform(5, 30)
        trip = arc.report(at, panel, AlarmEvent.INTRUDER, zone=zone, set_state=SetState.SET)
        restored = arc.report(over, panel, AlarmEvent.INTRUDER, zone=zone, condition=Condition.RESTORED)
        episodes.append((trip, restored))
    return episodes


def runaway_panel(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """A panel that lost its mind: some hundred reports of its own trouble within a quarter of an hour."""
    panel = rng.choice(town.places("arc-alarm"))
    trouble = (AlarmEvent.SYSTEM_FAULT, AlarmEvent.PATH_FAULT, AlarmEvent.BATTERY_FAULT)
    episodes: list[Episode] = []
    for _ in range(rng.randint(150, 400)):
        at += rng.expovariate(1 / 2.5)
        episodes.append((arc.report(at, panel, rng.choices(trouble, (90, 5, 5))[0]),))
    return episodes


def pranks(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """Children at a help point: calls that a desk answers and nobody speaks on, for half an hour."""
    points = town.places("help-point")
    if not points:
        return []
    point = rng.choice(points)
    episodes: list[Episode] = []
    for number in range(rng.randint(6, 12)):
        at += rng.uniform(60, 360)
        desk = None if rng.random() < 0.2 else rng.choice(help_points.DESKS)  # noqa: PLR2004 - one in five
        episodes.append(help_call(at, point, f"P-{number:04}", desk, rng.uniform(5, 12)))
    return episodes


def stuck_button(town: Town, rng: random.Random, at: float) -> list[Episode]:
    """A button that stays in: a call every half minute until somebody frees it."""
    points = town.places("help-point")
    if not points:
        return []
    point, desk = rng.choice(points), rng.choice(help_points.DESKS)
    calls = range(rng.randint(8, 20))
    return [help_call(at + 30 * number, point, f"B-{number:04}", desk, 2.0) for number in calls]

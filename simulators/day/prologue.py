"""The first minute of a demonstration: one of everything, so that whoever has just started it sees it work.

None of it is believable in its density; the day that follows is.
"""

import random
from collections.abc import Iterator

from controlroom.estate.model import CREW_TAG, Place
from controlroom.signals.payloads import GuardBooking
from controlroom.signals.vocabulary import (
    AlarmEvent,
    CameraFault,
    Condition,
    FaultState,
    GuardEvent,
    ParkEvent,
    SetState,
    TelecareEvent,
    WorkerEvent,
)
from simulators import arc, cameras, lone_workers, parks, telecare
from simulators.day.calls import help_call
from simulators.day.town import Town
from simulators.timetable import Act, Episode, unfold

TESTS_S = (2.0, 60.0, 1.5)
"""Panels test themselves from the first second on: from, to, and how many virtual seconds apart."""


def merged(town: Town) -> Iterator[Act]:
    """Yield what happens in the first minutes, in the order of its time."""
    rng = town.dice("prologue")
    episodes = [*_episodes(town, rng), *_tests(town, rng)]
    return unfold(iter(sorted(episodes, key=lambda each: each[0].due_s)))


def _tests(town: Town, rng: random.Random) -> Iterator[Episode]:
    panels, (at, end, gap) = town.places("arc-alarm"), TESTS_S
    while panels and at < end:
        yield (arc.report(at, rng.choice(panels), AlarmEvent.TEST, test=True),)
        at += gap


def _episodes(town: Town, rng: random.Random) -> Iterator[Episode]:
    def one(kind: str, **having: str) -> Iterator[Place]:
        """Yield a place of this kind, if there is one."""
        found = [
            place
            for place in town.places(kind)
            if CREW_TAG not in place.tags and all(tag in place.tags for tag in having.values())
        ]
        yield from [rng.choice(found)] if found else []

    for panel in one("arc-alarm", system="system-panic"):
        restored = arc.report(500, panel, AlarmEvent.PANIC, zone="Z01", condition=Condition.RESTORED)
        yield arc.report(30, panel, AlarmEvent.PANIC, zone="Z01"), restored
    for panel in one("arc-alarm", system="system-intruder"):
        confirmed = {"zone": "Z03", "set_state": SetState.SET, "panel_confirmed": True}
        yield (arc.report(15, panel, AlarmEvent.INTRUDER, **confirmed),)
    for point in one("help-point"):
        yield help_call(8, point, "C-000000", "DESK-1", 20.0)
    for worker in one("lone-worker"):
        yield (lone_workers.report(rng, 50, worker, WorkerEvent.SOS),)
    for home in one("telecare", tag="key-safe"):
        yield (
            telecare.report(20, home, TelecareEvent.FALL, "D-1"),
            telecare.report(900, home, TelecareEvent.RESET),
        )
    for park in one("park"):
        yield (parks.report(40, park, ParkEvent.ANTISOCIAL_BEHAVIOUR, warden="PW-01"),)
    for camera in one("camera-fault"):
        raised = cameras.report(5, camera, CameraFault.IMAGE_QUALITY, FaultState.RAISED)
        yield raised, cameras.report(300, camera, CameraFault.IMAGE_QUALITY, FaultState.CLEARED)
    rounds = [each for each in town.estate.rounds.values() if not each.random]
    if rounds:  # by night no post is manned, but patrols go round
        visited = rng.choice(rounds)
        said = GuardBooking(guard="PATROL-1", post=visited.site, event=GuardEvent.VISIT)
        yield (Act(25, visited.topic, said),)

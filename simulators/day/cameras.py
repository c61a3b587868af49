"""Cameras on a believable day: the bus stations' heartbeats, single faults, and one that comes and goes."""

import heapq
import itertools
import random
from collections.abc import Iterator

from controlroom.estate.model import Place
from controlroom.signals.vocabulary import CameraFault, FaultState
from simulators.cameras import BEAT_S, SILENT_S, report
from simulators.day import volumes
from simulators.day.shapes import EVENLY
from simulators.day.town import Town
from simulators.timetable import HOUR_S, Act, Episode, unfold

SOON = 0.8
"""Share of faults that are over within the hour; the others take hours. Ours."""

Silences = dict[str, list[tuple[float, float]]]
"""For each camera the virtual seconds from and to which it says nothing, not even that it is there."""


def merged(town: Town, dark: Silences) -> Iterator[Act]:
    """Yield what cameras say, for ever; the cameras in `dark` send no heartbeat in those spans."""
    cameras = town.places("camera-fault")
    if not cameras:
        return iter(())
    faults = unfold(_singles(town, cameras), _flaps(town, cameras))
    return heapq.merge(faults, _beats(town, cameras, dark), key=lambda act: act.due_s)


def _singles(town: Town, cameras: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield a fault of one camera and its end: within the hour for most, hours later for one in five."""
    rng = town.dice("camera singles")
    mix = volumes.CAMERA_MIX
    for at in town.arrivals("camera singles", volumes.CAMERA_FAULTS, EVENLY):
        camera, fault = rng.choice(cameras), rng.choices([*mix], [*mix.values()])[0]
        soon = rng.random() < SOON
        over = at + (rng.uniform(15, 3000) if soon else rng.uniform(1, 6) * HOUR_S)
        yield report(at, camera, fault, FaultState.RAISED), report(over, camera, fault, FaultState.CLEARED)


def _flaps(town: Town, cameras: tuple[Place, ...]) -> Iterator[Episode]:
    """Yield a camera with a loose plug: it comes and goes a few times within an hour."""
    rng = town.dice("camera flaps")
    for at in town.arrivals("camera flaps", volumes.FLAPS, EVENLY):
        yield flapping(rng, rng.choice(cameras), at)


def flapping(rng: random.Random, camera: Place, at: float) -> Episode:
    """Return a camera that comes and goes five to nine times."""
    acts: list[Act] = []
    for _ in range(rng.randint(5, 9)):
        acts.append(report(at, camera, CameraFault.SIGNAL_LOSS, FaultState.RAISED))
        back = at + rng.uniform(20, 90)
        acts.append(report(back, camera, CameraFault.SIGNAL_LOSS, FaultState.CLEARED))
        at = back + rng.uniform(60, 240)
    return tuple(acts)


def _beats(town: Town, cameras: tuple[Place, ...], dark: Silences) -> Iterator[Act]:
    """Yield the heartbeats of the stations' cameras by the real clock, one after another, for ever."""
    beating = [camera for camera in cameras if camera.site_kind == "bus-station"]
    if not beating:
        return
    rng, speed = town.dice("camera silences"), town.wall.speed
    silences = town.arrivals("camera silences", volumes.SILENCES, EVENLY)
    falls = next(silences, None)
    back: dict[str, float] = {}
    for number in itertools.count():
        camera = beating[number % len(beating)]
        at = number / len(beating) * BEAT_S * speed
        while falls is not None and falls <= at:
            back[rng.choice(beating).topic] = falls + rng.uniform(*SILENT_S) * speed
            falls = next(silences, None)
        gone = any(start <= at < end for start, end in dark.get(camera.topic, ()))
        if back.get(camera.topic, 0.0) <= at and not gone:
            yield report(at, camera, CameraFault.HEARTBEAT, FaultState.RAISED)

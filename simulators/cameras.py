"""Camera faults: single cameras that go and come back, a station without its switch, a block without power.

Rates are per virtual hour for a busy demonstration and are ours. Heartbeats are the exception: the room
expects them by the real clock, so they come by it, however fast the city's day goes; the cameras of bus
stations send them, the newest ones, and now and then one of them falls silent for a while.
"""

import itertools
import random
from collections.abc import Iterator

import msgspec

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import CameraFaultReport
from controlroom.signals.vocabulary import CameraFault, FaultState
from simulators.timetable import Act, Episode, arrivals, dice, unfold

SINGLES_PER_H = 80.0
SWITCHES_PER_H = 2.0
BLOCKS_PER_H = 0.3
FLAPS_PER_H = 0.15
SILENCES_PER_H = 0.3
"""Episodes a virtual hour; each single is two reports, each lost switch about sixteen, each dark block about
twenty, each flapping camera ten; a silence is no report at all."""

BEAT_S = 100.0
"""Real seconds between two heartbeats of a camera: two a second for the stations' 203, and well within the
five minutes that a room expects where nobody tells it otherwise."""

SILENT_S = (600.0, 1500.0)
"""Real seconds that a silence lasts: long enough to be noticed with the demonstration's settings."""

MIX = {
    CameraFault.SIGNAL_LOSS: 60,
    CameraFault.IMAGE_QUALITY: 60,
    CameraFault.OFFLINE: 32,
    CameraFault.RECORDING: 22,
    CameraFault.HARDWARE: 25,
    CameraFault.TAMPER: 1,
}
"""Shares of single faults, in half percent; our guess."""


def acts(estate: Estate, seed: int, pace: float) -> Iterator[Act]:
    """Yield what all cameras report, for ever; `pace` multiplies every rate. No cameras: nothing."""
    cameras = tuple(place for place in estate.places.values() if place.kind == "camera-fault")
    if not cameras:
        return iter(())
    streams = [_singles(dice(seed, "camera singles"), cameras, pace)]
    stations = _by_site(cameras, "bus-station")
    if stations:
        lost = Together(SWITCHES_PER_H * pace, 150, (180, 900))
        streams.append(_together(dice(seed, "camera switches"), stations, lost))
    blocks = _by_site(cameras, "tower-block")
    if blocks:
        dark = Together(BLOCKS_PER_H * pace, 400, (1200, 3600))
        streams.append(_together(dice(seed, "camera blocks"), blocks, dark))
    streams.append(_flaps(dice(seed, "camera flaps"), cameras, pace))
    return unfold(*streams)


def beats(estate: Estate, seed: int, speed: float) -> Iterator[Act]:
    """Yield the heartbeats of the stations' cameras, for ever; `speed` is virtual seconds a real second."""
    cameras = [
        place
        for place in estate.places.values()
        if place.kind == "camera-fault" and place.site_kind == "bus-station"
    ]
    if not cameras:
        return
    rng = dice(seed, "camera silences")
    silences = arrivals(rng, SILENCES_PER_H, first_s=900)
    falls = next(silences)
    back: dict[str, float] = {}
    period_s = BEAT_S * speed
    for number in itertools.count():
        camera, at = cameras[number % len(cameras)], number / len(cameras) * period_s
        while falls <= at:
            back[rng.choice(cameras).topic] = falls + rng.uniform(*SILENT_S) * speed
            falls = next(silences)
        if back.get(camera.topic, 0.0) <= at:
            yield report(at, camera, CameraFault.HEARTBEAT, FaultState.RAISED)


class Together(msgspec.Struct, frozen=True):
    """How often cameras go dark together (an hour), when first, and for how long (virtual seconds)."""

    per_h: float
    first_s: float
    lasts_s: tuple[float, float]


def _by_site(cameras: tuple[Place, ...], kind: str) -> list[list[Place]]:
    """Return the cameras of each site of a kind."""
    sites: dict[str, list[Place]] = {}
    for camera in cameras:
        if camera.site_kind == kind:
            sites.setdefault(camera.site, []).append(camera)
    return [*sites.values()]


def _flaps(rng: random.Random, cameras: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield a camera that comes and goes five times within a quarter of an hour."""
    for at in arrivals(rng, FLAPS_PER_H * pace, first_s=600):
        camera = rng.choice(cameras)
        gone = [at + turn * 180 + rng.uniform(0, 60) for turn in range(5)]
        yield tuple(
            report(when, camera, CameraFault.SIGNAL_LOSS, state)
            for start in gone
            for when, state in ((start, FaultState.RAISED), (start + 40, FaultState.CLEARED))
        )


def report(at: float, camera: Place, fault: CameraFault, state: FaultState) -> Act:
    """Return one report of a camera; its key is the last segment of its topic."""
    key = camera.topic.rpartition("/")[2]
    return Act(at, camera.topic, CameraFaultReport(camera=key, fault=fault, state=state))


def _singles(rng: random.Random, cameras: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield a fault of one camera and its end, seconds to half an hour later."""
    for at in arrivals(rng, SINGLES_PER_H * pace, first_s=5):
        camera = rng.choice(cameras)
        fault = rng.choices([*MIX], [*MIX.values()])[0]
        over = at + rng.uniform(15, 1800)
        yield report(at, camera, fault, FaultState.RAISED), report(over, camera, fault, FaultState.CLEARED)


def _together(rng: random.Random, sites: list[list[Place]], how: Together) -> Iterator[Episode]:
    """Yield all cameras of a site going offline within seconds, and coming back one by one."""
    for at in arrivals(rng, how.per_h, first_s=how.first_s):
        station = rng.choice(sites)
        back = at + rng.uniform(*how.lasts_s)
        gone = [
            report(at + number * rng.uniform(0.2, 1.2), camera, CameraFault.OFFLINE, FaultState.RAISED)
            for number, camera in enumerate(station)
        ]
        there = [
            report(back + rng.uniform(0, 45), camera, CameraFault.OFFLINE, FaultState.CLEARED)
            for camera in station
        ]
        yield (*gone, *there)

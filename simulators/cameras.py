"""Camera faults: single cameras that go and come back, and a bus station that loses its switch.

Rates are per virtual hour for a busy demonstration and are ours.
"""

import random
from collections.abc import Iterator

from controlroom.estate.model import Estate, Place
from controlroom.signals.payloads import CameraFaultReport
from controlroom.signals.vocabulary import CameraFault, FaultState
from simulators.timetable import Act, Episode, arrivals, dice, unfold

SINGLES_PER_H = 80.0
SWITCHES_PER_H = 2.0
"""Episodes a virtual hour; each single is two reports, each lost switch about sixteen."""

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
    stations: dict[str, list[Place]] = {}
    for camera in cameras:
        if camera.site_kind == "bus-station":
            stations.setdefault(camera.site, []).append(camera)
    if stations:
        streams.append(_switches(dice(seed, "camera switches"), [*stations.values()], pace))
    return unfold(*streams)


def _report(at: float, camera: Place, fault: CameraFault, state: FaultState) -> Act:
    """Return one report of a camera; its key is the last segment of its topic."""
    key = camera.topic.rpartition("/")[2]
    return Act(at, camera.topic, CameraFaultReport(camera=key, fault=fault, state=state))


def _singles(rng: random.Random, cameras: tuple[Place, ...], pace: float) -> Iterator[Episode]:
    """Yield a fault of one camera and its end, seconds to half an hour later."""
    for at in arrivals(rng, SINGLES_PER_H * pace, first_s=5):
        camera = rng.choice(cameras)
        fault = rng.choices([*MIX], [*MIX.values()])[0]
        over = at + rng.uniform(15, 1800)
        yield _report(at, camera, fault, FaultState.RAISED), _report(over, camera, fault, FaultState.CLEARED)


def _switches(rng: random.Random, stations: list[list[Place]], pace: float) -> Iterator[Episode]:
    """Yield all cameras of a station going offline within seconds, and coming back one by one."""
    for at in arrivals(rng, SWITCHES_PER_H * pace, first_s=150):
        station = rng.choice(stations)
        back = at + rng.uniform(180, 900)
        gone = [
            _report(at + number * rng.uniform(0.2, 1.2), camera, CameraFault.OFFLINE, FaultState.RAISED)
            for number, camera in enumerate(station)
        ]
        there = [
            _report(back + rng.uniform(0, 45), camera, CameraFault.OFFLINE, FaultState.CLEARED)
            for camera in station
        ]
        yield (*gone, *there)

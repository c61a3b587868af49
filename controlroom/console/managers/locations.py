"""The review of camera locations as a page shows it: what each camera saw, gave and cost.

*Incidents near it* are those that opened at places within `NEAR_M` of the camera, its own faults apart. That
a camera stands near is no proof that it helped, and one that deters has few: the list asks questions, it
answers none. *Evidence* is footage that was handed over and named the camera.
"""

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from controlroom.estate.model import Estate, Place
from controlroom.measures.load import Load
from controlroom.signals.vocabulary import Kind

NEAR_M = 150
"""How far away a public camera is of use: a default, ask whoever plans them."""

PAGE = 50

METRES_A_DEGREE = 111_320
"""Of latitude, and of longitude at the equator."""


class Camera(msgspec.Struct, frozen=True):
    """One camera over some months. Money is in pounds for that time, None where none was said."""

    key: str
    name: str
    area: str
    group: str
    incidents: int
    faults: int
    evidence: int
    cost: float | None
    cost_an_incident: float | None


class Question(msgspec.Struct, frozen=True):
    """Which cameras: of which months, area and group; and what one costs in a year, in pounds."""

    months: tuple[str, ...]
    area: str | None = None
    group: str | None = None
    pounds_a_year: float | None = None


def review(estate: Estate, load: Load, evidence: Mapping[str, int], asked: Question) -> list[Camera]:
    """Return the cameras, those that saw the least first."""
    sources: dict[str, int] = {}
    for name in asked.months:
        month = load.months.get(name)
        for source, count in month.sources.items() if month is not None else ():
            sources[source] = sources.get(source, 0) + count
    near = _near(_Known(estate))
    cost = asked.pounds_a_year * len(asked.months) / 12 if asked.pounds_a_year is not None else None
    found = []
    for place in estate.places.values():
        if place.kind != Kind.CAMERA_FAULT:
            continue
        if asked.area not in {None, place.area} or asked.group not in {None, place.site_kind}:
            continue
        incidents = sum(sources.get(topic, 0) for topic in near[place.topic])
        found.append(
            Camera(
                place.key,
                place.name,
                place.area,
                place.site_kind,
                incidents,
                sources.get(place.topic, 0),
                evidence.get(place.key, 0),
                cost,
                cost / incidents if cost is not None and incidents else None,
            )
        )
    return sorted(found, key=lambda camera: (camera.incidents + camera.evidence, camera.key))


def groups(estate: Estate) -> tuple[str, ...]:
    """Return the groups of cameras that there are."""
    kinds = (place.site_kind for place in estate.places.values() if place.kind == Kind.CAMERA_FAULT)
    return tuple(dict.fromkeys(kinds))


class _Known:
    """An estate by its identity: it is frozen, and hashing all its places takes long."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.estate is self.estate

    def __hash__(self) -> int:
        return id(self.estate)


@lru_cache(maxsize=2)
def _near(known: _Known) -> dict[str, tuple[str, ...]]:
    """Return for each camera the places near it: looked for in the squares of a grid around it."""
    squares: dict[tuple[int, int], list[Place]] = {}
    cameras = []
    for place in known.estate.places.values():
        if place.kind == Kind.CAMERA_FAULT:
            cameras.append(place)
        else:
            squares.setdefault(_square(place), []).append(place)
    found = {}
    for camera in cameras:
        row, column = _square(camera)
        around = (
            place
            for dy in (-1, 0, 1)
            for dx in (-1, 0, 1)
            for place in squares.get((row + dy, column + dx), ())
        )
        found[camera.topic] = tuple(_close(camera, around))
    return found


def _close(camera: Place, places: Iterable[Place]) -> Iterable[str]:
    east = math.cos(math.radians(camera.latitude))
    for place in places:
        north_m = (place.latitude - camera.latitude) * METRES_A_DEGREE
        east_m = (place.longitude - camera.longitude) * METRES_A_DEGREE * east
        if math.hypot(north_m, east_m) <= NEAR_M:
            yield place.topic


def _square(place: Place) -> tuple[int, int]:
    """Return the square of the grid; half a degree of longitude is as wide as one of latitude up here."""
    side = NEAR_M / METRES_A_DEGREE
    return int(place.latitude / side), int(place.longitude / (side * 2))

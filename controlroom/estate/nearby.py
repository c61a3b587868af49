"""Which cameras look at a help point: the nearest by great circle, found once when the estate is loaded.

The earth is a sphere here, which is out by half a percent at most: a metre in two hundred. Places are
first sorted into squares of the radius, so only neighbouring squares are measured: linear in the number
of places, as long as not all of them stand in one square.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import asin, cos, floor, radians, sin, sqrt

from controlroom.estate.model import Place

EARTH_M = 6_371_009.0
"""Mean radius of the earth in metres (IUGG)."""

NEAR_M = 250.0
"""How far a camera may stand from a help point and still be offered: about what a dome camera with a good
zoom recognises a person at; ours, to be confirmed with the operators."""

NEAR_MOST = 4
"""Cameras offered at most: a wall of four pictures is what one operator takes in."""

_DEGREE_M = EARTH_M * radians(1)
"""Metres in a degree of latitude."""


POINTS_KEPT = 32_768
"""Distances remembered: those of a dozen crews to every place of a city; some 6 MB."""

Point = tuple[float, float]
"""Latitude and longitude, WGS 84 degrees."""


def metres(one: Place, other: Place) -> float:
    """Return the great-circle distance of two places in metres."""
    return great_circle_m((one.latitude, one.longitude), (other.latitude, other.longitude))


@lru_cache(maxsize=POINTS_KEPT)
def great_circle_m(one: Point, other: Point) -> float:
    """Return the great-circle distance of two points in metres (haversine, good for short ways)."""
    here, there = radians(one[0]), radians(other[0])
    across = radians(other[1] - one[1])
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(across / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(1.0, half)))


def nearest_cameras(
    points: Iterable[Place], cameras: Iterable[Place], within_m: float = NEAR_M, most: int = NEAR_MOST
) -> dict[str, tuple[str, ...]]:
    """Return for each point's topic the keys of its nearest cameras, the nearest first, then by key.

    A point without a camera in reach has an empty tuple.
    """
    squares: dict[tuple[int, int], list[Place]] = {}
    for camera in cameras:
        squares.setdefault(_square(camera, within_m), []).append(camera)
    found: dict[str, tuple[str, ...]] = {}
    for point in points:
        row, column = _square(point, within_m)
        around = (
            camera
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
            for camera in squares.get((row + north, column + east), ())
        )
        reach = sorted((far, camera.key) for camera in around if (far := metres(point, camera)) <= within_m)
        found[point.topic] = tuple(key for _, key in reach[:most])
    return found


def _square(place: Place, side_m: float) -> tuple[int, int]:
    """Return the square of at least that side in which the place stands; Leeds lies south of 60 degrees."""
    return floor(place.latitude * _DEGREE_M / side_m), floor(place.longitude * _DEGREE_M / 2 / side_m)

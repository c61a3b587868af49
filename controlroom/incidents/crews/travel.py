"""How long a crew needs from one place to another: one function, which a routing service can replace.

Ours is the great circle, made longer because streets are not straight, at a speed by the hour of the day. A
service that knows the streets would be asked ahead of time and hand in a table: the core waits for nobody.
"""

from typing import Protocol

from msgspec import Struct

from controlroom.estate.nearby import Point, great_circle_m

NIGHT, DAY, EVENING = 45.0, 30.0, 36.0
MORNING_RUSH, AFTERNOON_RUSH = 24.0, 22.0
"""Kilometres an hour that a van makes in a city without blue lights: ours, to be confirmed by its own trips.
Urban averages are some 30 by day; rush hours take a quarter off, an empty ring road at night adds half."""

SPEEDS_KMH = (
    *(NIGHT,) * 6,
    EVENING,
    *(MORNING_RUSH,) * 2,
    *(DAY,) * 7,
    *(AFTERNOON_RUSH,) * 2,
    *(EVENING,) * 4,
    *(NIGHT,) * 2,
)
"""By the hour on the wall, from midnight."""

DETOUR = 1.3
"""How much longer the way by street is than the straight line: for cities usually 1.2 to 1.4."""

_M_S = tuple(speed / 3.6 / DETOUR for speed in SPEEDS_KMH)


class Travel(Protocol):
    """Who says how long the way is."""

    def seconds(self, start: Point, end: Point, hour: int) -> float:
        """Return the seconds from one point (degrees) to another at this hour of the day."""
        ...


class StraightLine(Struct, frozen=True):
    """The great circle at the hour's speed. Out by a third where a river or a motorway is in the way."""

    def seconds(self, start: Point, end: Point, hour: int) -> float:
        """Return the seconds from one point (degrees) to another at this hour of the day."""
        return great_circle_m(start, end) / _M_S[hour]

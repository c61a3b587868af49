"""When the sun sets over Leeds, for gates that close at dusk.

A table of a day's sunset by a formula and not by a file: the sunrise equation with the equation of time and
the declination of Spencer's Fourier series (J. W. Spencer, "Fourier series representation of the position
of the sun", Search 2 (5), 1971, as the US NOAA's General Solar Position Calculations give it), for the sun's
centre 90.833 degrees from the zenith: the usual allowance for its radius and for refraction at the horizon.

Limits: within two minutes of published tables at this latitude, and no hills; the same instant for the whole
district (its far ends are a minute apart).
"""

import math
from datetime import UTC, date, datetime, time, timedelta

LATITUDE, LONGITUDE = 53.80, -1.55
"""The middle of Leeds, WGS 84 degrees, east positive."""

ZENITH = 90.833
"""Degrees of the sun's centre from the zenith when its upper edge is seen to touch the horizon."""

_YEAR_DAYS = 365
_NOON_MIN = 720
_MIN_PER_DEGREE = 4


def sunset(day: date) -> datetime:
    """Return when the sun sets in Leeds on this date, to the whole minute, UTC."""
    angle = 2 * math.pi / _YEAR_DAYS * (day.timetuple().tm_yday - 1 + 0.75)
    equation_min = 229.18 * (
        0.000075
        + 0.001868 * math.cos(angle)
        - 0.032077 * math.sin(angle)
        - 0.014615 * math.cos(2 * angle)
        - 0.040849 * math.sin(2 * angle)
    )
    declination = (
        0.006918
        - 0.399912 * math.cos(angle)
        + 0.070257 * math.sin(angle)
        - 0.006758 * math.cos(2 * angle)
        + 0.000907 * math.sin(2 * angle)
        - 0.002697 * math.cos(3 * angle)
        + 0.00148 * math.sin(3 * angle)
    )
    latitude = math.radians(LATITUDE)
    cosine = math.cos(math.radians(ZENITH)) / (math.cos(latitude) * math.cos(declination))
    half_day = math.degrees(math.acos(cosine - math.tan(latitude) * math.tan(declination)))
    minutes = _NOON_MIN - _MIN_PER_DEGREE * (LONGITUDE - half_day) - equation_min
    return datetime.combine(day, time(), UTC) + timedelta(minutes=round(minutes))

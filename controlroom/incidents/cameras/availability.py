"""How long a camera was up, down or unknown: to the microsecond, since the start and over any period.

Up means that there is a picture; down that a fault of `limits.DARK` stands; unknown, which is never the
same as up, until something was heard of the camera. The turns of the last `TURNS_KEPT` changes are kept,
so a period is exact as far back as they reach; what lies before them counts as unknown.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

TURNS_KEPT = 128
"""Turns that are kept of a camera, some 4 kB: four failures a day for a fortnight, one a day for two
months."""

PERIODS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}
"""The rolling periods of the figures, beside the time since the room began."""

_SECOND = timedelta(seconds=1)


class Light(StrEnum):
    """Whether there is a picture."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


class Turn(Struct, frozen=True, gc=False, array_like=True):
    """From this moment on a camera was up, or down."""

    at: datetime
    light: Light


class Uptime(Struct, frozen=True, array_like=True):
    """What is known of a camera's time: sums of the spans that are over, and the turns, the last one open."""

    up: timedelta
    down: timedelta
    unknown: timedelta
    turns: tuple[Turn, ...]

    @property
    def light(self) -> Light:
        """How the camera is now."""
        return self.turns[-1].light


class Spent(Struct, frozen=True, gc=False):
    """Seconds that a camera, or many, were up, down and unknown."""

    up: float = 0.0
    down: float = 0.0
    unknown: float = 0.0

    @property
    def availability(self) -> float | None:
        """The share of the known time with a picture, 0 to 1; None where nothing is known."""
        known = self.up + self.down
        return self.up / known if known else None


def first_heard(began: datetime, light: Light, now: datetime) -> Uptime:
    """Return the time of a camera that is heard for the first time."""
    return Uptime(timedelta(), timedelta(), now - began, (Turn(now, light),))


def turned(uptime: Uptime, light: Light, now: datetime) -> Uptime:
    """Return the time with this turn; unchanged where it is none."""
    last = uptime.turns[-1]
    if last.light is light:
        return uptime
    turns = (*uptime.turns, Turn(now, light))[-TURNS_KEPT:]
    if last.light is Light.UP:
        return replace(uptime, up=uptime.up + (now - last.at), turns=turns)
    return replace(uptime, down=uptime.down + (now - last.at), turns=turns)


def since_the_start(uptime: Uptime | None, began: datetime, now: datetime) -> Spent:
    """Return the whole time since the room began; all of it unknown for a camera that was never heard."""
    if uptime is None:
        return Spent(unknown=(now - began) / _SECOND)
    last = uptime.turns[-1]
    is_up, lasts = last.light is Light.UP, now - last.at
    up, down = uptime.up, uptime.down
    return Spent(
        (up + lasts if is_up else up) / _SECOND,
        (down if is_up else down + lasts) / _SECOND,
        uptime.unknown / _SECOND,
    )


def within(uptime: Uptime | None, start: datetime, now: datetime) -> Spent:
    """Return the time from `start` to `now`; what the turns do not reach is unknown."""
    whole = now - start
    up, down, until = timedelta(), timedelta(), now
    for turn in reversed(uptime.turns if uptime is not None else ()):
        begins = max(turn.at, start)
        if begins >= until:
            continue
        if turn.light is Light.UP:
            up += until - begins
        else:
            down += until - begins
        until = begins
    return Spent(up / _SECOND, down / _SECOND, (whole - up - down) / _SECOND)


def summed(spent: Iterable[Spent]) -> Spent:
    """Return the time of many cameras together."""
    up = down = unknown = 0.0
    for one in spent:
        up, down, unknown = up + one.up, down + one.down, unknown + one.unknown
    return Spent(up, down, unknown)

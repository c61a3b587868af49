"""What every feed of the day is told: the estate, the seed, the clock, and how full the day is to be."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from controlroom.estate.model import Estate, Place
from controlroom.rules.calendars import LONDON
from simulators.day.shapes import Shape
from simulators.keepers import Wall
from simulators.timetable import HOUR_S, dice

DAY_S = 24 * HOUR_S


class Town(msgspec.Struct, frozen=True):
    """One city on its days.

    `wall` is the real clock of the run; a feed that is only written has a speed of 1. `calls` is the share of
    chance events that happens: 1 is a believable day, a demonstration that nobody works takes less. `chosen`
    are occasions that the first day must have.
    """

    estate: Estate
    seed: int
    wall: Wall
    calls: float = 1.0
    chosen: frozenset[str] = frozenset()

    def places(self, kind: str) -> tuple[Place, ...]:
        """Return what speaks of this kind."""
        return tuple(place for place in self.estate.places.values() if place.kind == kind)

    def local(self, second: float) -> datetime:
        """Return what the city's clock says at this virtual second; its day goes at its own speed."""
        return (self.wall.started + timedelta(seconds=second)).astimezone(LONDON)

    def moment(self, second: float) -> datetime:
        """Return the real moment at which this virtual second is played."""
        return self.wall.started + timedelta(seconds=second / self.wall.speed)

    def dice(self, name: str) -> random.Random:
        """Return the dice of this name."""
        return dice(self.seed, f"day {name}")

    def arrivals(self, name: str, a_day: float, shape: Shape) -> Iterator[float]:
        """Yield the virtual seconds of chance events, `a_day` of them on a mean day, for ever."""
        return thinned(self, self.dice(f"{name} arrivals"), a_day * self.calls, shape)


def thinned(town: Town, rng: random.Random, a_day: float, shape: Shape) -> Iterator[float]:
    """Yield a Poisson process with this shape over the week (by thinning); nothing for a rate of nothing."""
    peak = max(map(max, shape))
    at = 0.0
    while a_day > 0:
        at += rng.expovariate(a_day * peak / DAY_S)
        local = town.local(at)
        if rng.random() * peak <= shape[local.weekday()][local.hour]:
            yield at

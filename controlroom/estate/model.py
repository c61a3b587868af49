"""Places and crews, as the room looks them up: by the topic a place speaks on, by a crew's call sign.

The estate is loaded once (`estate.load`), checked, frozen, and handed to the decision as an argument.
A place that is not in it may still speak; the room then knows nothing about it but its kind and area.
"""

from typing import Annotated

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.shifts import Assignment

CONFIRM_MIN, CONFIRM_MAX = 30, 60
"""Minutes that a site's confirmation window may have (BS 8243, as installers quote it; 30 is usual)."""


class Place(msgspec.Struct, frozen=True):
    """One thing that can send a signal: a panel, a camera, a worker's device, a park, a telecare unit.

    `topic` is the full topic it speaks on and its key. `site` groups places that share a building or
    stop; `risk` runs from 1 (low) to 3 (high). Coordinates are WGS 84 degrees. `confirm_within_min` is the
    site's confirmation window in minutes as its alarm company set it (BS 8243), None for the room's own.
    `duty` says how a lone worker or a guard is watched over.
    """

    topic: str
    kind: str
    area: Area
    site: str
    site_kind: str
    name: str
    tags: frozenset[str] = frozenset()
    risk: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    keys_held: bool = False
    latitude: float = 53.8
    longitude: float = -1.55
    confirm_within_min: Annotated[int, msgspec.Meta(ge=CONFIRM_MIN, le=CONFIRM_MAX)] | None = None
    duty: Assignment = Assignment()


class Crew(msgspec.Struct, frozen=True):
    """One mobile response unit: its call sign (`unit`, a topic segment) and the area of its base."""

    unit: str
    area: Area


class Estate(msgspec.Struct, frozen=True):
    """Everything looked after: places by topic, crews by call sign, and for each area who may be sent.

    `kinds` says of each topic and each site what kinds of signal come from it.
    """

    places: dict[str, Place]
    crews: dict[str, Crew]
    units: dict[Area, tuple[str, ...]] = {}
    kinds: dict[str, frozenset[str]] = {}

    def __post_init__(self) -> None:
        """Index what speaks by site and topic; line the crews up for each area, those based there first."""
        for place in self.places.values():
            for target in (place.topic, place.site):
                self.kinds[target] = self.kinds.get(target, frozenset()) | {place.kind}
        for area in Area:
            own = {unit for unit, crew in self.crews.items() if crew.area is area}
            self.units[area] = (*sorted(own), *sorted(self.crews.keys() - own))

    def units_for(self, area: Area) -> tuple[str, ...]:
        """Return every unit of the city: those based in this area first, each part by call sign."""
        return self.units[area]

    def place(self, topic: str) -> Place | None:
        """Return the place that speaks on this topic; None is a ghost: nobody's account."""
        return self.places.get(topic)

"""Places and crews, as the room looks them up: by the topic a place speaks on, by a crew's call sign.

The estate is loaded once (`estate.load`), checked, frozen, and handed to the decision as an argument.
A place that is not in it may still speak; the room then knows nothing about it but its kind and area.
"""

from datetime import date
from typing import Annotated

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.customers import Contract
from controlroom.estate.police import PoliceReference
from controlroom.estate.shifts import Assignment, Shift, week_of
from controlroom.estate.telephones import Telephone

TEST_EVERY_MAX_H = 31 * 24
"""Hours that periodic tests may be apart: a month is the longest that panels are programmed to."""

PATH_GRADES = ("SP1", "SP2", "SP3", "SP4", "SP5", "SP6", "DP1", "DP2", "DP3", "DP4")
"""Categories of alarm transmission (EN 50136-1): one path (SP) or two (DP), the higher the stricter."""

CONFIRM_MIN, CONFIRM_MAX = 30, 60
"""Minutes that a site's confirmation window may have (BS 8243, as installers quote it; 30 is usual)."""


CREW_TAG = "crew"
"""The tag of the place that a crew is watched over as."""


class Place(msgspec.Struct, frozen=True):
    """One thing that can send a signal: a panel, a camera, a worker's device, a park, a telecare unit.

    `topic` is the full topic it speaks on and its key. `site` groups places that share a building or
    stop; `risk` runs from 1 (low) to 3 (high). Coordinates are WGS 84 degrees. `confirm_within_min` is the
    site's confirmation window in minutes as its alarm company set it (BS 8243), None for the room's own.
    `duty` says how a lone worker or a guard is watched over.

    What is expected of it, None where nothing is: `hours` names the calendar of its opening hours,
    `test_every_h` is how many hours its panel's periodic tests are apart, `path_grade` is the supervision
    of its paths (`PATH_GRADES`).
    `parent` is the topic of the switch, recorder or building that a camera goes dark with; None where the
    records name none. `every_s` is how often the device says that it is there (a camera's heartbeat, a help
    point's test of itself), in seconds; None where the records do not say.
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
    hours: str | None = None
    test_every_h: Annotated[int, msgspec.Meta(ge=1, le=TEST_EVERY_MAX_H)] | None = None
    path_grade: str | None = None
    parent: str | None = None
    every_s: int | None = None

    @property
    def key(self) -> str:
        """The last segment of its topic: the name that people and devices use."""
        return self.topic.rpartition("/")[2]

    @property
    def expected_of(self) -> bool:
        """Whether anything is expected of this place by a certain time."""
        return not (self.hours is None and self.test_every_h is None and self.path_grade is None)


class Keyholder(msgspec.Struct, frozen=True):
    """Somebody with a key of a site, by role: `reference` leads to the key register, never to a number here.

    `turn` is their place in the order in which they are called, from 1; `hours` names the calendar of the
    hours in which they can be called, None for always.
    """

    reference: str
    site: str
    role: str
    turn: int
    hours: str | None = None


class Round(msgspec.Struct, frozen=True):
    """A patrol's visit of a site: in every span of the calendar `window` one visit is expected.

    `topic` is what the visit is reported on: the guard feed, with the site as its post. `random`: the room
    calls for it at a moment of the window that nobody can know beforehand.
    """

    name: str
    topic: str
    site: str
    window: str
    random: bool = False


class Crew(msgspec.Struct, frozen=True):
    """One mobile response unit: its call sign (`unit`, a topic segment) and the area of its base.

    `call_sign` is what it is called on the radio. It waits at `latitude` and `longitude` (None: somewhere in
    its area), which are those of the site `base` where it has one. `skills` are words of `crews.SKILLS`,
    `keys` sites and areas whose keys are on board. `shifts` is its roster, empty where it is there day and
    night. `capacity` is how many people it brings, `check_every_min` how often it owes a sign of life at a
    place (None: the house's).
    """

    unit: str
    area: Area
    call_sign: str = ""
    base: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    skills: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    shifts: tuple[Shift, ...] = ()
    capacity: int = 1
    check_every_min: int | None = None

    @property
    def topic(self) -> str:
        """The name that it is watched over by, in the form of a lone worker's topic: a crew is one too."""
        return f"leedswatch/{self.area}/lone-worker/{self.unit}"

    def has_key(self, site: str, area: str) -> bool:
        """Say whether the key of this site, in this area, is on board."""
        return site in self.keys or area in self.keys


class SiteNotes(msgspec.Struct, frozen=True):
    """What a crew should know of a site: how to get in, anything else, and words of `site_notes.HAZARDS`.

    `review_by` is the day by which somebody looks at it again, None where nobody has to.
    """

    entry: str = ""
    notes: str = ""
    hazards: tuple[str, ...] = ()
    review_by: date | None = None


class Estate(msgspec.Struct, frozen=True):
    """Everything looked after: places by topic, crews by call sign, and for each area who may be sent.

    `kinds` says of each topic and each site what kinds of signal come from it. `keyholders` are those of each
    site in the order in which they are called, `rounds` the patrols' visits by name. `expecting` are the
    places and rounds of which something is expected, in the order of the estate's files. `cameras_of` are the
    cameras that go dark with each parent, `cameras_near` those that look at each help point (keys, the
    nearest first). `notes` are what crews should know of sites, `on_shift` the week of each crew that has a
    roster. Every crew is a place as well, of somebody who works alone (`Crew.topic`, tag `crew`), because it
    is watched over where it arrives. `proposed` are cameras that are planned and not there, by topic: they
    are in no other list, nothing counts them, and what would speak as one of them is a source that nobody
    owns. `police` are the numbers (URN) by which the police answer, by themselves; `contracts` say whose
    money the work at a site is. `telephones` are the numbers of keyholders by their references, apart from
    all else, because few may see them.
    """

    places: dict[str, Place]
    crews: dict[str, Crew]
    units: dict[Area, tuple[str, ...]] = {}
    kinds: dict[str, frozenset[str]] = {}
    keyholders: dict[str, tuple[Keyholder, ...]] = {}
    rounds: dict[str, Round] = {}
    expecting: list[Place | Round] = []
    cameras_of: dict[str, tuple[str, ...]] = {}
    cameras_near: dict[str, tuple[str, ...]] = {}
    notes: dict[str, SiteNotes] = {}
    on_shift: dict[str, bytes] = {}
    proposed: dict[str, Place] = {}
    police: dict[str, PoliceReference] = {}
    contracts: tuple[Contract, ...] = ()
    telephones: dict[str, Telephone] = {}

    def __post_init__(self) -> None:
        """Index what speaks by site and topic; line the crews up for each area, those based there first."""
        for crew in self.crews.values():
            self.places.setdefault(crew.topic, _place_of(crew))
            if crew.shifts:
                self.on_shift[crew.unit] = week_of(crew.shifts)
        for place in self.places.values():
            for target in (place.topic, place.site):
                self.kinds[target] = self.kinds.get(target, frozenset()) | {place.kind}
            if place.parent is not None:
                self.cameras_of[place.parent] = (*self.cameras_of.get(place.parent, ()), place.topic)
        self.expecting.extend(place for place in self.places.values() if place.expected_of)
        self.expecting.extend(self.rounds.values())
        for area in Area:
            own = {unit for unit, crew in self.crews.items() if crew.area is area}
            self.units[area] = (*sorted(own), *sorted(self.crews.keys() - own))

    def units_for(self, area: Area) -> tuple[str, ...]:
        """Return every unit of the city: those based in this area first, each part by call sign."""
        return self.units[area]

    def place(self, topic: str) -> Place | None:
        """Return the place that speaks on this topic; None is a ghost: nobody's account."""
        return self.places.get(topic)


def _place_of(crew: Crew) -> Place:
    """Return the crew as somebody who is watched over; it is a site of its own."""
    place = Place(
        topic=crew.topic,
        kind="lone-worker",
        area=crew.area,
        site=crew.unit,
        site_kind="crew",
        name=f"Crew {crew.call_sign or crew.unit}",
        tags=frozenset({CREW_TAG}),
        risk=2,
        duty=Assignment(crew.check_every_min),
    )
    if crew.latitude is None or crew.longitude is None:
        return place
    return msgspec.structs.replace(place, latitude=crew.latitude, longitude=crew.longitude)

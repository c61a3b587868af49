"""The map's facts: where everything stands, told once, and how it stands now, told in one small answer.

Points are the sites (whatever has a panel, gates, a guard post or a lone worker's base), cameras, help
points and crews. Homes with telecare are not among them: a map of who lives alone is nothing to leave on a
screen. A home has a position only while an incident is open there, in the answer about now.

Pure; `map_answers` asks it. What is open is not told here: the page has that from the live stream.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.model import CREW_TAG, Crew, Estate, Place
from controlroom.incidents.cameras.availability import Light
from controlroom.incidents.crews.choosing import where_is
from controlroom.incidents.crews.status import CrewStatus, status_of, wall_at
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.sites.picture import UNKNOWN, owed_at, state_at
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import Kind

SITE, CAMERA, HELP_POINT, CREW = "site", "camera", "help_point", "crew"
"""The kinds of points."""

OFF_THE_MAP = frozenset({Kind.TELECARE, "camera-group"})
"""Places that make no point: homes, and the switches and recorders that cameras hang on."""

_DEVICES = {Kind.CAMERA_FAULT: CAMERA, Kind.HELP_POINT: HELP_POINT}
"""Kinds of places that are points of their own."""


class MapPoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """One point. `id` is its kind and its key; coordinates are WGS 84 degrees, None where nobody knows them.

    `group` is a camera's group or a site's kind, `site` what a device belongs to, `cameras` the keys of those
    that look at a help point, the nearest first.
    """

    id: str
    kind: str
    key: str
    name: str
    area: Area
    latitude: float | None
    longitude: float | None
    group: str = ""
    site: str = ""
    cameras: tuple[str, ...] = ()


class CrewSpot(msgspec.Struct, frozen=True):
    """How a crew is and where it was last; `reported` is False where that is only where it waits.

    `at` is when it was there, None where nobody knows.
    """

    id: str
    status: CrewStatus
    latitude: float | None
    longitude: float | None
    reported: bool
    at: datetime | None = None


class IncidentSpot(msgspec.Struct, frozen=True):
    """Where an open incident is that happens at none of the points."""

    incident: str
    latitude: float
    longitude: float


class MapNow(msgspec.Struct, frozen=True):
    """How the points stand, by their ids; what is in no list is as it should be, and a site in none unknown.

    `down` and `silent` cameras, `stuck` help points and those whose test is `untested`, sites by what their
    panel said, `owing` sites, and everything that is `on_test`.
    """

    position: int
    down: tuple[str, ...]
    silent: tuple[str, ...]
    stuck: tuple[str, ...]
    untested: tuple[str, ...]
    sites: dict[str, tuple[str, ...]]
    owing: tuple[str, ...]
    on_test: tuple[str, ...]
    crews: tuple[CrewSpot, ...]
    incidents: tuple[IncidentSpot, ...]


def sites_on_map(estate: Estate) -> dict[str, tuple[Place, ...]]:
    """Return the places of each site that is a point, by its key; the panel first, whose name is the site's.

    A help point makes no site by itself, and a site that has more than help points keeps them.
    """
    found: dict[str, list[Place]] = {}
    for place in estate.places.values():
        if place.kind not in OFF_THE_MAP and place.kind not in _DEVICES and CREW_TAG not in place.tags:
            found.setdefault(place.site, []).append(place)
    return {
        site: tuple(sorted(places, key=lambda place: place.kind != Kind.ARC_ALARM))
        for site, places in sorted(found.items())
    }


def points_of(estate: Estate) -> tuple[MapPoint, ...]:
    """Return every point of the estate: sites, devices, crews, each kind by key."""
    sites = [_point(SITE, site, places[0]) for site, places in sites_on_map(estate).items()]
    devices = [
        msgspec.structs.replace(
            _point(_DEVICES[Kind(place.kind)], place.key, place),
            site=place.site,
            cameras=estate.cameras_near.get(place.topic, ()),
        )
        for place in sorted(estate.places.values(), key=lambda place: (place.kind, place.key))
        if place.kind in _DEVICES
    ]
    crews = [_crew_point(crew) for crew in estate.crews.values()]
    return (*sites, *devices, *crews)


def now_of(handbook: Handbook, state: State, now: datetime) -> MapNow:
    """Return how everything stands; some two thousand look-ups for a city."""
    estate, sites = handbook.estate, sites_on_map(handbook.estate)
    cameras = [place for place in estate.places.values() if place.kind == Kind.CAMERA_FAULT]
    lights = {place.key: _light(state, place) for place in cameras}
    tested = state.help_points.tested
    by_state: dict[str, list[str]] = {}
    for site, places in sites.items():
        said = state_at(state.sites, places)
        if said not in {None, UNKNOWN}:
            by_state.setdefault(str(said), []).append(_id(SITE, site))
    return MapNow(
        position=state.position,
        down=tuple(_id(CAMERA, key) for key, light in lights.items() if light is Light.DOWN),
        silent=tuple(_id(CAMERA, key) for key, light in lights.items() if light is Light.UNKNOWN),
        stuck=_named(estate, state.help_points.stuck),
        untested=_named(estate, (topic for topic, one in tested.items() if one.overdue)),
        sites={said: tuple(ids) for said, ids in sorted(by_state.items())},
        owing=tuple(_id(SITE, site) for site, places in sites.items() if owed_at(state.sites, places)),
        on_test=tuple(_on_test(estate, state, sites)),
        crews=tuple(_crew_spot(handbook, state, crew, now) for crew in estate.crews.values()),
        incidents=tuple(_off_the_map(estate, state)),
    )


def _id(kind: str, key: str) -> str:
    return f"{kind}:{key}"


def _point(kind: str, key: str, place: Place) -> MapPoint:
    return MapPoint(
        _id(kind, key), kind, key, place.name, place.area, place.latitude, place.longitude, place.site_kind
    )


def _crew_point(crew: Crew) -> MapPoint:
    name = crew.call_sign or crew.unit
    return MapPoint(_id(CREW, crew.unit), CREW, crew.unit, name, crew.area, crew.latitude, crew.longitude)


def _light(state: State, place: Place) -> Light:
    uptime = state.cameras.uptime.get(place.topic)
    return uptime.light if uptime is not None else Light.UNKNOWN


def _named(estate: Estate, topics: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the help points that speak on these topics."""
    places = (estate.place(topic) for topic in topics)
    return tuple(_id(HELP_POINT, place.key) for place in places if place is not None)


def _on_test(estate: Estate, state: State, sites: dict[str, tuple[Place, ...]]) -> Iterable[str]:
    """Yield what is on test, wholly or in a part: by its own topic, or with the site that it belongs to."""
    targets = {test.target for test in state.tests.values()}
    if not targets:
        return
    for site, places in sites.items():
        if site in targets or any(place.topic in targets for place in places):
            yield _id(SITE, site)
    for place in estate.places.values():
        if place.kind in _DEVICES and (place.topic in targets or place.site in targets):
            yield _id(_DEVICES[Kind(place.kind)], place.key)


def _crew_spot(handbook: Handbook, state: State, crew: Crew, now: datetime) -> CrewSpot:
    note = state.crews.get(crew.unit)
    status = status_of(handbook, state, crew, wall_at(now))
    if note is not None and note.latitude is not None and note.longitude is not None:
        spot = (note.latitude, note.longitude)
        return CrewSpot(_id(CREW, crew.unit), status, *spot, reported=True, at=note.placed_at)
    return CrewSpot(_id(CREW, crew.unit), status, crew.latitude, crew.longitude, reported=False)


def _off_the_map(estate: Estate, state: State) -> Iterable[IncidentSpot]:
    for incident in state.incidents.values():
        place = estate.place(incident.source)
        if place is not None and place.kind in OFF_THE_MAP:
            spot = where_is(state, place)
            if spot is not None:
                yield IncidentSpot(incident.id, *spot)

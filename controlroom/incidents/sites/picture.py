"""How the sites stand at this moment, for lists and figures: read from the state, nothing is kept here.

A site is what has a panel, gates or a patrol's round; its places are gathered by the site's key.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from controlroom.estate.areas import Area
from controlroom.estate.model import Estate, Keyholder, Place
from controlroom.estate.police import System
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.sites.expectations import path_subject
from controlroom.incidents.sites.false_calls import day_of, limit_of, standing_calls
from controlroom.incidents.sites.state import Sites
from controlroom.incidents.sites.supervision import paths_of
from controlroom.incidents.state import State
from controlroom.incidents.watches import due_of
from controlroom.signals.vocabulary import Kind, SetState

UNKNOWN = "unknown"
"""The word for a panel that has not said whether it is set: never the same as any state."""


class Due(Struct, frozen=True):
    """Something that is expected; `detail` names the path or the round, empty where there is none."""

    what: str
    detail: str
    by: datetime


class Owed(Struct, frozen=True):
    """Something that did not come, and since when the room says so."""

    what: str
    detail: str
    since: datetime


class FalseCalls(Struct, frozen=True):
    """False calls of one system that count today, and the number at which the police withdraw."""

    system: System
    calls: int
    limit: int


class SitePicture(Struct, frozen=True):
    """One site. `state` is that of its panel, `unknown` until told; None where it has no panel.

    `since` and `position` say when the panel said so and in which record; None while it is unknown.
    """

    site: str
    name: str
    area: Area
    site_kind: str
    state: str | None
    since: datetime | None
    position: int | None
    hours: str | None
    open: bool | None
    expected: tuple[Due, ...]
    overdue: tuple[Owed, ...]
    false_calls: tuple[FalseCalls, ...]
    keyholders: tuple[Keyholder, ...]


def sites_of(estate: Estate) -> dict[str, tuple[Place, ...]]:
    """Return the places of each site that is listed, by the site's key, in the order of the estate."""
    found: dict[str, list[Place]] = {}
    patrolled = {one.topic for one in estate.rounds.values()}
    for place in estate.places.values():
        if place.kind == Kind.ARC_ALARM or place.expected_of or place.topic in patrolled:
            found.setdefault(place.site, []).append(place)
    return {site: tuple(places) for site, places in sorted(found.items())}


def owed_at(sites: Sites, places: Iterable[Place]) -> tuple[Owed, ...]:
    """Return what these places owe, in the order in which the room said so."""
    return tuple(
        Owed(*_named(name), since)
        for place in places
        for name, since in sites.missed.get(place.topic, {}).items()
    )


def state_at(sites: Sites, places: Iterable[Place]) -> str | None:
    """Return the set state of the panel among these places; None where none of them is a panel."""
    for place in places:
        if place.kind == Kind.ARC_ALARM:
            note = sites.set_states.get(place.topic)
            return UNKNOWN if note is None else note.state
    return None


def picture_of(handbook: Handbook, state: State, places: tuple[Place, ...], now: datetime) -> SitePicture:
    """Return the picture of a site that has these places, the first of which gives its name."""
    site, sites = places[0].site, state.sites
    note = next((sites.set_states[p.topic] for p in places if p.topic in sites.set_states), None)
    gate = next((sites.gates[p.topic] for p in places if p.topic in sites.gates), None)
    today = day_of(now)
    return SitePicture(
        site=site,
        name=places[0].name,
        area=places[0].area,
        site_kind=places[0].site_kind,
        state=state_at(sites, places),
        since=None if note is None else note.since,
        position=None if note is None else note.by,
        hours=next((place.hours for place in places if place.hours is not None), None),
        open=None if gate is None else gate.open,
        expected=_expected(handbook, state, places),
        overdue=owed_at(sites, places),
        false_calls=tuple(
            FalseCalls(
                system,
                standing_calls(handbook.estate, sites.false_calls, site, system, today),
                limit_of(handbook.house.sites, system),
            )
            for system in System
        ),
        keyholders=handbook.estate.keyholders.get(site, ()),
    )


def by_set_state(estate: Estate, sites: Sites) -> dict[tuple[str, ...], int]:
    """Return how many panels of each area are in each set state; every combination has a figure."""
    panels = dict.fromkeys(Area, 0)
    for place in estate.places.values():
        if place.kind == Kind.ARC_ALARM:
            panels[place.area] += 1
    found: dict[tuple[str, ...], int] = {}
    for area, all_of_it in panels.items():
        told = {state: sites.counts.get(f"{area} {state}", 0) for state in SetState}
        found |= {(area.value, state.value): count for state, count in told.items()}
        found[area.value, UNKNOWN] = max(0, all_of_it - sum(told.values()))
    return found


def _expected(handbook: Handbook, state: State, places: tuple[Place, ...]) -> tuple[Due, ...]:
    topics = {place.topic for place in places}
    asked = [(kind, topic, "") for topic in topics for kind in _OF_A_PLACE]
    asked += [
        (WatchKind.PATH_SILENT, path_subject(place.topic, path), path)
        for place in places
        if place.path_grade is not None
        for path in paths_of(place.path_grade)
    ]
    asked += [
        (WatchKind.VISIT, name, name) for name, one in handbook.estate.rounds.items() if one.topic in topics
    ]
    found = (
        Due(kind, detail, by)
        for kind, subject, detail in asked
        if (by := due_of(state.watches, kind, subject)) is not None
    )
    return tuple(sorted(found, key=lambda due: (due.by, due.what, due.detail)))


_OF_A_PLACE = (
    WatchKind.LATE_TO_SET,
    WatchKind.TEST_OVERDUE,
    WatchKind.GATE_OPENING,
    WatchKind.GATE_CLOSING,
)
"""What is expected of a place as a whole."""


def _named(name: str) -> tuple[str, str]:
    what, _, detail = name.partition(" ")
    return what, detail

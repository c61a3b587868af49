"""The estate as a council keeps it, a folder of CSV files, made an `Estate` or every problem.

`sites.csv` holds buildings, stops and blocks; a site with `systems` has an alarm panel and speaks. The
other files hold what else speaks: cameras, help points, lone workers' devices, guard posts, parks, homes
with telecare. They name the site they belong to, and a site's area and position are theirs. `crews.csv`
holds who can be sent. A home is a number: who lives there is in no file of the estate.
What is expected of sites, their keyholders and the patrols are in `expected`, crews in `crews`; `places`
makes places of rows.

Pure: text in, estate out; who reads the folder is somebody else's room. The topic grammar is
`leedswatch/<area>/<kind>/<key>`.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from controlroom.estate import crews, customers, expected, parents, police, site_notes
from controlroom.estate import places as places_of
from controlroom.estate.areas import Area
from controlroom.estate.model import CONFIRM_MAX, CONFIRM_MIN, Estate
from controlroom.estate.nearby import nearest_cameras
from controlroom.estate.table import (
    Column,
    EstateError,
    Problem,
    Table,
    key_column,
    nearest,
    number_column,
    read_table,
    risk_column,
    shifts_column,
    text_column,
    whole_column,
    word_column,
    words_column,
    yes_column,
)


class CameraGroup(StrEnum):
    """Whose camera it is: the four groups that the council report counts."""

    ON_STREET = "on-street"
    BUS_STATION = "bus-station"
    UTC = "utc"
    TOWER_BLOCK = "tower-block"


SITE_KINDS = (
    "bus-station",
    "care-home",
    "cemetery",
    "children-centre",
    "community-centre",
    "depot",
    "industrial-estate",
    "leisure-centre",
    "library",
    "museum",
    "office",
    "park",
    "private-client",
    "school",
    "sheltered-housing",
    "tower-block",
    "waste-site",
)
"""What a site can be. Closed, so that a rule about schools cannot be written about `shcools`."""

SYSTEMS = ("intruder", "fire", "panic")
"""What an alarm panel can have connected; in `Place.tags` with the prefix `system-`."""

KNOWN_TAGS = (expected.SINGLE_PATH,)
"""Tags that come from another column than `tags`: rules may ask for them though no site has them now."""

_LATITUDE = number_column("latitude", crews.SOUTH, crews.NORTH)
_LONGITUDE = number_column("longitude", crews.WEST, crews.EAST)
_AREA = word_column("area", tuple(area.value for area in Area))
_TAGS = words_column("tags")
_NAME = text_column("name")
_SITE = key_column("site")
_RISK = risk_column()
_DUTY = (
    whole_column("check_every_min", "minutes", 1, 240),
    whole_column("check_grace_min", "minutes", 1, 60),
    shifts_column("roster"),
)
"""How somebody is watched over: an interval of up to four hours, past which nobody would look for anybody."""

OPTIONAL = expected.FILES | site_notes.FILES | police.FILES | customers.FILES
"""Files that a folder may be without."""

FILES: dict[str, tuple[Column, ...]] = {
    "sites.csv": (
        _SITE,
        _NAME,
        word_column("site_kind", SITE_KINDS),
        _AREA,
        words_column("systems", SYSTEMS),
        _TAGS,
        _RISK,
        yes_column("keys_held"),
        _LATITUDE,
        _LONGITUDE,
        whole_column("confirm_within_min", "minutes", CONFIRM_MIN, CONFIRM_MAX),
        *expected.COLUMNS,
    ),
    "cameras.csv": (
        key_column("camera"),
        _NAME,
        word_column("group", tuple(group.value for group in CameraGroup)),
        key_column("site", default=""),
        _AREA,
        _TAGS,
        _RISK,
        _LATITUDE,
        _LONGITUDE,
        key_column("parent", default=""),
        parents.HEARTBEAT,
        yes_column(parents.PROPOSED),
    ),
    "help_points.csv": (key_column("point"), _NAME, _SITE, _TAGS, _RISK, parents.SELF_TEST),
    "workers.csv": (key_column("worker"), _NAME, _SITE, _TAGS, _RISK, *_DUTY),
    "guards.csv": (key_column("post"), _NAME, _SITE, _TAGS, _RISK, *_DUTY),
    "parks.csv": (key_column("park"), _NAME, _SITE, _TAGS, _RISK, expected.HOURS),
    "telecare.csv": (key_column("home"), _NAME, _SITE, _TAGS, _RISK),
    crews.FILE: crews.COLUMNS,
    **OPTIONAL,
}
"""Every file of the estate and its columns, the key first."""


def load(files: Mapping[str, str], calendars: Collection[str] | None = None) -> Estate:
    """Return the estate that these files (name to text) describe.

    Raises `EstateError` with every problem of every file at once. `calendars` are the names that there are;
    None leaves the names of calendars unchecked.
    """
    problems = [
        Problem(name, 1, "file", "an unknown file", ", ".join(FILES), nearest(name, tuple(FILES)))
        for name in sorted(set(files) - set(FILES))
    ]
    tables: dict[str, Table] = {}
    for name, columns in FILES.items():
        if name in files:
            tables[name] = read_table(name, files[name], columns)
            problems.extend(tables[name].problems)
            continue
        tables[name] = Table(name, (), frozenset(), ())
        if name not in OPTIONAL:
            allowed = "a file with this name, if only its header"
            problems.append(Problem(name, 1, "file", "no such file", allowed))
    sites = {row.cells["site"]: row.cells for row in tables["sites.csv"].rows}
    problems.extend([*_lost(tables, sites), *customers.overlaps(tables["contracts.csv"])])
    if calendars is not None:
        problems.extend(expected.unknown_calendars(tables, calendars))
    if problems:
        order = {name: place for place, name in enumerate(FILES)}
        raise EstateError(tuple(sorted(problems, key=lambda it: (order.get(it.file, -1), it.line))))
    cameras, proposed = parents.apart(places_of.cameras(tables["cameras.csv"]))
    groups = parents.parents_of(cameras.values(), {site: row["name"] for site, row in sites.items()})
    points = places_of.devices(tables["help_points.csv"], "point", "help-point", sites)
    places = places_of.panels(tables["sites.csv"], sites) | cameras | points
    for name, key, kind in _DEVICES[1:]:
        places |= places_of.devices(tables[name], key, kind, sites)
    rounds, posts = expected.rounds(tables["patrols.csv"], sites, f"{places_of.ROOT}/{{area}}/guard/{{key}}")
    places |= posts
    near = nearest_cameras(points.values(), cameras.values())
    return Estate(
        places | groups,
        crews.crews_of(tables[crews.FILE], sites),
        keyholders=expected.keyholders(tables["keyholders.csv"]),
        telephones=expected.telephones(tables["keyholders.csv"]),
        rounds=rounds,
        cameras_near=near,
        notes=site_notes.notes_of(tables["site_notes.csv"]),
        proposed=proposed,
        police=police.references_of(tables["police_references.csv"]),
        contracts=customers.contracts_of(tables["contracts.csv"]),
    )


_DEVICES = (
    ("help_points.csv", "point", "help-point"),
    ("workers.csv", "worker", "lone-worker"),
    ("guards.csv", "post", "guard"),
    ("parks.csv", "park", "park"),
    ("telecare.csv", "home", "telecare"),
)
"""Files whose rows take area and position from their site: file, key column, topic kind."""


def _lost(tables: dict[str, Table], sites: dict[str, Any]) -> list[Problem]:
    """Return the rows that name a site that is not there, or stand in another area than their site."""
    known = tables["sites.csv"].keys
    names = tuple(sorted(known))
    problems = parents.clashes(tables["cameras.csv"]) + crews.unknown_places(tables[crews.FILE], known)
    problems += site_notes.without_review(tables["site_notes.csv"])
    for file in ("cameras.csv", *(name for name, _, _ in _DEVICES), *OPTIONAL):
        for row in tables[file].rows:
            site = row.cells["site"]
            if not site:
                continue
            if site not in known:
                found = f"the unknown site {site!r}"
                problems.append(
                    Problem(file, row.line, "site", found, "a site of sites.csv", nearest(site, names))
                )
            elif site in sites and row.cells.get("area", sites[site]["area"]) != sites[site]["area"]:
                allowed = f"{sites[site]['area']}, the area of its site {site}"
                problems.append(Problem(file, row.line, "area", repr(row.cells["area"]), allowed))
    return problems

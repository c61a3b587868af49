"""The demonstration estate, made from a seed: the same CSV files, byte for byte, each time.

Camera counts, 26 bus stations and ten areas are the council's (report to the Environment & Housing
Scrutiny Board, 13 October 2015); every building, post and call sign is made up. The number of alarm
sites, help points, workers, homes and crews is not in the report: about what such a service looks after.

`controlroom estate generate --out config/estate` writes the files that are checked in.
"""

import csv
import io
import random
from collections.abc import Iterable, Iterator

import msgspec

from controlroom.estate.load import FILES, CameraGroup
from simulators import contracts, parks, proposed, telecare, units
from simulators.expected import Record, expecting, keyholders, patrols
from simulators.gazetteer import EAST_NORTH_EAST, LOCALITIES, STREET_FIRST, STREET_LAST, Locality
from simulators.timetable import dice

DEMONSTRATION_SEED = 2015
"""The seed of the files that are checked in: the year of the council report."""

ON_STREET = 329
BUS_STATION = 203
UTC = 90
TOWER_BLOCK = 566
"""Cameras by group, and the stations: the council report's numbers."""
STATIONS = 26
BLOCKS = 57
"""Tower blocks: about ten cameras each (lifts, doors, car park), our assumption."""
PARENTS = {CameraGroup.BUS_STATION: "SW", CameraGroup.TOWER_BLOCK: "NVR"}
"""What the cameras of a site hang on: a station's switch, a block's recorder; those in streets on nothing."""
_OF_SITE = ("site", "area", "latitude", "longitude", "risk")
"""What a camera takes from its site."""
HELP_POINTS_PER_STATION = 3
POSTS_PER_STATION = 2
WORKERS = 60
"""Not in the report: our assumptions, sized for a service of eighty staff."""

SCATTER = 0.006
"""How far from its locality's centre a thing stands at most, in degrees: about 600 metres."""


class SiteType(msgspec.Struct, frozen=True):
    """How many sites of a kind there are, what they are called, and what their panel has connected."""

    kind: str
    prefix: str
    title: str
    count: int
    systems: str
    risk: int
    keys_held: bool
    tags: str = ""


SITE_TYPES = (
    SiteType("school", "SCH", "School", 70, "intruder;fire", 2, keys_held=True, tags="children"),
    SiteType("library", "LIB", "Library", 28, "intruder;fire;panic", 1, keys_held=True, tags="public"),
    SiteType("depot", "DEP", "Depot", 18, "intruder;fire", 2, keys_held=True, tags="vehicles"),
    SiteType("office", "OFF", "Council Office", 36, "intruder;fire;panic", 2, keys_held=True, tags="public"),
    SiteType(
        "leisure-centre",
        "LEI",
        "Leisure Centre",
        18,
        "intruder;fire;panic",
        2,
        keys_held=True,
        tags="public;late",
    ),
    SiteType(
        "care-home", "CAR", "Care Home", 26, "fire;panic", 3, keys_held=False, tags="vulnerable;staffed"
    ),
    SiteType("sheltered-housing", "SHE", "Court", 24, "fire;panic", 3, keys_held=True, tags="vulnerable"),
    SiteType(
        "community-centre",
        "COM",
        "Community Centre",
        24,
        "intruder;fire",
        1,
        keys_held=True,
        tags="public;late",
    ),
    SiteType(
        "children-centre",
        "CHI",
        "Children's Centre",
        18,
        "intruder;fire;panic",
        3,
        keys_held=True,
        tags="children",
    ),
    SiteType("museum", "MUS", "Museum Store", 6, "intruder;fire;panic", 3, keys_held=True, tags="valuables"),
    SiteType("waste-site", "WAS", "Recycling Centre", 8, "intruder;panic", 1, keys_held=True, tags="cash"),
    SiteType("park", "PRK", "Park Pavilion", 14, "intruder", 1, keys_held=True),
    SiteType("cemetery", "CEM", "Cemetery Lodge", 6, "intruder", 1, keys_held=True),
    SiteType(
        "private-client", "PRI", "Unit", 21, "intruder;fire;panic", 2, keys_held=False, tags="private;income"
    ),
)
"""Buildings by kind; with the panic panels of the stations and the fire panels of the blocks, 400 panels."""


def _duty(every_min: int, grace_min: int, roster: str) -> Record:
    """Return how somebody is watched over, as cells."""
    return {"check_every_min": str(every_min), "check_grace_min": str(grace_min), "roster": roster}


ROLE_DUTY = {
    "Housing officer": _duty(30, 5, "mon-fri 08:30-16:30"),
    "Tenancy visitor": _duty(30, 5, "mon-fri 09:00-17:00"),
    "Park ranger": _duty(60, 10, "daily 07:00-15:00"),
    "Enforcement officer": _duty(30, 5, "mon-fri 08:00-16:00; sat 10:00-16:00"),
    "Surveyor": _duty(60, 10, ""),
    "Caretaker": _duty(60, 10, "mon-fri 06:00-14:00"),
}
"""What lone workers do, and how often they are to check in. Surveyors go when they are called. Made up."""

POST_DUTY = (
    _duty(30, 5, "daily 06:00-14:00; daily 14:00-22:00"),
    _duty(60, 5, "mon-sat 07:00-19:00"),
)
"""The two posts of a station: one is held all day, the other while the shops are open. Made up."""

WORKER_ROLES = (*ROLE_DUTY,)


def generate(seed: int) -> dict[str, str]:
    """Return the estate's files by name, the same for the same seed."""
    records = dict(zip(FILES, _records(seed), strict=True))
    return {name: _csv([column.name for column in FILES[name]], rows) for name, rows in records.items()}


def _records(seed: int) -> Iterator[list[Record]]:
    """Yield the records of each file in the order of `FILES`."""
    stations = [*_stations(dice(seed, "stations"))]
    blocks = [*_blocks(dice(seed, "blocks"))]
    buildings = [*_buildings(dice(seed, "buildings"))]
    towers, estate = [*proposed.blocks(dice(seed, "proposed blocks"))], proposed.industrial_estate()
    sites = [expecting(site) for site in (*buildings, *stations, *blocks)]
    yield [*sites, estate, *towers]
    yield [*_cameras(dice(seed, "cameras"), stations, blocks), *proposed.cameras(towers)]
    yield [*_at_stations(stations, "point", "HP", "help point", HELP_POINTS_PER_STATION)]
    yield [*_workers(dice(seed, "workers"), buildings)]
    yield [*_at_stations(stations, "post", "GP", "guard post", POSTS_PER_STATION)]
    yield [*parks.records(dice(seed, "parks"), buildings)]
    yield [*telecare.records(dice(seed, "telecare"), [*buildings, *blocks])]
    yield [*units.crews(sites)]
    yield [*keyholders(sites)]
    yield [*patrols(sites), *proposed.estate_rounds(estate)]
    yield [*units.notes(sites)]
    yield [*contracts.police_references(sites)]
    yield [*contracts.contracts([*sites, estate])]


def _csv(columns: list[str], rows: Iterable[Record]) -> str:
    """Return the rows as CSV text with a header and line feeds."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _street(rng: random.Random) -> str:
    """Return a made-up street."""
    return f"{rng.choice(STREET_FIRST)} {rng.choice(STREET_LAST)}"


def _at(rng: random.Random, locality: Locality) -> Record:
    """Return area and position of something in this locality."""
    return {
        "area": locality.area,
        "latitude": f"{locality.latitude + rng.uniform(-SCATTER, SCATTER):.5f}",
        "longitude": f"{locality.longitude + rng.uniform(-SCATTER, SCATTER):.5f}",
    }


def _site(name: str, kind: str, systems: str, *, risk: int, tags: str) -> Record:
    """Return what every site has, its keys not held."""
    row = {"name": name, "site_kind": kind, "systems": systems, "tags": tags, "risk": str(risk)}
    return row | {"keys_held": "no"}


def _buildings(rng: random.Random) -> Iterator[Record]:
    """Yield the alarm sites, spread evenly over the localities, kind by kind."""
    for sort in SITE_TYPES:
        localities = rng.sample(LOCALITIES, len(LOCALITIES))
        for number in range(sort.count):
            locality = localities[number % len(localities)]
            private = sort.kind == "private-client"
            place = "Cross Green Industrial Estate" if private else locality.name
            title = f"{sort.title} {number + 1}" if private else f"{_street(rng)} {sort.title}"
            if private:
                locality = next(each for each in LOCALITIES if each.name == "Cross Green")
            yield (
                _site(f"{place} {title}", sort.kind, sort.systems, risk=sort.risk, tags=sort.tags)
                | _at(rng, locality)
                | {
                    "site": f"{sort.prefix}-{number + 1:03}",
                    "keys_held": "yes" if sort.keys_held else "no",
                }
            )


def _stations(rng: random.Random) -> Iterator[Record]:
    """Yield the bus stations, in as many different localities."""
    for number, locality in enumerate(
        LOCALITIES[place * len(LOCALITIES) // STATIONS] for place in range(STATIONS)
    ):
        name = f"{locality.name} Bus Station"
        yield (
            _site(name, "bus-station", "panic", risk=2, tags="public")
            | _at(rng, locality)
            | {"site": f"BUS-{number + 1:02}"}
        )


def _blocks(rng: random.Random) -> Iterator[Record]:
    """Yield the tower blocks of East North East."""
    wedge = [locality for locality in LOCALITIES if locality.area in EAST_NORTH_EAST]
    for number in range(BLOCKS):
        locality = wedge[number % len(wedge)]
        name = f"{locality.name} {rng.choice(STREET_FIRST)} Heights {number + 1}"
        yield (
            _site(name, "tower-block", "fire", risk=2, tags="housing")
            | _at(rng, locality)
            | {"site": f"TWR-{number + 1:02}"}
        )


def _cameras(rng: random.Random, stations: list[Record], blocks: list[Record]) -> Iterator[Record]:
    """Yield all cameras; those of a station or block stand where it stands."""
    # The city centre is watched far more densely than the villages.
    weights = [12 if each.name == "City Centre" else 1 for each in LOCALITIES]
    for number in range(ON_STREET):
        locality = rng.choices(LOCALITIES, weights)[0]
        name = f"{locality.name}, {_street(rng)}"
        yield _camera(f"ST-{number + 1:03}", name, CameraGroup.ON_STREET) | _at(rng, locality)
    for number in range(BUS_STATION):
        yield _camera_of(stations[number % STATIONS], f"BS-{number + 1:03}", CameraGroup.BUS_STATION)
    for number in range(UTC):
        locality = LOCALITIES[number % len(LOCALITIES)]
        name = f"{locality.name}, {_street(rng)} junction"
        yield _camera(f"UTC-{number + 1:03}", name, CameraGroup.UTC) | _at(rng, locality)
    for number in range(TOWER_BLOCK):
        yield _camera_of(blocks[number % BLOCKS], f"TB-{number + 1:03}", CameraGroup.TOWER_BLOCK)


def _camera(key: str, name: str, group: CameraGroup) -> Record:
    """Return what every camera has."""
    return {"camera": key, "name": name, "group": group, "site": "", "tags": "", "risk": "1"}


def _camera_of(site: Record, key: str, group: CameraGroup) -> Record:
    """Return a camera that stands at a site."""
    camera = _camera(key, f"{site['name']} camera {key}", group)
    parent = f"{PARENTS[group]}-{site['site']}"
    return camera | {name: site[name] for name in _OF_SITE} | {"parent": parent}


def _at_stations(stations: list[Record], column: str, prefix: str, what: str, each: int) -> Iterator[Record]:
    """Yield so many things at each station."""
    for number, (station, place) in enumerate(
        (station, place) for station in stations for place in range(each)
    ):
        key = f"{prefix}-{number + 1:03}"
        name = f"{station['name']} {what} {place + 1}"
        row = {column: key, "name": name, "site": station["site"], "tags": "", "risk": station["risk"]}
        yield row | (POST_DUTY[place] if column == "post" else {})


def _workers(rng: random.Random, buildings: list[Record]) -> Iterator[Record]:
    """Yield lone workers by role and number, each based at a depot or an office."""
    bases = [site["site"] for site in buildings if site["site_kind"] in ("depot", "office")]
    for number in range(1, WORKERS + 1):
        role = rng.choice(WORKER_ROLES)
        yield {
            "worker": f"LW-{number:03}",
            "name": f"{role} {number}",
            "site": rng.choice(bases),
            "tags": "",
            "risk": "2",
            **ROLE_DUTY[role],
        }

"""The rows of the estate's files made places: alarm panels, cameras, and whatever speaks from a site.

What a row leaves unsaid is its site's: area, kind, keys and position.
"""

from typing import Any

import msgspec

from controlroom.estate import expected, parents
from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.estate.shifts import Assignment
from controlroom.estate.table import Row, Table

ROOT = "leedswatch"
"""First segment of every topic of this estate."""


def panels(table: Table, sites: dict[str, Any]) -> dict[str, Place]:
    """Return the alarm panels: one for each site that has systems."""
    places: dict[str, Place] = {}
    for row in table.rows:
        if row.cells["systems"]:
            systems = frozenset(f"system-{name}" for name in row.cells["systems"])
            systems |= expected.path_tags(row.cells["path_grade"])
            place = _place(row, row.cells["site"], "arc-alarm", sites[row.cells["site"]])
            places[place.topic] = msgspec.structs.replace(
                place,
                tags=place.tags | systems,
                confirm_within_min=row.cells["confirm_within_min"],
                **expected.expected_of(row.cells),
            )
    return places


def cameras(table: Table) -> dict[str, Place]:
    """Return the cameras; one without a site stands for itself; its group is its site kind and a tag."""
    places: dict[str, Place] = {}
    topics = parents.parent_topics(f"{ROOT}/{{area}}/camera-fault/{{key}}", table.rows)
    for row in table.rows:
        cells = row.cells
        at = cells | {
            "site": cells["site"] or cells["camera"],
            "site_kind": cells["group"],
            "keys_held": False,
        }
        place = _place(row, cells["camera"], "camera-fault", at)
        places[place.topic] = msgspec.structs.replace(
            place,
            tags=place.tags | {cells["group"]} | ({parents.PROPOSED} if cells["proposed"] else set()),
            parent=topics.get(cells["parent"]),
            every_s=cells["heartbeat_s"],
        )
    return places


def devices(table: Table, key: str, kind: str, sites: dict[str, Any]) -> dict[str, Place]:
    """Return what speaks from a site: its area, kind, keys and position are the site's.

    A home is a site of its own: a court whose fire panel is on test does not put its residents on test, and
    a fall in one flat is no incident at the block.
    """
    made = [
        msgspec.structs.replace(
            _place(row, row.cells[key], kind, sites[row.cells["site"]]), duty=_assignment(row.cells)
        )
        for row in table.rows
    ]
    if kind == "telecare":
        made = [msgspec.structs.replace(place, site=place.topic.rpartition("/")[2]) for place in made]
    return {place.topic: place for place in made}


def _assignment(cells: dict[str, Any]) -> Assignment:
    """Return how whoever speaks from this row is watched over."""
    if "roster" not in cells:
        return Assignment()
    return Assignment(cells["check_every_min"], cells["check_grace_min"], cells["roster"])


def _place(row: Row, key: str, kind: str, site: dict[str, Any]) -> Place:
    """Return the place of this row with what it takes from its site."""
    area = site["area"]
    return Place(
        topic=f"{ROOT}/{area}/{kind}/{key}",
        kind=kind,
        area=Area(area),
        site=site["site"],
        site_kind=site["site_kind"],
        name=row.cells["name"],
        tags=row.cells["tags"],
        risk=row.cells["risk"],
        keys_held=site["keys_held"],
        latitude=site["latitude"],
        longitude=site["longitude"],
        every_s=None if (hours := row.cells.get("self_test_h")) is None else hours * parents.HOUR_S,
        hours=row.cells.get("hours"),
    )

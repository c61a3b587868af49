"""`crews.csv`: who can be sent, from where, with what; and the place that a crew is watched over as.

A row is one unit. Where it waits is its `base`, a site, or coordinates, which go before; without either it is
taken to wait somewhere in its area. `keys` names sites whose keys are on board, or areas of which it carries
them all. `shift` is a roster; a unit without one is there day and night, until it says otherwise.
"""

from collections.abc import Mapping
from typing import Any

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew
from controlroom.estate.table import (
    IDENTIFIER,
    Column,
    Problem,
    Row,
    Table,
    key_column,
    nearest,
    number_column,
    or_nothing,
    shifts_column,
    whole_column,
    word_column,
    words_column,
)

FILE = "crews.csv"

SKILLS = ("first-aid", "manual-handling", "dog", "water-safety", "locksmith")
"""What a crew can do that another cannot. Closed, so that nobody waits for a `fist-aid`er."""

CAPACITY = (1, 8)
"""People that a unit brings: from one alone to a full minibus."""

CHECK_EVERY_MIN = (1, 240)
"""Minutes between two signs of life of a crew at a place, as for everybody who works alone."""

SOUTH, NORTH, WEST, EAST = 53.69, 53.96, -1.81, -1.28
"""A box around the district of Leeds in WGS 84 degrees: outside it, a coordinate is a slip of the pen."""


def _keys_column() -> Column:
    """Return the column of the keys on board: sites and areas with `;` between them."""

    def read(text: str) -> frozenset[str]:
        words = frozenset(filter(None, (word.strip() for word in text.split(";"))))
        if any(IDENTIFIER.fullmatch(word) is None for word in words):
            raise ValueError(text)
        return words

    return Column("keys", "sites and areas with ';' between them, or nothing", read, default="")


def _text_or_nothing(name: str) -> Column:
    return Column(name, "some text, or nothing", str, default="")


COLUMNS: tuple[Column, ...] = (
    key_column("unit"),
    word_column("area", tuple(area.value for area in Area)),
    _text_or_nothing("call_sign"),
    key_column("base", default=""),
    or_nothing(number_column("latitude", SOUTH, NORTH)),
    or_nothing(number_column("longitude", WEST, EAST)),
    words_column("skills", SKILLS),
    _keys_column(),
    shifts_column("shift"),
    whole_column("capacity", "people", *CAPACITY),
    whole_column("check_every_min", "minutes", *CHECK_EVERY_MIN),
)
"""The columns of `crews.csv`; all but the first two may be left out."""


def crews_of(table: Table, sites: Mapping[str, Mapping[str, Any]]) -> dict[str, Crew]:
    """Return the crews by unit; `sites` are the rows of `sites.csv` by their key."""
    return {row.cells["unit"]: _crew(row.cells, sites) for row in table.rows}


def unknown_places(table: Table, known: frozenset[str]) -> list[Problem]:
    """Return what a crew's row says of places that are not there; `known` are the sites."""
    problems: list[Problem] = []
    names = tuple(sorted(known))
    for row in table.rows:
        base = row.cells["base"]
        if base and base not in known:
            problems.append(_unknown(row, "base", base, "a site of sites.csv", names))
        strange = row.cells["keys"] - known - {area.value for area in Area}
        allowed = "a site of sites.csv, or an area"
        problems += [_unknown(row, "keys", word, allowed, names) for word in sorted(strange)]
        if (row.cells["latitude"] is None) is not (row.cells["longitude"] is None):
            problems.append(Problem(FILE, row.line, "latitude", "half a position", "both numbers or neither"))
    return problems


def _unknown(row: Row, column: str, found: str, allowed: str, names: tuple[str, ...]) -> Problem:
    return Problem(FILE, row.line, column, f"the unknown site {found!r}", allowed, nearest(found, names))


def _crew(cells: Mapping[str, Any], sites: Mapping[str, Mapping[str, Any]]) -> Crew:
    base = sites.get(cells["base"], {})
    here = cells if cells["latitude"] is not None else base
    return Crew(
        unit=cells["unit"],
        area=Area(cells["area"]),
        call_sign=cells["call_sign"] or cells["unit"],
        base=cells["base"] or None,
        latitude=here.get("latitude"),
        longitude=here.get("longitude"),
        skills=cells["skills"],
        keys=cells["keys"],
        shifts=cells["shift"],
        capacity=cells["capacity"] or CAPACITY[0],
        check_every_min=cells["check_every_min"],
    )

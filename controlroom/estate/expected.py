"""What the estate expects of its sites, and who comes when it does not happen.

`sites.csv` says of a panel by which calendar its building is open (`hours`), how many hours its periodic
tests are apart (`test_every_h`) and how its paths are supervised (`path_grade`). `keyholders.csv` names the
keyholders of a site by role and in the order in which they are called, with the number that each is rung at;
names are in the key register that `keyholder` refers to. `patrols.csv` lists the visits that patrols make.

Both files may be missing: then nobody holds keys and nobody patrols, as far as the room knows. A calendar's
name is only checked where the calendars are given: they stand in a file of their own, with the rules.
"""

from collections.abc import Collection, Mapping
from typing import Any

from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.estate.model import PATH_GRADES, TEST_EVERY_MAX_H, Keyholder, Place, Round
from controlroom.estate.table import (
    Column,
    Problem,
    Table,
    key_column,
    nearest,
    or_nothing,
    text_column,
    word_column,
)
from controlroom.estate.telephones import TELEPHONE, Telephone

TURNS_MAX = 9
"""Keyholders that a site can have: police ask for two, and nobody rings down a longer list by night."""


SINGLE_PATH = "single-path"
"""The tag of a panel that has no second path."""


def _whole_column(name: str, low: int, high: int) -> Column:
    """Return a column that holds a whole number from `low` to `high`."""

    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return Column(name, f"a whole number from {low} to {high}", read)


HOURS = or_nothing(key_column("hours"))
"""The column that names the calendar of a place's opening hours."""

COLUMNS: tuple[Column, ...] = (
    HOURS,
    or_nothing(_whole_column("test_every_h", 1, TEST_EVERY_MAX_H)),
    or_nothing(word_column("path_grade", PATH_GRADES)),
)
"""What `sites.csv` says of what is expected of a panel; all of it may be left out."""

MOMENT = replace(word_column("moment", ("any", "random")), default="any")
"""The column that says when in its window a visit is made: when it suits, or when the room calls for it."""

FILES: dict[str, tuple[Column, ...]] = {
    "keyholders.csv": (
        key_column("keyholder"),
        key_column("site"),
        text_column("role"),
        _whole_column("turn", 1, TURNS_MAX),
        HOURS,
        TELEPHONE,
    ),
    "patrols.csv": (key_column("round"), key_column("site"), key_column("window"), MOMENT),
}
"""Files that a folder may be without."""


def expected_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a `Place` that a row of `sites.csv` says."""
    return {column.name: cells[column.name] for column in COLUMNS}


def path_tags(grade: str | None) -> frozenset[str]:
    """Return the tag of a panel with one path only, whose silence is the site's: rules can ask for it."""
    return frozenset({SINGLE_PATH} if grade is not None and grade.startswith("SP") else ())


def keyholders(table: Table) -> dict[str, tuple[Keyholder, ...]]:
    """Return the keyholders of each site that has any, in the order in which they are called."""
    found: dict[str, list[Keyholder]] = {}
    for row in table.rows:
        cells = row.cells
        one = Keyholder(cells["keyholder"], cells["site"], cells["role"], cells["turn"], cells["hours"])
        found.setdefault(one.site, []).append(one)
    return {
        site: tuple(sorted(some, key=lambda one: (one.turn, one.reference))) for site, some in found.items()
    }


def telephones(table: Table) -> dict[str, Telephone]:
    """Return the number of each keyholder who has one, by the keyholder's reference."""
    return {
        row.cells["keyholder"]: row.cells["telephone"]
        for row in table.rows
        if row.cells["telephone"] is not None
    }


def rounds(table: Table, sites: Mapping[str, Any], topic: str) -> tuple[dict[str, Round], dict[str, Place]]:
    """Return the rounds by name, and for each visited site the post that the visits are reported from.

    `topic` is the pattern of such a post's topic.
    """
    found: dict[str, Round] = {}
    posts: dict[str, Place] = {}
    for row in table.rows:
        key = row.cells["site"]
        site = sites[key]
        at = topic.format(area=site["area"], key=key)
        random = row.cells["moment"] == "random"
        found[row.cells["round"]] = Round(row.cells["round"], at, key, row.cells["window"], random)
        posts[at] = Place(
            topic=at,
            kind="guard",
            area=Area(site["area"]),
            site=key,
            site_kind=site["site_kind"],
            name=f"{site['name']} patrol",
            tags=frozenset({"patrol"}),
            risk=site["risk"],
            keys_held=site["keys_held"],
            latitude=site["latitude"],
            longitude=site["longitude"],
        )
    return found, posts


def unknown_calendars(tables: Mapping[str, Table], calendars: Collection[str]) -> list[Problem]:
    """Return the rows that name a calendar which is none of these."""
    names = tuple(sorted(calendars))
    problems: list[Problem] = []
    for file, table in tables.items():
        for row in table.rows:
            for column in ("hours", "window"):
                name = row.cells.get(column)
                if name is not None and name not in calendars:
                    found = f"the unknown calendar {name!r}"
                    allowed = "a calendar of calendars.yaml"
                    problems.append(Problem(file, row.line, column, found, allowed, nearest(name, names)))
    return problems

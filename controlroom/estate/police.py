"""`police_references.csv`: the numbers (URN) by which the police answer a site's alarms. May be missing.

A system of a site, intruder or hold-up, has a number of its own: the police give it, level it and withdraw it
by itself. Level 1 is an immediate answer, level 3 none (withdrawn); level 2 is no longer used (NPCC
requirements for security systems; confirm with the force). `premises` are those on the police's letter:
where they are not the site's name here, the police's computer refuses the call as a mismatch.

`false_calls` are those from before the room counted them itself; what it counts is added to them.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from controlroom.estate.days import date_column, dates_column
from controlroom.estate.table import (
    Column,
    Table,
    key_column,
    text_column,
    word_column,
)


class System(StrEnum):
    """What the police give a number (URN) of its own, and withdraw by itself."""

    INTRUDER = "intruder"
    HOLD_UP = "hold_up"


WITHDRAWN = 3
"""The level at which the police do not come."""


class PoliceReference(Struct, frozen=True):
    """One number. `valid_to` is its last day, None where it has none; days are those of the letter."""

    reference: str
    site: str
    system: System
    force: str
    level: int
    premises: str
    valid_from: date
    valid_to: date | None = None
    false_calls: tuple[date, ...] = ()


FILES: dict[str, tuple[Column, ...]] = {
    "police_references.csv": (
        key_column("reference"),
        key_column("site"),
        word_column("system", tuple(System)),
        text_column("force"),
        word_column("level", ("1", "3")),
        text_column("premises"),
        date_column("valid_from"),
        date_column("valid_to", optional=True),
        dates_column("false_calls"),
    ),
}


def references_of(table: Table) -> dict[str, PoliceReference]:
    """Return the numbers by themselves."""
    return {
        row.cells["reference"]: PoliceReference(
            **row.cells | {"system": System(row.cells["system"]), "level": int(row.cells["level"])}
        )
        for row in table.rows
    }

"""`contracts.csv`: whose money the work at a site is, from when to when. May be missing.

A contract says which customer is charged for a site and what for: `responses` of crews, `patrols`, or both.
The agreed minutes of a patrol's visit stand in it, because nobody measures how long a visit takes. One that
ended stays in the file with its last day, so that last year's statement can be made again.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from controlroom.estate.days import date_column
from controlroom.estate.table import (
    Column,
    Problem,
    Table,
    key_column,
    text_column,
    whole_column,
    words_column,
)


class Charged(StrEnum):
    """What a customer is charged for."""

    RESPONSES = "responses"
    PATROLS = "patrols"


class Contract(Struct, frozen=True):
    """One contract. `customer` is a key, `name` for people; days are those of Leeds, `until` the last one.

    `visit_min` are the minutes that a patrol's visit counts for; 0 where none are agreed.
    """

    contract: str
    customer: str
    name: str
    site: str
    charges: frozenset[str]
    since: date
    until: date | None = None
    visit_min: int = 0

    def covers(self, site: str, day: date, what: Charged) -> bool:
        """Say whether this contract charges for this at this site on this day."""
        return (
            self.site == site
            and what in self.charges
            and self.since <= day
            and (self.until is None or day <= self.until)
        )


FILES: dict[str, tuple[Column, ...]] = {
    "contracts.csv": (
        key_column("contract"),
        key_column("customer"),
        text_column("name"),
        key_column("site"),
        words_column("charges", tuple(Charged)),
        whole_column("visit_min", "minutes", 1, 240),
        date_column("since"),
        date_column("until", optional=True),
    ),
}


def contracts_of(table: Table) -> tuple[Contract, ...]:
    """Return the contracts in the order of the file."""
    return tuple(Contract(**row.cells | {"visit_min": row.cells["visit_min"] or 0}) for row in table.rows)


def overlaps(table: Table) -> list[Problem]:
    """Return the rows that charge for what another row charges for already on some day."""
    problems: list[Problem] = []
    rows = table.rows
    for place, row in enumerate(rows):
        one = row.cells
        for other in rows[:place]:
            cells = other.cells
            if cells["site"] != one["site"] or not cells["charges"] & one["charges"]:
                continue
            ends, begins = cells["until"] or date.max, cells["since"]
            if one["since"] <= ends and begins <= (one["until"] or date.max):
                found = f"{one['since']}, while {cells['contract']} (line {other.line}) charges for the same"
                allowed = "one contract a day and charge"
                problems.append(Problem(table.file, row.line, "since", found, allowed))
    return problems

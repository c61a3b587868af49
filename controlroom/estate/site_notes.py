"""`site_notes.csv`: what a crew should know of a site before it gets out of the van. May be missing.

Words for people, and nothing that a rule could ask for: how to get in, where the panel is, what is dangerous
there. No code of a panel or a key safe belongs in it, and nobody's name: the file is read by everybody who
may read the estate. A marker about a person is looked at again by a day, or it stands against them for ever:
data protection asks for it, so a row without that day is refused. What is past its day is still shown, and
said to be overdue: no crew is sent without it because an office was late.
"""

from controlroom.estate.days import date_column
from controlroom.estate.model import SiteNotes
from controlroom.estate.table import Column, Problem, Table, key_column, words_column

ABOUT_A_PERSON = "violent-person"
"""The violent person marker of the council's register: somebody there has hurt or threatened staff."""

HAZARDS = (
    "asbestos",
    "confined-space",
    "deep-water",
    "dogs",
    "electrical",
    "gas-store",
    "lone-working",
    ABOUT_A_PERSON,
)
"""What can hurt a crew. Closed, so that a terminal can have a sign for each."""


def _text(name: str) -> Column:
    return Column(name, "some text, or nothing", str, default="")


FILES: dict[str, tuple[Column, ...]] = {
    "site_notes.csv": (
        key_column("site"),
        _text("entry"),
        _text("notes"),
        words_column("hazards", HAZARDS),
        date_column("review_by", optional=True),
    ),
}


def without_review(table: Table) -> list[Problem]:
    """Return the rows that mark a person and name no day by which the marker is looked at again."""
    allowed = f"a day as year-month-day: '{ABOUT_A_PERSON}' is reviewed, or taken away"
    return [
        Problem(table.file, row.line, "review_by", "nothing", allowed)
        for row in table.rows
        if ABOUT_A_PERSON in row.cells["hazards"] and row.cells["review_by"] is None
    ]


def notes_of(table: Table) -> dict[str, SiteNotes]:
    """Return what is to be known of each site, by its key; who can hurt a crew stands before what can."""
    return {
        row.cells["site"]: SiteNotes(
            row.cells["entry"],
            row.cells["notes"],
            tuple(sorted(row.cells["hazards"], key=lambda word: (word != ABOUT_A_PERSON, word))),
            row.cells["review_by"],
        )
        for row in table.rows
    }

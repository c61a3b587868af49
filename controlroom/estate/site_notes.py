"""`site_notes.csv`: what a crew should know of a site before it gets out of the van. May be missing.

Free words for people, and nothing that a rule could ask for: how to get in, where the panel is, what is
dangerous there. No code of a panel or a key safe belongs in it: the file is read by everybody who may read
the estate.
"""

from controlroom.estate.model import SiteNotes
from controlroom.estate.table import Column, Table, key_column, words_column

HAZARDS = ("asbestos", "confined-space", "deep-water", "dogs", "electrical", "gas-store", "lone-working")
"""What can hurt a crew. Closed, so that a terminal can have a sign for each."""


def _text(name: str) -> Column:
    return Column(name, "some text, or nothing", str, default="")


FILES: dict[str, tuple[Column, ...]] = {
    "site_notes.csv": (key_column("site"), _text("entry"), _text("notes"), words_column("hazards", HAZARDS)),
}


def notes_of(table: Table) -> dict[str, SiteNotes]:
    """Return what is to be known of each site, by its key."""
    return {
        row.cells["site"]: SiteNotes(
            row.cells["entry"], row.cells["notes"], tuple(sorted(row.cells["hazards"]))
        )
        for row in table.rows
    }

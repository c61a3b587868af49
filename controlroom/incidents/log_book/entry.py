"""An entry of the log book as it stands, and who may see it.

Each version is written whole into the journal, so the last one is the entry and none is lost. An entry that
is `restricted` is for its author and the people it names: whoever shows, searches, sends or prints entries
asks `may_see` first. What it counts for in the plan's figures is no secret; what it says is.
"""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from controlroom.commands.entries import KINDS, FootageRequest, Misper, Said
from controlroom.commands.entry_words import EntryKind
from controlroom.estate.areas import Area


class Revision(Struct, frozen=True, gc=False, array_like=True):
    """Who changed an entry last, why, and when."""

    author: str
    reason: str
    at: datetime


class LogEntry(Struct, frozen=True, gc=False):
    """One entry. `written_at` is when the room was told, `happened_at` when it was.

    `simulated` is the room's mark: everything that is written in a demonstration has it. `overdue` counts
    how often its deadline was missed. `revised` is None while it is as it was written.
    """

    id: str
    version: int
    author: str
    written_at: datetime
    happened_at: datetime
    said: Said
    simulated: bool
    area: Area | None = None
    incident: str | None = None
    restricted: tuple[str, ...] = ()
    revised: Revision | None = None
    withdrawn: bool = False
    overdue: int = 0

    @property
    def kind(self) -> EntryKind:
        """What kind of entry it is."""
        return KINDS[type(self.said)]

    @property
    def readers(self) -> tuple[str, ...]:
        """Who may see it; empty: everybody."""
        return tuple(dict.fromkeys((self.author, *self.restricted))) if self.restricted else ()


def may_see(readers: Collection[str], reader: str | None) -> bool:
    """Say whether this person may see what these `readers` may; None, somebody, sees what all may."""
    return not readers or (reader is not None and reader in readers)


def is_open(entry: LogEntry) -> bool:
    """Say whether somebody still has to do something about it: find a person, hand footage over."""
    if entry.withdrawn:
        return False
    match entry.said:
        case Misper(outcome=outcome):
            return outcome is None
        case FootageRequest(fulfilled=fulfilled):
            return fulfilled is None
        case _:
            return False


def deadline_of(entry: LogEntry) -> datetime | None:
    """Return by when an open request has to be fulfilled; None where nothing has to be."""
    said = entry.said
    return said.deadline if isinstance(said, FootageRequest) and is_open(entry) else None

"""What changes about the log book: facts in the past tense, enough to rebuild it without deciding again."""

from msgspec import Struct

from controlroom.incidents.log_book.entry import LogEntry, Revision


class EntryKept(Struct, frozen=True, gc=False, tag="entry_kept"):
    """An entry stands as it is here: new, corrected or ended."""

    entry: LogEntry


class EntryStruck(Struct, frozen=True, gc=False, tag="entry_struck"):
    """An entry is withdrawn: it can be read as it last stood, and counts no longer."""

    entry: str
    version: int
    revision: Revision


class EntryOverdue(Struct, frozen=True, gc=False, tag="entry_overdue"):
    """The deadline of an open request has passed, once more; nothing else of it changed."""

    entry: str


LogBookChange = EntryKept | EntryStruck | EntryOverdue
"""The closed union of these changes."""

COUNTED_ENTRIES: dict[type, str] = {EntryKept: "kept", EntryStruck: "withdrawn", EntryOverdue: "overdue"}
"""The word that a metric has for each change; `kept` is every version, written, corrected or ended."""

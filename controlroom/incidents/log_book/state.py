"""What the room remembers of its log book: what is open, the last entries whole, and where the others stand.

An open matter (a person not found, footage not handed over) is work and has no bound. Of the rest the last
`RECENT_KEPT` entries are kept whole, and of the last `TRACES_KEPT` where their newest version stands in the
journal, so that they can be read and corrected; older ones can be read in the journal alone.
"""

from datetime import datetime, timedelta
from typing import Any, assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from controlroom.commands.entry_words import EntryKind
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.log_book.changes import EntryKept, EntryOverdue, EntryStruck, LogBookChange
from controlroom.incidents.log_book.entry import LogEntry, deadline_of, is_open
from controlroom.incidents.watches import Watches, arm, disarm

RECENT_KEPT = 1_000
"""Entries kept whole: some weeks of a busy desk, about half a megabyte of a snapshot."""

TRACES_KEPT = 50_000
"""Entries that can be corrected: two to three years at fifty a day, so that last year's figures can be."""

RAISED_AGAIN = timedelta(days=1)
"""How soon a missed deadline is raised once more: once for every day's shift."""


class Trace(Struct, frozen=True, gc=False, array_like=True):
    """Where an entry stands in the journal (`position`: its newest text), and what no correction changes."""

    position: int
    version: int
    kind: EntryKind
    author: str
    written_at: datetime
    simulated: bool
    readers: tuple[str, ...] = ()
    withdrawn: bool = False


class LogBook(Struct):
    """The open matters and the last entries by id, and the traces of many more, oldest first."""

    opened: dict[str, LogEntry] = field(default_factory=dict)
    recent: dict[str, LogEntry] = field(default_factory=dict)
    traces: dict[str, Trace] = field(default_factory=dict)

    def entry(self, name: str) -> LogEntry | None:
        """Return the entry of this id; None where only the journal still has it whole."""
        return self.opened.get(name) or self.recent.get(name)


def keep(book: LogBook, watches: Watches, change: LogBookChange, position: int) -> None:
    """Bring the log book one change further, and its deadlines with it."""
    match change:
        case EntryKept():
            _keep(book, change.entry, position)
            _expect(watches, change.entry)
        case EntryStruck():
            trace = book.traces[change.entry]
            book.traces[change.entry] = replace(trace, version=change.version, withdrawn=True)
            book.opened.pop(change.entry, None)
            _amend(book, change.entry, version=change.version, revised=change.revision, withdrawn=True)
            disarm(watches, WatchKind.FOOTAGE_DUE, change.entry)
        case EntryOverdue():
            _amend(book, change.entry, overdue=book.opened[change.entry].overdue + 1)
        case _:
            assert_never(change)


def _keep(book: LogBook, entry: LogEntry, position: int) -> None:
    book.opened.pop(entry.id, None)
    if is_open(entry):
        book.opened[entry.id] = entry
    if (
        entry.id not in book.traces or entry.id in book.recent
    ):  # in the order of writing, whatever is corrected
        book.recent[entry.id] = entry
    book.traces[entry.id] = Trace(
        position, entry.version, entry.kind, entry.author, entry.written_at, entry.simulated, entry.readers
    )
    if len(book.recent) > RECENT_KEPT:
        del book.recent[next(iter(book.recent))]
    if len(book.traces) > TRACES_KEPT:
        _forget_oldest(book)


def _amend(book: LogBook, name: str, **changed: Any) -> None:
    """Change something about an entry wherever it is kept whole."""
    for kept in (book.opened, book.recent):
        if name in kept:
            kept[name] = replace(kept[name], **changed)


def _expect(watches: Watches, entry: LogEntry) -> None:
    """Expect an open request to be fulfilled by its deadline; expect nothing of anything else."""
    deadline = deadline_of(entry)
    if deadline is None:
        disarm(watches, WatchKind.FOOTAGE_DUE, entry.id)
    else:
        due = deadline + entry.overdue * RAISED_AGAIN
        arm(watches, Watch(due, WatchKind.FOOTAGE_DUE, entry.id))


def _forget_oldest(book: LogBook) -> None:
    """Forget the oldest entry that nobody has to do anything about."""
    for name in book.traces:
        if name not in book.opened:
            del book.traces[name]
            return

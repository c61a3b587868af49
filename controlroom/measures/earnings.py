"""What came of footage and what was earned, from the log book: evidence by camera, income by what earned it.

An entry counts as it stands: a correction takes the place of what it corrects, a withdrawal takes it away.
Kept are the last `ENTRIES_KEPT` entries that say either, so the memory is bounded; older ones are in the
journal and in the reports that were signed.
"""

import msgspec

from controlroom.commands.entries import FootageRequest, Income
from controlroom.commands.entry_words import IncomeFrom
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry
from controlroom.incidents.record import Decision
from controlroom.measures.months import month_of

ENTRIES_KEPT = 20_000
"""Two years at thirty a day; a few megabytes of a snapshot."""


class Earned(msgspec.Struct, frozen=True, array_like=True):
    """What one entry says: in which month, what it earned and by what, which cameras gave evidence."""

    month: str
    source: IncomeFrom
    pence: int
    cameras: tuple[str, ...] = ()
    evidence: bool = False


class Earnings(msgspec.Struct):
    """What each entry says that says anything of money or of evidence, the newest last."""

    entries: dict[str, Earned] = {}


def note(book: Earnings, decision: Decision, *, count_simulated: bool) -> None:
    """Bring the earnings one decision further."""
    for change in decision.changes:
        if type(change) is EntryKept:
            _keep(book, change.entry, count_simulated=count_simulated)
        elif type(change) is EntryStruck:
            book.entries.pop(change.entry, None)


def evidence_of(book: Earnings, months: frozenset[str]) -> dict[str, int]:
    """Return how often each camera gave evidence in these months."""
    found: dict[str, int] = {}
    for earned in book.entries.values():
        if earned.evidence and earned.month in months:
            for camera in earned.cameras:
                found[camera] = found.get(camera, 0) + 1
    return found


def income_of(book: Earnings, months: frozenset[str]) -> dict[IncomeFrom, int]:
    """Return what came in during these months, in pence, by what earned it."""
    found = dict.fromkeys(IncomeFrom, 0)
    for earned in book.entries.values():
        if earned.month in months:
            found[earned.source] += earned.pence
    return found


def _keep(book: Earnings, entry: LogEntry, *, count_simulated: bool) -> None:
    earned = _said(entry) if count_simulated or not entry.simulated else None
    book.entries.pop(entry.id, None)
    if earned is None:
        return
    book.entries[entry.id] = earned
    if len(book.entries) > ENTRIES_KEPT:
        del book.entries[next(iter(book.entries))]


def _said(entry: LogEntry) -> Earned | None:
    said, when = entry.said, entry.happened_at
    if isinstance(said, Income):
        return Earned(month_of(when), said.source, said.pence)
    if not isinstance(said, FootageRequest) or said.fulfilled is None:
        return None
    done = said.fulfilled
    return Earned(month_of(done.at), IncomeFrom.FOOTAGE, done.income_pence, said.cameras, done.evidence)

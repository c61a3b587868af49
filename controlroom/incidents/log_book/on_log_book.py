"""What a word about the log book leads to: a version of an entry, or why there is none.

What is restricted is unknown to whoever may not see it: a refusal never tells that there is something.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.commands.entries import KINDS, FootageRequest, Misper, Said
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    LogBookCommand,
    MisperEnded,
)
from controlroom.incidents.changes import WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch
from controlroom.incidents.log_book.changes import EntryKept, EntryOverdue, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry, Revision, is_open, may_see
from controlroom.incidents.log_book.state import RAISED_AGAIN
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State


def on_log_book(handbook: Handbook, state: State, command: LogBookCommand, now: datetime) -> Decision:
    """Return what follows from this command; one that is not possible changes nothing."""
    if isinstance(command, EntryWritten):
        return _write(handbook, state, command, now)
    against = _against(state, command)
    if against is not None:
        return Decision(reasons=(against,))
    match command:
        case EntryCorrected():
            return _correct(state, command, now)
        case EntryWithdrawn():
            revision = Revision(command.author, command.reason, now)
            struck = EntryStruck(command.entry, command.version + 1, revision)
            return Decision((struck,), reasons=(Reason.COMMAND,))
        case FootageFulfilled() | MisperEnded():
            return _end(state, command, now)
        case _:
            assert_never(command)


def footage_overdue(watch: Watch, now: datetime) -> Decision:
    """Say that footage was not handed over by its deadline, and say it again a day later."""
    missed = (now - watch.due) // RAISED_AGAIN + 1
    again = replace(watch, due=watch.due + missed * RAISED_AGAIN)
    changes = (WatchExpired(watch), EntryOverdue(watch.subject), WatchArmed(again))
    return Decision(changes, reasons=(Reason.ENTRY_OVERDUE,))


def _write(handbook: Handbook, state: State, command: EntryWritten, now: datetime) -> Decision:
    if _in_future(command.happened_at, command.said, now):
        return Decision(reasons=(Reason.ENTRY_IN_FUTURE,))
    entry = LogEntry(
        id=f"LOG-{state.position + 1}",
        version=1,
        author=command.author,
        written_at=now,
        happened_at=command.happened_at,
        said=command.said,
        simulated=handbook.house.demonstration,
        area=command.area,
        incident=command.incident,
        restricted=command.restricted,
    )
    return _kept(entry)


def _against(
    state: State, command: EntryCorrected | EntryWithdrawn | FootageFulfilled | MisperEnded
) -> Reason | None:
    """Return what stands against touching this entry; None where nothing does."""
    trace = state.log_book.traces.get(command.entry)
    if trace is None or not may_see(trace.readers, command.author):
        return Reason.ENTRY_UNKNOWN
    if trace.version != command.version:
        return Reason.COMMAND_STALE
    return Reason.ENTRY_IS_WITHDRAWN if trace.withdrawn else None


def _correct(state: State, command: EntryCorrected, now: datetime) -> Decision:
    """Return the entry as it reads from now on. Of one that only the journal has whole, all is said anew."""
    trace, before = state.log_book.traces[command.entry], state.log_book.entry(command.entry)
    if KINDS[type(command.said)] is not trace.kind:
        return Decision(reasons=(Reason.ENTRY_KIND_STAYS,))
    if _in_future(command.happened_at, command.said, now):
        return Decision(reasons=(Reason.ENTRY_IN_FUTURE,))
    same_deadline = before is not None and _deadline(before.said) == _deadline(command.said)
    entry = LogEntry(
        id=command.entry,
        version=command.version + 1,
        author=trace.author,
        written_at=trace.written_at,
        happened_at=command.happened_at,
        said=command.said,
        simulated=trace.simulated,
        area=command.area,
        incident=command.incident,
        restricted=command.restricted,
        revised=Revision(command.author, command.reason, now),
        overdue=before.overdue if before is not None and same_deadline else 0,
    )
    return _kept(entry)


def _end(state: State, command: FootageFulfilled | MisperEnded, now: datetime) -> Decision:
    before = state.log_book.opened.get(command.entry)
    if before is None or not is_open(before):
        return Decision(reasons=(Reason.ENTRY_NOT_OPEN,))
    match command, before.said:
        case FootageFulfilled(), FootageRequest() as request:
            said: Said = replace(request, fulfilled=command.fulfilment)
            why = "fulfilled"
        case MisperEnded(), Misper() as misper:
            said = replace(
                misper, outcome=command.outcome, contributed=command.contributed, ended_at=command.at
            )
            why = str(command.outcome)
        case _:
            return Decision(reasons=(Reason.ENTRY_NOT_OPEN,))
    if _in_future(before.happened_at, said, now):
        return Decision(reasons=(Reason.ENTRY_IN_FUTURE,))
    revision = Revision(command.author, why, now)
    return _kept(replace(before, version=before.version + 1, said=said, revised=revision))


def _in_future(happened_at: datetime, said: Said, now: datetime) -> bool:
    """Say whether any of this is said to have happened after this moment."""
    match said:
        case FootageRequest(fulfilled=fulfilled) if fulfilled is not None:
            return max(happened_at, fulfilled.at) > now
        case Misper(ended_at=datetime() as ended_at):
            return max(happened_at, ended_at) > now
        case _:
            return happened_at > now


def _deadline(said: Said) -> datetime | None:
    return said.deadline if isinstance(said, FootageRequest) else None


def _kept(entry: LogEntry) -> Decision:
    return Decision((EntryKept(entry),), reasons=(Reason.COMMAND,))

"""What a word about the log book leads to: a version of an entry, or why there is none.

What is restricted is unknown to whoever may not see it: a refusal never tells that there is something.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.commands.entries import KINDS, FootageRequest, Milestone, Misper, Operation, Said
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    LogBookCommand,
    MisperEnded,
)
from controlroom.commands.moments import is_thinkable
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
    against = _against_times(command.happened_at, command.said, now)
    if against is not None:
        return Decision(reasons=(against,))
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
    against = _against_times(command.happened_at, command.said, now)
    if against is not None:
        return Decision(reasons=(against,))
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
    against = _against_times(before.happened_at, said, now)
    if against is not None:
        return Decision(reasons=(against,))
    revision = Revision(command.author, why, now)
    return _kept(replace(before, version=before.version + 1, said=said, revised=revision))


def _against_times(happened_at: datetime, said: Said, now: datetime) -> Reason | None:
    """Return what stands against the moments of an entry; None where nothing does."""
    past, promised = _moments(said)
    if not all(is_thinkable(one) for one in (happened_at, *past, *promised) if one is not None):
        return Reason.ENTRY_OUT_OF_TIME
    later = any(one > now for one in (happened_at, *past) if one is not None)
    return Reason.ENTRY_IN_FUTURE if later else None


def _moments(said: Said) -> tuple[tuple[datetime | None, ...], tuple[datetime | None, ...]]:
    """Return the moments at which something is said to have happened, and those that are only planned."""
    match said:
        case FootageRequest(deadline=deadline, fulfilled=fulfilled):
            return (fulfilled.at if fulfilled is not None else None,), (deadline,)
        case Misper(ended_at=ended_at):
            return (ended_at,), ()
        case Milestone(due=due):
            return (), (due,)
        case Operation(begins=begins, ends=ends):
            return (), (begins, ends)
        case _:
            return (), ()


def _deadline(said: Said) -> datetime | None:
    return said.deadline if isinstance(said, FootageRequest) else None


def _kept(entry: LogEntry) -> Decision:
    return Decision((EntryKept(entry),), reasons=(Reason.COMMAND,))

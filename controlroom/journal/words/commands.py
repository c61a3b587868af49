"""The commands about incidents, crews and the log book as lines of the audit, without restricted words."""

from collections.abc import Callable
from typing import Any, assert_never

from controlroom.commands.crews import (
    CrewReassigned,
    CrewRecalled,
    CrewSpoke,
    CrewWordTaken,
    StepTaken,
)
from controlroom.commands.entries import KINDS
from controlroom.commands.handovers import HandoverCommand, HandoverWritten
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    LogBookCommand,
    MisperEnded,
)
from controlroom.commands.plan import NarrativeWritten, PlanCommand, QuarterSigned
from controlroom.commands.plan_steps import StepDone, StepSkipped
from controlroom.commands.work import (
    EscalatedByHand,
    LetIn,
    Merged,
    Noted,
    Parked,
    ReadersNamed,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
    WorkCommand,
)
from controlroom.events import CrewReported
from controlroom.incidents.record import Record

WITHHELD = "restricted"
"""What stands where words are for few eyes."""

SECRETS = frozenset({"said", "reason", "fulfilment", "outcome", "contributed", "at"})
"""The fields of a log book command that may tell what a restricted entry is about."""


def command_line(  # noqa: PLR0911 - one return a member of the union
    command: WorkCommand, clean: Callable[[str], str]
) -> str:
    """Return who asked what of which incident; `clean` makes free text printable."""
    who, which = clean(command.author), command.incident
    match command:
        case Parked(until=until, reason=reason, second_author=second):
            beside = f" with {clean(second)}" if second is not None else ""
            return f"{who}{beside} parks {which} until {until.isoformat()}: {clean(reason)}"
        case Unparked():
            return f"{who} takes {which} up again"
        case Resolved(outcome=outcome):
            return f"{who} resolves {which} as {outcome}"
        case Reopened(reason=reason):
            return f"{who} reopens {which}: {clean(reason)}"
        case EscalatedByHand(reason=reason):
            return f"{who} escalates {which}: {clean(reason)}"
        case Noted(text=text):
            return f"{who} notes on {which}: {clean(text)}"
        case Merged(other=other):
            return f"{who} merges {other} into {which}"
        case SplitOff(positions=positions):
            return f"{who} splits {len(positions)} signals off {which}"
        case StepDone(step=step):
            return f"{who} does step {clean(step)} of {which}"
        case StepSkipped(step=step, reason=reason):
            return f"{who} passes over step {clean(step)} of {which}: {clean(reason)}"
        case ReadersNamed(readers=readers, reason=reason):
            whom = f"only to {', '.join(map(clean, readers))}" if readers else "to all again"
            return f"{who} opens {which} {whom}: {clean(reason)}"
        case LetIn(reason=reason):
            return f"{who} is let in to {which}, none of whose readers was there: {clean(reason)}"
        case Undone():
            return f"{who} undoes the last merge or split of {which}"
        case _:
            assert_never(command)


CrewEvent = CrewReported | StepTaken | CrewSpoke | CrewWordTaken | CrewRecalled | CrewReassigned


def crew_line(event: CrewEvent, clean: Callable[[str], str]) -> str:
    """Return what was said of a crew, and who took it down or asked it; `clean` makes free text printable."""
    match event:
        case CrewReported(order=order, unit=unit, step=step):
            return f"report {clean(unit)} {clean(order)} {step}"
        case CrewSpoke(unit=unit, word=word):
            return f"{clean(unit)} says {word}"
        case CrewWordTaken(unit=unit, word=word, author=author):
            return f"{clean(unit)} says {word}, taken down by {clean(author)}"
        case StepTaken(unit=unit, order=order, step=step, author=author):
            return f"report {clean(unit)} {clean(order)} {step}, taken down by {clean(author)}"
        case CrewRecalled(incident=incident, author=author, reason=reason):
            return f"{clean(author)} recalls the crew of {incident}: {clean(reason)}"
        case CrewReassigned(incident=incident, author=author, unit=unit, reason=reason):
            return f"{clean(author)} gives {incident} to {clean(unit or 'another crew')}: {clean(reason)}"
        case _:
            assert_never(event)


def handover_line(command: HandoverCommand, clean: Callable[[str], str]) -> str:
    """Return who handed the shift over, and who took it."""
    who = clean(command.author)
    if isinstance(command, HandoverWritten):
        return f"{who} hands the shift over, {len(command.sheet)} lines"
    return f"{who} takes {clean(command.handover)} over{', with the work' if command.with_work else ''}"


def log_book_line(command: LogBookCommand | PlanCommand, clean: Callable[[str], str]) -> str:
    """Return who wrote what into the log book or the plan; never what an entry says, which may be for few."""
    who = clean(command.author)
    match command:
        case EntryWritten(said=said):
            return f"{who} writes an entry: {KINDS[type(said)]}"
        case EntryCorrected(entry=entry, said=said):
            return f"{who} corrects {entry}: {KINDS[type(said)]}"
        case EntryWithdrawn(entry=entry):
            return f"{who} withdraws {entry}"
        case FootageFulfilled(entry=entry):
            return f"{who} fulfils {entry}"
        case MisperEnded(entry=entry):
            return f"{who} ends {entry}"
        case NarrativeWritten(measure=measure, quarter=quarter):
            return f"{who} writes about {clean(measure)} in {clean(quarter)}"
        case QuarterSigned(quarter=quarter):
            return f"{who} signs {clean(quarter)}"
        case _:
            assert_never(command)


def conceal(record: Record, whole: dict[str, Any]) -> None:
    """Take out of a record's JSON what a restricted entry says: the audit is for many, the entry for few.

    Kind, author and times stay, so that nothing looks as if it had not been.
    """
    event, kept = whole["event"], whole["decision"].get("changes", ())
    restricted = bool(getattr(record.event, "restricted", ()))
    for change in kept:
        entry = change.get("entry")
        if isinstance(entry, dict) and entry.get("restricted"):
            restricted = True
            entry["said"] = {"kind": entry["said"]["kind"], "restricted": True}
            if entry.get("revised"):
                entry["revised"] = [entry["revised"][0], WITHHELD, entry["revised"][2]]
    if restricted:
        for name in SECRETS & event.keys():
            event[name] = WITHHELD

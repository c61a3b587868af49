"""The commands about the work on an incident, and the words of crews, as lines of the audit."""

from collections.abc import Callable
from typing import assert_never

from controlroom.commands.crews import (
    CrewReassigned,
    CrewRecalled,
    CrewSpoke,
    CrewWordTaken,
    StepTaken,
)
from controlroom.commands.work import (
    EscalatedByHand,
    Merged,
    Noted,
    Parked,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
    WorkCommand,
)


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
        case Undone():
            return f"{who} undoes the last merge or split of {which}"
        case _:
            assert_never(command)


CrewEvent = StepTaken | CrewSpoke | CrewWordTaken | CrewRecalled | CrewReassigned


def crew_line(event: CrewEvent, clean: Callable[[str], str]) -> str:
    """Return what was said of a crew, and who took it down or asked it; `clean` makes free text printable."""
    match event:
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

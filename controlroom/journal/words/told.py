"""An event of the journal in words, for whoever reads afterwards what was told: one line, made printable.

What comes from outside, and what people typed, may hold anything; nothing of it can move a terminal's cursor.
What a restricted entry says is in no line.
"""

from typing import assert_never

from controlroom.commands.access import AccessNoted
from controlroom.commands.crews import (
    CrewReassigned,
    CrewRecalled,
    CrewSpoke,
    CrewWordTaken,
    StepTaken,
)
from controlroom.commands.handovers import HandoverTaken, HandoverWritten
from controlroom.commands.plan_steps import StepDone, StepSkipped
from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
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
)
from controlroom.events import (
    Closed,
    CrewReported,
    CrewSent,
    Event,
    LinkLost,
    LinkRestored,
    MessageQuarantined,
    OrdersHandedOver,
    Owned,
    PersonBookedOff,
    PersonBookedOn,
    PersonChecked,
    PersonCommand,
    PutOnTest,
    RoomOpened,
    RulesRefused,
    RulesSwapped,
    SignalReceived,
    TakeOffTest,
    TestCommand,
    Tick,
    WorkOrderCommand,
)
from controlroom.journal.words.commands import command_line, crew_line, handover_line, log_book_line
from controlroom.journal.words.partners import Outside, partner_line
from controlroom.journal.words.rules import candidate_line, rules_line


def told(event: Event) -> str:  # noqa: PLR0911 - one return a member of the union
    """Return in a few words what the room was told. What came from outside is made printable."""
    if isinstance(event, Outside):
        return partner_line(event, printable)
    match event:
        case SignalReceived(signal=signal, wire=wire, doubt=doubt):
            doubted = f", doubted: {doubt}" if doubt is not None else ""
            return f"signal {printable(wire.topic)} {printable(signal.id)}{doubted}"
        case MessageQuarantined(wire=wire, reason=reason, detail=detail):
            return f"quarantined {printable(wire.topic)} {reason}: {printable(detail)}"
        case CrewReported() | StepTaken() | CrewSpoke() | CrewWordTaken() | CrewRecalled() | CrewReassigned():
            return crew_line(event, printable)
        case OrdersHandedOver():
            return f"broker has {', '.join(event.orders)}"
        case Owned() | Closed() | CrewSent() | PutOnTest() | TakeOffTest():
            return _asked(event)
        case (
            Parked()
            | Unparked()
            | Resolved()
            | Reopened()
            | EscalatedByHand()
            | Noted()
            | StepDone()
            | StepSkipped()
            | Merged()
            | SplitOff()
            | Undone()
            | ReadersNamed()
            | LetIn()
        ):
            return command_line(event, printable)
        case PersonChecked() | PersonBookedOn() | PersonBookedOff():
            return _said_of_a_person(event)
        case WorkOrderCommand() | AccessNoted():
            return _said_of_work_or_access(event)
        case RoomOpened(writer=writer, epoch=epoch):
            return f"room opened by {writer}, epoch {epoch}"
        case LinkLost() | LinkRestored():
            return f"link to the broker {_standing_of(event)}"
        case ShadowStarted() | ShadowStopped() | ShadowDiffered() | DifferencesAccepted():
            return candidate_line(event, printable)
        case RulesSwapped() | RulesRefused():
            return rules_line(event, printable)
        case HandoverWritten() | HandoverTaken():
            return handover_line(event, printable)
        case Tick():
            return "tick"
        case _:
            return log_book_line(event, printable)


def _standing_of(event: LinkLost | LinkRestored) -> str:
    return f"lost: {printable(event.because)}" if isinstance(event, LinkLost) else "stands"


def _asked(event: Owned | Closed | CrewSent | TestCommand) -> str:
    match event:
        case Owned(incident=incident, author=author, from_owner=owner, reason=reason):
            because = f", from {owner}: {printable(reason)}" if owner is not None and reason else ""
            return f"{author} owns {incident}{because}"
        case Closed(incident=incident, author=author, outcome=outcome):
            return f"{author} closes {incident} as {outcome}"
        case CrewSent(incident=incident, author=author, unit=unit, reason=reason):
            because = f": {printable(reason)}" if reason else ""
            return f"{author} sends {unit or 'a crew'} to {incident}{because}"
        case PutOnTest(author=author, target=target, until=until):
            return f"{author} puts {printable(target)} on test until {until.isoformat()}"
        case TakeOffTest(author=author, target=target):
            return f"{author} takes {printable(target)} off test"
        case _:
            assert_never(event)


def _said_of_work_or_access(event: WorkOrderCommand | AccessNoted) -> str:
    match event:
        case WorkOrderCommand(step=step, about=about, author=author):
            return f"{printable(author)}: work order {step}, {printable(about)}"
        case AccessNoted(author=author, step=step, account=account, detail=detail):
            return f"{printable(author)}: {step} {printable(account)} {printable(detail)}".rstrip()
        case _:
            assert_never(event)


def _said_of_a_person(event: PersonCommand) -> str:
    match event:
        case PersonChecked(author=author, source=source):
            return f"{printable(author)} reached {printable(source)}"
        case PersonBookedOn(author=author, source=source):
            return f"{printable(author)} books {printable(source)} on"
        case PersonBookedOff(author=author, source=source):
            return f"{printable(author)} books {printable(source)} off"
        case _:
            assert_never(event)


def printable(text: str) -> str:
    """Return the text without anything that could move a terminal's cursor."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )

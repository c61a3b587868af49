"""What a command about the work on an incident leads to: the next step with its deadline, or why not."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

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
from controlroom.events import Owned
from controlroom.incidents.changes import IncidentNoted, IncidentReopened
from controlroom.incidents.crews.orders import somebody_goes
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, WatchKind
from controlroom.incidents.keyholders.calling import awaited
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import due_of
from controlroom.incidents.work.expected import (
    Move,
    as_it_stands,
    crew_still_awaited,
    escalated,
    owned_by,
    parked_until,
    reopened_by,
    resolved_as,
    taken_up,
)
from controlroom.incidents.work.limits import WorkRules, about_life
from controlroom.incidents.work.plan_steps import mark, passed_over
from controlroom.incidents.work.regrouping import merge, split, undo
from controlroom.incidents.work.restricting import let_in, restrict

FREE = frozenset({Status.NEW, Status.ESCALATED})
"""Anybody may take it: it waits for a person."""


def owned(work: WorkRules, state: State, incident: Incident, command: Owned, now: datetime) -> Decision:
    """Give the incident to its author; one that somebody has only when the author names that person.

    Where a crew has the work only the name changes, also where the room itself had sent it and nobody has it
    yet: what is expected of the crew stays. Its owner takes it again where it became more urgent since. Why
    it was taken from somebody is a note: it stands where the one from whom it was taken looks.
    """
    if incident.status is Status.RESOLVED:
        return _refused(Reason.IS_RESOLVED)
    if incident.status is Status.OWNED and incident.owner == command.author:
        return _refused(Reason.COMMAND_REFUSED)
    with_crew = incident.status in {Status.DISPATCHED, Status.ON_SCENE}
    if incident.status not in FREE and incident.owner != command.from_owner:
        return _refused(Reason.OWNED_BY_ANOTHER)
    asked = due_of(state.watches, WatchKind.ANSWER, incident.id) is not None
    if with_crew and incident.owner == command.author and not asked:
        return _refused(Reason.COMMAND_REFUSED)
    if not with_crew:
        taken = _taken(owned_by(work, incident, command.author, now))
        return _with_reason(crew_still_awaited(state, incident, taken), incident, command)
    moved, armed = as_it_stands(state, incident, now)
    taken = _taken((replace(moved, owner=command.author, by=command.author, what=Status.OWNED), armed))
    return _with_reason(taken, incident, command)


def _with_reason(taken: Decision, incident: Incident, command: Owned) -> Decision:
    reason = command.reason.strip()
    if not reason or incident.owner in {None, command.author}:
        return taken
    note = IncidentNoted(incident.id, command.author, f"Taken over from {incident.owner}: {reason}")
    return replace(taken, changes=(note, *taken.changes))


def on_work_command(  # noqa: PLR0911 - one return a member of the union
    handbook: Handbook, state: State, incident: Incident, command: WorkCommand, now: datetime
) -> Decision:
    """Return what follows from a command that saw this incident as it is."""
    work = handbook.house.work
    match command:
        case Parked():
            return _park(work, state, incident, command, now)
        case Unparked():
            return _unpark(work, incident, command, now)
        case Resolved():
            return _resolve(work, state, incident, command, now)
        case Reopened():
            return _reopen(handbook, incident, command, now)
        case EscalatedByHand():
            return crew_still_awaited(state, incident, _escalate(work, incident, command, now))
        case Noted():
            return crew_still_awaited(state, incident, _note(work, incident, command, now))
        case StepDone() | StepSkipped():
            return crew_still_awaited(state, incident, mark(work, incident, command, now))
        case Merged():
            return crew_still_awaited(state, incident, merge(handbook, state, incident, command, now))
        case SplitOff():
            return crew_still_awaited(state, incident, split(handbook, state, incident, command, now))
        case Undone():
            return crew_still_awaited(state, incident, undo(handbook, state, incident, command, now))
        case ReadersNamed():
            return restrict(incident, command, now)
        case LetIn():
            return let_in(incident, command, now)
        case _:
            assert_never(command)


def _unpark(work: WorkRules, incident: Incident, command: Unparked, now: datetime) -> Decision:
    if incident.status is not Status.PARKED:
        return _refused(Reason.COMMAND_REFUSED)
    moved, armed = taken_up(work, incident, now)
    return _taken((replace(moved, by=command.author, what="unparked"), armed))


def _resolve(work: WorkRules, state: State, incident: Incident, command: Resolved, now: datetime) -> Decision:
    if incident.status is Status.RESOLVED:
        return _refused(Reason.IS_RESOLVED)
    if somebody_goes(state, incident):
        return _refused(Reason.CREW_HAS_IT)
    marks = passed_over(incident, command.plan, command.author)
    if marks is None:
        return _refused(Reason.PLAN_STEPS_OPEN)
    moved = resolved_as(work, incident, command.outcome, command.author, now)
    return Decision((*marks, *moved), reasons=(Reason.COMMAND,))


def _escalate(work: WorkRules, incident: Incident, command: EscalatedByHand, now: datetime) -> Decision:
    if incident.status is Status.RESOLVED:
        return _refused(Reason.IS_RESOLVED)
    moved, armed = escalated(work, incident, command.reason, now)
    return _taken((replace(moved, by=command.author), armed))


def reopen_closed(handbook: Handbook, incident: Incident, command: Reopened, now: datetime) -> Decision:
    """Open a closed incident again, within the house's time from its end.

    What was merged into another one is worked on there; an undo brings it back, and a second copy never.
    """
    if incident.version != command.version:
        return _refused(Reason.COMMAND_STALE)
    if incident.into is not None:
        return _refused(Reason.COMMAND_REFUSED)
    end = incident.closed_at
    work = handbook.house.work
    if end is None or now > after(end, work.reopen_within_s):
        return _refused(Reason.REOPENED_TOO_LATE)
    moved, armed = reopened_by(work, incident, command.author, command.reason, now)
    called = awaited(handbook, moved, now)
    return Decision((IncidentReopened(moved), armed, *called), reasons=(Reason.COMMAND,))


def _reopen(handbook: Handbook, incident: Incident, command: Reopened, now: datetime) -> Decision:
    if incident.status is not Status.RESOLVED:
        return _refused(Reason.COMMAND_REFUSED)
    moved, armed = owned_by(handbook.house.work, incident, command.author, now)
    word = replace(moved, what="reopened", because=command.reason)
    called = awaited(handbook, replace(incident, status=Status.OWNED), now)
    return Decision((word, armed, *called), reasons=(Reason.COMMAND,))


def _park(work: WorkRules, state: State, incident: Incident, command: Parked, now: datetime) -> Decision:
    if incident.status is Status.RESOLVED:
        return _refused(Reason.IS_RESOLVED)
    if somebody_goes(state, incident):
        return _refused(Reason.CREW_HAS_IT)
    life = about_life(incident)
    longest_s = work.park_life_max_s if life else work.park_max_s
    if not now < command.until <= after(now, longest_s):
        return _refused(Reason.PARK_END_NOT_ALLOWED)
    if not command.reason.strip():
        return _refused(Reason.PARK_NOT_SAID)
    if life and person(command.second_author or "") in {"", person(command.author)}:
        return _refused(Reason.PARK_NEEDS_SECOND)
    return _taken(parked_until(incident, command.until, command.reason, command.author))


def _note(work: WorkRules, incident: Incident, command: Noted, now: datetime) -> Decision:
    if not command.text.strip():
        return _refused(Reason.COMMAND_REFUSED)
    note = IncidentNoted(incident.id, command.author, command.text)
    if incident.status is not Status.OWNED or incident.owner != command.author:
        return Decision((note,), reasons=(Reason.COMMAND,))
    moved, armed = owned_by(work, incident, command.author, now)
    return Decision((note, replace(moved, what="noted"), armed), reasons=(Reason.COMMAND,))


def person(name: str) -> str:
    """Return the name as it is compared: nobody becomes a second person by a capital or a space."""
    return " ".join(name.casefold().split())


def _taken(move: Move) -> Decision:
    return Decision(move, reasons=(Reason.COMMAND,))


def _refused(reason: Reason) -> Decision:
    return Decision(reasons=(reason,))

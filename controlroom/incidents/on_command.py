"""What an operator's command leads to: taken, or refused because somebody else was there first."""

from datetime import datetime

from controlroom.commands.crews import CrewReassigned, CrewRecalled
from controlroom.commands.keyholders import KeyholderCalled
from controlroom.commands.plan_steps import StepDone, StepSkipped
from controlroom.commands.referrals import Referred
from controlroom.commands.work import EscalatedByHand, LetIn, Noted, ReadersNamed, Reopened
from controlroom.events import Closed, Command, CrewSent, Owned
from controlroom.incidents.changes import IncidentClosed
from controlroom.incidents.crews.commanded import on_crew_command
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident
from controlroom.incidents.keyholders.calling import on_keyholder
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.referring import refer
from controlroom.incidents.state import State
from controlroom.incidents.work.commanded import on_work_command, owned, reopen_closed
from controlroom.incidents.work.expected import crew_still_awaited, looked_at
from controlroom.incidents.work.plan_steps import passed_over

_REFUSED = Decision(reasons=(Reason.COMMAND_REFUSED,))
_STALE = Decision(reasons=(Reason.COMMAND_STALE,))

TAKEN_ALL_THE_SAME = Owned | Noted | EscalatedByHand | StepDone | StepSkipped | KeyholderCalled | CrewSent
"""What people do for an incident and would do as well with one more signal of the same urgency: a button that
is pressed again and again must not keep them from it. What ends, parks or regroups it, or takes its crew off,
is to have seen every signal."""


def on_command(handbook: Handbook, state: State, command: Command, now: datetime) -> Decision:
    """Return what follows from an operator's command; a stale or impossible one changes nothing.

    Stale is one whose author did not see the incident as it is; but `TAKEN_ALL_THE_SAME` is not, where only
    signals have joined that made it no more urgent.
    """
    incident = state.incidents.get(command.incident)
    closed = state.closed.get(command.incident) if incident is None else None
    about = incident or closed
    if about is None or not (isinstance(command, LetIn) or may_see(about.readers, command.author)):
        return _REFUSED
    if closed is not None and not isinstance(command, Referred | ReadersNamed):
        return reopen_closed(handbook, closed, command, now) if isinstance(command, Reopened) else _REFUSED
    incident = about
    if incident.version != command.version:
        if not isinstance(command, TAKEN_ALL_THE_SAME) or not incident.but_for_signals(command.version):
            return _STALE
        return _of_open(handbook, state, incident, command, now)  # nobody has looked at what joined
    decision = _of_open(handbook, state, incident, command, now)
    return looked_at(state, incident, decision, command.author, now)


def _of_open(
    handbook: Handbook, state: State, incident: Incident, command: Command, now: datetime
) -> Decision:
    work = handbook.house.work
    match command:
        case Owned():
            return owned(work, state, incident, command, now)
        case Closed():
            return _close(incident, command, now)
        case CrewSent() | CrewRecalled() | CrewReassigned():
            return on_crew_command(handbook, state, incident, command, now)
        case KeyholderCalled() | Referred():
            return _of_others(handbook, state, incident, command, now)
        case _:
            return on_work_command(handbook, state, incident, command, now)


def _close(incident: Incident, command: Closed, now: datetime) -> Decision:
    marks = passed_over(incident, command.plan, command.author)
    if marks is None:
        return Decision(reasons=(Reason.PLAN_STEPS_OPEN,))
    over = IncidentClosed(incident.id, at=now, outcome=command.outcome, by=command.author)
    return Decision((*marks, over), reasons=(Reason.COMMAND,))


def _of_others(
    handbook: Handbook, state: State, incident: Incident, command: KeyholderCalled | Referred, now: datetime
) -> Decision:
    """Return what follows from a word about those outside the house: keyholders and partners."""
    if isinstance(command, KeyholderCalled):
        return crew_still_awaited(state, incident, on_keyholder(handbook, incident, command, now))
    return refer(handbook, state, incident, command, now)

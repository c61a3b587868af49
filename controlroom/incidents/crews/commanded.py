"""What an operator's word about a crew leads to: sent, called back, or another one in its place.

A person may send any crew of the estate, also one that the room would not: off duty, busy, or after it
refused. Nobody is sent twice, and where another crew goes the first is stood down in the same decision.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.commands.crews import CrewReassigned, CrewRecalled
from controlroom.events import CrewSent
from controlroom.incidents.changes import Change, IncidentMoved, WatchArmed
from controlroom.incidents.crews.choosing import Choice, choose
from controlroom.incidents.crews.ending import ended, recalled
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.crews.orders import asked_for, somebody_goes
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import owned_by
from controlroom.orders import SendCrew

CrewCommand = CrewSent | CrewRecalled | CrewReassigned
"""What an operator can ask about the crew of an incident."""

_REFUSED = Decision(reasons=(Reason.COMMAND_REFUSED,))
_NOBODY_GOES = Decision(reasons=(Reason.NOBODY_GOES,))


def on_crew_command(
    handbook: Handbook, state: State, incident: Incident, command: CrewCommand, now: datetime
) -> Decision:
    """Return what follows from a command that saw this incident as it is."""
    match command:
        case CrewSent():
            return _send(handbook, state, incident, command, now)
        case CrewRecalled():
            return _recall(handbook, state, incident, command, now)
        case CrewReassigned():
            return _reassign(handbook, state, incident, command, now)
        case _:
            assert_never(command)


def _send(handbook: Handbook, state: State, incident: Incident, command: CrewSent, now: datetime) -> Decision:
    """Send this crew, or the one that the room would send."""
    if incident.status is Status.RESOLVED:
        return Decision(reasons=(Reason.IS_RESOLVED,))
    if somebody_goes(state, incident):
        return _REFUSED
    choice = _chosen(handbook, state, incident, command, now)
    if choice is None:
        return _REFUSED
    order = asked_for(state, handbook.estate.place(incident.source), incident, choice.unit, choice.because)
    return Decision(_sent(handbook, order, command.author, "crew sent", now), (order,), (Reason.COMMAND,))


def _recall(
    handbook: Handbook, state: State, incident: Incident, command: CrewRecalled, now: datetime
) -> Decision:
    """Stand the crew down; the incident is the author's."""
    standing = state.orders.get(incident.order or "")
    if standing is None or not standing.live:
        return _NOBODY_GOES
    end, word = recalled(standing, command.reason, command.author)
    moved, armed = owned_by(handbook.house.work, incident, command.author, now)
    changes = (end, replace(moved, what="crew recalled", because=command.reason), armed)
    return Decision(changes, (word,), (Reason.COMMAND,))


def _reassign(
    handbook: Handbook, state: State, incident: Incident, command: CrewReassigned, now: datetime
) -> Decision:
    """Stand the crew down and send another one."""
    standing = state.orders.get(incident.order or "")
    if standing is None or not standing.live:
        return _NOBODY_GOES
    old = standing.order.unit
    choice = _chosen(handbook, state, incident, command, now, without=old)
    if choice is None or choice.unit == old:
        return _REFUSED
    end, word = ended(standing, OrderEnd.REASSIGNED, command.reason, command.author)
    order = asked_for(state, handbook.estate.place(incident.source), incident, choice.unit, choice.because)
    sent = _sent(handbook, order, command.author, "crew reassigned", now)
    return Decision((end, *sent), (word, order), (Reason.COMMAND,))


def _chosen(
    handbook: Handbook,
    state: State,
    incident: Incident,
    command: CrewSent | CrewReassigned,
    now: datetime,
    without: str = "",
) -> Choice | None:
    """Return the unit that was asked for, or the best one; None where there is none, or no such unit.

    Where a person asks for the one that the room would send, both have the same reasons.
    """
    best = choose(handbook, state, incident, now, (*incident.refused_by, without))
    if command.unit is None or (best is not None and best.unit == command.unit):
        return best
    if command.unit not in handbook.estate.crews:
        return None
    why = f": {command.reason}" if command.reason else ""
    return Choice(command.unit, f"chosen by {command.author}{why}")


def _sent(handbook: Handbook, order: SendCrew, author: str, what: str, now: datetime) -> tuple[Change, ...]:
    due = after(now, handbook.house.accept_within_s)
    return (
        IncidentMoved(
            order.incident,
            Status.DISPATCHED,
            due=due,
            owner=author,
            order=order.id,
            by=author,
            what=what,
        ),
        WatchArmed(Watch(due, WatchKind.ACCEPTANCE, order.id)),
    )

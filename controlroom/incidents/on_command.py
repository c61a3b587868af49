"""What an operator's command leads to: taken, or refused because somebody else was there first."""

from datetime import datetime

from controlroom.commands.keyholders import KeyholderCalled
from controlroom.commands.referrals import Referred
from controlroom.commands.work import Reopened
from controlroom.events import Closed, Command, CrewSent, Owned
from controlroom.incidents.changes import Change, IncidentClosed, IncidentMoved, WatchArmed
from controlroom.incidents.crews import nearest_free_unit, somebody_goes
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.keyholders.calling import on_keyholder
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.referring import refer
from controlroom.incidents.state import State
from controlroom.incidents.work.commanded import on_work_command, owned, reopen_closed
from controlroom.orders import SendCrew, order_id

_REFUSED = Decision(reasons=(Reason.COMMAND_REFUSED,))
_STALE = Decision(reasons=(Reason.COMMAND_STALE,))


def on_command(handbook: Handbook, state: State, command: Command, now: datetime) -> Decision:
    """Return what follows from an operator's command; a stale or impossible one changes nothing."""
    incident, work = state.incidents.get(command.incident), handbook.house.work
    if incident is None:
        closed = state.closed.get(command.incident)
        if isinstance(command, Reopened) and closed is not None:
            return reopen_closed(work, closed, command, now)
        if not isinstance(command, Referred) or closed is None:
            return _REFUSED
        incident = closed
    if incident.version != command.version:
        return _STALE
    match command:
        case Owned():
            return owned(work, state, incident, command, now)
        case Closed():
            over = IncidentClosed(incident.id, at=now, outcome=command.outcome, by=command.author)
            return Decision((over,), reasons=(Reason.COMMAND,))
        case KeyholderCalled() | Referred():
            return _of_others(handbook, state, incident, command, now)
        case CrewSent():
            return _send(handbook, state, incident, command, now)
        case _:
            return on_work_command(handbook, state, incident, command, now)


def _of_others(
    handbook: Handbook, state: State, incident: Incident, command: KeyholderCalled | Referred, now: datetime
) -> Decision:
    """Return what follows from a word about those outside the house: keyholders and partners."""
    if isinstance(command, KeyholderCalled):
        return on_keyholder(handbook, incident, command, now)
    return refer(handbook, state, incident, command, now)


def _send(handbook: Handbook, state: State, incident: Incident, command: CrewSent, now: datetime) -> Decision:
    unit = command.unit or nearest_free_unit(handbook.estate, state.load, incident.area)
    if incident.status is Status.RESOLVED:
        return Decision(reasons=(Reason.IS_RESOLVED,))
    if unit is None or unit not in handbook.estate.crews or somebody_goes(state, incident):
        return _REFUSED
    order = SendCrew(
        id=order_id(state.position + 1),
        incident=incident.id,
        unit=unit,
        area=incident.area,
        kind=incident.kind,
        source=incident.source,
        site=incident.site,
        priority=incident.priority,
        instruction=f"{incident.event.replace('_', ' ')} at {incident.site}",
        simulated=incident.simulated,
        respond_within_s=incident.respond_within_s,
    )
    due = after(now, handbook.house.accept_within_s)
    changes: tuple[Change, ...] = (
        IncidentMoved(
            incident.id,
            Status.DISPATCHED,
            due=due,
            owner=command.author,
            order=order.id,
            by=command.author,
            what="crew sent",
        ),
        WatchArmed(Watch(due, WatchKind.ACCEPTANCE, order.id)),
    )
    return Decision(changes, (order,), (Reason.COMMAND,))

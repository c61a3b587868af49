"""How a change of the work on incidents changes the state: a part of `apply`, which decides nothing."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.changes import (
    ConditionEnded,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    PlanStepMarked,
    ReadersSet,
    Regrouping,
    WorkChange,
)
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import EXPECTED, THE_ROOM, Act, Incident, Status, WatchKind
from controlroom.incidents.state import CLOSED_KEPT, UNDO_KEPT, State
from controlroom.incidents.watches import OF_THE_CREW, disarm
from controlroom.incidents.work.kept import with_note, without_condition
from controlroom.incidents.work.orders_kept import end_order, forget
from controlroom.incidents.work.plan_steps import with_step


def work(state: State, change: WorkChange, now: datetime) -> None:
    """Change what the work on one incident has made of it, besides its moves and its end."""
    match change:
        case IncidentReopened(incident=incident):
            del state.closed[incident.id]
            stand(state, incident)
        case IncidentRestated() | IncidentAbsorbed() | IncidentReturned() | IncidentDivided():
            _regroup(state, change)
        case ReadersSet(incident=incident):
            among = state.incidents if incident.id in state.incidents else state.closed
            among[incident.id] = incident
            _restrict(state, incident)
        case IncidentNoted():
            noted = with_note(state.incidents[change.incident], change.author, change.text, now)
            state.incidents[noted.id] = noted
        case PlanStepMarked():
            marked = with_step(state.incidents[change.incident], change, now)
            state.incidents[marked.id] = marked
        case ConditionEnded():
            _no_longer(state, change.standing, change.incident)
            ended = without_condition(state.incidents[change.incident], change.standing)
            state.incidents[ended.id] = ended
        case _:
            assert_never(change)


def _regroup(state: State, change: Regrouping) -> None:
    """Change which signals belong to which incident."""
    match change:
        case IncidentRestated(incident=incident):
            leave(state, state.incidents[incident.id])
            stand(state, incident)
            if change.undo is not None:
                state.undo[incident.id] = change.undo
                if len(state.undo) > UNDO_KEPT:
                    del state.undo[next(iter(state.undo))]
        case IncidentAbsorbed():
            absorbed = state.incidents[change.incident]
            leave(state, absorbed)
            gone = replace(absorbed, outcome=Ending.MERGED, into=change.into, standing=())
            _keep_closed(state, gone, change.at)
        case IncidentReturned(incident=incident):
            state.closed.pop(incident.id, None)
            stand(state, incident)
        case IncidentDivided(incident=incident):
            stand(state, incident)
        case _:
            assert_never(change)


def stand(state: State, incident: Incident) -> None:
    """Put an incident among the open ones, and let signals join that lead to no other."""
    state.incidents[incident.id] = incident
    _restrict(state, incident)
    state.open_at[incident.site] = state.open_at.get(incident.site, 0) + 1
    for name in incident.standing:
        state.standing.setdefault(name, {})[incident.id] = None
    for key in incident.keys:
        state.joinable.setdefault(key, incident.id)


def _restrict(state: State, incident: Incident) -> None:
    """Remember who alone may see it, also when it is closed and forgotten otherwise."""
    if incident.readers:
        state.restricted[incident.id] = incident.readers
    elif state.restricted:
        state.restricted.pop(incident.id, None)


def leave(state: State, incident: Incident) -> None:
    """Take an incident from the open ones; nothing leads to it any more and nothing is expected of it."""
    del state.incidents[incident.id]
    state.open_at[incident.site] -= 1
    if not state.open_at[incident.site]:
        del state.open_at[incident.site]
    for name in incident.standing:
        _no_longer(state, name, incident.id)
    for key in incident.keys:
        if state.joinable.get(key) == incident.id:
            del state.joinable[key]
    state.undo.pop(incident.id, None)
    if incident.calls:
        disarm(state.watches, WatchKind.KEYHOLDER_CALL, incident.id)
        disarm(state.watches, WatchKind.KEYHOLDER_ATTENDS, incident.id)
    _release(state, incident)


def move(state: State, change: IncidentMoved, now: datetime) -> None:
    """Change how far the work on one incident has come."""
    before = state.incidents[change.incident]
    if change.order is not None and before.order is not None:
        forget(state, before.order)
    _release(state, before)
    _lead(state, before, change.status)
    state.incidents[before.id] = replace(
        before,
        status=change.status,
        due=change.due,
        owner=change.owner or before.owner,
        order=change.order or before.order,
        escalated_because=change.because or before.escalated_because,
        version=before.version + 1,
        escalations=change.escalations or before.escalations,
        last=Act(change.by or THE_ROOM, change.what or change.status, now),
        refused_by=(*before.refused_by, change.refused) if change.refused else before.refused_by,
        parked=change.parked or None,
        outcome=change.outcome or None,
    )


def _no_longer(state: State, name: str, incident: str) -> None:
    """Let a condition lead to this incident no longer."""
    leads = state.standing.get(name, {})
    leads.pop(incident, None)
    if not leads:
        state.standing.pop(name, None)


def _lead(state: State, before: Incident, status: Status) -> None:
    """Let signals join while there is work: what comes after the resolving is a new incident."""
    for key in before.keys:
        if status is Status.RESOLVED:
            if state.joinable.get(key) == before.id:
                del state.joinable[key]
        elif before.status is Status.RESOLVED:
            state.joinable.setdefault(key, before.id)


def _release(state: State, incident: Incident) -> None:
    """Expect nothing more of an incident in its present status: another one or its end follows."""
    expected = EXPECTED.get(incident.status)
    if expected is not None:
        disarm(state.watches, expected, incident.id)
    disarm(state.watches, WatchKind.ANSWER, incident.id)
    if incident.order is not None:
        for kind in OF_THE_CREW:
            disarm(state.watches, kind, incident.order if kind is WatchKind.ACCEPTANCE else incident.id)


def close(state: State, change: IncidentClosed, _now: datetime) -> None:
    """Take an incident from the open ones: its work is over."""
    incident = state.incidents[change.incident]
    leave(state, incident)
    last = Act(change.by or THE_ROOM, Status.CLOSED, change.at)
    over = replace(incident, outcome=change.outcome, cause=change.cause or None, last=last)
    _keep_closed(state, over, change.at)


def _keep_closed(state: State, incident: Incident, at: datetime) -> None:
    """Put an incident among the closed ones; the oldest of them is the journal's alone."""
    version = incident.version + 1
    if incident.order is not None:
        end_order(state, incident.order, OrderEnd.RECALLED)  # journals before 0.4 do not say it themselves
    closed = replace(incident, status=Status.CLOSED, due=None, closed_at=at, version=version)
    state.closed[incident.id] = closed
    if len(state.closed) > CLOSED_KEPT:
        oldest: Incident = state.closed.pop(next(iter(state.closed)))
        if oldest.order is not None:
            forget(state, oldest.order)

"""Where an incident goes next, and who has to have moved by when: no step without the deadline after it.

The invariant of the room: an open incident has a `due` moment, and a watch that falls due with it. So
every move of an incident is made here, or in `routing` for the first one, as a pair: the move, and the
watch that follows from it. `EXPECTED` says which watch belongs to which status; `apply` takes the watch
of the old status off, so two never stand for one incident.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.changes import (
    Change,
    IncidentClosed,
    IncidentMoved,
    IncidentRestated,
    WatchArmed,
)
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.incident import EXPECTED, Act, Incident, Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import OF_THE_CREW, due_of
from controlroom.incidents.work.limits import WorkRules, escalate_s, owner_s
from controlroom.signals.dispatch_messages import Step

ANSWER_DEFAULT_S = 180
"""How long an incident may stand unanswered where its rule sets no limit: the longer edge that is
remembered of EN 50518 for other alarms; a default, confirm against the standard."""

_PERSONS = frozenset({Status.NEW, Status.ESCALATED})
"""A person is what is expected: the watch over an answer is that of the status itself, or is over."""

_MOVES: frozenset[type] = frozenset({IncidentMoved, IncidentRestated})
"""What takes the watches of an open incident off."""

Move = tuple[IncidentMoved, WatchArmed]
"""A step, and what is expected next."""


def answered_by(incident: Incident, now: datetime) -> Move:
    """Let the incident wait for a person's look, in the time that its rule gave."""
    due = after(now, incident.answer_within_s or ANSWER_DEFAULT_S)
    return IncidentMoved(incident.id, Status.NEW, due=due), _watch(WatchKind.ANSWER, incident, due)


def owned_by(work: WorkRules, incident: Incident, owner: str, now: datetime) -> Move:
    """Give the incident to this person, who has to move within the house's time."""
    due = after(now, owner_s(work, incident.priority))
    moved = IncidentMoved(incident.id, Status.OWNED, due=due, owner=owner, by=owner)
    return moved, _watch(WatchKind.OWNER_MOVES, incident, due)


def escalated(work: WorkRules, incident: Incident, because: str | None, now: datetime) -> Move:
    """Tell the next level; the one after it follows unless somebody takes the incident in time."""
    due = after(now, escalate_s(work, incident.priority))
    level = incident.escalations + 1
    moved = IncidentMoved(incident.id, Status.ESCALATED, due=due, because=because, escalations=level)
    return moved, _watch(WatchKind.ESCALATION, incident, due)


def at_least(moved: IncidentMoved, incident: Incident, level: int) -> IncidentMoved:
    """Return the move with at least this level told of it, and never a lower one than before."""
    return replace(moved, escalations=max(moved.escalations, incident.escalations + 1, level))


def on_its_way(
    work: WorkRules, accept_s: int, incident: Incident, standing: StandingOrder, now: datetime
) -> Move:
    """Expect the unit at the place, in the time that the rule gave from the order on.

    Where that time is over already the unit has as long as for an acceptance: somebody moved at last.
    """
    within_s = standing.order.respond_within_s or work.arrive_within_s
    due = max(after(standing.issued_at, within_s), after(now, accept_s))
    moved = IncidentMoved(incident.id, Status.DISPATCHED, due=due, by=standing.order.unit)
    return moved, _watch(WatchKind.ARRIVAL, incident, due)


def at_the_place(work: WorkRules, incident: Incident, unit: str, now: datetime) -> Move:
    """Expect the unit's next word from the place."""
    due = after(now, work.clear_within_s)
    moved = IncidentMoved(incident.id, Status.ON_SCENE, due=due, by=unit)
    return moved, _watch(WatchKind.CLEARANCE, incident, due)


def parked_until(incident: Incident, until: datetime, reason: str, author: str) -> Move:
    """Lay the incident aside until that moment."""
    moved = IncidentMoved(incident.id, Status.PARKED, due=until, by=author, parked=reason)
    return moved, _watch(WatchKind.END_OF_PARKING, incident, until)


def taken_up(work: WorkRules, incident: Incident, now: datetime) -> Move:
    """Bring a parked incident back: to its owner where it has one, else to everybody."""
    if incident.owner is None:
        return answered_by(incident, now)
    moved, armed = owned_by(work, incident, incident.owner, now)
    return replace(moved, by=""), armed


def resolved_as(work: WorkRules, incident: Incident, outcome: str, author: str, now: datetime) -> Move:
    """Let the incident stand as done for a while, so that somebody may still say that it is not."""
    due = after(now, work.reopen_within_s)
    owner = incident.owner or author
    moved = IncidentMoved(incident.id, Status.RESOLVED, due=due, owner=owner, by=author, outcome=outcome)
    return moved, _watch(WatchKind.REOPENING, incident, due)


def reopened_by(
    work: WorkRules, incident: Incident, author: str, reason: str, now: datetime
) -> tuple[Incident, WatchArmed]:
    """Return the closed incident as open work of this person, and the watch over it.

    What became of its signals' conditions while it was closed is not known.
    """
    _, armed = owned_by(work, incident, author, now)
    again = replace(
        incident,
        status=Status.OWNED,
        owner=author,
        due=armed.watch.due,
        closed_at=None,
        outcome=None,
        standing=(),
        escalated_because=reason,
        version=incident.version + 1,
        last=Act(author, "reopened", now),
    )
    return again, armed


def as_it_stands(state: State, incident: Incident, now: datetime) -> Move:
    """Keep status and deadline, for a move that changes something else; what has no deadline is due now."""
    kind, subject = EXPECTED[incident.status], incident.id
    standing = state.orders.get(incident.order) if incident.order is not None else None
    if incident.status is Status.DISPATCHED and standing is not None and standing.step is None:
        kind, subject = WatchKind.ACCEPTANCE, standing.order.id
    due = incident.due or now
    return IncidentMoved(incident.id, incident.status, due=due), WatchArmed(Watch(due, kind, subject))


def expected_anew(work: WorkRules, accept_s: int, state: State, now: datetime) -> tuple[Change, ...]:
    """Return the deadlines of every open incident that has none.

    Journals of versions before 0.3 hold such incidents: escalated, owned, or with a crew on its way.
    """
    changes: list[Change] = []
    for incident in state.incidents.values():
        if incident.due is None:
            changes += _anew(work, accept_s, state, incident, now)
    return tuple(changes)


def _anew(work: WorkRules, accept_s: int, state: State, incident: Incident, now: datetime) -> Move:
    standing = state.orders.get(incident.order) if incident.order is not None else None
    status = incident.status
    match status:
        case Status.ON_SCENE if standing is not None:
            return at_the_place(work, incident, standing.order.unit, now)
        case Status.DISPATCHED if standing is not None and standing.step is not Step.REFUSED:
            return on_its_way(work, accept_s, incident, standing, now)
        case Status.OWNED if incident.owner is not None:
            return owned_by(work, incident, incident.owner, now)
        case (
            Status.NEW
            | Status.OWNED
            | Status.DISPATCHED
            | Status.ON_SCENE
            | Status.ESCALATED
            | Status.CLOSED
            | Status.PARKED
            | Status.RESOLVED
        ):
            return escalated(work, incident, None, now)
        case _:
            assert_never(status)


def crew_still_awaited(
    state: State, incident: Incident, decision: Decision, over: Watch | None = None
) -> Decision:
    """Return the decision with what is awaited of the crew: telling people takes no crew's deadline off.

    A move, and a merge or split, take the watches of the step before off; those over a crew whose order goes
    on are armed again, for the same moment, but for the one that is `over`.
    """
    standing = state.orders.get(incident.order) if incident.order is not None else None
    told = any(type(change) in _MOVES for change in decision.changes)
    if standing is None or not standing.live or not told:
        return decision
    set_anew = {change.watch.kind for change in decision.changes if isinstance(change, WatchArmed)}
    awaited: list[Change] = []
    for kind in OF_THE_CREW:
        subject = standing.order.id if kind is WatchKind.ACCEPTANCE else incident.id
        due = due_of(state.watches, kind, subject)
        watch = Watch(due, kind, subject) if due is not None else None
        if watch is not None and kind not in set_anew and watch != over:
            awaited.append(WatchArmed(watch))
    return replace(decision, changes=(*decision.changes, *awaited)) if awaited else decision


def person_still_awaited(state: State, incident: Incident, decision: Decision) -> Decision:
    """Return the decision of a crew's word with what is awaited of a person: no crew answers for one.

    Where a person is to look at what a crew goes to already (see `crews.raising`), that stands beside what is
    expected of the crew. Who escalates tells people anyway.
    """
    due = due_of(state.watches, WatchKind.ANSWER, incident.id)
    if due is None or incident.status in _PERSONS:
        return decision
    moves = [change for change in decision.changes if isinstance(change, IncidentMoved)]
    if not moves or moves[-1].status in _PERSONS:
        return decision
    armed = WatchArmed(Watch(due, WatchKind.ANSWER, incident.id))
    return replace(decision, changes=(*decision.changes, armed))


def looked_at(state: State, incident: Incident, decision: Decision, author: str, now: datetime) -> Decision:
    """Return the decision of a person's command, after which nobody else has to look at the incident."""
    asked = due_of(state.watches, WatchKind.ANSWER, incident.id) is not None
    if not asked or incident.status in _PERSONS or not decision.changes:
        return decision
    if any(type(change) in _MOVES or type(change) is IncidentClosed for change in decision.changes):
        return decision
    moved, armed = as_it_stands(state, incident, now)
    seen = Decision((*decision.changes, replace(moved, by=author, what="seen"), armed))
    return replace(decision, changes=crew_still_awaited(state, incident, seen).changes)


def _watch(kind: WatchKind, incident: Incident, due: datetime) -> WatchArmed:
    return WatchArmed(Watch(due, kind, incident.id))

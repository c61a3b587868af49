"""The only hand that changes the state: a record in, the state one record further.

Live, restart, replay and simulation all come through here, so a state is always the fold of its
records. Nothing is decided here: a change that does not fit the state is a broken journal and raises.
"""

import heapq
from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.changes import (
    Change,
    ConditionNoted,
    Heard,
    IncidentClosed,
    IncidentMoved,
    IncidentOpened,
    Logged,
    OrderHandedOver,
    OrderMoved,
    Quarantined,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.confirmation import keep
from controlroom.incidents.incident import (
    EXPECTED,
    THE_ROOM,
    Act,
    Incident,
    StandingOrder,
    Status,
    Watch,
    WatchKind,
)
from controlroom.incidents.lessons import (
    CameOffTest,
    ClueKept,
    Confirmed,
    Lesson,
    PathMoved,
    Swallowed,
    WentOnTest,
)
from controlroom.incidents.on_test import swallow
from controlroom.incidents.paths import moved
from controlroom.incidents.record import Decision
from controlroom.incidents.repeats import count
from controlroom.incidents.state import CLOSED_KEPT, CONDITIONS_KEPT, HEARD_MIN, State
from controlroom.signals.dispatch_messages import Step

_ORDER_ENDS = frozenset({Step.CLEARED, Step.REFUSED})
"""Steps after which a unit no longer carries the order."""


def apply(state: State, position: int, now: datetime, decision: Decision) -> None:
    """Bring the state to `position`; raises ValueError when a record is missing or comes twice."""
    if position != state.position + 1:
        raise ValueError(f"record {position} does not follow {state.position}: the journal has a hole")
    state.position = position
    for change in decision.changes:
        _apply(state, change, now)
    for order in decision.orders:
        state.orders[order.id] = StandingOrder(order, issued_at=now)
        state.unsent[order.id] = None
        state.load[order.unit] = state.load.get(order.unit, 0) + 1


def _apply(state: State, change: Change, now: datetime) -> None:
    match change:
        case Heard():
            _hear(state, change.key)
        case Logged():
            count(state.runs, change.source, change.event, change.nth, now)
        case IncidentOpened():
            count(state.runs, change.incident.source, change.incident.event, change.nth, now)
            state.incidents[change.incident.id] = change.incident
            state.open_at[change.incident.site] = state.open_at.get(change.incident.site, 0) + 1
            if change.incident.merge is not None:
                state.joinable[change.incident.merge] = change.incident.id
        case SignalJoined():
            count(state.runs, change.source, change.event, change.nth, now)
            joined = state.incidents[change.incident]
            state.incidents[joined.id] = replace(
                joined,
                signals=joined.signals + 1,
                version=joined.version + 1,
                priority=min(joined.priority, change.priority),
                last=Act(change.source, "joined", now),
            )
        case IncidentMoved():
            _move(state, change, now)
        case IncidentClosed():
            _close(state, change)
        case OrderMoved():
            _move_order(state, change)
        case OrderHandedOver():
            _hand_over(state, change.order)
        case WatchArmed():
            _arm(state, change.watch)
        case WatchExpired():
            disarm(state, change.watch.kind, change.watch.subject)
        case ConditionNoted():
            _note(state, change)
        case Quarantined():
            state.quarantined += 1
        case ClueKept() | Confirmed() | PathMoved() | WentOnTest() | CameOffTest() | Swallowed():
            _learn(state, change, now)
        case _:
            assert_never(change)


def _learn(state: State, change: Lesson, now: datetime) -> None:
    """Remember what a later signal's facts depend on."""
    match change:
        case ClueKept():
            state.clues[change.site] = keep(state.clues.get(change.site, ()), change, state.position, now)
        case Confirmed():
            state.confirmed[f"{change.threat} {change.site}"] = now
        case PathMoved():
            failed = moved(state.paths, change)
            if failed is not None:
                state.paths[change.site] = failed
        case WentOnTest():
            state.tests[change.test.name] = change.test
        case CameOffTest():
            del state.tests[change.test.name]
            disarm(state, WatchKind.END_OF_TEST, change.test.name)
        case Swallowed():
            state.tests[change.test] = swallow(state.tests[change.test], change.event, state.position)
        case _:
            assert_never(change)


def _hear(state: State, key: bytes) -> None:
    state.heard[key] = state.position
    if len(state.heard) >= HEARD_MIN:
        state.heard_before, state.heard = state.heard, {}


def _note(state: State, change: ConditionNoted) -> None:
    state.conditions.pop(change.source, None)
    state.conditions[change.source] = change.condition
    if len(state.conditions) > CONDITIONS_KEPT:
        del state.conditions[next(iter(state.conditions))]


def _hand_over(state: State, order: str) -> None:
    state.unsent.pop(order, None)
    standing = state.orders.get(order)
    if standing is None:
        return
    state.orders[order] = replace(standing, handed_over=True)
    work = state.incidents.get(standing.order.incident) or state.closed.get(standing.order.incident)
    if work is None or work.order != order:
        _forget(state, order)


def _forget(state: State, order: str) -> None:
    """Keep an order no longer, and burden its unit no longer; one that is still to be sent stays."""
    standing = state.orders.get(order)
    if standing is None or order in state.unsent:
        return
    del state.orders[order]
    if standing.step not in _ORDER_ENDS:
        state.load[standing.order.unit] -= 1


def _move(state: State, change: IncidentMoved, now: datetime) -> None:
    before = state.incidents[change.incident]
    if change.order is not None and before.order is not None:
        _forget(state, before.order)
    _release(state, before)
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
    )


def _release(state: State, incident: Incident) -> None:
    """Expect nothing more of an incident in its present status: another one or its end follows."""
    expected = EXPECTED.get(incident.status)
    if expected is not None:
        disarm(state, expected, incident.id)
    if incident.order is not None:
        disarm(state, WatchKind.ACCEPTANCE, incident.order)


def _close(state: State, change: IncidentClosed) -> None:
    incident = state.incidents.pop(change.incident)
    state.open_at[incident.site] -= 1
    if not state.open_at[incident.site]:
        del state.open_at[incident.site]
    if incident.merge is not None and state.joinable.get(incident.merge) == incident.id:
        del state.joinable[incident.merge]
    _release(state, incident)
    state.closed[incident.id] = replace(
        incident,
        status=Status.CLOSED,
        due=None,
        closed_at=change.at,
        outcome=change.outcome,
        version=incident.version + 1,
        last=Act(change.by or THE_ROOM, Status.CLOSED, change.at),
    )
    if len(state.closed) > CLOSED_KEPT:
        oldest: Incident = state.closed.pop(next(iter(state.closed)))
        if oldest.order is not None:
            _forget(state, oldest.order)


def _move_order(state: State, change: OrderMoved) -> None:
    standing = state.orders[change.order]
    disarm(state, WatchKind.ACCEPTANCE, change.order)
    if change.step in _ORDER_ENDS:
        state.load[standing.order.unit] -= 1
    state.orders[change.order] = replace(standing, step=change.step)


def _arm(state: State, watch: Watch) -> None:
    disarm(state, watch.kind, watch.subject)
    state.watch_count += 1
    state.armed[_name(watch.kind, watch.subject)] = state.watch_count
    heapq.heappush(state.watches, (watch.due, state.watch_count, watch))


def disarm(state: State, kind: WatchKind, subject: str) -> None:
    """Take a watch off; a watch that is not armed stays so. Dead entries leave the heap from its top."""
    state.armed.pop(_name(kind, subject), None)
    while state.watches:
        _, number, watch = state.watches[0]
        if state.armed.get(_name(watch.kind, watch.subject)) == number:
            return
        heapq.heappop(state.watches)


def _name(kind: WatchKind, subject: str) -> str:
    return f"{kind} {subject}"

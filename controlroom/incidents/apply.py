"""The only hand that changes the state: a record in, the state one record further.

Live, restart, replay and simulation all come through here, so a state is always the fold of its
records. Nothing is decided here: a change that does not fit the state is a broken journal and raises.
"""

from datetime import datetime

from controlroom.incidents.changes import (
    Change,
    ConditionEnded,
    ConditionNoted,
    Heard,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    Logged,
    OrderHandedOver,
    OrderMoved,
    Quarantined,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.incident import StandingOrder
from controlroom.incidents.learn import learn
from controlroom.incidents.record import Decision
from controlroom.incidents.repeats import count
from controlroom.incidents.rollups.state import count_opening
from controlroom.incidents.state import CONDITIONS_KEPT, HEARD_MIN, State
from controlroom.incidents.watches import arm, disarm
from controlroom.incidents.work.applied import stand, work
from controlroom.incidents.work.kept import with_signal
from controlroom.incidents.work.orders_kept import hand_over, move_order


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
            stand(state, change.incident)
            count_opening(state.rollups, change.incident.area, now)
        case SignalJoined():
            count(state.runs, change.source, change.event, change.nth, now)
            joined = with_signal(state.incidents[change.incident], change, state.position, now)
            state.incidents[joined.id] = joined
            if change.standing and change.standing in joined.standing:
                state.standing.setdefault(change.standing, {})[joined.id] = None
        case OrderMoved():
            move_order(state, change)
        case OrderHandedOver():
            hand_over(state, change.order)
        case WatchArmed():
            arm(state.watches, change.watch)
        case WatchExpired():
            disarm(state.watches, change.watch.kind, change.watch.subject)
        case ConditionNoted():
            _note(state, change)
        case Quarantined():
            state.quarantined += 1
        case IncidentMoved() | IncidentClosed() | IncidentReopened() | IncidentNoted() | ConditionEnded():
            work(state, change, now)
        case IncidentRestated() | IncidentAbsorbed() | IncidentReturned() | IncidentDivided():
            work(state, change, now)
        case _:
            learn(state, change, now)


def _hear(state: State, key: bytes) -> None:
    state.heard[key] = state.position
    if len(state.heard) >= HEARD_MIN:
        state.heard_before, state.heard = state.heard, {}


def _note(state: State, change: ConditionNoted) -> None:
    state.conditions.pop(change.source, None)
    state.conditions[change.source] = change.condition
    if len(state.conditions) > CONDITIONS_KEPT:
        del state.conditions[next(iter(state.conditions))]

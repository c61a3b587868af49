"""The only hand that changes the state: a record in, the state one record further.

Live, restart, replay and simulation all come through here, so a state is always the fold of its
records. Nothing is decided here: a change that does not fit the state is a broken journal and raises.

A change is looked up by its type: asking type after type, as a `match` does, took longer than most
changes. That every member of the union has its hand, and a hand that takes it, is held by a test.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from controlroom.incidents.changes import (
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
    PlanStepMarked,
    Quarantined,
    ReadersSet,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.crews.changes import (
    CrewNote,
    CrewNoted,
    OrderEnded,
    OrderUpdated,
    UpdateHeard,
    noted,
)
from controlroom.incidents.keyholders.applied import note_call
from controlroom.incidents.keyholders.calls import KeyholderNoted
from controlroom.incidents.learn import LEARNERS
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.applied import refer_on
from controlroom.incidents.referrals.state import ReferralMade, ReferralMoved
from controlroom.incidents.repeats import count
from controlroom.incidents.rollups.state import count_opening
from controlroom.incidents.state import CONDITIONS_KEPT, HEARD_MIN, State
from controlroom.incidents.watches import arm, disarm
from controlroom.incidents.work.applied import close, move, stand, work
from controlroom.incidents.work.kept import with_signal
from controlroom.incidents.work.orders_kept import (
    end_order,
    give,
    hand_over,
    hear_update,
    move_order,
    update_order,
)


def apply(state: State, position: int, now: datetime, decision: Decision) -> None:
    """Bring the state to `position`; raises ValueError when a record is missing or comes twice."""
    if position != state.position + 1:
        raise ValueError(f"record {position} does not follow {state.position}: the journal has a hole")
    state.position = position
    for change in decision.changes:
        HANDS[type(change)](state, change, now)
    for order in decision.orders:
        give(state, order, now)


def _hear(state: State, change: Heard, _now: datetime) -> None:
    state.heard[change.key] = state.position
    if len(state.heard) >= HEARD_MIN:
        state.heard_before, state.heard = state.heard, {}


def _log(state: State, change: Logged, now: datetime) -> None:
    count(state.runs, change.source, change.event, change.nth, now)


def _open(state: State, change: IncidentOpened, now: datetime) -> None:
    incident = change.incident
    count(state.runs, incident.source, incident.event, change.nth, now)
    stand(state, incident)
    count_opening(state.rollups, incident.area, now)


def _join(state: State, change: SignalJoined, now: datetime) -> None:
    count(state.runs, change.source, change.event, change.nth, now)
    joined = with_signal(state.incidents[change.incident], change, state.position, now)
    state.incidents[joined.id] = joined
    if change.standing and change.standing in joined.standing:
        state.standing.setdefault(change.standing, {})[joined.id] = None


def _move_order(state: State, change: OrderMoved, _now: datetime) -> None:
    move_order(state, change)


def _end_order(state: State, change: OrderEnded, _now: datetime) -> None:
    end_order(state, change.order, change.how)


def _update_order(state: State, change: OrderUpdated, _now: datetime) -> None:
    update_order(state, change)


def _hear_update(state: State, change: UpdateHeard, _now: datetime) -> None:
    hear_update(state, change)


def _note_crew(state: State, change: CrewNoted, now: datetime) -> None:
    state.crews[change.unit] = noted(state.crews.get(change.unit, CrewNote()), change, now)


def _hand_over(state: State, change: OrderHandedOver, _now: datetime) -> None:
    hand_over(state, change.order)


def _arm(state: State, change: WatchArmed, _now: datetime) -> None:
    arm(state.watches, change.watch)


def _expire(state: State, change: WatchExpired, _now: datetime) -> None:
    disarm(state.watches, change.watch.kind, change.watch.subject)


def _note(state: State, change: ConditionNoted, _now: datetime) -> None:
    state.conditions.pop(change.source, None)
    state.conditions[change.source] = change.condition
    if len(state.conditions) > CONDITIONS_KEPT:
        del state.conditions[next(iter(state.conditions))]


def _put_aside(state: State, _change: Quarantined, _now: datetime) -> None:
    state.quarantined += 1


HANDS: Final[dict[type, Callable[[State, Any, datetime], None]]] = {
    Heard: _hear,
    Logged: _log,
    IncidentOpened: _open,
    SignalJoined: _join,
    IncidentMoved: move,
    IncidentClosed: close,
    IncidentReopened: work,
    IncidentNoted: work,
    PlanStepMarked: work,
    ConditionEnded: work,
    IncidentRestated: work,
    IncidentAbsorbed: work,
    IncidentReturned: work,
    IncidentDivided: work,
    ReadersSet: work,
    ReferralMade: refer_on,
    ReferralMoved: refer_on,
    KeyholderNoted: note_call,
    OrderMoved: _move_order,
    OrderHandedOver: _hand_over,
    OrderEnded: _end_order,
    OrderUpdated: _update_order,
    UpdateHeard: _hear_update,
    CrewNoted: _note_crew,
    WatchArmed: _arm,
    WatchExpired: _expire,
    ConditionNoted: _note,
    Quarantined: _put_aside,
    **LEARNERS,
}
"""Which hand applies a change of this type."""

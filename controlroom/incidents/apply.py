"""The only hand that changes the state: a record in, the state one record further.

Live, restart, replay and simulation all come through here, so a state is always the fold of its
records. Nothing is decided here: a change that does not fit the state is a broken journal and raises.
"""

from datetime import datetime
from typing import assert_never

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
from controlroom.incidents.confirmation import keep
from controlroom.incidents.hearing import HearsAgain, Heeded, WentDeaf, heed
from controlroom.incidents.holds.changes import HoldChange, HoldEased, HoldEnded, SignalHeld
from controlroom.incidents.holds.state import apply_hold
from controlroom.incidents.incident import StandingOrder, WatchKind
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
from controlroom.incidents.people.duty import (
    Checked,
    CheckSlipped,
    DutyBegan,
    DutyEnded,
    DutyNoted,
    NotWatched,
    Watched,
    watch_over,
)
from controlroom.incidents.record import Decision
from controlroom.incidents.repeats import count
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    ExpectationMissed,
    FalseCallCounted,
    PlaceForgotten,
    SetNoted,
    SignNoted,
    SiteChange,
)
from controlroom.incidents.sites.state import note
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
            _domain(state, change, now)


def _domain(state: State, change: HoldChange | Lesson | Heeded | Watched | SiteChange, now: datetime) -> None:
    """Hand a change to the part of the room that made it."""
    match change:
        case SignalHeld() | HoldEased() | HoldEnded():
            _hold(state, change, now)
        case ClueKept() | Confirmed() | PathMoved() | WentOnTest() | CameOffTest() | Swallowed():
            _learn(state, change, now)
        case WentDeaf() | HearsAgain():
            state.hearing = heed(state.hearing, change, now)
        case DutyBegan() | DutyEnded() | Checked() | CheckSlipped() | DutyNoted() | NotWatched():
            watch_over(state.duties, state.watches, change, now)
        case SetNoted() | SignNoted() | ExpectationMissed() | PlaceForgotten() | FalseCallCounted():
            _of_site(state, change, now)
        case ExpectationDropped():
            _of_site(state, change, now)
        case _:
            assert_never(change)


def _of_site(state: State, change: SiteChange, now: datetime) -> None:
    """Note it of the site; what is expected no longer leaves the watches."""
    if type(change) is ExpectationDropped:
        disarm(state.watches, change.kind, change.subject)
    else:
        note(state.sites, change, state.position, now)


def _hold(state: State, change: HoldChange, now: datetime) -> None:
    """Change what waits for an abort."""
    apply_hold(state.holds, change, now)
    if type(change) is SignalHeld:
        incident = change.draft.incident
        count(state.runs, incident.source, incident.event, change.draft.nth, now)
    elif type(change) is HoldEnded:
        disarm(state.watches, WatchKind.END_OF_HOLD, change.name)


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
            disarm(state.watches, WatchKind.END_OF_TEST, change.test.name)
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

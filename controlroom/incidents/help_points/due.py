"""The watches over help points: a call that nobody answers, one that never ends, a button, a test.

A call that is abandoned joins its own incident, which the start of it has opened, so that nobody looks at
two things; what it adds is that nobody knows what that person wanted. Of a button that is known to be
stuck no call is abandoned: each of them is counted in the button's incident, where a person looks.
"""

from datetime import datetime, timedelta
from typing import Literal, assert_never

from msgspec.structs import replace

from controlroom.estate.model import Place
from controlroom.incidents.cameras.said import incident_in
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.help_points.changes import (
    AtHelpPoint,
    CallAbandoned,
    CallEnded,
    PointFree,
    PointStuck,
    SelfTestMissed,
)
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.inferred import on_inferred, room_id
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.envelope import HelpPointSignal
from controlroom.signals.payloads import HelpPointCall
from controlroom.signals.vocabulary import CallStep

OfHelpPoints = Literal[
    WatchKind.HELP_POINT_CALL,
    WatchKind.HELP_POINT_ABANDONED,
    WatchKind.HELP_POINT_STUCK,
    WatchKind.HELP_POINT_TEST,
]
"""The kinds of watch that are about help points."""


def help_point_due(
    handbook: Handbook, state: State, kind: OfHelpPoints, watch: Watch, now: datetime
) -> Decision:
    """Return what follows when a watch of this kind over a help point is due."""
    point, _, call = watch.subject.partition(" ")
    place = handbook.estate.place(point)
    if place is None:
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    match kind:
        case WatchKind.HELP_POINT_CALL:
            return _call(handbook, state, watch, place, now)
        case WatchKind.HELP_POINT_ABANDONED:
            said = _said(handbook, state, place, call, CallStep.ABANDONED, now)
            decision = on_inferred(handbook, state, said, (WatchExpired(watch),), now)
            return _because(decision, Reason.CALL_ABANDONED)
        case WatchKind.HELP_POINT_STUCK:
            return _stuck(handbook, state, watch, place, now)
        case WatchKind.HELP_POINT_TEST:
            said = _said(handbook, state, place, "test", CallStep.SELF_TEST_OVERDUE, now)
            missed: tuple[Change, ...] = (WatchExpired(watch), AtHelpPoint(SelfTestMissed(point)))
            return _because(on_inferred(handbook, state, said, missed, now), Reason.NOT_HEARD)
        case _:
            assert_never(kind)


def _call(handbook: Handbook, state: State, watch: Watch, place: Place, now: datetime) -> Decision:
    """Return what follows when a call rang too long, or lasts too long."""
    point, _, number = watch.subject.partition(" ")
    call, rules = state.help_points.call_of(point, number), handbook.house.help_points
    if call is None:
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    gives_up = call.since + timedelta(seconds=rules.call_max_s)
    if now >= gives_up:
        over: tuple[Change, ...] = (WatchExpired(watch), AtHelpPoint(CallEnded(point, number)))
        return _sticks(handbook, state, over, place, now)
    again = WatchArmed(Watch(gives_up, WatchKind.HELP_POINT_CALL, watch.subject))
    if call.answered or point in state.help_points.stuck:
        return Decision((WatchExpired(watch), again), reasons=(Reason.HEARD_SINCE,))
    said = _said(handbook, state, place, number, CallStep.ABANDONED, now)
    rang = (WatchExpired(watch), AtHelpPoint(CallAbandoned(point, number)), again)
    return _because(on_inferred(handbook, state, said, rang, now), Reason.CALL_ABANDONED)


def _stuck(handbook: Handbook, state: State, watch: Watch, place: Place, now: datetime) -> Decision:
    """Return what follows when a button called once too often, or may have been quiet for long enough."""
    stuck = state.help_points.stuck.get(place.topic)
    if stuck is None:
        return _sticks(handbook, state, (WatchExpired(watch),), place, now)
    due = stuck.last + timedelta(seconds=handbook.house.help_points.stuck_quiet_s)
    if due > now:
        again = Watch(due, WatchKind.HELP_POINT_STUCK, place.topic)
        return Decision((WatchExpired(watch), WatchArmed(again)), reasons=(Reason.BUTTON_STUCK,))
    free = AtHelpPoint(PointFree(place.topic, stuck.calls))
    return Decision((WatchExpired(watch), free), reasons=(Reason.QUIET_AGAIN,))


def _sticks(
    handbook: Handbook, state: State, before: tuple[Change, ...], place: Place, now: datetime
) -> Decision:
    """Return what follows when a button is found to be stuck; nothing more where that is known."""
    if place.topic in state.help_points.stuck:
        return Decision(before, reasons=(Reason.BUTTON_STUCK,))
    said = _said(handbook, state, place, "stuck", CallStep.STUCK, now)
    decision = on_inferred(handbook, state, said, before, now)
    quiet = timedelta(seconds=handbook.house.help_points.stuck_quiet_s)
    more: tuple[Change, ...] = (
        AtHelpPoint(PointStuck(place.topic, incident_in(decision))),
        WatchArmed(Watch(now + quiet, WatchKind.HELP_POINT_STUCK, place.topic)),
    )
    return _because(replace(decision, changes=decision.changes + more), Reason.BUTTON_STUCK)


def _because(decision: Decision, reason: Reason) -> Decision:
    return replace(decision, reasons=(*decision.reasons, reason))


def _said(
    handbook: Handbook, state: State, place: Place, call: str, step: CallStep, now: datetime
) -> HelpPointSignal:
    """Return the room's own word about a help point; marked simulated where all signals are."""
    return HelpPointSignal.model_construct(
        specversion="1.0",
        id=room_id(state),
        source=place.topic,
        time=now,
        type="uk.gov.leeds.leedswatch.help-point.v1",
        simulated=handbook.house.demonstration,
        data=HelpPointCall.model_construct(point=place.key, call=call, step=step),
    )

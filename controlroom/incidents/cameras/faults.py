"""What a camera's fault leads to: it settles first, it may be one of many, and only then it is work.

A fault whose rule asks for people waits until it has stood for the house's debounce (or the rule's own
hold, where that is longer); what clears before opens nothing. A fault that its rule only logs is logged
at once. Tampering waits for nothing: somebody is at the camera now.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from controlroom.estate.model import Place
from controlroom.incidents.cameras.changes import AtCameras, FaultCleared, FaultRaised
from controlroom.incidents.cameras.flapping import flaps
from controlroom.incidents.cameras.groups import back_in_group, into_group, open_group, suspicion
from controlroom.incidents.cameras.heartbeat import sign_of_life
from controlroom.incidents.cameras.limits import AT_ONCE, TOGETHER, CameraRules
from controlroom.incidents.cameras.note import settling
from controlroom.incidents.cameras.said import case_of, collected, only_logged, over, own_case
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import Case, route
from controlroom.incidents.state import State
from controlroom.rules.verdict import Route, Verdict
from controlroom.signals.envelope import CameraFaultSignal
from controlroom.signals.vocabulary import CameraFault, FaultState


def on_fault(
    handbook: Handbook,
    state: State,
    signal: CameraFaultSignal,
    place: Place,
    changes: list[Change],
    now: datetime,
) -> Decision:
    """Return what follows from a fault that a camera of the estate raised or cleared."""
    case = case_of(handbook, state, signal, place, now)
    beats = signal.data.fault is CameraFault.HEARTBEAT
    changes += sign_of_life(handbook, state, place, now, beats=beats)
    if beats:
        return route(handbook, state, case, changes)
    if signal.data.state is FaultState.RAISED:
        return _raised(handbook, state, case, signal.data.fault, place, changes)
    changes += over(state, place.topic, signal.data.fault)
    if state.cameras.has(place.topic, signal.data.fault):
        changes.append(AtCameras(FaultCleared(place.topic, signal.data.fault)))
        changes += back_in_group(state, place, signal.data.fault, now)
    return route(handbook, state, case, changes)


def _raised(
    handbook: Handbook, state: State, case: Case, fault: CameraFault, place: Place, changes: list[Change]
) -> Decision:
    now = case.asked.now
    rules, cameras = handbook.house.cameras, state.cameras
    since = next((one.since for one in cameras.faults.get(place.topic, ()) if one.fault is fault), None)
    changes.append(AtCameras(FaultRaised(place.topic, fault)))
    if fault in AT_ONCE:
        return route(handbook, state, case, changes)
    flapping = cameras.flapping.get(place.topic)
    if flapping is not None:
        case.reasons.append(Reason.FLAPPING)
        return collected(handbook, state, case, flapping.incident, changes)
    if flaps(rules, cameras.raises.get(place.topic, ()), now):
        changes.append(WatchArmed(Watch(now, WatchKind.CAMERA_FLAPPING, place.topic)))
    group = open_group(state, place)
    if group is not None:
        changes += into_group(state, place, group)
        case.reasons.append(Reason.GROUP_DARK)
        return collected(handbook, state, case, group.incident, changes)
    if fault in TOGETHER and since is None:
        changes += suspicion(handbook, state, place, now)
    settles = (since or now) + timedelta(seconds=settles_in_s(rules, case.verdict))
    if case.verdict.route is Route.LOG or settles <= now:
        case.verdict = replace(case.verdict, hold_s=None)  # it has been held, as long as anything is
        return route(handbook, state, case, changes)
    if since is None:
        changes.append(WatchArmed(Watch(settles, WatchKind.CAMERA_SETTLED, settling(place.topic, fault))))
    return only_logged(handbook, state, case, Reason.HELD_TO_SETTLE, changes)


def settles_in_s(rules: CameraRules, verdict: Verdict) -> int:
    """Return for how many seconds a fault must stand before it is work."""
    return max(rules.debounce_s, verdict.hold_s or 0)


def on_settled(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a fault has stood long enough: work, unless its whole group is suspected."""
    camera, _, word = watch.subject.rpartition(" ")
    place, fault = handbook.estate.place(camera), CameraFault(word)
    if place is None or not state.cameras.has(camera, fault):
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    suspected = state.cameras.suspected.get(place.parent or "")
    if suspected is not None and fault in TOGETHER:
        later = Watch(max(suspected, now), WatchKind.CAMERA_SETTLED, watch.subject)
        return Decision((WatchExpired(watch), WatchArmed(later)), reasons=(Reason.HELD_TO_SETTLE,))
    case = own_case(handbook, state, place, fault, now)
    return route(handbook, state, case, [WatchExpired(watch)])

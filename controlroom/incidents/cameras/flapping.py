"""A camera that comes and goes: one incident that counts, until the camera has been quiet for long enough.

Nothing that it raises meanwhile is lost: each raise is a signal of that incident. When it is quiet and well
the incident ends by itself, unless somebody has taken it up; when it is quiet because it is dark, its fault
is work like any other.
"""

from datetime import datetime, timedelta

from controlroom.incidents.cameras.changes import AtCameras, FlappingBegan, FlappingEnded
from controlroom.incidents.cameras.ending import closed_if_untouched, taken_in
from controlroom.incidents.cameras.limits import AT_ONCE, CameraRules
from controlroom.incidents.cameras.note import settling
from controlroom.incidents.cameras.said import incident_in, over, own_case
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import route
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import CameraFault


def flaps(rules: CameraRules, raises: tuple[datetime, ...], now: datetime) -> bool:
    """Say whether one more raise now is one too many within the window."""
    since = now - timedelta(seconds=rules.flap_window_s)
    return sum(at > since for at in raises) + 1 >= rules.flap_raises


def on_flapping(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a camera raised once too often, or may have been quiet for long enough."""
    rules, camera = handbook.house.cameras, watch.subject
    place, flapping = handbook.estate.place(camera), state.cameras.flapping.get(camera)
    quiet = timedelta(seconds=rules.flap_quiet_s)
    if place is None:
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    if flapping is None:
        case = own_case(handbook, state, place, CameraFault.FLAPPING, now)
        case.reasons.append(Reason.FLAPPING)
        decision = route(handbook, state, case, [WatchExpired(watch)])
        incident = incident_in(decision)
        more: tuple[Change, ...] = ()
        if case.known.test is None:
            again = Watch(now + quiet, WatchKind.CAMERA_FLAPPING, camera)
            more = (AtCameras(FlappingBegan(camera, incident)), WatchArmed(again))
            more += taken_in(state, [place], incident, now)
        return Decision(decision.changes + more, decision.orders, decision.reasons, decision.ruling)
    if flapping.last + quiet > now:
        again = Watch(flapping.last + quiet, WatchKind.CAMERA_FLAPPING, camera)
        return Decision((WatchExpired(watch), WatchArmed(again)), reasons=(Reason.FLAPPING,))
    changes: list[Change] = [WatchExpired(watch), AtCameras(FlappingEnded(camera, flapping.raises))]
    changes += over(state, camera, CameraFault.FLAPPING)
    standing = [one.fault for one in state.cameras.faults.get(camera, ()) if one.fault not in AT_ONCE]
    changes += (
        WatchArmed(Watch(now, WatchKind.CAMERA_SETTLED, settling(camera, fault))) for fault in standing
    )
    if not standing:
        changes += closed_if_untouched(state, flapping.incident, now)
    return Decision(tuple(changes), reasons=(Reason.QUIET_AGAIN,))

"""Signs of life, and what it means when they stop.

A heartbeat is the commonest signal of the city and must cost nearly nothing. One that comes within half of
the camera's interval tells nothing new: it becomes no record (it counts as told with the one before).
Another becomes a record that notes the moment, without a question to the rules. The one watch of a camera
is not moved by them: when it is due it looks when the camera was last heard and, most times, waits on from
there: one small record for every two or three heartbeats.

A camera that was never heard is unknown, not silent. One that is known to be dark is not silent as well.
"""

from datetime import datetime, timedelta

from controlroom.estate.model import Place
from controlroom.events import SignalReceived
from controlroom.incidents.cameras.changes import AtCameras, CameraHeard, FaultCleared, FaultRaised
from controlroom.incidents.cameras.groups import back_in_group, into_group, open_group, suspicion
from controlroom.incidents.cameras.limits import DARK, CameraRules
from controlroom.incidents.cameras.said import collected, over, own_case
from controlroom.incidents.changes import Change, Heard, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import route
from controlroom.incidents.state import State
from controlroom.signals.envelope import CameraFaultSignal
from controlroom.signals.vocabulary import CameraFault


def is_mere_heartbeat(event: SignalReceived, signal: CameraFaultSignal) -> bool:
    """Say whether this is a heartbeat that came as heartbeats come: live, and nothing doubtful about it."""
    beats = signal.data.fault is CameraFault.HEARTBEAT
    return beats and event.doubt is None and not event.wire.retained


def on_heartbeat(
    handbook: Handbook, state: State, event: SignalReceived, place: Place, now: datetime
) -> Decision:
    """Return what follows from a heartbeat of a camera of the estate."""
    last = state.cameras.heard.get(place.topic)
    if last is not None and last.watched and not state.cameras.has(place.topic, CameraFault.SILENT):
        lately = timedelta(seconds=_interval_s(handbook.house.cameras, place) / 2)
        if now - last.at < lately:
            return Decision(reasons=(Reason.HEARD_LATELY,), first_position=last.position)
    changes: list[Change] = [Heard(event.key), *sign_of_life(handbook, state, place, now, beats=True)]
    return Decision(tuple(changes), reasons=(Reason.HEARTBEAT,))


def sign_of_life(
    handbook: Handbook, state: State, place: Place, now: datetime, *, beats: bool
) -> list[Change]:
    """Return what a sign of life changes: it is noted, silence ends, and the next one may be expected."""
    last = state.cameras.heard.get(place.topic)
    was_watched = last is not None and last.watched
    watched = was_watched or beats or place.every_s is not None
    changes: list[Change] = [AtCameras(CameraHeard(place.topic, watched))]
    silent = state.cameras.has(place.topic, CameraFault.SILENT)
    if silent:
        changes.append(AtCameras(FaultCleared(place.topic, CameraFault.SILENT)))
        changes += over(state, place.topic, CameraFault.SILENT)
        changes += back_in_group(state, place, CameraFault.SILENT, now)
    if watched and (silent or not was_watched):
        due = now + silent_after(handbook.house.cameras, place)
        changes.append(WatchArmed(Watch(due, WatchKind.CAMERA_SILENCE, place.topic)))
    return changes


def on_silence(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a camera should have been heard by now; mostly it was, and is expected on."""
    place, last = handbook.estate.place(watch.subject), state.cameras.heard.get(watch.subject)
    if place is None or last is None:
        return Decision((WatchExpired(watch),), reasons=(Reason.NOT_EXPECTED,))
    due = last.at + silent_after(handbook.house.cameras, place)
    if due > now:
        again = Watch(due, WatchKind.CAMERA_SILENCE, watch.subject)
        return Decision((WatchExpired(watch), WatchArmed(again)), reasons=(Reason.HEARD_SINCE,))
    changes: list[Change] = [
        WatchExpired(watch),
        AtCameras(FaultRaised(place.topic, CameraFault.SILENT)),
    ]
    if any(one.fault in DARK for one in state.cameras.faults.get(place.topic, ())):
        return Decision(tuple(changes), reasons=(Reason.KNOWN_DARK,))
    case = own_case(handbook, state, place, CameraFault.SILENT, now)
    case.reasons.append(Reason.NOT_HEARD)
    group = open_group(state, place)
    if group is not None:
        changes += into_group(state, place, group)
        return collected(handbook, state, case, group.incident, changes)
    changes += suspicion(handbook, state, place, now)
    return route(handbook, state, case, changes)


def silent_after(rules: CameraRules, place: Place) -> timedelta:
    """Return how long a camera may be quiet before it is silent."""
    return timedelta(seconds=_interval_s(rules, place) * rules.beats_missed)


def _interval_s(rules: CameraRules, place: Place) -> int:
    return place.every_s or rules.beat_s

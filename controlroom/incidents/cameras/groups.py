"""Many cameras dark at once: a switch, a recorder, a bus station, a tower block. One incident for all.

When the share of a parent's cameras that went dark within the window is large enough the parent is
*suspected*; if they are still dark when the debounce is over it is one incident, which lists them. Cameras
that follow join it and are listed; those that come back are listed as back. When all are back the
incident ends by itself, unless somebody has taken it up.

Cost: a raise looks at every camera of its parent once, some dozens; a parent of a thousand cameras would
take a millisecond and ought to be split in the estate.
"""

from datetime import datetime, timedelta
from math import ceil

from msgspec.structs import replace

from controlroom.estate.model import Estate, Place
from controlroom.incidents.cameras.changes import (
    AtCameras,
    CamerasListed,
    GroupDark,
    GroupOver,
    GroupSuspected,
)
from controlroom.incidents.cameras.ending import closed_if_untouched, taken_in
from controlroom.incidents.cameras.limits import TOGETHER, CameraRules
from controlroom.incidents.cameras.said import incident_in, over, own_case
from controlroom.incidents.cameras.state import Cameras, Group
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import route
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import CameraFault


def open_group(state: State, place: Place) -> Group | None:
    """Return the group that a camera belongs to, while the incident of that group is open."""
    group = state.cameras.groups.get(place.parent or "")
    return group if group is not None and group.incident in state.incidents else None


def suspicion(handbook: Handbook, state: State, place: Place, now: datetime) -> tuple[Change, ...]:
    """Return what one more dark camera makes of its parent: suspected, where that makes enough of them."""
    parent, rules, cameras = place.parent, handbook.house.cameras, state.cameras
    if parent is None or parent in cameras.suspected:
        return ()
    dark = _gone(handbook.estate, cameras, parent, now - timedelta(seconds=rules.group_window_s))
    if len({*dark, place.topic}) < _enough(rules, handbook.estate, parent):
        return ()
    due = now + timedelta(seconds=rules.debounce_s)
    return (AtCameras(GroupSuspected(parent, due)), WatchArmed(Watch(due, WatchKind.CAMERA_GROUP, parent)))


def on_group(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a suspected parent's cameras had time to come back."""
    parent, rules, estate = watch.subject, handbook.house.cameras, handbook.estate
    place = estate.place(parent)
    since = now - timedelta(seconds=rules.group_window_s + rules.debounce_s)
    dark = _gone(estate, state.cameras, parent, since)
    called_off = Decision(
        (WatchExpired(watch), AtCameras(GroupOver(parent))), reasons=(Reason.GROUP_CALLED_OFF,)
    )
    if place is None or len(dark) < _enough(rules, estate, parent):
        return called_off
    case = own_case(handbook, state, place, CameraFault.GROUP_DARK, now)
    decision = route(handbook, state, case, [WatchExpired(watch)])
    incident = incident_in(decision)
    if incident is None:
        more: tuple[Change, ...] = (AtCameras(GroupOver(parent)),)
        return replace(decision, changes=decision.changes + more)
    joined = state.incidents.get(incident)
    keys = tuple(camera.rpartition("/")[2] for camera in dark)
    if joined is not None:
        keys = tuple(dict.fromkeys((*joined.cameras, *keys)))
    back = tuple(key for key in joined.back if key not in keys) if joined is not None else ()
    members = [camera for camera in map(estate.place, dark) if camera is not None]
    more = (
        AtCameras(GroupDark(parent, incident, dark)),
        AtCameras(CamerasListed(incident, keys, back)),
        *taken_in(state, members, incident, now),
    )
    return replace(decision, changes=decision.changes + more)


def into_group(state: State, place: Place, group: Group) -> tuple[Change, ...]:
    """Return what one more camera of a dark parent changes: it is listed, and counts as back no longer."""
    incident, key = state.incidents[group.incident or ""], place.key
    listed = key in incident.cameras
    if listed and key not in incident.back:
        return ()
    cameras = incident.cameras if listed else (*incident.cameras, key)
    back = tuple(other for other in incident.back if other != key)
    members = group.cameras if place.topic in group.cameras else (*group.cameras, place.topic)
    return (
        AtCameras(GroupDark(place.parent or "", group.incident, members)),
        AtCameras(CamerasListed(incident.id, cameras, back)),
    )


def back_in_group(state: State, place: Place, cleared: CameraFault, now: datetime) -> tuple[Change, ...]:
    """Return what it changes that this fault of a camera is over: the camera is back, perhaps all are."""
    group = state.cameras.groups.get(place.parent or "")
    if group is None or place.topic not in group.cameras or _still(state.cameras, place.topic, cleared):
        return ()
    changes: list[Change] = []
    incident = state.incidents.get(group.incident or "")
    if incident is not None and place.key not in incident.back:
        back = (*incident.back, place.key)
        changes.append(AtCameras(CamerasListed(incident.id, incident.cameras, back)))
    others = (camera for camera in group.cameras if camera != place.topic)
    if not any(_still(state.cameras, camera, None) for camera in others):
        changes.append(AtCameras(GroupOver(place.parent or "")))
        changes += over(state, place.parent or "", CameraFault.GROUP_DARK)
        changes += closed_if_untouched(state, group.incident, now)
    return tuple(changes)


def _still(cameras: Cameras, camera: str, but: CameraFault | None) -> bool:
    """Say whether a camera has a fault of those that come together, another than this one."""
    standing = cameras.faults.get(camera, ())
    return any(one.fault in TOGETHER and one.fault is not but for one in standing)


def _gone(estate: Estate, cameras: Cameras, parent: str, since: datetime) -> tuple[str, ...]:
    """Return the parent's cameras that went dark since then and still are."""
    return tuple(
        camera
        for camera in estate.cameras_of.get(parent, ())
        if any(one.fault in TOGETHER and one.since >= since for one in cameras.faults.get(camera, ()))
    )


def _enough(rules: CameraRules, estate: Estate, parent: str) -> int:
    """Return how many of a parent's cameras are dark together before it is the parent."""
    return max(rules.group_least, ceil(rules.group_share * len(estate.cameras_of.get(parent, ()))))

"""The hand that changes what the room remembers of its cameras; it decides nothing.

Returns the watches that are expected no longer, so that the one heap of watches stays in one hand.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.cameras.availability import Light, first_heard, turned
from controlroom.incidents.cameras.changes import (
    CameraHeard,
    CamerasListed,
    CameraStep,
    FaultCleared,
    FaultRaised,
    FlappingBegan,
    FlappingEnded,
    GroupDark,
    GroupOver,
    GroupSuspected,
    WorkOrder,
    WorkOrderMoved,
)
from controlroom.incidents.cameras.limits import AT_ONCE, DARK
from controlroom.incidents.cameras.state import (
    CLEARED_KEPT,
    RAISES_KEPT,
    Cameras,
    Flapping,
    Group,
    LastHeard,
    Standing,
)
from controlroom.incidents.incident import Incident, WatchKind
from controlroom.signals.vocabulary import CameraFault

Ended = tuple[tuple[WatchKind, str], ...]

_NONE: Ended = ()


def note(
    cameras: Cameras, incidents: dict[str, Incident], step: CameraStep, position: int, now: datetime
) -> Ended:
    """Remember this step; return which watches it ends, by kind and subject."""
    match step:
        case CameraHeard():
            if cameras.began is None:
                cameras.began = now
            cameras.heard[step.camera] = LastHeard(now, position, step.watched)
            if step.camera not in cameras.uptime:
                _light(cameras, step.camera, now)
            return _NONE
        case FaultRaised():
            return _raise(cameras, step, now)
        case FaultCleared():
            left = tuple(one for one in cameras.faults.get(step.camera, ()) if one.fault is not step.fault)
            if left:
                cameras.faults[step.camera] = left
            else:
                cameras.faults.pop(step.camera, None)
            _light(cameras, step.camera, now)
            return ((WatchKind.CAMERA_SETTLED, settling(step.camera, step.fault)),)
        case FlappingBegan() | FlappingEnded():
            return _flap(cameras, step, now)
        case GroupSuspected() | GroupDark() | GroupOver():
            return _group(cameras, step)
        case CamerasListed():
            about = incidents.get(step.incident)
            if about is not None:
                incidents[about.id] = replace(about, cameras=step.cameras, back=step.back)
            return _NONE
        case WorkOrderMoved():
            _work(cameras, step.order)
            return _NONE
        case _:
            assert_never(step)


def settling(camera: str, fault: CameraFault) -> str:
    """Return the subject of the watch that asks whether this fault stays."""
    return f"{camera} {fault}"


def _raise(cameras: Cameras, step: FaultRaised, now: datetime) -> Ended:
    camera, fault = step.camera, step.fault
    if not cameras.has(camera, fault):
        cameras.faults[camera] = (*cameras.faults.get(camera, ()), Standing(fault, now))
    if fault not in AT_ONCE and fault is not CameraFault.SILENT:
        cameras.raises[camera] = (*cameras.raises.get(camera, ()), now)[-RAISES_KEPT:]
        flapping = cameras.flapping.get(camera)
        if flapping is not None:
            cameras.flapping[camera] = Flapping(flapping.incident, flapping.raises + 1, now)
    _light(cameras, camera, now)
    return _NONE


def _light(cameras: Cameras, camera: str, now: datetime) -> None:
    """Let a camera be down while it has a fault without a picture, and up otherwise."""
    dark = any(one.fault in DARK for one in cameras.faults.get(camera, ()))
    light = Light.DOWN if dark else Light.UP
    if cameras.began is None:
        cameras.began = now
    known = cameras.uptime.get(camera)
    cameras.uptime[camera] = (
        first_heard(cameras.began, light, now) if known is None else turned(known, light, now)
    )


def _flap(cameras: Cameras, step: FlappingBegan | FlappingEnded, now: datetime) -> Ended:
    match step:
        case FlappingBegan():
            raises = cameras.raises.get(step.camera, ())
            cameras.flapping[step.camera] = Flapping(step.incident, len(raises), now)
            standing = cameras.faults.get(step.camera, ())
            return tuple((WatchKind.CAMERA_SETTLED, settling(step.camera, one.fault)) for one in standing)
        case FlappingEnded():
            del cameras.flapping[step.camera]
            cameras.raises.pop(step.camera, None)
            return _NONE
        case _:
            assert_never(step)


def _group(cameras: Cameras, step: GroupSuspected | GroupDark | GroupOver) -> Ended:
    match step:
        case GroupSuspected():
            cameras.suspected[step.parent] = step.due
            return _NONE
        case GroupDark():
            cameras.suspected.pop(step.parent, None)
            cameras.groups[step.parent] = Group(step.incident, step.cameras)
            return tuple(
                (WatchKind.CAMERA_SETTLED, settling(camera, one.fault))
                for camera in step.cameras
                for one in cameras.faults.get(camera, ())
            )
        case GroupOver():
            cameras.suspected.pop(step.parent, None)
            cameras.groups.pop(step.parent, None)
            return _NONE
        case _:
            assert_never(step)


def _work(cameras: Cameras, order: WorkOrder) -> None:
    if order.cleared_at is None:
        cameras.work_orders[order.id] = order
        return
    cameras.work_orders.pop(order.id, None)
    cameras.cleared[order.id] = order
    if len(cameras.cleared) > CLEARED_KEPT:
        del cameras.cleared[next(iter(cameras.cleared))]

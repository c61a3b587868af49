"""The watches over cameras, each to whom it belongs."""

from datetime import datetime
from typing import Literal, assert_never

from controlroom.incidents.cameras.faults import on_settled
from controlroom.incidents.cameras.flapping import on_flapping
from controlroom.incidents.cameras.groups import on_group
from controlroom.incidents.cameras.heartbeat import on_silence
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State

OfCameras = Literal[
    WatchKind.CAMERA_SILENCE,
    WatchKind.CAMERA_SETTLED,
    WatchKind.CAMERA_FLAPPING,
    WatchKind.CAMERA_GROUP,
]
"""The kinds of watch that are about cameras."""


def camera_due(handbook: Handbook, state: State, kind: OfCameras, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a watch of this kind over a camera is due."""
    match kind:
        case WatchKind.CAMERA_SILENCE:
            return on_silence(handbook, state, watch, now)
        case WatchKind.CAMERA_SETTLED:
            return on_settled(handbook, state, watch, now)
        case WatchKind.CAMERA_FLAPPING:
            return on_flapping(handbook, state, watch, now)
        case WatchKind.CAMERA_GROUP:
            return on_group(handbook, state, watch, now)
        case _:
            assert_never(kind)

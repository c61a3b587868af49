"""What is noted about cameras: facts in the past tense, one member of the room's changes (`AtCameras`).

`camera` and `parent` are topics; the lists on an incident hold keys, which people read.
"""

from datetime import datetime

from msgspec import Struct

from controlroom.signals.maintenance import WorkResult
from controlroom.signals.vocabulary import CameraFault


class CameraHeard(Struct, frozen=True, gc=False, tag="heard"):
    """A camera gave a sign of life; `watched`: from now on its silence would be noticed."""

    camera: str
    watched: bool


class FaultRaised(Struct, frozen=True, gc=False, tag="raised"):
    """A camera has this fault, for the first time or once more."""

    camera: str
    fault: CameraFault


class FaultCleared(Struct, frozen=True, gc=False, tag="cleared"):
    """A camera has this fault no longer."""

    camera: str
    fault: CameraFault


class FlappingBegan(Struct, frozen=True, gc=False, tag="flaps"):
    """A camera comes and goes; `incident` collects it, None where the rules only log it."""

    camera: str
    incident: str | None


class FlappingEnded(Struct, frozen=True, gc=False, tag="flaps_no_more"):
    """A camera was quiet for long enough, after so many raises while it flapped."""

    camera: str
    raises: int


class GroupSuspected(Struct, frozen=True, gc=False, tag="group_suspected"):
    """Enough cameras of a parent are dark; it is one thing if they still are at `due`."""

    parent: str
    due: datetime


class GroupDark(Struct, frozen=True, tag="group_dark"):
    """What these cameras hang on has failed; `incident` is for all of them, None where it is only logged."""

    parent: str
    incident: str | None
    cameras: tuple[str, ...]


class GroupOver(Struct, frozen=True, gc=False, tag="group_over"):
    """The cameras of a parent are one thing no longer: all are back, or they never were."""

    parent: str


class CamerasListed(Struct, frozen=True, tag="listed"):
    """An incident is about these cameras, of which those in `back` have come back; keys, both whole."""

    incident: str
    cameras: tuple[str, ...]
    back: tuple[str, ...]


class WorkOrder(Struct, frozen=True, gc=False):
    """An engineer's job at a camera or at what cameras hang on (`subject`, a topic).

    `incident` is the one it was raised on. Each step has its moment and its author; None: not yet.
    """

    id: str
    subject: str
    incident: str
    fault: str
    note: str
    raised_at: datetime
    raised_by: str
    attended_at: datetime | None = None
    attended_by: str | None = None
    cleared_at: datetime | None = None
    cleared_by: str | None = None
    result: WorkResult | None = None


class WorkOrderMoved(Struct, frozen=True, gc=False, tag="work_order"):
    """A work order was raised, attended or cleared; this is how it stands now."""

    order: WorkOrder


CameraStep = (
    CameraHeard
    | FaultRaised
    | FaultCleared
    | FlappingBegan
    | FlappingEnded
    | GroupSuspected
    | GroupDark
    | GroupOver
    | CamerasListed
    | WorkOrderMoved
)
"""The closed union of what is noted about cameras."""


class AtCameras(Struct, frozen=True, gc=False, tag="camera"):
    """Something is noted about a camera, or about cameras together."""

    step: CameraStep

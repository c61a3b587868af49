"""What the room remembers of its cameras: a part of the state, changed only by `cameras.note`.

Only cameras of the estate are remembered, so all of it is bounded by the estate: some 300 bytes a camera
that was heard, a few kilobytes for one that often fails. Cleared work orders are kept for the list, the
last `CLEARED_KEPT`; open ones without a bound, because somebody has to do them.
"""

from datetime import datetime

from msgspec import Struct, field

from controlroom.incidents.cameras.availability import Uptime
from controlroom.incidents.cameras.changes import WorkOrder
from controlroom.signals.vocabulary import CameraFault

RAISES_KEPT = 16
"""Moments of raises that are kept of a camera: as many as `flap_raises` may ask for."""

CLEARED_KEPT = 500
"""Cleared work orders that the list still shows; the journal has them all."""


class LastHeard(Struct, frozen=True, gc=False, array_like=True):
    """When a camera last gave a sign of life, in which record, and whether its silence would be noticed."""

    at: datetime
    position: int
    watched: bool


class Standing(Struct, frozen=True, gc=False, array_like=True):
    """A fault that a camera has, and since when."""

    fault: CameraFault
    since: datetime


class Flapping(Struct, frozen=True, gc=False, array_like=True):
    """A camera that comes and goes: where that is collected, how often so far, and when last."""

    incident: str | None
    raises: int
    last: datetime


class Group(Struct, frozen=True, array_like=True):
    """Cameras that went dark together: the incident for all of them, and which they are (topics)."""

    incident: str | None
    cameras: tuple[str, ...]


class Cameras(Struct):
    """Everything about cameras. `began` is when the first of them was heard; None before.

    `suspected` says of a parent until when its cameras must stay dark to be one thing.
    """

    began: datetime | None = None
    heard: dict[str, LastHeard] = field(default_factory=dict)
    faults: dict[str, tuple[Standing, ...]] = field(default_factory=dict)
    raises: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    uptime: dict[str, Uptime] = field(default_factory=dict)
    flapping: dict[str, Flapping] = field(default_factory=dict)
    suspected: dict[str, datetime] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    work_orders: dict[str, WorkOrder] = field(default_factory=dict)
    cleared: dict[str, WorkOrder] = field(default_factory=dict)

    def has(self, camera: str, fault: CameraFault) -> bool:
        """Say whether a camera has this fault now."""
        standing = self.faults.get(camera)  # mostly none: asked of every signal of every camera
        return standing is not None and any(one.fault is fault for one in standing)

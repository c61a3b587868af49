"""What holding a signal changes."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from controlroom.incidents.draft import Draft


class HoldEnd(StrEnum):
    """How a hold ends; a metric label, so the set is closed."""

    EXPIRED = "expired"
    CONFIRMED = "confirmed"
    ABORTED = "aborted"
    RESTORED = "restored"


class SignalHeld(Struct, frozen=True, gc=False, tag="held"):
    """A signal waits until a moment for its abort; a further one of the same cause waits with it."""

    draft: Draft
    until: datetime


class HoldEased(Struct, frozen=True, gc=False, tag="hold_eased"):
    """A condition that is held is there no longer; others of the same hold still stand."""

    name: str
    standing: str


class HoldEnded(Struct, frozen=True, gc=False, tag="hold_ended"):
    """Nothing is held under this name any more.

    `handled` are the activations that end with it as logged, 0 where an incident takes them over;
    `activations` are the positions of those, and `area` where they were, which an older record does not say.
    """

    name: str
    how: HoldEnd
    handled: int = 0
    simulated: bool = False
    activations: tuple[int, ...] = ()
    area: str = ""


HoldChange = SignalHeld | HoldEased | HoldEnded
"""Everything that can happen to a hold."""

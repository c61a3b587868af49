"""What people ask of the room about crews, and what crews say of themselves. Events like any other.

A step that somebody took down by telephone or radio, or that a crew pressed on a page, names its author; what
a terminal sent over MQTT has its wire instead. Both carry `key`, the digest of the crew's topic and the
report's id, so a report that comes twice, on either way, counts once.
"""

import msgspec

from controlroom.signals.dispatch_messages import Cause, CrewWord, Outcome, Step
from controlroom.signals.wire import Wire


class CrewRecalled(msgspec.Struct, frozen=True, gc=False, tag="crew_recalled"):
    """An operator calls the crew of an incident back."""

    incident: str
    version: int
    author: str
    reason: str


class CrewReassigned(msgspec.Struct, frozen=True, gc=False, tag="crew_reassigned"):
    """An operator gives the work to another crew; None: to the one that the room would send."""

    incident: str
    version: int
    author: str
    reason: str
    unit: str | None = None


class StepTaken(msgspec.Struct, frozen=True, gc=False, tag="step_taken"):
    """Somebody took down how far a unit is with an order. The position is WGS 84 degrees, None: not said."""

    order: str
    unit: str
    step: Step
    author: str
    key: bytes
    outcome: Outcome | None = None
    reason: str | None = None
    cause: Cause | None = None
    latitude: float | None = None
    longitude: float | None = None


class CrewSpoke(msgspec.Struct, frozen=True, gc=False, tag="crew_spoke"):
    """A unit's terminal said how the crew is, and where."""

    wire: Wire
    unit: str
    word: CrewWord
    key: bytes
    latitude: float | None = None
    longitude: float | None = None


class CrewWordTaken(msgspec.Struct, frozen=True, gc=False, tag="crew_word_taken"):
    """Somebody took down how a crew is, and where."""

    unit: str
    word: CrewWord
    author: str
    key: bytes
    latitude: float | None = None
    longitude: float | None = None


CrewSpeaking = CrewSpoke | CrewWordTaken
"""What a crew says of itself."""

CrewTaken = StepTaken | CrewWordTaken
"""What somebody took down of a crew."""

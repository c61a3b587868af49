"""What is noted about help points: facts in the past tense, one member of the room's changes (`AtHelpPoint`).

`point` is a topic, `call` the number that the point gave its call.
"""

from msgspec import Struct


class CallBegan(Struct, frozen=True, gc=False, tag="began"):
    """Somebody pressed the button."""

    point: str
    call: str


class CallAnswered(Struct, frozen=True, gc=False, tag="answered"):
    """A voice answered after so many seconds; `incident` is the call's own, None where several share one."""

    point: str
    call: str
    seconds: float
    incident: str | None


class CallEnded(Struct, frozen=True, gc=False, tag="ended"):
    """The line is closed, or the room gives up waiting for that."""

    point: str
    call: str


class CallAbandoned(Struct, frozen=True, gc=False, tag="abandoned"):
    """Nobody answered: the caller went, or it rang for too long."""

    point: str
    call: str


class PointStuck(Struct, frozen=True, gc=False, tag="stuck"):
    """A button calls again and again, or a call never ends; `incident` collects it, None if only logged."""

    point: str
    incident: str | None


class PointFree(Struct, frozen=True, gc=False, tag="free"):
    """A button that was stuck has been quiet for long enough, after so many calls while it was stuck."""

    point: str
    calls: int


class SelfTested(Struct, frozen=True, gc=False, tag="self_tested"):
    """A point tested itself."""

    point: str


class SelfTestMissed(Struct, frozen=True, gc=False, tag="self_test_missed"):
    """A point did not test itself in time."""

    point: str


PointStep = (
    CallBegan
    | CallAnswered
    | CallEnded
    | CallAbandoned
    | PointStuck
    | PointFree
    | SelfTested
    | SelfTestMissed
)
"""The closed union of what is noted about help points."""


class AtHelpPoint(Struct, frozen=True, gc=False, tag="help_point"):
    """Something is noted about a help point."""

    step: PointStep

"""What people ask of the room about an incident beyond owning, closing and sending. Events like any other.

Each names its author and the version of the incident that the author saw, so that what somebody else did
in between is never undone by accident.
"""

from datetime import datetime

import msgspec

from controlroom.commands.plan_steps import NOTHING_ASKED, Demands, PlanStepCommand
from controlroom.signals.dispatch_messages import Outcome


class Parked(msgspec.Struct, frozen=True, gc=False, tag="parked"):
    """An operator lays an incident aside until a moment, for a reason.

    `second_author` is the other person that parking a matter of life needs; None where nobody else spoke.
    """

    incident: str
    version: int
    author: str
    until: datetime
    reason: str
    second_author: str | None = None


class Unparked(msgspec.Struct, frozen=True, gc=False, tag="unparked"):
    """An operator takes up what was parked before its time."""

    incident: str
    version: int
    author: str


class Resolved(msgspec.Struct, frozen=True, gc=False, tag="resolved"):
    """The work is done, with what was found; for a while somebody may still say that it is not.

    `plan` is what the incident's action plan asks for.
    """

    incident: str
    version: int
    author: str
    outcome: Outcome
    plan: Demands = NOTHING_ASKED


class Reopened(msgspec.Struct, frozen=True, gc=False, tag="reopened"):
    """It was not over: a resolved or lately closed incident is the author's again, for this reason."""

    incident: str
    version: int
    author: str
    reason: str


class EscalatedByHand(msgspec.Struct, frozen=True, gc=False, tag="escalated"):
    """An operator tells the next level."""

    incident: str
    version: int
    author: str
    reason: str


class Noted(msgspec.Struct, frozen=True, gc=False, tag="noted"):
    """Somebody writes down what happened. From the owner it is a word that the work goes on."""

    incident: str
    version: int
    author: str
    text: str


class Merged(msgspec.Struct, frozen=True, gc=False, tag="merged"):
    """Two incidents are one: the `other` goes into this one."""

    incident: str
    version: int
    author: str
    other: str
    other_version: int


class SplitOff(msgspec.Struct, frozen=True, gc=False, tag="split_off"):
    """The signals whose records stand at these positions are another matter."""

    incident: str
    version: int
    author: str
    positions: tuple[int, ...]


class Undone(msgspec.Struct, frozen=True, gc=False, tag="undone"):
    """The last merge or split of this incident was a mistake."""

    incident: str
    version: int
    author: str


class ReadersNamed(msgspec.Struct, frozen=True, gc=False, tag="readers_named"):
    """Somebody says who alone may see an incident besides them; nobody named: everybody may again."""

    incident: str
    version: int
    author: str
    readers: tuple[str, ...]
    reason: str


class LetIn(msgspec.Struct, frozen=True, gc=False, tag="let_in"):
    """Somebody becomes a reader of a restricted incident none of whose readers is there to act; says why."""

    incident: str
    version: int
    author: str
    reason: str


WorkCommand = (
    Parked
    | Unparked
    | Resolved
    | Reopened
    | EscalatedByHand
    | Noted
    | Merged
    | SplitOff
    | Undone
    | PlanStepCommand
    | ReadersNamed
    | LetIn
)
"""The closed union of these commands."""

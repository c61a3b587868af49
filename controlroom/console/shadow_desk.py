"""What the console knows of a candidate that runs beside the rules in force, and where it is moved on."""

from datetime import datetime
from typing import Protocol

import msgspec

from controlroom.console.rule_desk import Reloaded
from controlroom.events import How
from controlroom.room import Settled


class SeenDifference(msgspec.Struct, frozen=True):
    """One decision that the candidate would have made otherwise; `old` and `new` are words by field."""

    position: int
    at: datetime
    kind: str
    word: str
    source: str
    life: bool
    changed: tuple[str, ...]
    old: dict[str, str]
    new: dict[str, str]
    group: str


class GroupSeen(msgspec.Struct, frozen=True):
    """Differences with one cause. `count` is since the room's start, `open` what nobody accepted yet."""

    group: str
    title: str
    life: bool
    first: int
    count: int
    open: tuple[int, ...]
    more: bool
    reviewed: bool
    accepted_by: str


class PromotionMade(msgspec.Struct, frozen=True):
    """A set that came into force by promotion, or by the way back."""

    position: int
    at: datetime
    by: str
    reason: str
    how: str
    rule_set: str
    previous: str


class ShadowStanding(msgspec.Struct, frozen=True):
    """How the candidate stands; `rule_set` None where none runs.

    `compared` counts decisions since the room's start, `passed_over` those that could not be compared because
    the comparison was too far behind; `waiting` is how many wait for it now. `unreviewed_life` is how many
    groups about a life keep a promotion out.
    """

    rule_set: str | None = None
    against: str = ""
    since: datetime | None = None
    by: str = ""
    reason: str = ""
    compared: int = 0
    passed_over: int = 0
    waiting: int = 0
    unreviewed_life: int = 0
    groups: tuple[GroupSeen, ...] = ()
    recent: tuple[SeenDifference, ...] = ()
    promotions: tuple[PromotionMade, ...] = ()


class CandidateRefused(Exception):
    """A folder cannot be a candidate; `problems` says everything that stands against it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ShadowDesk(Protocol):
    """Where a candidate is put beside the rules in force, and promoted."""

    def standing(self) -> ShadowStanding:
        """Return how the candidate stands."""
        ...

    async def start(self, author: str, reason: str, folder: str) -> Settled:
        """Return what came of it once that is durable; raises CandidateRefused."""
        ...

    async def move(self, author: str, reason: str, how: How) -> Reloaded:
        """Return what came of a promotion, or of the way back, once that is durable; raises DeskBusy."""
        ...

"""What the console is given by those who build it: the room's present state, its hand, and some facts.

Everything is injected, so the same pages run over the live room, over a replay, or over a test's room.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol

import msgspec

from controlroom.clock import Now
from controlroom.console.lab import Engineering
from controlroom.console.managers.figures import Figures
from controlroom.console.map_tiles import MapTiles
from controlroom.console.once import AnswerMemory
from controlroom.console.past.desk import PastReader
from controlroom.console.rule_desk import RuleDesk
from controlroom.console.seen import NOTHING, Hidden
from controlroom.console.shadow_desk import ShadowDesk
from controlroom.console.views import Lens
from controlroom.events import Ask
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.acts import ActPage, Wanted
from controlroom.room import Settled
from controlroom.rules.template_file import Template
from controlroom.search.question import Page, Question, Reach


class Desk(Protocol):
    """Where an operator's command is handed in."""

    async def tell(self, command: Ask) -> Settled:
        """Return what came of the command once it is durable; its decision says whether it was taken.

        Giving up the wait does not take the command back.
        """
        ...


class StreamMeter(Protocol):
    """What is counted of the live stream."""

    def clients(self, count: int) -> None:
        """Set the number of pages that follow the stream."""
        ...

    def resynced(self, reason: str) -> None:
        """Count a page that had to start over, by `messages.Resync`."""
        ...


class TrailReader(Protocol):
    """Where an auditor's questions are answered."""

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> ActPage:
        """Return the newest acts before this position; raises as `journal.acts.Trail` does."""
        ...


class SearchDesk(Protocol):
    """Where the index of everything is asked."""

    @property
    def reach(self) -> Reach:
        """How far the index has come."""
        ...

    async def find(self, question: Question) -> Page:
        """Return what is found; raises NothingAsked, and IndexAway."""
        ...


class RoomStatus(msgspec.Struct, frozen=True):
    """How the room is. `degraded` says why nothing can be stored now; None when all is well."""

    demonstration: bool
    degraded: str | None = None
    rule_set: str = ""
    instance: str = "controlroom"


class Check(msgspec.Struct, frozen=True):
    """One condition of being ready; `detail` says what was found, and what to do when it is not met."""

    name: str
    ok: bool
    detail: str = ""


RecordsAt = Callable[[Collection[int]], Awaitable[Sequence[Record]]]
"""Reads the records of these positions, in order."""


def nothing_hidden() -> Hidden:
    """Hide nothing."""
    return NOTHING


class Parts(msgspec.Struct, frozen=True):
    """Everything that the console's pages and answers need.

    `state` returns the room's state as whoever asks may see it, and `hidden` what they may not: both read at
    once and only within one step of the event loop.
    `handbook` returns what the room decides by at this moment.
    `figures` are the plan's and the desk's; `records` reads records from the journal by their positions, and
    leaves out what is not there. `past` answers about past moments; `tiles` is the council's own map
    file, None where there is none.
    """

    state: Callable[[], State]
    status: Callable[[], RoomStatus]
    checks: Callable[[], tuple[Check, ...]]
    desk: Desk
    answers: AnswerMemory
    rules: RuleDesk
    lens: Lens
    now: Now
    handbook: Callable[[], Handbook]
    records: RecordsAt
    figures: Figures
    shadow: ShadowDesk
    engineering: Engineering
    trail: TrailReader
    search: SearchDesk
    past: PastReader
    tiles: MapTiles | None = None
    hidden: Callable[[], Hidden] = nothing_hidden
    templates: tuple[Template, ...] = ()

"""What people did, read back from the journal for an auditor: newest first, a page at a time.

Whatever the journal has with an author is an act: every command, sign-in, change of an account, and what was
refused at the door. Most records are signals; a frame that names no author anywhere is passed over without
being opened, and what is read in one go is bounded, so an audit of years is many small readings and no long
one. A page that ends before the journal's beginning says where to go on, also where nothing was found.

Limit: the chain's seals are not proved here; `controlroom audit verify` does that.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import msgspec

from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.commands.log_book import LogBookCommand
from controlroom.commands.plan import PlanCommand
from controlroom.commands.rule_changes import RuleChangeCommand
from controlroom.events import Event, RulesRefused, RulesSwapped
from controlroom.incidents.asked import COMMANDS, answer_to
from controlroom.incidents.record import Record
from controlroom.journal.records import decode_applied, decode_frame
from controlroom.journal.store import Store, Undecodable
from controlroom.journal.stored import FIRST_POSITION, StoredFrame
from controlroom.journal.words.told import told

WINDOWS = (2_000, 8_000, 40_000)
"""Records looked at, one window behind the other, for one page: first what is near, then half a busy day."""

BREATH = 32
"""Frames after which the room's own work gets its turn."""

WAITING_MOST = 4
"""Who may wait while somebody else's page is read; one more is asked to come again."""

_NAMED = b"author"
"""Stands in the bytes of every act; a frame without it has none."""


Decoded = TypeVar("Decoded")


class ActKind(StrEnum):
    """What sort of thing somebody did."""

    SIGN_IN = "sign_in"
    """Coming in, going out, sessions that were ended."""
    REFUSED = "refused"
    """Wrong passwords, locked accounts, doors that did not open."""
    ACCOUNT = "account"
    """Accounts, roles, passwords, tokens, links."""
    EXPORT = "export"
    """What was taken out as a file."""
    LOOK_BACK = "look_back"
    """Who looked at which past moment, and at what of it that is restricted."""
    WORK = "work"
    """Incidents, crews, tests, handovers, referrals and all other work of the room."""
    LOG_BOOK = "log_book"
    PLAN = "plan"
    RULES = "rules"


class Act(msgspec.Struct, frozen=True):
    """One thing that somebody did. `came` is taken, refused or stale; `said` never holds restricted words."""

    position: int
    at: datetime
    author: str
    kind: ActKind
    said: str
    came: str


class Wanted(msgspec.Struct, frozen=True):
    """Which acts: all of these, None where anything goes. `about` is looked for in what is said."""

    author: str | None = None
    kind: ActKind | None = None
    about: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, act: Act) -> bool:
        """Return whether this act is asked for."""
        return (
            (self.author is None or act.author == self.author)
            and (self.kind is None or act.kind is self.kind)
            and (self.about is None or self.about.casefold() in act.said.casefold())
            and (self.since is None or act.at >= self.since)
            and (self.until is None or act.at < self.until)
        )


class ActPage(msgspec.Struct, frozen=True):
    """Acts, newest first, and where to go on: `before`, None when there is nothing before.

    What is older than position `seen` was not looked at.
    """

    acts: tuple[Act, ...]
    before: int | None
    seen: int


class TrailBusy(Exception):
    """Others are reading and waiting; come again in a moment."""


class Trail:
    """Reads pages, one at a time whoever asks. `last` is the last position there is."""

    def __init__(self, store: Store, last: Callable[[], int]) -> None:
        self._store = store
        self._last = last
        self._one = asyncio.Lock()
        self._waiting = 0

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> ActPage:
        """Return the newest acts before this position; raises TrailBusy and what `Store.frames` raises."""
        if self._waiting >= WAITING_MOST:
            raise TrailBusy
        self._waiting += 1
        try:
            async with self._one:
                top = self._last() + 1 if before is None else before
                if wanted.until is not None:
                    top = min(top, await position_at(self._store, wanted.until, top))
                return await page_before(self._store, top, wanted, limit)
        finally:
            self._waiting -= 1


async def page_before(store: Store, top: int, wanted: Wanted, limit: int) -> ActPage:
    """Return the newest `limit` acts before position `top`, of as many records as one page looks at."""
    found: list[Act] = []
    ended = False
    for window in WINDOWS:
        low = max(FIRST_POSITION, top - window)
        acts, early = await _within(store, (low, top), wanted)
        found += reversed(acts)
        top = low
        ended = early or low == FIRST_POSITION
        if ended or len(found) >= limit:
            break
    shown = tuple(found[:limit])
    if len(found) > limit:
        return ActPage(shown, shown[-1].position, shown[-1].position)
    return ActPage(shown, None if ended else top, top)


async def position_at(store: Store, moment: datetime, top: int) -> int:
    """Return the first position before `top` whose record is not before this moment; `top` without one."""
    low, high = FIRST_POSITION, top
    while low < high:
        middle = (low + high) // 2
        begun = await _moment_of(store, middle)
        if begun is None or begun >= moment:
            high = middle
        else:
            low = middle + 1
    return low


async def _moment_of(store: Store, position: int) -> datetime | None:
    """Return the moment of the record at this position; None where there is none any more."""
    async for frame in store.frames(position - 1):
        records = _opened(frame, decode_applied).records
        return records[max(0, position - frame.position)].now
    return None


async def _within(store: Store, span: tuple[int, int], wanted: Wanted) -> tuple[list[Act], bool]:
    """Return the acts from the first position up to the second, and whether it began before `since`."""
    low, top = span
    acts: list[Act] = []
    early = False
    seen = 0
    async for frame in store.frames(low - 1):
        if frame.position >= top:
            break
        if seen == 0 and wanted.since is not None:
            lowest = _opened(frame, decode_applied).records[max(0, low - frame.position)]
            early = lowest.now < wanted.since
        seen += 1
        if seen % BREATH == 0:
            await asyncio.sleep(0)
        if _NAMED not in frame.body:
            continue
        for record in _opened(frame, decode_frame):
            act = act_of(record) if low <= record.position < top else None
            if act is not None and wanted.holds(act):
                acts.append(act)
    return acts, early


def act_of(record: Record) -> Act | None:
    """Return what somebody did; None where nobody did anything."""
    event = record.event
    author = getattr(event, "author", None)
    if not isinstance(author, str):
        return None
    kind = kind_of(event)
    came = "refused" if kind is ActKind.REFUSED or isinstance(event, RulesRefused) else "taken"
    if type(event) in COMMANDS:
        came = answer_to(record.decision)
    return Act(record.position, record.now, author, kind, told(event), came)


def kind_of(event: Event) -> ActKind:
    """Return what sort of act this is; whatever no other kind claims is work."""
    if isinstance(event, AccessNoted):
        return OF_STEPS[event.step]
    if isinstance(event, LogBookCommand):
        return ActKind.LOG_BOOK
    if isinstance(event, PlanCommand):
        return ActKind.PLAN
    if isinstance(event, RuleChangeCommand | RulesSwapped | RulesRefused):
        return ActKind.RULES
    return ActKind.WORK


OF_STEPS = {
    AccessStep.SIGNED_IN: ActKind.SIGN_IN,
    AccessStep.SIGNED_OUT: ActKind.SIGN_IN,
    AccessStep.SESSION_REVOKED: ActKind.SIGN_IN,
    AccessStep.LOCKED: ActKind.REFUSED,
    AccessStep.REFUSED: ActKind.REFUSED,
    AccessStep.TURNED_AWAY: ActKind.REFUSED,
    AccessStep.ADDED: ActKind.ACCOUNT,
    AccessStep.CHANGED: ActKind.ACCOUNT,
    AccessStep.DISABLED: ActKind.ACCOUNT,
    AccessStep.PASSWORD_CHANGED: ActKind.ACCOUNT,
    AccessStep.PASSWORD_RESET: ActKind.ACCOUNT,
    AccessStep.TOKEN_MADE: ActKind.ACCOUNT,
    AccessStep.TOKEN_REVOKED: ActKind.ACCOUNT,
    AccessStep.LINK_MADE: ActKind.ACCOUNT,
    AccessStep.EXPORTED: ActKind.EXPORT,
    AccessStep.MUTED: ActKind.WORK,
    AccessStep.LOOKED_BACK: ActKind.LOOK_BACK,
}
"""What sort each step is; a test holds that none is forgotten."""


def _opened(frame: StoredFrame, decode: Callable[[bytes], Decoded]) -> Decoded:
    """Return what a frame holds; raises Undecodable where this programme cannot read it."""
    try:
        return decode(frame.body)
    except (msgspec.MsgspecError, ValueError) as fault:
        raise Undecodable(f"position {frame.position}: no frame of ours ({fault})") from fault

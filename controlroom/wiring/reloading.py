"""A changed rule set goes live while signals flow: asked for by signal or API, swapped between two events.

Everything slow (reading, loading, proving, compiling) happens on a thread beside the room; one request at
a time. The room is then told of the set like of anything else, so the place of the swap is a position in
the journal: what was told before it is decided by the old set, what is told after it by the new one. A set
that does not load or verify is told as refused, and the old one stays. Either way there is one record with
its author, and answers, figures and log lines come only when that record is durable.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
import structlog

from controlroom.console.rule_desk import (
    DeskBusy,
    Refusal,
    Reloaded,
    ReloadResult,
    RulesStanding,
    TableCount,
)
from controlroom.events import How, RulesRefused, RulesSwapped
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Ruling
from controlroom.metrics import RoomMetrics
from controlroom.room import Room, Settled
from controlroom.rules.plans import Plan
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rule_book import RuleBook

ASKED_MAX = 8
"""Requests that may wait: each reads the folder anew, so more of them would only repeat the last."""

PROBLEMS_KEPT = 20
"""Problems of a refused set that are journalled and shown: an evening's work; the count tells the rest."""

PROBLEM_CHARACTERS = 400
"""Of each problem, at most: with `PROBLEMS_KEPT` some 8 kB, a small part of the largest frame."""

SETS_REMEMBERED = 8
"""Sets whose sentences are kept, so that a page can still say why a set of before decided as it did."""

YIELD_S = 0.0005
"""How long the loading thread may keep the interpreter while the room waits for it. Python's own 5 ms would
be added to every step of the event loop for the half second that a proof takes; with this it is 0.7 ms."""

BY_SIGNAL = "SIGHUP"
"""The author of a reload that was asked for by signal: the system does not tell who sent it."""

AT_START = "start"
"""The author of the set that the room began with."""

_RESULTS = {
    Reason.RULES_SWAPPED: ReloadResult.SWAPPED,
    Reason.RULES_UNCHANGED: ReloadResult.UNCHANGED,
    Reason.RULES_REFUSED: ReloadResult.REFUSED,
    Reason.RULES_STALE: ReloadResult.STALE,
    Reason.RULES_UNREVIEWED: ReloadResult.UNREVIEWED,
    Reason.RULES_REASON_NOT_SAID: ReloadResult.NOT_POSSIBLE,
    Reason.RULES_NO_WAY_BACK: ReloadResult.NOT_POSSIBLE,
    Reason.SHADOW_NOT_THERE: ReloadResult.NOT_POSSIBLE,
}

_NOT_TAKEN = frozenset({ReloadResult.UNREVIEWED, ReloadResult.NOT_POSSIBLE})
"""What a promotion comes to that is not taken: what is offered next is against the set before again."""


class Ask(msgspec.Struct, frozen=True):
    """Somebody wants the folder read again, or another set (`load`) to come into force and why.

    `answer` is None where nobody waits.
    """

    author: str
    answer: asyncio.Future[Reloaded] | None = None
    reason: str = ""
    how: How = How.RELOAD
    load: Callable[[], RuleBook] | None = None


class Bell:
    """Where reloads are asked for, from before the room exists: a signal during the start is not lost."""

    def __init__(self) -> None:
        self._asked: asyncio.Queue[Ask] = asyncio.Queue(ASKED_MAX)

    @property
    def waiting(self) -> int:
        """How many requests nobody has begun with."""
        return self._asked.qsize()

    def ring(self) -> None:
        """Ask on behalf of a signal; where many wait, one of them will read what this one meant."""
        if not self._asked.full():
            self._asked.put_nowait(Ask(BY_SIGNAL))

    def ask(
        self, author: str, reason: str = "", how: How = How.RELOAD, load: Callable[[], RuleBook] | None = None
    ) -> asyncio.Future[Reloaded]:
        """Return what will hold the answer; raises DeskBusy where too many wait."""
        if self._asked.full():
            raise DeskBusy(f"{ASKED_MAX} reloads wait already; ask again when they are done")
        answer: asyncio.Future[Reloaded] = asyncio.get_running_loop().create_future()
        self._asked.put_nowait(Ask(author, answer, reason, how, load))
        return answer

    async def next(self) -> Ask:
        """Return the next request, once there is one."""
        return await self._asked.get()


class _Attempt(msgspec.Struct, frozen=True):
    """The token of an offered or refused set; `book` is None where there is none."""

    ask: Ask
    book: RuleBook | None


class Reloader:
    """The rule sets of a running room: loads, offers, and remembers what became of it.

    `counts` are attempts by `ReloadResult`; `in_force` is the set whose swap was stored last. `load` raises
    BooksRefused; it is called on a thread.
    """

    def __init__(
        self, room: Room, book: RuleBook, opened_at: datetime, bell: Bell, load: Callable[[], RuleBook]
    ) -> None:
        self.counts: Counter[str] = Counter({result.value: 0 for result in ReloadResult})
        self._room = room
        self._bell = bell
        self._load = load
        self._log = structlog.get_logger("rules")
        self._offered = book.version
        self._reasons = {book.version: book.reasons}
        self._standing = _standing(book, opened_at, AT_START, None)
        self._plans = book.plans
        self._asks = {book.version: book.asks}
        self.in_force = book
        room.settle_with(self._settled)
        for warning in book.warnings:
            self._log.warning("rules_warning", warning=warning)

    def standing(self) -> RulesStanding:
        """Return the set whose swap was stored last, and the last attempt that was refused."""
        return self._standing

    def why(self, ruling: Ruling) -> str | None:
        """Return the sentence of a rule; None for a rule of a set that is no longer remembered."""
        return self._reasons.get(ruling.rule_set, {}).get((ruling.table, ruling.rule))

    def asks(self, ruling: Ruling) -> tuple[str, ...]:
        """Return what a rule asks, in words; nothing for a rule of a set that is no longer remembered."""
        return self._asks.get(ruling.rule_set, {}).get((ruling.table, ruling.rule), ())

    def plan(self, table: str, rule: str) -> Plan | None:
        """Return the action plan of a rule as the files in force have it; None where it names none."""
        return self._plans.get((table, rule))

    async def reload(self, author: str) -> Reloaded:
        """Return what became of the folder's set once that is durable; raises DeskBusy."""
        return await self._bell.ask(author)

    async def run(self) -> None:
        """Serve the requests for ever, one after the other."""
        while True:
            await self._offer(await self._bell.next())

    async def _offer(self, ask: Ask) -> None:
        """Load what stands in the folder and tell the room of it, good or bad."""
        try:
            book = await asyncio.to_thread(_yielding, ask.load or self._load)
        except BooksRefused as fault:
            self._refuse(ask, fault.problems)
        except Exception as fault:  # noqa: BLE001 - last resort: a rule file may never stop the room
            said = f"the loader failed on it ({type(fault).__name__}: {fault}); please report these files"
            self._refuse(ask, (said,))
        else:
            self._remember(book)
            event = RulesSwapped(ask.author, book.version, self._offered, ask.reason, ask.how)
            self._offered = book.version
            self._room.offer_rules(event, book.judge, _Attempt(ask, book))

    def _refuse(self, ask: Ask, problems: Sequence[str]) -> None:
        kept = _cut(problems)
        self._room.tell(RulesRefused(ask.author, kept, len(problems)), _Attempt(ask, None))

    def _remember(self, book: RuleBook) -> None:
        self._reasons.pop(book.version, None)
        self._reasons[book.version] = book.reasons
        if len(self._reasons) > SETS_REMEMBERED:
            del self._reasons[next(iter(self._reasons))]
        self._asks = {version: self._asks.get(version, book.asks) for version in self._reasons}

    def _settled(self, settled: Sequence[Settled]) -> None:
        for item in settled:
            if isinstance(item.told.token, _Attempt):
                self._conclude(item, item.told.token)

    def _conclude(self, item: Settled, attempt: _Attempt) -> None:
        """Act on an attempt that is durable: figures, log, and the answer."""
        result = _RESULTS[item.decision.reasons[0]]
        now, event = item.told.now, item.told.event
        before = self._standing
        if result is ReloadResult.SWAPPED and attempt.book is not None:
            self._standing = _standing(attempt.book, now, attempt.ask.author, before.refused)
            self._plans = attempt.book.plans
            self.in_force = attempt.book
        elif isinstance(event, RulesRefused):
            refused = Refusal(now, event.author, event.problems, event.found)
            self._standing = msgspec.structs.replace(before, refused=refused)
        elif result is ReloadResult.UNCHANGED and attempt.book is not None:
            # Warnings and plans can be new: safety properties and plans are no part of the version.
            self._plans = attempt.book.plans
            self._standing = msgspec.structs.replace(before, warnings=_cut(attempt.book.warnings))
        if result in _NOT_TAKEN:
            self._offered = self.in_force.version
        self.counts[result.value] += 1
        self._say(result, attempt.ask.author, item.position)
        answer = attempt.ask.answer
        if answer is not None and not answer.done():
            answer.set_result(Reloaded(result, item.position, self._standing, item.decision.reasons[0]))

    def _say(self, result: ReloadResult, author: str, position: int) -> None:
        standing = self._standing
        if result is ReloadResult.REFUSED and standing.refused is not None:
            refused = standing.refused
            self._log.error(
                "rules_refused",
                author=author,
                position=position,
                found=refused.found,
                problems=refused.problems,
                advice="the set before stays in force; put the files right and reload",
            )
            return
        self._log.info(f"rules_{result}", author=author, position=position, rule_set=standing.version)
        for warning in standing.warnings:
            self._log.warning("rules_warning", warning=warning)


def show_rules(metrics: RoomMetrics, reloader: Reloader) -> None:
    """Publish how reloads ended and when the set in force came."""

    def loaded_s() -> float:
        return reloader.standing().loaded_at.timestamp()

    metrics.counted(
        "controlroom_rules_reloads",
        "Attempts to change the rules, by how they ended.",
        "result",
        lambda: reloader.counts,
    )
    metrics.gauge(
        "controlroom_rules_loaded_timestamp_seconds",
        "When the rule set in force began to decide, in Unix time.",
        loaded_s,
    )


def _yielding(load: Callable[[], RuleBook]) -> RuleBook:
    """Return what is loaded, on a thread that lets the event loop in often."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(YIELD_S)
    try:
        return load()
    finally:
        sys.setswitchinterval(usual_s)


def _standing(book: RuleBook, at: datetime, by: str, refused: Refusal | None) -> RulesStanding:
    tables = tuple(TableCount(kind, count) for kind, count in sorted(book.counts.items()))
    return RulesStanding(book.version, tables, at, by, _cut(book.warnings), refused)


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the first lines, none of them longer than a journal should keep."""
    return tuple(
        line if len(line) <= PROBLEM_CHARACTERS else f"{line[: PROBLEM_CHARACTERS - 1]}…"
        for line in lines[:PROBLEMS_KEPT]
    )

"""Where a candidate is put beside the rules in force, promoted, gone back from: the hands behind the page.

What is slow (reading, proving, copying files) happens on a thread. What decides is the core: this only hands
in what people ask for, and puts files in place when a decision is stored.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import structlog

from controlroom.commands.rule_changes import ShadowStarted
from controlroom.console.rule_desk import Reloaded, ReloadResult
from controlroom.console.shadow_desk import CandidateRefused, ShadowStanding
from controlroom.events import How
from controlroom.incidents.reasons import Reason
from controlroom.room import Room, Settled
from controlroom.rules.explain import explain as explained
from controlroom.rules.model import RuleSet
from controlroom.rules.names import Names
from controlroom.rules.report import explain_lines
from controlroom.rules.safety import Property
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.reloading import Bell, Reloader
from controlroom.wiring.rule_book import Gated, RuleBook, prove, read_rule_book
from controlroom.wiring.rule_files import RuleFiles, read_rule_files
from controlroom.wiring.rule_sets import RuleSets
from controlroom.wiring.shadowing import Candidate, Shadowing

T = TypeVar("T")


class NotInstalled(CandidateRefused):
    """A set came into force, but its files cannot be put in place; a start would bring the old ones back."""


class CandidateDesk:
    """The desk of one room. Satisfies `ShadowDesk`."""

    def __init__(
        self, room: Room, sets: RuleSets, names: Names, shadowing: Shadowing, reloader: Reloader, bell: Bell
    ) -> None:
        self._room = room
        self._sets = sets
        self._names = names
        self._shadowing = shadowing
        self._reloader = reloader
        self._bell = bell
        self._log = structlog.get_logger("shadow")
        room.settle_with(self._settled)

    def standing(self) -> ShadowStanding:
        """Return how the candidate stands."""
        return self._shadowing.standing()

    async def start(self, author: str, reason: str, folder: str) -> Settled:
        """Return what came of it once that is durable; raises CandidateRefused."""
        candidate = await self._loaded(lambda: self._kept_candidate(self._sets.inside(folder)))
        answer: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        self._room.tell(ShadowStarted(author, reason, candidate.version), _Beginning(candidate, answer))
        return await answer

    async def move(self, author: str, reason: str, how: How) -> Reloaded:
        """Return what came of a promotion, or of the way back; raises DeskBusy, CandidateRefused."""
        version = self._version(how)
        before = self._reloader.in_force.version
        await self._loaded(lambda: self._sets.keep_in_force(before))
        asked = self._bell.ask(author, reason, how, lambda: self._kept(version))
        moved = await asked
        if moved.result is ReloadResult.SWAPPED:
            try:
                await asyncio.to_thread(self._sets.install, version)
            except OSError as fault:
                why = f"the set decides, but its files cannot be put in place ({fault}); do it by hand"
                raise NotInstalled((why,)) from fault
        return moved

    async def explain(self, position: int) -> dict[str, tuple[str, ...]]:
        """Return why each set decides as it does about a difference of the recent list; empty: not listed."""
        asked = self._shadowing.asked_at(position)
        candidate = self._room.state.rule_changes.shadow
        if asked is None or candidate is None:
            return {}

        def told() -> dict[str, tuple[str, ...]]:
            in_force = read_rule_files(self._sets.in_force, self._names).rules()
            beside = read_rule_files(self._sets.find(candidate.rule_set), self._names).rules()
            return {
                name: tuple(explain_lines(explained(rules, asked)))
                for name, rules in (("Rules in force", in_force), ("The candidate", beside))
            }

        return await self._loaded(told)

    async def run(self) -> None:
        """Take the candidate up again that a start finds, and compare for ever."""
        shadow = self._room.state.rule_changes.shadow
        if shadow is not None:
            version = shadow.rule_set
            try:
                candidate = await self._loaded(lambda: self._candidate(self._sets.find(version)))
            except CandidateRefused as fault:
                self._shadowing.lost(str(fault))
            else:
                self._shadowing.begin(candidate)
        await self._shadowing.run()

    def _version(self, how: How) -> str:
        """Return which set is meant; one that is not there is left to the core to refuse."""
        known = self._room.state.rule_changes
        if how is How.ROLLBACK:
            if known.promotions:
                return known.promotions[-1].previous
            raise CandidateRefused(("nothing was promoted, so there is no way back; reload the files",))
        if known.shadow is None:
            raise CandidateRefused(("no candidate runs beside; start one with its folder",))
        return known.shadow.rule_set

    async def _loaded(self, load: Callable[[], T]) -> T:
        """Return what is loaded on a thread; raises CandidateRefused with every problem."""
        try:
            return await asyncio.to_thread(load)
        except BooksRefused as fault:
            raise CandidateRefused(fault.problems) from fault
        except OSError as fault:
            raise CandidateRefused((f"{fault}",)) from fault

    def _kept_candidate(self, folder: Path) -> Candidate:
        """Return a candidate of this folder, and keep its files."""
        candidate = self._candidate(folder)
        self._sets.keep(folder, candidate.version)
        return candidate

    def _candidate(self, folder: Path) -> Candidate:
        properties: list[Property] = []

        def gate(files: RuleFiles, rules: RuleSet) -> Gated:
            properties.extend(files.properties())
            return prove(files, rules)

        return Candidate(read_rule_book(folder, gate, self._names), tuple(properties))

    def _kept(self, version: str) -> RuleBook:
        return read_rule_book(self._sets.find(version), names=self._names)

    def _settled(self, settled: Sequence[Settled]) -> None:
        """Begin with a candidate, and end with one, when that is stored."""
        for item in settled:
            token, reason = item.told.token, item.decision.reasons[:1]
            if isinstance(token, _Beginning):
                if reason == (Reason.SHADOW_BEGUN,):
                    self._shadowing.begin(token.candidate)
                if not token.answer.done():
                    token.answer.set_result(item)
            elif self._room.state.rule_changes.shadow is None:
                self._shadowing.end()


class _Beginning:
    """The token of a candidate that is to begin."""

    def __init__(self, candidate: Candidate, answer: "asyncio.Future[Settled]") -> None:
        self.candidate = candidate
        self.answer = answer

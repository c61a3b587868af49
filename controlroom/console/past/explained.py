"""Why one decision was what it was: the facts that its rules were asked about, and their smallest change.

The journal keeps which rule spoke, not what it was asked: that follows from the state before the record. So
the decision is made once more, in the past as it stood then, with an ear at the rules' door; nothing of it is
kept.

Limits: the house rules are today's. A rule set that is not at hand any more is replaced by the
one in force, and the answer says so, as it does where another rule takes the signal today.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.parts import Parts
from controlroom.console.past.boards import EXPLANATION
from controlroom.console.past.hiding import hidden_then, past_sight
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.console.sight import sees, tells_of_hidden
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record, Ruling
from controlroom.incidents.state import State
from controlroom.journal.lookup import records_at
from controlroom.journal.store import Store
from controlroom.rules.calendars import Calendar
from controlroom.rules.explain import Explanation, FactTurned, Tried, explain
from controlroom.rules.model import RuleSet
from controlroom.rules.verdict import Circumstances, Judge, Verdict
from controlroom.rules.wording import verdict_text

RulesOf = Callable[[str], RuleSet | None]
"""Reads the rule set of this version, that in force for an empty one; None where it is not at hand. Slow."""

OTHERWISE_MAX = 6
"""Smallest changes that are told: all of one size, so the first few say as much as all of them."""


class Otherwise(msgspec.Struct, frozen=True):
    """One smallest change: the facts that change, and what would then have been decided by which rule."""

    steps: tuple[FactTurned, ...]
    rule: str
    says: str


class ExplanationView(msgspec.Struct, frozen=True):
    """Why a signal was decided so. `decided` is the rule on record, `rule` the one that takes it here.

    `as_then` is whether both are the same rule of the same set; else the answer is about the rules in force.
    `tried` are the rules in order up to the one that took it, `otherwise` the smallest changes after which a
    crew would be sent in another way, or none at all; empty where no change makes a difference.
    """

    position: int
    at: datetime
    decided: str
    rule: str
    as_then: bool
    says: str
    why: str
    tried: tuple[Tried, ...]
    otherwise: tuple[Otherwise, ...]


class Explanations:
    """The handler of explanations. Its parts stand in the past right before the record in question.

    The facts are those of the state as whoever asks may see it: what is restricted adds none to it. `whole`
    is all of it, by which it is known what is restricted.
    """

    def __init__(self, parts: Parts, whole: Callable[[], State], store: Store, rules_of: RulesOf) -> None:
        self._parts = parts
        self._whole = whole
        self._store = store
        self._rules_of = rules_of

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get(EXPLANATION, self.explanation, Permission.SEE)]

    async def explanation(self, request: web.Request) -> web.Response:
        """Say why the next record was decided as it was, and the smallest change that decides otherwise."""
        asked(request, Nothing)
        state = self._parts.state()
        found = await records_at(self._store, [state.position + 1])
        sight = replace(past_sight(request), hidden=hidden_then(self._whole()))
        if not found or not sees(sight, found[0]) or tells_of_hidden(sight, found[0]):
            raise problem(404, "no-such-position", "the journal has no such record that you may see")
        record, ruling = found[0], found[0].decision.ruling
        given = circumstances(self._parts.handbook(), state, record)
        if ruling is None or not given:
            raise problem(404, "no-rule-asked", "no rule was asked about this record")
        told = await asyncio.to_thread(self._told, record, ruling, given[0])
        if told is None:
            raise problem(404, "rules-away", "no rule set is at hand to ask; look for its files")
        return answer(told)

    def _told(self, record: Record, ruling: Ruling, given: Circumstances) -> ExplanationView | None:
        rules = self._rules_of(ruling.rule_set) or self._rules_of("")
        if rules is None:
            return None
        told = explain(rules, given, by_sending)
        same = rules.version == ruling.rule_set and told.verdict.rule == ruling.rule
        return view_of(record, ruling, told, as_then=same)


def view_of(record: Record, ruling: Ruling, told: Explanation, *, as_then: bool) -> ExplanationView:
    """Return the explanation in words."""
    return ExplanationView(
        position=record.position,
        at=record.now,
        decided=ruling.rule,
        rule=told.verdict.rule,
        as_then=as_then,
        says=verdict_text(told.verdict),
        why=told.verdict.why,
        tried=told.tried,
        otherwise=tuple(
            Otherwise(one.steps, one.verdict.rule, verdict_text(one.verdict))
            for one in told.alternatives[:OTHERWISE_MAX]
        ),
    )


def by_sending(verdict: Verdict) -> object:
    """Return what differs between verdicts that send a crew at once, when a person looked, or not at all."""
    return verdict.route, verdict.dispatch


def circumstances(handbook: Handbook, state: State, record: Record) -> list[Circumstances]:
    """Return what the rules are asked when this record is decided once more; `state` is that before it."""
    ear = _Ear(handbook.rules)
    decide(replace(handbook, rules=ear), state, record.event, record.now)
    return ear.asked


class _Ear:
    """A judge that remembers what it was asked. Satisfies `Judge`."""

    def __init__(self, judge: Judge) -> None:
        self.asked: list[Circumstances] = []
        self._judge = judge

    @property
    def version(self) -> str:
        """The hash of the whole rule set."""
        return self._judge.version

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars of the set by name."""
        return self._judge.calendars

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return the verdict."""
        self.asked.append(circumstances)
        return self._judge.judge(circumstances)

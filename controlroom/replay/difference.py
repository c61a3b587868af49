"""What two histories decide differently, thing by thing, and whether the rules are why.

A difference is *direct* where the new rules, asked in the old history, decide otherwise than was decided
there: the production `decide` is run once more over the old state to know. It is a *consequence* where they
would have decided the same and only what went before differs (an incident that is not there to be joined, a
command about it, its deadlines). A consequence names the direct difference that it follows from, found by
what both touch: an incident, an order, a source, a site.

Limits: a consequence that shares none of these with any difference (a flood that another area's incident
tipped) is counted as one whose cause is not named.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
from controlroom.events import RulesRefused, RulesSwapped, SignalReceived, Tick
from controlroom.incidents.changes import Change
from controlroom.incidents.incident import Incident
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.record import Decision
from controlroom.incidents.work.limits import URGENT, is_about_life
from controlroom.replay.asked import same_verdict
from controlroom.replay.given import Given, fired
from controlroom.replay.lane import Lane, RuleLane, Step
from controlroom.replay.outcome import Outcome, changed, outcome_of
from controlroom.rules.verdict import Circumstances

ABOUT_RULES: frozenset[type] = frozenset(
    {RulesSwapped, RulesRefused, ShadowStarted, ShadowStopped, ShadowDiffered, DifferencesAccepted}
)
"""What is told of rule sets themselves."""

IsLife = Callable[[Circumstances], bool]
"""Says whether a safety property marked `life` is about these circumstances."""


class Difference(msgspec.Struct, frozen=True):
    """One thing that is decided differently.

    `kind` is the feed of a signal, else what it was ("tick", "crew_reported", "owned"); `word` is the word
    of the vocabulary, or what a tick was about. `life`: a life may depend on it. `direct`: the rules are why;
    else `follows` is the number of the direct difference that it is a consequence of, None where none is
    known. `changed` are the fields of `old` and `new` that differ.
    """

    number: int
    at: datetime
    kind: str
    word: str
    source: str
    life: bool
    direct: bool
    follows: int | None
    changed: tuple[str, ...]
    old: Outcome
    new: Outcome


class Found(msgspec.Struct, frozen=True):
    """A difference, and the circumstances that the rules were asked in, None where none were."""

    difference: Difference
    asked: Circumstances | None


class Comparison:
    """Compares two histories as they go on. `is_life` knows the safety properties of both rule sets."""

    def __init__(self, old: Lane, new: RuleLane, is_life: IsLife) -> None:
        self._old = old
        self._new = new
        self._is_life = is_life
        self._roots: dict[str, int] = {}
        self._same: dict[tuple[int, int], bool] = {}

    def look(self, given: Given, old: Step | None, new: Step | None) -> Found | None:
        """Return in what the two steps differ; None where they do not. Neither is kept yet.

        What is told of rule sets themselves is no decision of a rule, and never differs.
        """
        if type(given.event) in ABOUT_RULES:
            return None
        if old is not None and new is not None and self._equal(old, new):
            return None
        direct = self._is_direct(given, old, new)
        names = tuple(dict.fromkeys((*_names(given, old), *_names(given, new))))
        follows = None if direct else next((self._roots[one] for one in names if one in self._roots), None)
        if old is None or new is None:
            direct = follows is None  # a deadline that only one set of calendars knows
        root = given.number if direct else follows
        if root is not None:
            self._roots.update(dict.fromkeys(names, root))
        return self._found(given, old, new, follows, direct=direct)

    def _equal(self, old: Step, new: Step) -> bool:
        return _same_decision(old.decision, new.decision) and self._same_said(old, new)

    def _same_said(self, old: Step, new: Step) -> bool:
        """Say whether the rules said the same; a recording does not tell what they said."""
        if not old.said:
            return True
        if len(old.said) != len(new.said):
            return False
        known = self._same
        for first, second in zip(old.said, new.said, strict=True):
            pair = (id(first), id(second))  # verdicts live as long as their set
            if pair not in known:
                known[pair] = same_verdict(first, second)
            if not known[pair]:
                return False
        return True

    def _is_direct(self, given: Given, old: Step | None, new: Step | None) -> bool:
        """Ask the new rules in the old history."""
        if old is None or new is None:
            return False
        event = given.other if given.other is not None else given.event
        asked = self._new.tell_in(self._old.state, given, event)
        return not self._equal(old, asked)

    def _found(
        self, given: Given, old: Step | None, new: Step | None, follows: int | None, *, direct: bool
    ) -> Found:
        cause = Cause(direct, follows, by_verdict=not self._old.recorded)
        return found_of(given, (old, new), cause, self._is_life)


class Cause(msgspec.Struct, frozen=True):
    """Why two steps differ, and whether what the rules said is known of both."""

    direct: bool
    follows: int | None = None
    by_verdict: bool = True


def found_of(given: Given, pair: tuple[Step | None, Step | None], cause: Cause, is_life: IsLife) -> Found:
    """Return the difference of two steps, one of which is there at least."""
    told = [step for step in pair if step is not None]
    before, after = (outcome_of(step, by_verdict=cause.by_verdict) for step in pair)
    asked = next((step.asked[-1] for step in told if step.asked), None)
    kind, word, source = _about(given, told[0])
    difference = Difference(
        number=given.number,
        at=given.now,
        kind=kind,
        word=word,
        source=source,
        life=_life(given, told, asked, is_life),
        direct=cause.direct,
        follows=cause.follows,
        changed=changed(before, after),
        old=before,
        new=after,
    )
    return Found(difference, asked)


def same_steps(old: Step, new: Step) -> bool:
    """Say whether two steps decide the same, and the rules said the same on the way."""
    said = len(old.said) == len(new.said) and all(map(same_verdict, old.said, new.said))
    return said and _same_decision(old.decision, new.decision)


def _life(given: Given, told: list[Step], asked: Circumstances | None, is_life: IsLife) -> bool:
    urgent = any(verdict.priority == URGENT for step in told for verdict in step.said)
    if urgent or (asked is not None and is_life(asked)):
        return True
    if any(incident.priority == URGENT for step in told for incident in _incidents(step.decision)):
        return True
    if isinstance(given.event, SignalReceived):
        meaning = meaning_of(given.event.signal)
        return meaning.fresh and is_about_life(meaning.kind, meaning.event)
    return False


def _same_decision(old: Decision, new: Decision) -> bool:
    if old.reasons != new.reasons or old.orders != new.orders:
        return False
    if old.changes != new.changes and _silent(old) != _silent(new):
        return False
    first, second = old.ruling, new.ruling
    if first is None or second is None:
        return first is second and old.first_position == new.first_position
    return first.rule == second.rule and first.table == second.table


def _silent(decision: Decision) -> list[Change]:
    """Return the changes without the sentences of the rules: another wording is no other decision."""
    return [_without_why(change) for change in decision.changes]


def _without_why(change: Any) -> Any:
    draft = getattr(change, "draft", None)
    if draft is not None:
        return replace(change, draft=_without_why(draft))
    incident = getattr(change, "incident", None)
    if not isinstance(incident, Incident):
        return change
    return replace(change, incident=replace(incident, why=""))


def _incidents(decision: Decision) -> Iterator[Incident]:
    for change in decision.changes:
        incident = getattr(change, "incident", None)
        if isinstance(incident, Incident):
            yield incident


def _names(given: Given, step: Step | None) -> Iterator[str]:
    """Yield what a step touches, the narrowest first: incidents, orders, watches, then sources and sites."""
    if step is None:
        return
    for name in ("incident", "other", "order"):
        said = getattr(step.event, name, None)
        if isinstance(said, str) and said:
            yield said
    wide: list[str] = []
    for change in step.decision.changes:
        about = getattr(change, "incident", None) or getattr(getattr(change, "draft", None), "incident", None)
        if isinstance(about, Incident):
            yield about.id
            wide += (about.source, about.site)
        elif isinstance(about, str):
            yield about
        watch = getattr(change, "watch", None)
        if watch is not None:
            yield watch.subject
        order = getattr(change, "order", None)
        if isinstance(order, str):
            yield order
    yield from (order.id for order in step.decision.orders)
    yield from wide
    if isinstance(given.event, SignalReceived):
        yield given.event.signal.source
    yield from (one.place.site for one in step.asked if one.place is not None)


def _about(given: Given, step: Step) -> tuple[str, str, str]:
    """Return of what kind a thing is, its word, and who or what it is about."""
    event = given.event
    if isinstance(event, SignalReceived):
        meaning = meaning_of(event.signal)
        return str(meaning.kind), meaning.event, event.signal.source
    if isinstance(event, Tick) and step.asked:  # the room itself said something, and the rules were asked
        said = step.asked[-1]
        return str(said.kind), meaning_of(said.signal).event, said.signal.source
    if isinstance(event, Tick):
        watch = fired(step.decision)
        return ("tick", *((str(watch[0]), watch[1]) if watch is not None else ("", "")))
    names = (getattr(event, name, None) for name in ("incident", "order", "source", "target", "about"))
    return str(event.__struct_config__.tag), "", next((n for n in names if n), "")

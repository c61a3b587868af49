"""The plan made ready for counting: for each kind of event, which measures it counts for.

`digest` names what counts (not how it is worded): figures that were counted by another digest are
counted anew from the journal when the room starts, so a changed definition never mixes with an old one.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from controlroom.commands.entry_words import EntryKind
from controlroom.measures.periods import begins, day_of
from controlroom.measures.plan.model import MeasureText, PlanText, Selector
from controlroom.measures.plan.words import TRUTHS, Countable

Marks = frozenset[bool]
"""Which marks of a signal or an entry count: `simulated` or not."""

REAL: Marks = frozenset({False})
ALL: Marks = frozenset({False, True})

COUNTED_AS = 1
"""The way in which events are counted; a new number has every ledger counted anew."""


class Rule(msgspec.Struct, frozen=True):
    """One selector, ready: the measure, the words of each field that count, the number to add up."""

    measure: str
    where: tuple[tuple[str, frozenset[Any]], ...]
    add_up: str | None

    def weight(self, *told: object) -> int:
        """Return how much this counts: 0 where it does not. Each field is looked up where it is found."""
        for name, allowed in self.where:
            if _field(told, name) not in allowed:
                return 0
        return 1 if self.add_up is None else int(_field(told, self.add_up))


class Book:
    """What counts for what. It remembers the day that was asked for last: most questions are of that one."""

    def __init__(self, plan: PlanText, *, count_simulated: bool) -> None:
        self.plan = plan
        self.measures: Mapping[str, MeasureText] = {measure.id: measure for measure in plan.measures}
        self.simulated = count_simulated
        self.marks: Marks = ALL if count_simulated else REAL
        self.digest = _digest(plan, count_simulated=count_simulated)
        self.entries: dict[EntryKind, tuple[Rule, ...]] = {
            kind: _rules(plan, Countable.LOG_ENTRY, kind) for kind in EntryKind
        }
        self.events: dict[Countable, tuple[Rule, ...]] = {event: _rules(plan, event) for event in Countable}
        self._day: tuple[datetime, datetime, int] | None = None

    def day(self, moment: datetime) -> int:
        """Return the day of this moment in Leeds, as its proleptic ordinal."""
        known = self._day
        if known is None or not known[0] <= moment < known[1]:
            day = day_of(moment)
            known = (
                begins(day).astimezone(UTC),
                begins(day + timedelta(days=1)).astimezone(UTC),
                day.toordinal(),
            )
            self._day = known
        return known[2]


def _rules(plan: PlanText, event: Countable, kind: EntryKind | None = None) -> tuple[Rule, ...]:
    return tuple(
        _rule(measure, selector)
        for measure in plan.measures
        for selector in measure.counts
        if selector.event is event and selector.kind is kind
    )


def _rule(measure: MeasureText, selector: Selector) -> Rule:
    where = tuple((name, frozenset(map(_word, words))) for name, words in selector.where.items())
    return Rule(measure.id, where, selector.add_up)


def _word(said: str) -> str | bool:
    """Return the word as a record has it: a truth as a truth."""
    return said == TRUTHS[0] if said in TRUTHS else said


def _field(told: tuple[object, ...], name: str) -> Any:
    return next((getattr(one, name) for one in told if hasattr(one, name)), None)


def _digest(plan: PlanText, *, count_simulated: bool) -> str:
    counted = [
        (measure.id, [one.model_dump(mode="json") for one in measure.counts]) for measure in plan.measures
    ]
    said = msgspec.json.encode([COUNTED_AS, count_simulated, counted], order="sorted")
    return hashlib.sha256(said).hexdigest()

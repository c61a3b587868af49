"""The rule set as an index: one verdict costs a few look-ups, whatever the number of rules.

Each table is split by the one field that divides it best (for alarms, the event). In each part every
field that its rules ask becomes a column: value -> the set of rules that this value allows, written as
the bits of one integer. A verdict reads each column once, ANDs the sets, and takes the lowest bit: the
first rule in order. No rule is tried one by one, so the cost is the number of *columns*, not of rules.
Verdicts are made at load; the hot path only chooses one.

`read` of a verdict names the fields of its part's rules up to and including the one that took the
signal: every fact that could have changed the answer so far, known at load and therefore free.

Limits: a set of rules is an integer as wide as its part, so a part of 10,000 rules costs ten ANDs of
1,250 bytes. The index is built once and never changes; only the tag column remembers what it met.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import TypeAlias

import msgspec

from controlroom.rules.calendars import LONDON, Calendar
from controlroom.rules.columns import (
    CalendarColumn,
    NumberColumn,
    TagColumn,
    calendar_columns,
    condition_on,
    number_column,
    tag_column,
    word_column,
)
from controlroom.rules.conditions import CALENDAR_KEYS
from controlroom.rules.evaluate import verdict_of
from controlroom.rules.fields import Choice, Field, Number, Origin, Text, fields_of
from controlroom.rules.model import NoneOf, OneOf, Rule, RuleSet, Value
from controlroom.rules.verdict import Circumstances, Verdict, no_rule
from controlroom.signals.vocabulary import Kind

COPIES_PER_RULE = 4
"""How often, on average, a split may repeat a rule; past it the memory is not worth the shorter integers."""

COPIES_FREE = 512
"""Copies that cost nothing worth counting: so small a table may be split by anything."""

_ORDER = (Origin.SIGNAL, Origin.ENVELOPE, Origin.CIRCUMSTANCES, Origin.ROOM, Origin.ESTATE)
"""The order of the holders of facts in `Compiled.judge`."""

WordStep: TypeAlias = tuple[int, str, dict[Value, int], int]
"""Holder, attribute, rules by value, rules of any other value."""


class Part(msgspec.Struct, frozen=True):
    """The rules that one value of the splitting field can reach, as columns."""

    everything: int
    words: tuple[WordStep, ...]
    numbers: tuple[tuple[int, str, NumberColumn], ...]
    presences: tuple[tuple[int, str, int, int], ...]
    tags: TagColumn | None
    calendars: tuple[CalendarColumn, ...]
    asking: int
    verdicts: tuple[Verdict, ...]
    none: Verdict


class Split(msgspec.Struct, frozen=True):
    """One compiled table: where the splitting field stands and the part of each of its values."""

    holder: int
    attribute: str
    parts: dict[Value, Part]
    other: Part


class Compiled:
    """A rule set ready for the hot path; satisfies `Judge`."""

    def __init__(self, rules: RuleSet) -> None:
        self._version = rules.version
        self._calendars = rules.calendars
        self._tables = {kind: _Builder(rules, kind).split() for kind in Kind}

    @property
    def version(self) -> str:
        """The hash of the whole rule set, as every verdict carries it."""
        return self._version

    @property
    def calendars(self) -> dict[str, Calendar]:
        """The calendars of the set by name."""
        return self._calendars

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return the verdict; a signal that no rule takes gets the `no-rule` verdict, never an error."""
        table = self._tables[circumstances.kind]
        signal, place = circumstances.signal, circumstances.place
        holders = (signal.data, signal, circumstances, circumstances.room, place)
        part = table.parts.get(getattr(holders[table.holder], table.attribute, None), table.other)
        rules = part.everything
        for holder, attribute, allowed, other in part.words:
            rules &= allowed.get(getattr(holders[holder], attribute, None), other)
        for holder, attribute, there, absent in part.presences:
            rules &= absent if getattr(holders[holder], attribute, None) is None else there
        for holder, attribute, column in part.numbers:
            number = getattr(holders[holder], attribute, None)
            rules &= column.unknown if number is None else column.allowed[bisect_right(column.bounds, number)]
        if part.tags is not None:
            rules &= part.tags.allowed(None if place is None else place.tags)
        if part.asking & rules & -rules:  # only when the first rule left asks the time
            local = circumstances.now.astimezone(LONDON)
            for question in part.calendars:
                inside = any(calendar.holds_on_the_wall(local) for calendar in question.calendars)
                if inside is not question.inside:
                    rules &= question.otherwise
        return part.verdicts[(rules & -rules).bit_length() - 1] if rules else part.none


class _Builder:
    """Compiles the table of one kind."""

    def __init__(self, rules: RuleSet, kind: Kind) -> None:
        self._kind = kind
        self._version = rules.version
        self._calendars: dict[str, Calendar] = rules.calendars
        self._rules = rules.rules(kind)
        self._fields = fields_of(kind)

    def split(self) -> Split:
        """Return the table, split by the field that leaves the smallest largest part."""
        best: tuple[int, int, Field] | None = None
        for field in self._fields.values():
            if field.presence is None and isinstance(field.domain, Choice | Text):
                largest, copies = _sizes(self._rules, field.name)
                if copies <= COPIES_PER_RULE * len(self._rules) + COPIES_FREE and (
                    best is None or (largest, copies) < best[:2]
                ):
                    best = (largest, copies, field)
        if best is None:
            return Split(0, "", {}, self._part(self._rules, ()))
        field = best[2]
        by_value, other = _divided(self._rules, field.name)
        return Split(
            _ORDER.index(field.origin),
            field.attribute,
            {value: self._part(rules, (field.name,)) for value, rules in by_value.items()},
            self._part(other, (field.name,)),
        )

    def _part(self, rules: Sequence[Rule], decided: tuple[str, ...]) -> Part:
        """Return the columns of these rules; conditions on `decided` fields are known to hold."""
        rules = _reachable(rules, decided)
        everything = (1 << len(rules)) - 1
        asked = {condition.field for rule in rules for condition in rule.when} - set(decided)
        words: list[WordStep] = []
        numbers: list[tuple[int, str, NumberColumn]] = []
        presences: list[tuple[int, str, int, int]] = []
        for field in (field for name, field in self._fields.items() if name in asked):
            holder = _ORDER.index(field.origin)
            if isinstance(field.domain, Number):
                numbers.append((holder, field.attribute, number_column(rules, field.name)))
            elif isinstance(field.domain, Choice | Text):
                allowed, other = word_column(rules, field.name)
                if field.presence is None:
                    words.append((holder, field.attribute, allowed, other))
                else:
                    there, absent = (allowed.get(value, other) for value in field.presence)
                    presences.append((holder, field.attribute, there, absent))
        calendars = calendar_columns(rules, self._calendars)
        return Part(
            everything=everything,
            words=tuple(words),
            numbers=tuple(numbers),
            presences=tuple(presences),
            tags=tag_column(rules),
            calendars=calendars,
            asking=everything & ~reduce(and_, (question.otherwise for question in calendars), everything),
            verdicts=tuple(self._verdicts(rules, decided)),
            none=msgspec.structs.replace(
                no_rule(self._kind, self._version), read=self._named({*asked, *decided})
            ),
        )

    def _verdicts(self, rules: Iterable[Rule], decided: Iterable[str]) -> Iterable[Verdict]:
        """Yield the verdict of each rule; `read` grows from rule to rule."""
        names = set(decided)
        read = self._named(names)
        for rule in rules:
            fresh = {condition.field for condition in rule.when} - names
            if fresh:
                names |= fresh
                read = self._named(names)
            yield verdict_of(rule, self._kind, self._version, read)

    def _named(self, names: set[str]) -> tuple[str, ...]:
        """Return these names in the order in which people read the fields."""
        return tuple(name for name in (*self._fields, *CALENDAR_KEYS) if name in names)


def _reachable(rules: Sequence[Rule], decided: tuple[str, ...]) -> Sequence[Rule]:
    """Return the rules up to the first that asks nothing more: those after it are never reached."""
    for position, rule in enumerate(rules):
        if all(condition.field in decided for condition in rule.when):
            return rules[: position + 1]
    return rules


def _sizes(rules: Sequence[Rule], field: str) -> tuple[int, int]:
    """Return the size of the largest part of a split by this field, and of all parts together."""
    by_value: dict[Value, int] = {}
    everywhere = 0
    for rule in rules:
        match condition_on(rule, field):
            case OneOf(values=values):
                for value in values:
                    by_value[value] = by_value.get(value, 0) + 1
            case _:
                everywhere += 1
    largest = everywhere + max(by_value.values(), default=0)
    return largest, sum(by_value.values()) + everywhere * (len(by_value) + 1)


def _divided(rules: Sequence[Rule], field: str) -> tuple[dict[Value, list[Rule]], list[Rule]]:
    """Return the rules that each named value can reach, in order, and those of any other known value."""
    conditions = [condition_on(rule, field) for rule in rules]
    other = [rule for rule, found in zip(rules, conditions, strict=True) if not isinstance(found, OneOf)]
    places: dict[Value, list[int]] = {None: []}
    everywhere: list[int] = []
    for position, found in enumerate(conditions):
        if isinstance(found, OneOf):
            for value in found.values:
                places.setdefault(value, []).append(position)
        else:
            everywhere.append(position)
            if isinstance(found, NoneOf):
                for word in found.values:
                    places.setdefault(word, [])
    by_value: dict[Value, list[Rule]] = {}
    for value, own in places.items():
        free = (p for p in everywhere if _lets(conditions[p], value))
        by_value[value] = [rules[p] for p in sorted((*own, *free))]
    return by_value, other


def _lets(condition: object, value: Value) -> bool:
    """Return whether a condition that is no list of values lets this value through."""
    return not isinstance(condition, NoneOf) or (value is not None and value not in condition.values)

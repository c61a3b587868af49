"""Columns of an index: for one field, which rules each of its values allows, as bits of an integer.

Bit `n` stands for the rule at position `n` of the part that the columns belong to; a rule without a
condition on the field has its bit set for every value.
"""

from collections.abc import Sequence

import msgspec

from controlroom.rules.calendars import Calendar
from controlroom.rules.evaluate import allows
from controlroom.rules.model import Between, Condition, During, NoneOf, OneOf, Rule, Tagged, Value

TAG_SETS_AT_MOST = 4096
"""Distinct tag sets remembered; an estate has dozens, so this only bounds a mistake in its data."""


class NumberColumn(msgspec.Struct, frozen=True, gc=False):
    """Rules by whole number: `allowed[i]` holds below `bounds[i]`, the last above all of them."""

    bounds: tuple[int, ...]
    allowed: tuple[int, ...]
    unknown: int


class TagColumn:
    """Rules by the tags of the place; remembers each tag set it has met (same in, same out)."""

    def __init__(self, tagged: tuple[tuple[int, Tagged], ...], untagged: int) -> None:
        self._tagged = tagged
        self._untagged = untagged
        self._met: dict[frozenset[str] | None, int] = {}

    def allowed(self, tags: frozenset[str] | None) -> int:
        """Return the rules that this tag set allows; None is an unknown place."""
        found = self._met.get(tags)
        if found is None:
            found = self._untagged
            for bit, condition in self._tagged:
                if allows(condition, tags):
                    found |= bit
            if len(self._met) >= TAG_SETS_AT_MOST:
                self._met.clear()
            self._met[tags] = found
        return found


class CalendarColumn(msgspec.Struct, frozen=True, gc=False):
    """One question to calendars, and the rules that remain when the answer is no."""

    calendars: tuple[Calendar, ...]
    inside: bool
    otherwise: int


def condition_on(rule: Rule, field: str) -> Condition | None:
    """Return the rule's condition on this field, if it has one."""
    return next((condition for condition in rule.when if condition.field == field), None)


def word_column(rules: Sequence[Rule], field: str) -> tuple[dict[Value, int], int]:
    """Return the rules allowed by each value that a rule names, and by any other known value."""
    free = refusing = 0
    taken: dict[Value, int] = {}
    refused: dict[Value, int] = {}
    for position, rule in enumerate(rules):
        bit = 1 << position
        match condition_on(rule, field):
            case OneOf(values=values):
                for value in values:
                    taken[value] = taken.get(value, 0) | bit
            case NoneOf(values=values):
                refusing |= bit
                for word in values:
                    refused[word] = refused.get(word, 0) | bit
            case _:
                free |= bit
    allowed: dict[Value, int] = {None: free | taken.get(None, 0)}
    for value in {*taken, *refused} - {None}:
        allowed[value] = free | taken.get(value, 0) | (refusing & ~refused.get(value, 0))
    return allowed, free | refusing


def number_column(rules: Sequence[Rule], field: str) -> NumberColumn:
    """Return the rules allowed between each two bounds that a rule names."""
    free = unknown = 0
    changes: dict[int, int] = {}
    for position, rule in enumerate(rules):
        bit = 1 << position
        match condition_on(rule, field):
            case Between(low=low, high=high):
                changes[low] = changes.get(low, 0) ^ bit
                if high is not None:
                    changes[high + 1] = changes.get(high + 1, 0) ^ bit
            case OneOf():
                unknown |= bit
            case _:
                free |= bit
    bounds = tuple(sorted(changes))
    allowed = [free]
    for bound in bounds:
        allowed.append(allowed[-1] ^ changes[bound])
    return NumberColumn(bounds, tuple(allowed), free | unknown)


def tag_column(rules: Sequence[Rule]) -> TagColumn | None:
    """Return the rules by tags; None where no rule asks for any."""
    tagged: list[tuple[int, Tagged]] = []
    untagged = 0
    for position, rule in enumerate(rules):
        conditions = [condition for condition in rule.when if isinstance(condition, Tagged)]
        if conditions:
            tagged.append((1 << position, conditions[0]))
        else:
            untagged |= 1 << position
    return TagColumn(tuple(tagged), untagged) if tagged else None


def calendar_columns(rules: Sequence[Rule], calendars: dict[str, Calendar]) -> tuple[CalendarColumn, ...]:
    """Return each distinct question to the calendars once."""
    asking: dict[During, int] = {}
    for position, rule in enumerate(rules):
        for condition in rule.when:
            if isinstance(condition, During):
                asking[condition] = asking.get(condition, 0) | 1 << position
    everything = (1 << len(rules)) - 1
    return tuple(
        CalendarColumn(
            tuple(calendars[name] for name in sorted(question.calendars)),
            question.inside,
            everything & ~bits,
        )
        for question, bits in asking.items()
    )

"""Differences by cause: one group for each way in which the rules decide otherwise, life-safety first.

A group is a pair of rules (by table) and what changes between them; its consequences are counted with it.
Every difference is counted; so that a bad rule set on a year of signals cannot fill the memory, only the
first ones are listed, and the report says how many are not.
"""

from collections import Counter
from typing import Any

import msgspec

from controlroom.replay.difference import Difference, Found
from controlroom.replay.outcome import ALSO_SAY, RULES_SAY
from controlroom.rules.examples import document

DIRECT_LISTED = 20_000
"""Direct differences that are listed: more than a person reads, at about 2 kB each."""

CONSEQUENCES_LISTED = 5_000
"""Consequences that are listed; their groups count the rest."""

EXAMPLES_KEPT = 3
"""Examples that a group keeps as documents for `controlroom rules explain`."""

VARIOUS = ("various", "various")
"""The words of a field that does not change in the same way in the whole group."""


class Group(msgspec.Struct):
    """Differences with one cause. `old` and `new` are the rules, "table/id", empty where no rule spoke.

    `changed` maps each field that changes to its old and new words; `numbers` are the first events of the
    group; `consequences` counts what followed, by kind of thing.
    """

    life: bool
    kind: str
    old: str
    new: str
    changed: dict[str, tuple[str, str]]
    count: int = 0
    numbers: list[int] = msgspec.field(default_factory=list)
    consequences: dict[str, int] = msgspec.field(default_factory=dict)
    examples: list[dict[str, Any]] = msgspec.field(default_factory=list)


class Totals(msgspec.Struct):
    """How many differ: directly, and of these about a life; as consequences, some of no known cause."""

    direct: int = 0
    life: int = 0
    consequences: int = 0
    consequences_life: int = 0
    of_unknown_cause: int = 0
    not_listed: int = 0


def cause_of(one: Difference) -> tuple[bool, str, str, str, tuple[str, ...]]:
    """Return what makes differences one group: whether about a life, the kind, both rules, what changes."""
    by_rules = tuple(name for name in one.changed if name in RULES_SAY or name in ALSO_SAY)
    fields = by_rules if set(by_rules) - {"rule"} or len(one.changed) == 1 else one.changed
    return one.life, one.kind, one.old.get("rule", ""), one.new.get("rule", ""), fields


class Collected:
    """Every difference so far."""

    def __init__(self) -> None:
        self.totals = Totals()
        self.listed: list[Difference] = []
        self._groups: dict[tuple[object, ...], Group] = {}
        self._group_of: dict[int, Group] = {}
        self._unnamed: Counter[str] = Counter()
        self._direct_listed = 0

    def add(self, found: Found) -> None:
        """Take one more, in the order of events."""
        one, totals = found.difference, self.totals
        if one.direct:
            totals.direct += 1
            totals.life += one.life
            self._add_direct(found)
            listed = totals.direct <= DIRECT_LISTED
        else:
            totals.consequences += 1
            totals.consequences_life += one.life
            group = self._group_of.get(one.follows) if one.follows is not None else None
            totals.of_unknown_cause += group is None
            counts: dict[str, int] = self._unnamed if group is None else group.consequences
            counts[one.kind] = counts.get(one.kind, 0) + 1
            listed = totals.consequences <= CONSEQUENCES_LISTED
        if listed:
            self.listed.append(one)
        else:
            totals.not_listed += 1

    def groups(self) -> tuple[Group, ...]:
        """Return the groups: what touches a life first, then the largest, then by name."""

        def order(group: Group) -> tuple[object, ...]:
            return not group.life, -group.count, group.kind, group.old, group.new, sorted(group.changed)

        return tuple(sorted(self._groups.values(), key=order))

    def unnamed(self) -> dict[str, int]:
        """Return the consequences whose cause is not known, by kind of thing."""
        return dict(sorted(self._unnamed.items()))

    def _add_direct(self, found: Found) -> None:
        one = found.difference
        key = cause_of(one)
        old, new, fields = key[2], key[3], key[4]
        group = self._groups.get(key)
        words = {name: (one.old.get(name, "none"), one.new.get(name, "none")) for name in fields}
        if group is None:
            group = self._groups[key] = Group(one.life, one.kind, old, new, words)
        group.count += 1
        for name, pair in words.items():
            if group.changed[name] != pair:
                group.changed[name] = VARIOUS
        if len(group.numbers) < EXAMPLES_KEPT:
            group.numbers.append(one.number)
            if found.asked is not None:
                group.examples.append(document(found.asked))
        self._group_of[one.number] = group

"""Rule tables as data that a machine can reason about: what `load` makes and everything else reads.

Every condition is one of five small shapes (`Condition`), each a set of allowed values of one field, so
that a verifier can intersect, subtract and enumerate them. Whether a rule takes a signal is the AND of
its conditions; a table is ordered and its first match wins.

A value of `None` means *unknown*. It is never the same as normal: no condition but an explicit
`unknown` matches it. `load` has normalised everything that can be: `not` over a closed set of words is
the set of the other known words, and the ends of a range are cut to the field's own.

Limits: no arithmetic, no comparison of two fields, no pattern; that is what keeps the proofs complete.
"""

from typing import TypeAlias

import msgspec

from controlroom.rules.calendars import Calendar
from controlroom.rules.plans import Plan
from controlroom.rules.verdict import Dispatch, MergeKey, Partner, Route
from controlroom.signals.vocabulary import Kind

Value: TypeAlias = str | bool | None
"""A value of a field of words: a word, a Boolean, or None for unknown."""


class OneOf(msgspec.Struct, frozen=True):
    """The field's value is one of these; None in the set is the word `unknown`.

    A field of whole numbers carries this shape only as `{None}`: the number is unknown.
    """

    field: str
    values: frozenset[Value]


class NoneOf(msgspec.Struct, frozen=True):
    """The value of an open text field is known and none of these; no values: merely known."""

    field: str
    values: frozenset[str]


class Between(msgspec.Struct, frozen=True):
    """The whole number is known and lies in this range, both ends in it; `high` None is without end."""

    field: str
    low: int
    high: int | None


class Tagged(msgspec.Struct, frozen=True):
    """The place is known, carries all of `all`, at least one of `any` unless empty, and none of `none`."""

    field: str
    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()


class During(msgspec.Struct, frozen=True):
    """`now` lies inside at least one of the calendars; with `inside` False, outside every one of them."""

    calendars: frozenset[str]
    inside: bool

    @property
    def field(self) -> str:
        """The key of the condition, as a table writes it."""
        return "during" if self.inside else "outside"


Condition: TypeAlias = OneOf | NoneOf | Between | Tagged | During
"""The closed union of what a rule can ask."""


class Mark(msgspec.Struct, frozen=True, order=True):
    """Where something was written: file, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Outcome(msgspec.Struct, frozen=True):
    """What a rule says, durations in seconds; a log outcome has no dispatch, limits or hold of its own."""

    route: Route
    priority: int
    dispatch: Dispatch = Dispatch.AUTOMATIC
    answer_within_s: int | None = None
    respond_within_s: int | None = None
    action_plan: str | None = None
    inform: tuple[Partner, ...] = ()
    hold_s: int | None = None
    merge: MergeKey | None = None


class Rule(msgspec.Struct, frozen=True):
    """One rule: at most one condition a field (`during` and `outside` count as two), in written order."""

    id: str
    when: tuple[Condition, ...]
    then: Outcome
    why: str
    mark: Mark


class Table(msgspec.Struct, frozen=True):
    """The rules of one kind of signal, in order; ids are unique within a table."""

    kind: Kind
    rules: tuple[Rule, ...]


class RuleSet(msgspec.Struct, frozen=True):
    """All tables and the calendars they use; `version` is the hash of its canonical form.

    A kind without a table has no rules: every one of its signals gets the `no-rule` verdict. `plans` are
    what the tables' action plans say; they decide nothing, so they are no part of the version.
    """

    tables: dict[Kind, Table]
    calendars: dict[str, Calendar]
    version: str
    plans: dict[str, Plan] = {}

    def rules(self, kind: Kind) -> tuple[Rule, ...]:
        """Return the rules of a kind in order; none where the set has no table for it."""
        table = self.tables.get(kind)
        return () if table is None else table.rules

"""Random tables and signals over every kind, and small spaces that can be counted point by point."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

from controlroom.rules.calendars import Calendar, Span
from controlroom.rules.fields import Choice, Field, Number, TagSet, Text, fields_of
from controlroom.rules.load import rule_set
from controlroom.rules.model import (
    Between,
    Condition,
    During,
    Mark,
    NoneOf,
    OneOf,
    Outcome,
    Rule,
    RuleSet,
    Table,
    Tagged,
)
from controlroom.rules.verdict import Circumstances, Dispatch, Route
from controlroom.rules.witness import ImpossibleFactsError, circumstances
from controlroom.signals.vocabulary import CallStep, Kind

WORDS = ("a", "b", "c", "d")
TAGS = ("t1", "t2", "t3")
CALENDARS = {
    "hours": Calendar("hours", tuple(Span(day, 480, 1080) for day in range(5))),
    "night": Calendar("night", tuple(Span(day, 1320, 1800) for day in range(7))),
    "days": Calendar("days", (), frozenset({date(2026, 1, 1), date(2026, 3, 29)})),
}
SMALL = ("step", "known", "site_kind", "tags", "risk", "set_state", "repeats", "on_test")
"""Fields of the help point's table that a small space is made of: one of every shape."""

TIMES = (
    datetime(2026, 1, 14, 12, tzinfo=UTC),
    datetime(2026, 1, 14, 23, tzinfo=UTC),
    datetime(2026, 1, 17, 12, tzinfo=UTC),
    datetime(2026, 1, 1, 12, tzinfo=UTC),
    datetime(2026, 1, 1, 23, tzinfo=UTC),
    datetime(2026, 3, 29, 12, tzinfo=UTC),
)
"""An instant of each combination of `CALENDARS` that can hold."""


def condition(random: Random, field: Field) -> Condition:
    """Return a random condition on a field."""
    domain = field.domain
    match domain:
        case Choice():
            values = [*domain.values, *([None] if domain.unknown else [])]
            return OneOf(field.name, frozenset(random.sample(values, random.randint(1, len(values)))))
        case Text():
            some = frozenset(random.sample(WORDS, random.randint(0, 3)))
            if some and random.random() < 0.6:
                extra = {None} if domain.unknown and random.random() < 0.3 else set()
                return OneOf(field.name, some | extra)
            return NoneOf(field.name, some)
        case Number():
            if domain.unknown and random.random() < 0.2:
                return OneOf(field.name, frozenset({None}))
            low = random.randint(domain.low, 4 if domain.high is None else domain.high)
            return Between(field.name, low, random.choice((None, low, low + 2)))
        case TagSet():
            pick = [frozenset(random.sample(TAGS, random.randint(0, 2))) for _ in range(3)]
            return Tagged(field.name, *pick)


def tables(random: Random, kind: Kind, count: int, names: Sequence[str] | None = None) -> RuleSet:
    """Return a random rule set of one table, over these fields or all of the kind."""
    fields = [field for name, field in fields_of(kind).items() if names is None or name in names]
    rules = []
    for number in range(count):
        chosen = random.sample(fields, random.choice((0, 1, 1, 2, 2, 3)) if number else 2)
        when: list[Condition] = [condition(random, field) for field in chosen]
        if random.random() < 0.3:
            asked = frozenset(random.sample(sorted(CALENDARS), random.randint(1, 2)))
            when.append(During(asked, random.random() < 0.5))
        rules.append(
            Rule(f"r{number}", tuple(when), outcome(random), "Generated.", Mark("generated", number + 1, 1))
        )
    return rule_set([Table(kind, tuple(rules))], CALENDARS)


def outcome(random: Random) -> Outcome:
    """Return a random outcome of few sorts, so that neighbours often agree."""
    if random.random() < 0.5:
        return Outcome(Route.LOG, random.choice((3, 4)))
    limits = random.choice((None, 60, 120))
    return Outcome(Route.MOBILE_RESPONSE, random.choice((1, 2)), Dispatch.OPERATOR, limits, 1200)


def signal(random: Random, kind: Kind) -> Circumstances:
    """Return random circumstances."""
    facts: dict[str, object] = {}
    known = random.random() < 0.85
    for field in fields_of(kind).values():
        match field.domain:
            case Choice(values=values, unknown=unknown):
                facts[field.name] = random.choice([*values, *([None] if unknown else [])])
            case Text(unknown=unknown):
                facts[field.name] = random.choice([*WORDS, "e", *([None] if unknown else [])])
            case Number(low=low, high=high):
                facts[field.name] = random.randint(low, 7 if high is None else high)
            case TagSet():
                facts[field.name] = frozenset(random.sample((*TAGS, "t4"), random.randint(0, 4)))
    facts["known"] = known
    for name in ("site", "site_kind", "tags", "risk", "keys_held"):
        if not known:
            facts.pop(name)
        elif facts[name] is None:
            facts[name] = {"keys_held": True}.get(name, "a")
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=random.randrange(366 * 24 * 60))
    return circumstances(kind, facts, now)  # type: ignore[arg-type]  # built from the domains above


def every_point(names: Sequence[str]) -> Iterator[Circumstances]:
    """Yield circumstances for every combination of values that small tables over these fields tell apart."""
    values: dict[str, tuple[object, ...]] = {
        "step": tuple(map(str, CallStep)),
        "known": (True, False),
        "site_kind": (None, *WORDS, "e"),
        "tags": (None, *(frozenset(t for t, here in zip(TAGS, bits, strict=True) if here) for bits in _BITS)),
        "risk": (None, 1, 2, 3),
        "set_state": (None, "set", "part_set", "unset"),
        "repeats": tuple(range(8)),
        "on_test": (True, False),
    }
    chosen = [name for name in SMALL if name in names]
    for facts in product(*(values[name] for name in chosen)):
        given = dict(zip(chosen, facts, strict=True))
        given.setdefault("step", "started")
        for now in TIMES:
            try:
                yield circumstances(Kind.HELP_POINT, given, now)  # type: ignore[arg-type]  # values of the domains
            except ImpossibleFactsError:
                break


_BITS = tuple(product((False, True), repeat=len(TAGS)))

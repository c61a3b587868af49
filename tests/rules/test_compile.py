"""The compiled index says what the plain reading of the tables says, for any tables and any signal."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.rules.calendars import Calendar, Span
from controlroom.rules.compile import Compiled
from controlroom.rules.evaluate import holds, judge_plainly
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
from controlroom.rules.verdict import Circumstances, Route
from controlroom.rules.witness import ImpossibleFactsError, circumstances
from controlroom.signals.vocabulary import Kind

WORDS = ("a", "b", "c", "d")
TAGS = ("t1", "t2", "t3")
CALENDARS = {
    "hours": Calendar("hours", tuple(Span(day, 480, 1080) for day in range(5))),
    "night": Calendar("night", tuple(Span(day, 1320, 1800) for day in range(7))),
    "days": Calendar("days", (), frozenset({date(2026, 1, 1), date(2026, 3, 29)})),
}
BULK_RULE_SETS = 60
BULK_SIGNALS = 60
"""Rule sets, and signals a set, of the seeded run: every shape of column, and still short."""


def _condition(random: Random, field: Field) -> Condition:
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


def _rules(random: Random, kind: Kind, count: int) -> RuleSet:
    """Return a random rule set of one table."""
    fields = list(fields_of(kind).values())
    rules = []
    for number in range(count):
        chosen = random.sample(fields, random.choice((0, 1, 1, 2, 2, 3)) if number else 2)
        when: list[Condition] = [_condition(random, field) for field in chosen]
        if random.random() < 0.3:
            names = frozenset(random.sample(sorted(CALENDARS), random.randint(1, 2)))
            when.append(During(names, random.random() < 0.5))
        outcome = Outcome(Route.LOG, 1 + number % 4)
        rules.append(Rule(f"r{number}", tuple(when), outcome, "Generated.", Mark("generated", number, 1)))
    return rule_set([Table(kind, tuple(rules))], CALENDARS)


def _signal(random: Random, kind: Kind) -> Circumstances:
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


def _agree(rules: RuleSet, judge: Compiled, signal: Circumstances) -> None:
    """Assert that both readings give the same verdict, and that `read` names every fact that decided it."""
    verdict = judge.judge(signal)
    assert msgspec.structs.replace(verdict, read=()) == judge_plainly(rules, signal)
    for rule in rules.rules(signal.kind):
        if rule.id == verdict.rule:
            assert {condition.field for condition in rule.when} <= set(verdict.read)
            break
        false = {c.field for c in rule.when if not holds(c, signal, rules.calendars)}
        assert false & set(verdict.read), (rule.id, verdict.read)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(Kind), count=st.integers(0, 25))
def test_the_index_agrees_with_the_plain_reading(seed: int, kind: Kind, count: int) -> None:
    """For small random tables and random signals, index and linear evaluation never differ."""
    random = Random(seed)
    rules = _rules(random, kind, count)
    judge = Compiled(rules)
    for _ in range(8):
        _agree(rules, judge, _signal(random, kind))


def test_the_index_agrees_in_bulk() -> None:
    """Over larger tables, seeded, index and linear evaluation never differ."""
    random = Random(3)
    for number in range(BULK_RULE_SETS):
        kind = random.choice(list(Kind))
        rules = _rules(random, kind, random.choice((1, 30, 100, 250)))
        judge = Compiled(rules)
        for _ in range(BULK_SIGNALS):
            _agree(rules, judge, _signal(random, kind))
        assert judge.version == rules.version, number


def test_a_set_without_a_table_still_answers() -> None:
    """A kind without a table gets the verdict `no-rule`, for an operator, within a minute."""
    verdict = Compiled(rule_set([], {})).judge(circumstances(Kind.GUARD, {"event": "on_duty"}))
    assert (verdict.rule, verdict.dispatch, verdict.answer_within_s) == ("no-rule", "operator", 60)


def test_the_version_is_the_same_on_every_machine_and_day() -> None:
    """The hash of a set depends on what it says, not on where or in what order of keys it was written."""
    rules = _rules(Random(1), Kind.ARC_ALARM, 40)
    table = rules.tables[Kind.ARC_ALARM]
    moved = [msgspec.structs.replace(r, mark=Mark("moved", 1, 1), when=r.when[::-1]) for r in table.rules]
    assert rule_set([Table(Kind.ARC_ALARM, tuple(moved))], CALENDARS).version == rules.version
    swapped = rule_set([Table(Kind.ARC_ALARM, table.rules[::-1])], CALENDARS)
    assert swapped.version != rules.version
    assert rule_set([], CALENDARS).version == (
        "c61a125afeb2618baf165db8cc7e4305b6105797828fe8ba04a1752b1f721fa7"
    )


def test_contradicting_facts_are_refused() -> None:
    """No circumstances are made up for an unknown place with a known risk."""
    with pytest.raises(ImpossibleFactsError, match="an unknown place has no risk"):
        circumstances(Kind.GUARD, {"event": "on_duty", "known": False, "risk": 2})

"""The compiled index says what the plain reading of the tables says, for any tables and any signal."""

import os
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.rules.compile import Compiled
from controlroom.rules.evaluate import holds, judge_plainly
from controlroom.rules.load import rule_set
from controlroom.rules.model import Mark, RuleSet, Table
from controlroom.rules.verdict import Circumstances
from controlroom.rules.witness import ImpossibleFactsError, circumstances
from controlroom.signals.vocabulary import Kind
from tests.rules.random_tables import CALENDARS, signal, tables

BULK_PAIRS = int(os.environ.get("RULES_PAIRS", "100000"))
"""Pairs of a rule set and a signal in the seeded run; `make proofs` asks for a million."""

BULK_SIGNALS = 100
"""Signals a rule set: enough to meet most of its rules, few enough for many sets."""


def _agree(rules: RuleSet, judge: Compiled, given: Circumstances) -> None:
    """Assert that both readings give the same verdict, and that `read` names every fact that decided it."""
    verdict = judge.judge(given)
    assert msgspec.structs.replace(verdict, read=()) == judge_plainly(rules, given)
    for rule in rules.rules(given.kind):
        if rule.id == verdict.rule:
            assert {condition.field for condition in rule.when} <= set(verdict.read)
            break
        false = {c.field for c in rule.when if not holds(c, given, rules.calendars)}
        assert false & set(verdict.read), (rule.id, verdict.read)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), kind=st.sampled_from(Kind), count=st.integers(0, 25))
def test_the_index_agrees_with_the_plain_reading(seed: int, kind: Kind, count: int) -> None:
    """For small random tables and random signals, index and linear evaluation never differ."""
    random = Random(seed)
    rules = tables(random, kind, count)
    judge = Compiled(rules)
    for _ in range(8):
        _agree(rules, judge, signal(random, kind))


@pytest.mark.timeout(3600)
def test_the_index_agrees_in_bulk() -> None:
    """Over many tables, small and large, seeded, index and linear evaluation never differ."""
    random = Random(3)
    signals = {kind: [signal(random, kind) for _ in range(2_000)] for kind in Kind}
    pairs = 0
    while pairs < BULK_PAIRS:
        kind = random.choice(list(Kind))
        rules = tables(random, kind, random.choice((1, 3, 10, 10, 30, 30, 100, 250)))
        judge = Compiled(rules)
        assert judge.version == rules.version
        for one in random.sample(signals[kind], BULK_SIGNALS):
            _agree(rules, judge, one)
        pairs += BULK_SIGNALS
    assert pairs >= BULK_PAIRS


def test_a_set_without_a_table_still_answers() -> None:
    """A kind without a table gets the verdict `no-rule`, for an operator, within a minute."""
    verdict = Compiled(rule_set([], {})).judge(circumstances(Kind.GUARD, {"event": "on_duty"}))
    assert (verdict.rule, verdict.dispatch, verdict.answer_within_s) == ("no-rule", "operator", 60)


def test_the_version_is_the_same_on_every_machine_and_day() -> None:
    """The hash of a set depends on what it says, not on where or in what order of keys it was written."""
    rules = tables(Random(1), Kind.ARC_ALARM, 40)
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

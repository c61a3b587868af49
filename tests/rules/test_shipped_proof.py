"""What the project ships is proved, and so is that the proof would notice."""

from random import Random

import msgspec

from controlroom.rules.compile import Compiled
from controlroom.rules.difference import difference
from controlroom.rules.evaluate import judge_plainly
from controlroom.rules.examples import circumstances_of
from controlroom.rules.explain import explain
from controlroom.rules.load import rule_set
from controlroom.rules.model import OneOf, RuleSet, Table
from controlroom.rules.safety import Property
from controlroom.rules.show import html_page, text_lines
from controlroom.rules.verdict import Route
from controlroom.rules.verify import overlaps, verify
from controlroom.rules.witness import circumstances
from controlroom.signals.vocabulary import (
    LIFE_SAFETY_ALARMS,
    LIFE_SAFETY_PARK,
    LIFE_SAFETY_SILENCE,
    LIFE_SAFETY_TELECARE,
    LIFE_SAFETY_WORKER,
    Kind,
)


def test_the_shipped_rules_are_proved(shipped: RuleSet, safety: tuple[Property, ...]) -> None:
    """Every shipped rule can fire, no signal falls through, and every safety property holds."""
    assert [str(finding) for finding in verify(shipped, safety).findings] == []


def test_the_shipped_properties_mean_every_event_that_threatens_a_life(safety: tuple[Property, ...]) -> None:
    """The safety properties name exactly the words that the vocabulary calls life safety."""
    for kind, words in (
        (Kind.ARC_ALARM, LIFE_SAFETY_ALARMS),
        (Kind.LONE_WORKER, LIFE_SAFETY_WORKER | LIFE_SAFETY_SILENCE),
        (Kind.GUARD, LIFE_SAFETY_SILENCE),
        (Kind.PARK, LIFE_SAFETY_PARK),
        (Kind.TELECARE, LIFE_SAFETY_TELECARE),
    ):
        asked = [condition for one in safety if one.life for condition in one.when.get(kind, ())]
        named = [
            condition.values
            for condition in asked
            if isinstance(condition, OneOf) and condition.field == "event"
        ]
        assert frozenset[object]().union(*named) == {word.value for word in words}


def test_a_set_does_not_differ_from_itself(shipped: RuleSet, safety: tuple[Property, ...]) -> None:
    """The shipped set against itself, and against itself with its files in another order, is no change."""
    again = rule_set(reversed(shipped.tables.values()), shipped.calendars)
    found = difference(shipped, again, safety)
    assert (found.changes, found.wording) == ((), ())


def test_moving_a_rule_past_one_that_it_never_meets_is_no_change(shipped: RuleSet) -> None:
    """The rule for openings and the one for closings change places without a trace."""
    found = difference(shipped, swapped(shipped, Kind.ARC_ALARM, "opened", "closed"))
    assert (found.changes, found.wording) == ((), ())


def test_a_change_that_touches_a_life_comes_first(shipped: RuleSet, safety: tuple[Property, ...]) -> None:
    """What touches life safety is shown before everything else that changed with it."""
    changed = swapped(shipped, Kind.ARC_ALARM, "marked-test", "life-safety-marked-test")
    found = difference(shipped, changed, safety)
    assert found.changes[0].life
    assert [one.life for one in found.changes] == sorted((one.life for one in found.changes), reverse=True)
    assert found.changes[0].what["route"] == ("mobile_response", "log")
    assert not found.changes[-1].life


def test_another_reason_is_wording(shipped: RuleSet) -> None:
    """A rule with another `why` changes no verdict and is told apart as wording."""
    table = shipped.tables[Kind.GUARD]
    first = msgspec.structs.replace(table.rules[0], why="Another reason.")
    found = difference(shipped, replaced(shipped, Table(Kind.GUARD, (first, *table.rules[1:]))))
    assert found.changes == ()
    assert [(one.old, set(one.what)) for one in found.wording] == [(first.id, {"why"})]


def test_a_calendar_that_changes_is_a_change(shipped: RuleSet) -> None:
    """A longer night sends lone workers' low batteries elsewhere, in the time that was added to it."""
    night = shipped.calendars["night"]
    longer = msgspec.structs.replace(
        night, weekly=tuple(msgspec.structs.replace(span, start=span.start - 60) for span in night.weekly)
    )
    changed = rule_set(shipped.tables.values(), {**shipped.calendars, "night": longer})
    found = [one for one in difference(shipped, changed).changes if one.table is Kind.LONE_WORKER]
    assert {(one.old, one.new) for one in found} == {("low-battery", "low-battery-at-night")}
    example = circumstances_of(msgspec.json.encode(found[0].regions[0].example).decode())
    assert judge_plainly(shipped, example).rule == "low-battery"
    assert judge_plainly(changed, example).rule == "low-battery-at-night"


def test_order_matters_only_where_routes_differ(shipped: RuleSet) -> None:
    """Each pair of shipped rules that is shown comes with a signal which the first decides and both fit."""
    pairs = overlaps(shipped)
    routes = {(kind, r.id): r.then.route for kind, t in shipped.tables.items() for r in t.rules}
    assert pairs
    for one in pairs:
        assert routes[one.table, one.first] is not routes[one.table, one.second]
    for one in Random(1).sample(pairs, 20):
        example = circumstances_of(msgspec.json.encode(one.example).decode())
        assert judge_plainly(shipped, example).rule == one.first


def test_an_explanation_ends_with_the_rule_that_took_it(shipped: RuleSet, judge: Compiled) -> None:
    """The rules tried are all that stand before the one that took the signal, and that one."""
    given = circumstances(Kind.ARC_ALARM, {"event": "intruder", "set_state": "unset"})
    told = explain(shipped, given)
    assert told.verdict.rule == judge.judge(given).rule == told.tried[-1].rule == "intruder-unset-in-hours"
    assert [tried.took for tried in told.tried] == [False] * (len(told.tried) - 1) + [True]
    assert told.alternatives[0].verdict.route is not Route.LOG
    assert len(told.alternatives[0].steps) == 1


def test_the_printed_tables_are_whole_and_safe(shipped: RuleSet) -> None:
    """Every rule is printed, and what a table says cannot become markup on the page."""
    table = shipped.tables[Kind.GUARD]
    evil = msgspec.structs.replace(table.rules[0], why="<script>alert(1)</script> & more.")
    page = html_page(replaced(shipped, Table(Kind.GUARD, (evil, *table.rules[1:]))))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more." in page
    assert "http" not in page
    text = "\n".join(text_lines(shipped))
    for rules in shipped.tables.values():
        for rule in rules.rules:
            assert f">{rule.id}<" in page
            assert f"  {rule.id}\n" in text
    assert max(map(len, text.splitlines())) <= 100


def swapped(rules: RuleSet, kind: Kind, first: str, second: str) -> RuleSet:
    """Return the set with two rules of a table in each other's place."""
    order = list(rules.rules(kind))
    one, other = (next(n for n, rule in enumerate(order) if rule.id == name) for name in (first, second))
    order[one], order[other] = order[other], order[one]
    return replaced(rules, Table(kind, tuple(order)))


def replaced(rules: RuleSet, table: Table) -> RuleSet:
    """Return the set with another table."""
    return rule_set({**rules.tables, table.kind: table}.values(), rules.calendars)

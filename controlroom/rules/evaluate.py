"""The meaning of a rule, in the plainest words: condition by condition, rule by rule.

This is the definition that the compiled index has to agree with, and what an explanation is told with.
It is fast enough for people, not for the hot path.
"""

from typing import assert_never

from controlroom.rules.calendars import Calendar
from controlroom.rules.fields import Field, fields_of, read
from controlroom.rules.model import Between, Condition, During, NoneOf, OneOf, Rule, RuleSet, Tagged
from controlroom.rules.verdict import Circumstances, Verdict, no_rule


def first_match(rules: RuleSet, circumstances: Circumstances) -> Rule | None:
    """Return the first rule of the kind's table that takes the signal; None where none does."""
    for rule in rules.rules(circumstances.kind):
        if all(holds(condition, circumstances, rules.calendars) for condition in rule.when):
            return rule
    return None


def judge_plainly(rules: RuleSet, circumstances: Circumstances) -> Verdict:
    """Return the verdict without `read`, found by asking rule after rule."""
    rule = first_match(rules, circumstances)
    if rule is None:
        return no_rule(circumstances.kind, rules.version)
    return verdict_of(rule, circumstances.kind, rules.version)


def verdict_of(rule: Rule, table: str, version: str, read_facts: tuple[str, ...] = ()) -> Verdict:
    """Return what this rule says, as a verdict."""
    then = rule.then
    return Verdict(
        table=table,
        rule=rule.id,
        rule_set=version,
        route=then.route,
        priority=then.priority,
        why=rule.why,
        dispatch=then.dispatch,
        answer_within_s=then.answer_within_s,
        respond_within_s=then.respond_within_s,
        action_plan=then.action_plan,
        inform=then.inform,
        hold_s=then.hold_s,
        merge=then.merge,
        read=read_facts,
    )


def holds(condition: Condition, circumstances: Circumstances, calendars: dict[str, Calendar]) -> bool:
    """Return whether this one condition holds."""
    if isinstance(condition, During):
        inside = any(calendars[name].holds(circumstances.now) for name in condition.calendars)
        return inside == condition.inside
    return allows(condition, read(_field(condition, circumstances), circumstances))


def allows(condition: OneOf | NoneOf | Between | Tagged, value: object) -> bool:
    """Return whether this value of the condition's field satisfies it; None is the unknown value."""
    match condition:
        case OneOf():
            return value in condition.values
        case NoneOf():
            return value is not None and value not in condition.values
        case Between():
            return isinstance(value, int) and _within(condition, value)
        case Tagged():
            return isinstance(value, frozenset) and _tagged(condition, value)
        case _:
            assert_never(condition)


def _field(condition: OneOf | NoneOf | Between | Tagged, circumstances: Circumstances) -> Field:
    return fields_of(circumstances.kind)[condition.field]


def _within(condition: Between, value: int) -> bool:
    return condition.low <= value and (condition.high is None or value <= condition.high)


def _tagged(condition: Tagged, tags: frozenset[str]) -> bool:
    return (
        condition.all <= tags
        and not condition.none & tags
        and (not condition.any or bool(condition.any & tags))
    )

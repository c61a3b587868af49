"""The action plans that the project ships: there for every rule, used, and silent where a voice harms."""

from pathlib import Path

import pytest

from controlroom.rules.model import RuleSet
from controlroom.rules.names import names_of
from controlroom.rules.plans import Plan
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.books import read_estate
from controlroom.wiring.rule_files import read_rule_files

CONFIG = Path(__file__).parents[2] / "config"
SILENT = {
    (Kind.ARC_ALARM, "duress"),
    (Kind.ARC_ALARM, "hold-up"),
    (Kind.ARC_ALARM, "hold-up-confirmed"),
    (Kind.ARC_ALARM, "hold-up-panel-confirmed"),
    (Kind.LONE_WORKER, "duress"),
    (Kind.TELECARE, "bogus-caller"),
    (Kind.TELECARE, "panic"),
}
"""Rules about a person who is watched while we act: nobody may ring the place."""


@pytest.fixture(scope="module")
def checked() -> RuleSet:
    """Return the shipped rules, checked against the shipped estate and the shipped plans."""
    return read_rule_files(CONFIG / "rules", names_of(read_estate(CONFIG / "estate"))).rules()


def plans_of(rules: RuleSet) -> dict[tuple[Kind, str], Plan]:
    """Return the plan of every rule that names one."""
    return {
        (kind, rule.id): rules.plans[rule.then.action_plan]
        for kind, table in rules.tables.items()
        for rule in table.rules
        if rule.then.action_plan is not None
    }


def test_whoever_is_sent_or_asked_has_a_plan(checked: RuleSet) -> None:
    """Every shipped rule with a mobile response names a plan, and the plan has a step that must be done."""
    plans = plans_of(checked)
    for kind, table in checked.tables.items():
        for rule in table.rules:
            if rule.then.route is Route.MOBILE_RESPONSE:
                assert any(step.required for step in plans[kind, rule.id].steps), rule.id


def test_no_plan_lies_about_unused(checked: RuleSet) -> None:
    """Every shipped plan is named by a rule."""
    named = {rule.then.action_plan for table in checked.tables.values() for rule in table.rules}
    assert set(checked.plans) - named == set()


def test_a_silent_alarm_has_a_silent_plan(checked: RuleSet) -> None:
    """Where a person is forced or watched the plan begins with not ringing; no other plan is silent."""
    plans = plans_of(checked)
    assert {name for name, plan in plans.items() if plan.silent} == SILENT
    for plan in (plans[name] for name in SILENT):
        assert plan.steps[0].required
        assert plan.steps[0].do.startswith("Do not ring the ")


def test_plans_are_no_part_of_the_version(checked: RuleSet) -> None:
    """What a plan says changes no verdict, so the version of the set is that of the tables alone."""
    files = read_rule_files(CONFIG / "rules")
    plain = {name: text.replace("Do not ring the site.", "Hush.") for name, text in files.plans.items()}
    changed = type(files)(
        files.folder, files.tables, files.cases, files.safety, files.calendars, plain, files.names
    )
    assert changed.rules().version == checked.version
    assert changed.rules().plans != checked.plans

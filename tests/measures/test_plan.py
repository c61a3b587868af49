"""The plan file: the nineteen measures word for word, and every mistake told at its place."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from controlroom.measures.plan.read import InvalidPlanError, read_plan
from controlroom.measures.plan.schema import schema
from controlroom.measures.plan.words import MeasureKind
from tests.build import PLAN

CONFIG = Path(__file__).parents[2] / "config"
TEXT = (CONFIG / "plan-on-a-page.yaml").read_text("utf-8")
KINDS = {
    "count": 9,
    "change_on_baseline": 2,
    "people": 1,
    "milestone": 2,
    "narrative": 1,
    "percentage": 1,
    "activity": 2,
}


def problems(old: str, new: str) -> list[str]:
    """Return what is told of the shipped plan with this one change."""
    assert old in TEXT
    with pytest.raises(InvalidPlanError) as told:
        read_plan("plan.yaml", TEXT.replace(old, new, 1))
    return str(told.value).splitlines()


def test_the_shipped_plan_has_the_nineteen_measures() -> None:
    """Nineteen, in the order of the priorities, none with a target, each with its definition."""
    assert len(PLAN.measures) == 19
    assert [measure.priority for measure in PLAN.measures] == sorted(one.priority for one in PLAN.measures)
    assert all(measure.target is None for measure in PLAN.measures)
    kinds = [measure.kind for measure in PLAN.measures]
    assert {kind.value: kinds.count(kind) for kind in MeasureKind} == KINDS | {"count": 10}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "kind: asb_case,",
            "kind: asb_cases,",
            r"kind of selector 1 of measure 'asb_cases_resolved' 'asb_cases' .*did you mean 'asb_case'",
        ),
        (
            "resolved_by_cctv: true",
            "resolved_by_ctv: true",
            r"field of log entry 'asb_case' 'resolved_by_ctv' .*did you mean 'resolved_by_cctv'",
        ),
        (
            "resolved_by_cctv: true",
            "resolved_by_cctv: yes",
            r"resolved_by_cctv of log entry 'asb_case' 'yes' is not known; allowed: true, false",
        ),
        ("[cctv, security]", "[cctv, secrity]", r"'secrity' .*did you mean 'security'"),
        ("event: alarm_handled", "event: alarms_handled", r"did you mean 'alarm_handled'"),
        (
            "of: mispers_reported",
            "of: mispers",
            r"of measure 'mispers_contributed': measure 'mispers' .*did you mean 'mispers_reported'",
        ),
        ("    target: none", "    traget: none", r"did you mean 'target'"),
        (
            "    target: none",
            "    target: {value: 3}",
            r"target of measure 'asb_cases_resolved' has no 'owner'",
        ),
        (
            "polarity: up",
            "polarity: upp",
            r"polarity of measure 'asb_cases_resolved' 'upp' .*did you mean 'up'",
        ),
        (
            "add_up: people",
            "add_up: peple",
            r"number of log entry 'tenancy_training' 'peple' .*did you mean 'people'",
        ),
        ("goal: west_cctv_scheme", "of: asb_cases_resolved", r"has no 'goal'"),
        ("id: wyp_briefings", "id: alarms_handled", r"measure 'alarms_handled' stands twice"),
        (
            "kind: activity\n    polarity: neither",
            "kind: activity\n    polarity: up",
            r"is an activity; more of it",
        ),
        ("  C: Protecting", "  D: Protecting", r"priorities"),
    ],
)
def test_a_mistake_is_told_where_it_stands(old: str, new: str, said: str) -> None:
    """Line and column, what was found, what is allowed, and the nearest name."""
    told = problems(old, new)
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    assert any(re.search(said, one) for one in told), told
    places = re.findall(r"^plan\.yaml:(\d+):\d+: ", "\n".join(told), re.MULTILINE)
    assert len(places) == len(told)
    assert any(abs(int(place) - line) <= 24 for place in places), (line, told)


def test_every_mistake_is_told_at_once() -> None:
    """Three mistakes in three measures are three problems of one reading."""
    text = TEXT.replace("polarity: down", "polarity: downward").replace("kind: people", "kind: persons")
    with pytest.raises(InvalidPlanError) as told:
        read_plan("plan.yaml", text.replace("Achieve DV Charter Mark", "''"))
    assert len(told.value.problems) == 3


def test_a_target_is_said_with_its_owner_and_its_day() -> None:
    """A milestone has a day, everything else a value; what is an activity has none."""
    with_target = TEXT.replace(
        "    target: none\n", "    target: {value: 120, owner: Scrutiny Board, set_on: 2026-04-01}\n", 1
    )
    target = read_plan("plan.yaml", with_target).measures[0].target
    assert target is not None
    assert (target.value, target.owner, target.set_on.year) == (120, "Scrutiny Board", 2026)
    wrong = "    target: {due: 2027-03-31, owner: Scrutiny Board, set_on: 2026-04-01}\n"
    assert "needs a 'value' and no day" in problems("    target: none\n", wrong)[0]


def test_editors_are_given_a_schema_that_the_shipped_plan_keeps() -> None:
    """`config/plan-on-a-page.schema.json` is what the shapes say, and the shipped plan satisfies it."""
    written = json.loads((CONFIG / "plan-on-a-page.schema.json").read_text("utf-8"))
    assert written == schema()
    jsonschema.validate(yaml.safe_load(TEXT), written)
    wrong = yaml.safe_load(TEXT.replace("kind: asb_case,", "kind: asb_cases,"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, written)

"""Each load error as a file named after its fault, its exact messages in the file's own `# expect` lines."""

from collections.abc import Callable
from pathlib import Path

import pytest

from controlroom.rules.cases import load_cases
from controlroom.rules.load import load
from controlroom.rules.names import Names
from controlroom.rules.problems import InvalidRulesError

FAULTS = Path(__file__).parents[1] / "config" / "rules"
CALENDARS = (
    "calendars.yaml",
    "calendars: {night: {why: It is dark., weekly: [{days: mon-sun, from: '22:00', to: '06:00'}]}}",
)
NAMES = Names(
    sites=frozenset({"town-hall"}),
    site_kinds=frozenset({"bus_station"}),
    tags=frozenset({"quiet", "listed"}),
    action_plans=frozenset({"fire"}),
)
RULE = "{id: all, when: {}, then: {route: log, priority: 4}, why: A test.}"


def _load_table(name: str, text: str) -> None:
    load({name: text}, CALENDARS, NAMES)


def _load_calendars(name: str, text: str) -> None:
    load({}, (name, text))


def _load_cases(name: str, text: str) -> None:
    load_cases({name: text}, load({"guard.yaml": f"table: guard\nrules: [{RULE}]"}))


def _load_plans(name: str, text: str) -> None:
    load({}, plans={name: text})


READERS: dict[str, Callable[[str, str], None]] = {
    "tables": _load_table,
    "calendars": _load_calendars,
    "cases": _load_cases,
    "plans": _load_plans,
}
FILES = sorted(path for folder in READERS for path in (FAULTS / folder).glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_fault_is_reported_where_it_stands(path: Path) -> None:
    """The file named after a fault gives exactly the messages that its `# expect` lines foretell."""
    text = path.read_text("utf-8")
    expected = [line.removeprefix("# expect ") for line in text.splitlines() if line.startswith("# expect ")]
    with pytest.raises(InvalidRulesError) as caught:
        READERS[path.parent.name](path.name, text)
    assert [str(problem).removeprefix(f"{path.name}:") for problem in caught.value.problems] == expected


def test_every_problem_of_every_file_comes_at_once() -> None:
    """Two broken tables and a broken calendar are one report, ordered by file and line."""
    broken = "table: guard\nrules: [{id: A, when: {}, then: {route: log, priority: 9}, why: no}]"
    with pytest.raises(InvalidRulesError) as caught:
        load({"b.yaml": broken, "a.yaml": "table: gard\nrules: []"}, ("c.yaml", "calendars: 3"))
    assert [problem.mark.file for problem in caught.value.problems] == [
        "a.yaml",
        "b.yaml",
        "b.yaml",
        "b.yaml",
        "c.yaml",
    ]


def test_a_kind_has_one_table() -> None:
    """Two files with a table of the same kind are refused, naming both."""
    table = f"table: guard\nrules: [{RULE}]"
    with pytest.raises(InvalidRulesError) as caught:
        load({"a.yaml": table, "b.yaml": table})
    assert str(caught.value) == "b.yaml:1:1: table 'guard' stands twice, first in a.yaml; keep one"


GO = "{title: Go, steps: [{id: go, do: Go., required: true}]}"
ASKS = f"table: guard\nrules: [{RULE}]".replace("priority: 4", "priority: 4, action_plan: come")


def test_a_plan_stands_in_one_file() -> None:
    """Two files with a plan of the same name are refused, naming both."""
    with pytest.raises(InvalidRulesError) as caught:
        load({}, plans={"a.yaml": f"plans: {{go: {GO}}}", "b.yaml": f"plans: {{go: {GO}}}"})
    assert str(caught.value) == "b.yaml:1:9: plan 'go' stands twice, first in a.yaml; rename one"


def test_a_rule_names_a_plan_that_is_there() -> None:
    """A plan that no file has is a problem of the rule, told with those that there are."""
    with pytest.raises(InvalidRulesError) as caught:
        load({"guard.yaml": ASKS}, plans={"plans.yaml": f"plans: {{comes: {GO}, go: {GO}}}"})
    said = "action_plan 'come' is not known; allowed: comes, go; did you mean 'comes'?"
    assert str(caught.value) == f"guard.yaml:2:74: {said}"
    good = load({"guard.yaml": ASKS}, plans={"plans.yaml": f"plans: {{come: {GO}}}"})
    assert good.plans["come"].title == "Go"


def test_a_fault_of_a_plan_is_told_once() -> None:
    """What is wrong with a plan is told where the plan stands, and not again for each rule that names it."""
    for broken in ("plans: {come: {title: Come}}", "plans: 3", "plans: ["):
        with pytest.raises(InvalidRulesError) as caught:
            load({"guard.yaml": ASKS}, plans={"plans.yaml": broken})
        assert {problem.mark.file for problem in caught.value.problems} == {"plans.yaml"}

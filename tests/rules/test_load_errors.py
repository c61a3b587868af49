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


READERS: dict[str, Callable[[str, str], None]] = {
    "tables": _load_table,
    "calendars": _load_calendars,
    "cases": _load_cases,
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

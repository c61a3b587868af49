"""Each kind of finding as a file named after its fault, its exact lines in its own `# expect` lines."""

import json
from pathlib import Path

import pytest

from controlroom.rules.examples import circumstances_of
from controlroom.rules.load import load
from controlroom.rules.problems import InvalidRulesError
from controlroom.rules.report import check_lines
from controlroom.rules.safety import load_safety
from controlroom.rules.verify import FindingKind, overlaps, verify

FAULTS = Path(__file__).parents[1] / "config" / "rules"
CALENDARS = (
    "calendars.yaml",
    """
calendars:
  night: {why: It is dark., weekly: [{days: mon-sun, from: '22:00', to: '06:00'}]}
  day: {why: It is light., weekly: [{days: mon-sun, from: '08:00', to: '18:00'}]}
""",
)
FINDINGS = sorted((FAULTS / "findings").glob("*.yaml"))
PROPERTIES = load_safety("safety.yaml", (FAULTS / "safety.yaml").read_text("utf-8"))
SAFETY = sorted((FAULTS / "safety").glob("*.yaml"))


def expected(text: str) -> list[str]:
    """Return what the file foretells of itself."""
    return [line.removeprefix("# expect ") for line in text.splitlines() if line.startswith("# expect ")]


def told(path: Path) -> list[str]:
    """Return what `check` says of this one table, without examples and the sum."""
    rules = load({path.name: path.read_text("utf-8")}, CALENDARS)
    kinds = tuple(rules.tables)
    lines = [*check_lines(verify(rules, PROPERTIES, kinds), overlaps(rules, kinds))][:-1]
    kept = (line for line in lines if not line.startswith("    for example: "))
    return [line.removeprefix(f"{path.name}:") for line in kept]


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_each_finding_is_told_exactly(path: Path) -> None:
    """The file named after a fault gives exactly the lines that it foretells."""
    assert told(path) == expected(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_each_finding_has_an_example_that_reads_back(path: Path) -> None:
    """Every finding but an impossible rule carries circumstances that the room can read."""
    rules = load({path.name: path.read_text("utf-8")}, CALENDARS)
    for finding in verify(rules, PROPERTIES, tuple(rules.tables)).findings:
        assert (finding.example is None) == (finding.kind is FindingKind.IMPOSSIBLE)
        if finding.example is not None:
            assert circumstances_of(json.dumps(finding.example)).kind in rules.tables


def test_every_kind_of_finding_has_a_file() -> None:
    """The files show each kind of finding, and where order matters."""
    lines = [line for path in FINDINGS for line in expected(path.read_text("utf-8"))]
    for kind in FindingKind:
        assert any(line.endswith(f"[{kind}]") for line in lines)
    assert any("order matters here" in line for line in lines)


@pytest.mark.parametrize("path", SAFETY, ids=lambda path: path.stem)
def test_each_fault_of_a_safety_file_is_reported_where_it_stands(path: Path) -> None:
    """The safety file named after a fault gives exactly the messages that it foretells."""
    text = path.read_text("utf-8")
    with pytest.raises(InvalidRulesError) as caught:
        load_safety(path.name, text)
    assert [str(one).removeprefix(f"{path.name}:") for one in caught.value.problems] == expected(text)

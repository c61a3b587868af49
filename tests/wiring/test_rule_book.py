"""What of a folder of rules or an estate is taken, and how the rest is refused."""

import shutil
from pathlib import Path

import pytest

from controlroom.rules.model import RuleSet
from controlroom.rules.names import names_of
from controlroom.wiring.books import read_estate
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.rule_book import Gated, read_rule_book
from controlroom.wiring.rule_files import RuleFiles

CONFIG = Path(__file__).parents[2] / "config"
FIRE_TO_THE_LOG = """table: arc-alarm
rules:
  - id: everything
    when: {}
    then: {route: log, priority: 4}
    why: Nobody looks at alarms any more.
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, with its calendars beside it."""
    shutil.copy(CONFIG / "calendars.yaml", tmp_path)
    shutil.copytree(CONFIG / "plans", tmp_path / "plans")
    return Path(shutil.copytree(CONFIG / "rules", tmp_path / "rules"))


def refusal(folder: Path) -> tuple[str, ...]:
    """Return the problems for which the rules of this folder are refused."""
    with pytest.raises(BooksRefused) as refused:
        read_rule_book(folder)
    return refused.value.problems


def test_the_shipped_rules_are_taken_without_a_warning(rules: Path) -> None:
    """The shipped set loads, is proved, and says how many rules each table has."""
    book = read_rule_book(rules)
    assert book.warnings == ()
    assert sum(book.counts.values()) == len(book.reasons) > 100


def test_a_folder_that_is_not_there_names_its_setting(tmp_path: Path) -> None:
    """A missing folder, a file in its place and an empty folder are each refused with setting and path."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    gone, file, empty = (tmp_path / name for name in ("gone", "file", "empty"))
    assert refusal(gone) == (f"rules.directory: {gone} does not exist; make it, or set rules.directory",)
    assert refusal(file) == (f"rules.directory: {file} is no folder; make it, or set rules.directory",)
    assert refusal(empty) == (
        f"rules.directory: {empty} holds no *.yaml; put files there, or set rules.directory",
    )
    for folder in (gone, file, empty):
        with pytest.raises(BooksRefused, match=rf"^estate\.directory: {folder} "):
            read_estate(folder)


def test_safety_properties_alone_are_no_rules(rules: Path) -> None:
    """A folder whose only file is that of the safety properties holds no table, and says so."""
    for file in rules.glob("*.yaml"):
        if file.name != "safety.yaml":
            file.unlink()
    assert refusal(rules) == (
        f"rules.directory: {rules} holds no table; put one there, or set rules.directory",
    )


def test_calendars_that_are_not_there_are_named_as_the_cause(rules: Path) -> None:
    """Tables that name calendars, without the file of calendars, are refused with where it should be."""
    calendars = rules.parent / "calendars.yaml"
    calendars.unlink()
    problems = refusal(rules)
    assert problems[-1] == f"{calendars}:1:1: is not there, so no calendar is known; put it there"
    assert all("calendar" in problem for problem in problems)


def test_plans_that_are_not_there_are_named_as_the_cause(rules: Path) -> None:
    """Tables that name action plans, without the folder of plans, are refused with where it should be."""
    plans = rules.parent / "plans"
    shutil.rmtree(plans)
    problems = refusal(rules)
    assert problems[-1] == f"{plans}: is not there, so no action_plan is known; put it there"
    assert all("action_plan" in problem for problem in problems)


def test_a_fault_in_a_plan_is_refused_with_its_place(rules: Path) -> None:
    """A plan that does not load keeps the set out, told once and where it stands; so does a bad byte."""
    file = rules.parent / "plans" / "parks.yaml"
    good = file.read_text()
    file.write_text(good.replace("title: Fire in a park", "titel: Fire in a park"))
    line = good[: good.index("    title: Fire in a park")].count("\n") + 1
    first, second = refusal(rules)
    assert first.startswith(f"{file}:{line}:5: key of plan 'park-fire' 'titel' is not known; allowed: title")
    assert second == f"{file}:{line}:5: plan 'park-fire' has no 'title'; it must say one"
    file.write_bytes(b"plans: \xff")
    assert refusal(rules) == (f"{file}:1:8: byte 0xff is not UTF-8; save the file as UTF-8",)


def test_a_word_that_the_estate_does_not_have_is_refused(rules: Path) -> None:
    """A tag that no place of the estate carries keeps the set out, with its place and the nearest tag."""
    names = names_of(read_estate(CONFIG / "estate"))
    assert read_rule_book(rules, names=names).plans["park", "fire"].title == "Fire in a park"
    file = rules / "telecare.yaml"
    text = file.read_text().replace("{any: oxygen}", "{any: oxygn}", 1)
    file.write_text(text)
    line, column = next(
        (number, row.index("oxygn") + 1) for number, row in enumerate(text.splitlines(), 1) if "oxygn" in row
    )
    with pytest.raises(BooksRefused) as refused:
        read_rule_book(rules, names=names)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{file}:{line}:{column}: tag 'oxygn' is not known; allowed: ")
    assert problem.endswith("; did you mean 'oxygen'?")


def test_bytes_that_are_no_text_are_found_at_their_place(rules: Path) -> None:
    """A file that is not UTF-8 is refused with line and column of its first bad byte."""
    file = rules / "guard.yaml"
    file.write_bytes(b"table: guard\n# caf\xe9\n")
    assert refusal(rules) == (f"{file}:2:6: byte 0xe9 is not UTF-8; save the file as UTF-8",)


def test_every_problem_of_a_set_that_does_not_load_has_its_place(rules: Path) -> None:
    """A set with faults in two files is refused with each of them, as file, line and column."""
    (rules / "guard.yaml").write_text("table: guard\nrules: 3\n")
    (rules / "help-point.yaml").write_text("table: help-pint\nrules: []\n")
    problems = refusal(rules)
    assert [problem.split(": ")[0] for problem in problems] == [
        f"{rules / 'guard.yaml'}:2:8",
        f"{rules / 'help-point.yaml'}:1:8",
    ]


def test_a_set_that_breaks_a_property_for_life_is_refused(rules: Path) -> None:
    """Alarms for life that would end in the log keep the whole set out, with the rule's place."""
    (rules / "arc-alarm.yaml").write_text(FIRE_TO_THE_LOG)
    problems = refusal(rules)
    assert problems[0].startswith(f"{rules / 'arc-alarm.yaml'}:3:5: rule 'everything' says route log")
    assert all("alarms-for-life" in problem for problem in problems)


def test_a_rule_that_can_never_fire_is_only_warned_of(rules: Path) -> None:
    """Findings that endanger nobody go live with a warning; so does a set without safety properties."""
    guard = rules / "guard.yaml"
    twice = "\n  - {id: never, when: {}, then: {route: log, priority: 4}, why: Nothing is left for it.}\n"
    guard.write_text(guard.read_text() + twice)
    book = read_rule_book(rules)
    assert len(book.warnings) == 1
    assert "'never'" in book.warnings[0]
    (rules / "safety.yaml").unlink()
    assert read_rule_book(rules).warnings[0].startswith("safety.yaml is not there")


def test_another_gate_can_be_put_in(rules: Path) -> None:
    """The gate is handed the files and the set, and what it refuses with are the problems."""

    def shut(files: RuleFiles, found: RuleSet) -> Gated:
        return Gated((f"{len(files.tables)} tables, {found.version == book.version}",), ("never seen",))

    book = read_rule_book(rules)
    with pytest.raises(BooksRefused, match=r"^9 tables, True$"):
        read_rule_book(rules, shut)

"""A table in several files: what continues what, and what is a forgotten copy."""

import pytest

from controlroom.rules.load import load
from controlroom.rules.problems import InvalidRulesError
from controlroom.signals.vocabulary import Kind

RULE = "  - {{id: {0}, when: {{}}, then: {{route: log, priority: 4}}, why: A test.}}\n"
FIRST = "table: guard\nrules:\n" + RULE.format("first")
FURTHER = "table: guard\ncontinues: true\nrules:\n" + RULE.format("further")


def problems(**files: str) -> list[str]:
    """Return what is wrong with these files."""
    with pytest.raises(InvalidRulesError) as caught:
        load(files)
    return [str(problem) for problem in caught.value.problems]


def test_a_part_comes_after_the_file_that_begins_its_table() -> None:
    """Whatever the files are called, rules that continue a table stand behind those that begin it."""
    rules = load({"a-further": FURTHER, "z-first": FIRST}).tables[Kind.GUARD].rules
    assert [rule.id for rule in rules] == ["first", "further"]


def test_a_part_needs_a_beginning_and_names_of_its_own() -> None:
    """A part alone, a name in both files, a second beginning, and a word that is not true are faults."""
    assert problems(part=FURTHER) == [
        "part:1:1: table 'guard' is continued but begins nowhere; leave out `continues`"
    ]
    assert problems(a=FIRST, b=FURTHER.replace("further", "first")) == [
        "b:4:5: rule 'first' stands twice, first in a:3:5; rename one"
    ]
    assert problems(a=FIRST, b=FIRST) == ["b:1:1: table 'guard' stands twice, first in a; keep one"]
    assert problems(a=FIRST, b=FURTHER.replace("true", "yes")) == [
        "b:2:12: continues is 'yes'; allowed: true, or leave it out"
    ]

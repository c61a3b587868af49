"""The words of the estate that rules may name, and what is said of a word that is none of them."""

from pathlib import Path

import pytest

from controlroom.rules.load import load
from controlroom.rules.names import names_of
from controlroom.rules.problems import InvalidRulesError
from controlroom.rules.safety import load_safety
from controlroom.wiring.books import read_estate

NAMES = names_of(read_estate(Path(__file__).parents[2] / "config" / "estate"))


def rule(when: str) -> str:
    """Return a table of one rule with these conditions, which begin in line 2, column 26."""
    then = "{route: log, priority: 4}"
    return f"table: arc-alarm\nrules: [{{id: one, when: {{{when}}}, then: {then}, why: A test.}}]"


@pytest.mark.parametrize(
    "when",
    [
        "site: SCH-001",
        "site: {not: [BUS-01, ST-001]}",
        "signal.site: TWR-01",
        "site_kind: [park, utc, industrial-estate]",
        "tags: {any: [lake, oxygen], none: system-fire}",
    ],
)
def test_a_word_of_the_estate_is_taken(when: str) -> None:
    """Sites, cameras that stand for themselves, kinds of site and tags of the estate can be named."""
    load({"one.yaml": rule(when)}, None, NAMES)


@pytest.mark.parametrize(
    ("when", "column", "said"),
    [
        ("site: SCH-0001", 32, "site 'SCH-0001' is not known; allowed: BS-001"),
        ("signal.site: {not: nowhere}", 45, "signal.site 'nowhere' is not known; allowed: "),
        ("site_kind: [park, prak]", 44, "site_kind 'prak' is not known; allowed: bus-station, care-home"),
        ("tags: {all: [oxygen, oxigen]}", 47, "tag 'oxigen' is not known; allowed: "),
    ],
)
def test_any_other_word_is_told_at_its_place(when: str, column: int, said: str) -> None:
    """A word that the estate does not have is a problem with its place and the nearest that it has."""
    with pytest.raises(InvalidRulesError) as caught:
        load({"one.yaml": rule(when)}, None, NAMES)
    (problem,) = caught.value.problems
    assert (problem.mark.line, problem.mark.column) == (2, column)
    assert problem.message.startswith(said.split("allowed", maxsplit=1)[0])
    if "nowhere" not in when:
        assert "; did you mean '" in problem.message


def test_a_safety_property_names_words_of_the_estate_too() -> None:
    """A property about a tag that no place carries is no promise, so it is refused."""
    text = (
        "properties: [{id: one, tables: telecare, when: {tags: {any: oxigen}}, "
        "require: {route: mobile_response}, why: A test.}]"
    )
    with pytest.raises(InvalidRulesError, match=r"^safety\.yaml:1:61: tag 'oxigen' is not known"):
        load_safety("safety.yaml", text, NAMES)

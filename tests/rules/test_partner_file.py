"""Who can be referred to, as a council writes it: the shipped file, and every problem at its line."""

from pathlib import Path

import pytest

from controlroom.estate.partners import Category, Partner, Reached
from controlroom.rules.partner_file import read_partners
from controlroom.rules.problems import Findings

SHIPPED = Path(__file__).parents[2] / "config" / "partners.yaml"
GOOD = """\
partners:
  lasbt:
    name: Anti-social behaviour team
    reached: webhook
    webhook: { url: "https://lasbt.example/in" }
    takes: [asb, locality_of_concern]
"""


def read(text: str) -> tuple[dict[str, Partner], list[str]]:
    """Return the partners of a text, and the problems."""
    findings = Findings()
    partners = read_partners("partners.yaml", text, findings)
    return partners, [str(problem) for problem in findings.problems]


def test_the_shipped_file_names_the_partners_of_the_report() -> None:
    """Police, LASBT, Metro, housing, UTC, fire, emergency planning and parking: all by sheet as shipped."""
    partners, problems = read(SHIPPED.read_text(encoding="utf-8"))

    assert not problems
    named = {"wyp", "lasbt", "metro", "housing-leeds", "utc", "wyfrs", "wyp-emergency-planning"}
    assert named | {"parking-enforcement"} <= partners.keys()
    assert {one.reached for one in partners.values()} == {Reached.SHEET}
    assert [one.key for one in partners.values() if one.police] == ["wyp"]
    for one in ("wyp", "lasbt"):
        assert Category.LOCALITY_OF_CONCERN in partners[one].takes


def test_a_webhook_has_its_address() -> None:
    """What stands in the file is what is asked, and nothing else is."""
    partners, problems = read(GOOD)

    assert not problems
    assert partners["lasbt"].url == "https://lasbt.example/in"
    assert partners["lasbt"].takes == {Category.ASB, Category.LOCALITY_OF_CONCERN}


@pytest.mark.parametrize(
    ("wrong", "right", "where", "said"),
    [
        ("https://lasbt.example/in", "http://lasbt.example/in", "5:21", "no https address"),
        ("https://lasbt.example/in", "https://me:secret@lasbt.example/in", "5:21", "no plain address"),
        ("https://lasbt.example/in", "ftp://lasbt.example", "5:21", "no https address"),
        ("https://lasbt.example/in", "https://[::1/in", "5:21", "IPv6"),
        ("[asb, locality_of_concern]", "[asbo]", "6:13", "takes.0"),
        ("reached: webhook", "reached: pigeon", "4:14", "reached"),
        ("reached: webhook", "reached: sheet", "3:5", "has none"),
        ("name:", "nmae:", "3:5", "nmae"),
        ("  lasbt:", "  LASBT:", "2:3", "LASBT"),
    ],
)
def test_a_mistake_is_told_at_its_line(wrong: str, right: str, where: str, said: str) -> None:
    """Each problem names file, line and column, and nobody is reached with half a file."""
    partners, problems = read(GOOD.replace(wrong, right))

    assert not partners
    assert any(problem.startswith(f"partners.yaml:{where}: ") and said in problem for problem in problems), (
        problems
    )


def test_this_machine_may_be_reached_without_tls() -> None:
    """A receiver on loopback, as in a test, needs no certificate."""
    partners, problems = read(GOOD.replace("https://lasbt.example", "http://127.0.0.1:9000"))

    assert not problems
    assert partners["lasbt"].url == "http://127.0.0.1:9000/in"


@pytest.mark.parametrize("text", ["", "partners: {}", "- a", "partners: [", "friends: {}"])
def test_no_partners_at_all_is_a_problem(text: str) -> None:
    """A file that names nobody is a mistake; whoever has no partners sets no file."""
    partners, problems = read(text)

    assert not partners
    assert problems

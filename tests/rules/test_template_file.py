"""Tests of the templates of log entries: what is read, and what a file is told about its faults."""

from pathlib import Path

import pytest

from controlroom.commands.entries import TYPES
from controlroom.rules.problems import Findings
from controlroom.rules.template_file import Template, read_templates

SHIPPED = Path(__file__).parents[2] / "config" / "log-templates.yaml"


def read(text: str) -> tuple[tuple[Template, ...], list[str]]:
    """Return the templates of this text, and its problems."""
    findings = Findings()
    return read_templates("t.yaml", text, findings), [str(problem) for problem in findings.problems]


def test_every_kind_of_entry_has_a_template_that_leaves_something_to_say() -> None:
    """The shipped file has no fault, each kind is in it, and no template is a whole entry already."""
    templates, problems = read(SHIPPED.read_text("utf-8"))
    assert problems == []
    assert {one.kind for one in templates} == set(TYPES)
    for one in templates:
        needed = {
            field for field in TYPES[one.kind].__struct_fields__ if field in {"reference", "people", "pence"}
        }
        assert "[" in str(one.fill.get("text", "")) or needed - one.fill.keys(), one.key


def test_values_are_read_as_the_form_takes_them() -> None:
    """Truths, numbers, words and moments from now on come as the page needs them."""
    [one], problems = read(
        "templates:\n  a:\n    name: A\n    kind: misper\n    fill: {vulnerable: true, text: x}\n"
    )
    assert (problems, one.fill) == ([], {"vulnerable": True, "text": "x"})
    [one], _ = read("templates:\n  a:\n    name: A\n    kind: briefing\n    fill: {people: 12}\n")
    assert one.fill == {"people": 12}


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("kind: nothing", "t.yaml:4:11: templates.a.kind: Input should be 'radio'"),
        (
            "kind: radio\n    fill: {chanel: airwave}",
            "t.yaml:5:12: a.fill.chanel: an entry of kind radio has no",
        ),
        (
            "kind: radio\n    fill: {channel: citizens}",
            "t.yaml:5:21: a.fill.channel: Input should be 'airwave'",
        ),
        (
            "kind: income\n    fill: {pence: much}",
            "t.yaml:5:19: a.fill.pence: Input should be a valid integer",
        ),
        ("kind: operation\n    fill: {begins: monday}", "t.yaml:5:20: a.fill.begins: write 'now'"),
        (
            "kind: footage_request\n    fill: {fulfilled: x}",
            "t.yaml:5:12: a.fill.fulfilled: an entry of kind",
        ),
        ("kind: radio\n    fil: {}", "t.yaml:5:5: templates.a.fil: Extra inputs are not permitted"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_is_allowed(lines: str, problem: str) -> None:
    """File, line and column, the template and field, and what it should be."""
    templates, problems = read(f"templates:\n  a:\n    name: A\n    {lines}\n")
    assert templates == ()
    assert problems[0].startswith(problem), problems

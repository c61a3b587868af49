"""The shipped stories come true in the pure core, and a story that is wrong is told so with its line."""

import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from controlroom.cli.app import app
from controlroom.incidents.handbook import Handbook
from controlroom.rules.problems import InvalidRulesError
from controlroom.settings import load as settings_of
from controlroom.signals.vocabulary import Kind
from controlroom.stories.load import Told, load_stories
from controlroom.stories.script import Saying, script
from controlroom.stories.stage import perform
from controlroom.wiring.books import read_books

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "simulators" / "stories"
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))


@cache
def handbook() -> Handbook:
    """Return the rules, the estate and the house rules of the demonstration."""
    return read_books(settings_of(ROOT / "config" / "demo.toml", {})).handbook


@cache
def stories() -> dict[str, Told]:
    """Return the shipped stories by name."""
    files = {str(file): file.read_text("utf-8") for file in FOLDER.glob("*.yaml")}
    return {told.name: told for told in load_stories(files, handbook().estate)}


def told(text: str) -> Told:
    """Return the story of this text."""
    return load_stories({"s.yaml": text}, handbook().estate)[0]


PANIC = """story: A panic
shows: It opens an incident.
begins: 2026-03-03 02:40
steps:
  - arc-alarm: {site: OFF-008, event: panic}
expect:
  - by: 2s
    incident: {site: OFF-008}
    priority: 1
"""


@pytest.mark.parametrize("name", NAMES)
def test_a_story_comes_true(name: str) -> None:
    """Everything that the story expects is so at its moment."""
    found = perform(stories()[name], handbook())
    assert found.failures == ()
    assert found.held == len(stories()[name].story.expect)


def test_there_is_a_story_of_every_kind_of_source() -> None:
    """Each kind of device speaks in a story, and there are at least fifteen."""
    said = {
        saying.kind
        for one in stories().values()
        for saying in script(one.story, handbook().estate)
        if isinstance(saying, Saying)
    }
    assert said == set(Kind)
    assert len(stories()) >= 15


def test_the_same_story_is_performed_the_same_way() -> None:
    """Twice performed it is the same, to the count of things told."""
    one = stories()["lone-worker-who-does-not-answer"]
    assert perform(one, handbook()) == perform(one, handbook())


@pytest.mark.parametrize(
    ("instead", "what"),
    [
        ("    priority: 2", "priority is 1, expected 2"),
        ("    status: owned", "status is dispatched, expected owned"),
        ("    unit: none", "expected none"),
        ("    unit: MR-16", "expected MR-16"),
        ("    count: 2", "1 incidents fit, expected 2"),
        ("    count: 0", "expected none"),
        ("    signals: 2", "signals is 1, expected at least 2"),
        ("    confirmed: true", "confirmed is False, expected True"),
        ("    rolled_up: flood", "rolled_up is None, expected flood"),
        ("    owner: op-1", "owner is None, expected op-1"),
        ("    because: x", "because is None, expected x"),
        ("    condition: restored", "condition is active, expected restored"),
    ],
)
def test_what_does_not_come_true_is_told_with_its_line(instead: str, what: str) -> None:
    """Each expectation can fail, and says where it stands, what was found and what was expected."""
    (failure,) = perform(told(PANIC.replace("    priority: 1", instead)), handbook()).failures
    assert failure.where == "s.yaml:7:5"
    assert what in failure.what


def test_an_incident_that_is_not_there_is_told_with_those_that_are() -> None:
    """Nothing fits: the failure lists what there is."""
    text = PANIC.replace("incident: {site: OFF-008}", "incident: {site: OFF-009}")
    (failure,) = perform(told(text), handbook()).failures
    assert "no such incident; there are INC-3 (panic of OFF-008" in failure.what


def test_an_operator_without_an_incident_is_a_failure() -> None:
    """Who acts on nothing is told so."""
    acts = "  - operator: {does: own, about: {site: OFF-009}}\nexpect:"
    (failure,) = perform(told(PANIC.replace("expect:", acts)), handbook()).failures
    assert "own: no incident fits {'site': 'OFF-009'}" in failure.what


@pytest.mark.parametrize(
    ("was", "instead", "says"),
    [
        ("event: panic", "event: panik", "s.yaml:5:5: uk.gov.leeds.leedswatch.arc-alarm.v1.data.event"),
        ("site: OFF-008, event: panic", "site: OFF-999, event: panic", "s.yaml:5:5: nobody of arc-alarm"),
        ("by: 2s", "by: soon", "s.yaml:7:5: expect.0.by: Value error, found 'soon'"),
        ("    priority: 1", "    prioritty: 1", "s.yaml:9:5: expect.0.prioritty: Extra inputs"),
        ("    incident: {site: OFF-008}\n", "", "s.yaml:7:5: expect.0: Value error, an expectation is about"),
        ("begins: 2026-03-03 02:40", "begins: then", "s.yaml:3:1: begins"),
        ("  - arc-alarm: {", "  - at: 1s\n    toaster: {", "s.yaml:6:5: steps.0.toaster: Extra inputs"),
        ("shows: It opens an incident.\n", "", "shows: Field required"),
        ("  - arc-alarm: {", "  - each_of: {site: NO-1}\n    arc-alarm: {", "each_of fits no place"),
    ],
)
def test_a_story_that_cannot_be_told_is_refused_with_its_line(was: str, instead: str, says: str) -> None:
    """File, line, what was found and what is allowed."""
    with pytest.raises(InvalidRulesError) as refused:
        told(PANIC.replace(was, instead))
    assert says in str(refused.value)


def test_the_commands_list_check_and_run() -> None:
    """`list` names them all, `check` counts them, `run` performs the named ones; a wrong name is misuse."""
    paths = ["--folder", str(FOLDER), "--config", str(ROOT / "config" / "demo.toml")]
    run = CliRunner().invoke
    listed = run(app, ["stories", "list", *paths])
    assert [line.split()[0] for line in listed.output.splitlines()] == NAMES
    assert f"{len(NAMES)} stories can be told" in run(app, ["stories", "check", *paths]).output
    done = run(app, ["stories", "run", "panic-at-night", *paths])
    assert (done.exit_code, done.output) == (0, "passed  panic-at-night: 4 expectations held\n")
    assert run(app, ["stories", "run", "panik", *paths]).exit_code == 2


def test_a_failed_story_is_a_finding(tmp_path: Path) -> None:
    """Exit code 1, and the line of the expectation."""
    (tmp_path / "wrong.yaml").write_text(PANIC.replace("priority: 1", "priority: 4"))
    paths = ["--folder", str(tmp_path), "--config", str(ROOT / "config" / "demo.toml")]
    done = CliRunner().invoke(app, ["stories", "run", *paths])
    assert done.exit_code == 1
    assert "wrong.yaml:7:5: by 2 s: INC-3" in done.output


def test_the_page_about_stories_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command on the page ends well where it is typed, and its example is a story that comes true."""
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "stories.md").read_text("utf-8")
    (commands,) = re.findall(r"^```console\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    for line in commands.splitlines()[:3]:  # the fourth performs all, as the tests above do
        program, *words = line.split()
        assert program == "controlroom"
        assert CliRunner().invoke(app, words).exit_code == 0, line
    assert commands.splitlines()[3:] == ["controlroom stories run"]
    assert perform(told(example), handbook()).failures == ()

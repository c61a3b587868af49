"""What `controlroom rules` says of words that estate and plans do not have, and of parks and telecare."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_rules import CONFIG, edit, run

COMMANDS = (
    ("check",),
    ("test",),
    ("show",),
    ("diff", "config/rules", "config/rules"),
    ("explain", "s.json"),
)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{any: lake}", "{any: lak}", "tag 'lak' is not known; allowed: "),
        (
            "during: night, tags: {any: lake}",
            "site_kind: prak",
            "site_kind 'prak' is not known; allowed: bus",
        ),
        ("during: night, tags: {any: lake}", "site: PRK-0001", "site 'PRK-0001' is not known; allowed: "),
        ("action_plan: park-fire", "action_plan: parkfire", "action_plan 'parkfire' is not known; allowed: "),
        ("inform: lasbt", "inform: lasb", "partner 'lasb' is not known; allowed: council_department, "),
    ],
)
def test_a_name_that_nobody_knows_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    """An unknown site, kind of site, tag, plan or partner ends the command with 3 and its place."""
    table = folder / "config" / "rules" / "park.yaml"
    text = table.read_text(encoding="utf-8").replace(old, new, 1)
    table.write_text(text, encoding="utf-8")
    bad = new.rsplit(": ", maxsplit=1)[-1].rstrip("}")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if new in row)
    column = text.splitlines()[line - 1].index(new) + new.index(bad) + 1
    done = run("check", folder=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"config/rules/park.yaml:{line}:{column}: {message}"), done.stderr
    assert "; did you mean '" in done.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_every_command_looks_at_the_estate_and_the_plans(folder: Path, words: tuple[str, ...]) -> None:
    """No command about rules takes a tag or a plan that nobody knows."""
    (folder / "s.json").write_text("{}", encoding="utf-8")
    edit(folder / "config" / "rules" / "park.yaml", "{any: lake}", "{any: lak}")
    edit(folder / "config" / "plans" / "parks.yaml", "  park-fire:", "  park-fires:")
    done = run(*words, folder=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert "tag 'lak' is not known" in done.stderr
    assert "action_plan 'park-fire' is not known" in done.stderr


def test_the_estate_beside_the_rules_is_asked_first(folder: Path) -> None:
    """A copy of the rules is checked against the estate beside it; `--estate` names another."""
    shutil.copytree(folder / "config", folder / "new")
    parks = folder / "new" / "estate" / "parks.csv"
    parks.write_text(parks.read_text(encoding="utf-8").replace("lake", "pond"), encoding="utf-8")
    alone = run("check", "new/rules", "--no-order", folder=folder)
    told = run("check", "new/rules", "--no-order", "--estate", "config/estate", folder=folder)
    assert alone.returncode == 3
    assert "tag 'lake' is not known" in alone.stderr
    assert (told.returncode, told.stderr) == (0, "")
    gone = run("check", "new/rules", "--estate", "nowhere", folder=folder)
    assert (gone.returncode, gone.stdout) == (3, "")
    assert "nowhere does not exist" in gone.stderr


def test_without_an_estate_it_is_said_what_is_not_checked(tmp_path: Path) -> None:
    """Rules without an estate are proved all the same, and standard error says what nobody looked at."""
    for part in ("rules", "plans"):
        shutil.copytree(CONFIG / part, tmp_path / part)
    shutil.copy(CONFIG / "calendars.yaml", tmp_path)
    done = run("check", "rules", "--no-order", folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("config/estate: no such folder, so sites and tags in rules are not checked")


def test_an_estate_that_does_not_load_is_told_with_its_places(folder: Path) -> None:
    """A fault of the estate ends the command with 3 and the line of the file."""
    edit(folder / "config" / "estate" / "parks.csv", "PK-002,", "PK-001,")
    done = run("check", folder=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("config/estate/parks.csv:3:park: found ")


@pytest.mark.parametrize(
    ("table", "old", "new", "kind", "rule"),
    [
        (
            "park",
            "when: {event: [fire, injury, person_in_water, person_missing], on_test: true}",
            "when: {event: [fire, person_in_water, person_missing], on_test: true}",
            "unsafe",
            "on-test",
        ),
        ("telecare", "when: {event: test}", "when: {event: test, repeats: {from: 1}}", "gap", None),
        ("telecare", "when: {event: other}", "when: {event: pendant}", "shadowed", "call-of-unknown-device"),
    ],
)
def test_a_finding_about_the_new_kinds_can_be_explained(
    folder: Path, table: str, old: str, new: str, kind: str, rule: str | None
) -> None:
    """A finding about parks or telecare ends with a signal that `explain` takes and decides as it says."""
    file = folder / "config" / "rules" / f"{table}.yaml"
    edit(file, old, new)
    if kind == "unsafe":
        edit(file, "when: {event: injury}", "when: {event: injury, on_test: false}")
    checked = run("check", "--json", "--no-order", folder=folder)
    assert checked.returncode == 1
    found = [one for one in json.loads(checked.stdout)["proof"]["findings"] if one["kind"] == kind]
    assert found
    explained = run("explain", "-", "--json", folder=folder, stdin=json.dumps(found[0]["example"]))
    assert explained.returncode == 0, explained.stderr
    verdict = json.loads(explained.stdout)["verdict"]
    assert verdict["table"] == table
    if kind == "unsafe":
        assert (verdict["rule"], verdict["route"]) == (rule, "log")
    elif kind == "gap":
        assert verdict["rule"] == "no-rule"
    else:
        assert found[0]["rule"] == rule
        assert verdict["rule"] in found[0]["by"]

"""`controlroom rules` as a person types it, in a process of its own."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path(__file__).parents[2] / "config"


def run(*words: str, folder: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Return what `controlroom rules` said and how it ended."""
    return subprocess.run(  # noqa: S603 - our own command with words of this file
        [sys.executable, "-m", "controlroom", "rules", *words],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def edit(file: Path, old: str, new: str) -> None:
    """Change the one place of a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_rules_check_and_test_well(folder: Path) -> None:
    """`check` and `test` end with 0 for what the project ships, and say so in their last line."""
    checked, tested = run("check", folder=folder), run("test", folder=folder)
    assert (checked.returncode, tested.returncode) == (0, 0)
    assert "proved: every rule can fire" in checked.stdout.splitlines()[-1]
    assert re.search(r", 0 failed; rules covered (\d+) of \1, ", tested.stdout.splitlines()[-1])


def test_a_finding_ends_with_1_and_its_example_can_be_explained_and_compared(folder: Path) -> None:
    """A life-safety hole is found, its example explained by `explain`, and shown first by `diff`."""
    shutil.copytree(folder / "config" / "rules", folder / "old")
    shutil.copy(CONFIG / "calendars.yaml", folder / "calendars.yaml")
    shutil.copytree(CONFIG / "plans", folder / "plans")
    edit(
        folder / "config" / "rules" / "lone-worker.yaml",
        "event: [sos, man_down, duress, amber_expired], on_test: true",
        "event: [sos, duress, amber_expired], on_test: true",
    )
    edit(
        folder / "config" / "rules" / "lone-worker.yaml",
        "{event: man_down}",
        "{event: man_down, on_test: false}",
    )
    checked = run("check", "--no-order", folder=folder)
    assert checked.returncode == 1
    assert "says route log, not mobile_response" in checked.stdout
    as_json = run("check", "--json", "--no-order", folder=folder)
    assert as_json.returncode == 1
    (finding,) = [one for one in json.loads(as_json.stdout)["proof"]["findings"] if one["kind"] == "unsafe"]

    explained = run("explain", "-", "--json", folder=folder, stdin=json.dumps(finding["example"]))
    told = json.loads(explained.stdout)
    assert (explained.returncode, told["verdict"]["route"]) == (0, "log")
    assert told["verdict"]["rule"] == finding["rule"] == "device-on-test"

    compared = run("diff", "old", "config/rules", folder=folder)
    assert compared.returncode == 1
    assert compared.stdout.splitlines()[0] == "LIFE SAFETY"
    assert "route mobile_response -> log" in compared.stdout


def test_files_that_cannot_be_read_end_with_3_and_every_problem(folder: Path) -> None:
    """A broken table and a broken safety file are told together, on standard error and nowhere else."""
    edit(folder / "config" / "rules" / "guard.yaml", "{event: check_call}", "{event: chek_call}")
    edit(folder / "config" / "rules" / "safety.yaml", "tables: help-point", "tables: help-pint")
    for words in (("check",), ("test",), ("show",), ("diff", "config/rules", "config/rules")):
        done = run(*words, folder=folder)
        assert (done.returncode, done.stdout) == (3, "")
        assert "config/rules/guard.yaml:82:19: event 'chek_call' is not known" in done.stderr
        assert "config/rules/safety.yaml:33:13: table 'help-pint' is not known" in done.stderr


def test_a_folder_without_tables_ends_with_3(tmp_path: Path) -> None:
    """A folder that is not there or has no tables is told by name."""
    assert run("check", folder=tmp_path).stderr.startswith("config/rules: no such folder")
    (tmp_path / "empty").mkdir()
    done = run("check", "empty", folder=tmp_path)
    assert (done.returncode, done.stderr.startswith("empty: no rule table")) == (3, True)


def test_a_command_line_that_makes_no_sense_ends_with_2(folder: Path) -> None:
    """An impossible time or kind of change is told with what is allowed."""
    (folder / "s.json").write_text("{}", encoding="utf-8")
    at = run("explain", "s.json", "--at", "noon", folder=folder)
    other = run("explain", "s.json", "--other", "colour", folder=folder)
    assert (at.returncode, other.returncode) == (2, 2)
    assert "'noon' is no time" in at.stderr
    assert "allowed: route, priority" in other.stderr


SIGNAL = {
    "specversion": "1.0",
    "id": "1",
    "source": "leedswatch/inner-north-west/arc-alarm/nowhere",
    "time": "2026-01-14T12:00:00Z",
    "type": "uk.gov.leeds.leedswatch.arc-alarm.v1",
    "data": {"site": "nowhere", "event": "intruder", "set_state": "unset"},
}


def test_explain_takes_a_signal_as_it_came_and_the_state_and_time_beside_it(folder: Path) -> None:
    """A plain signal of an unknown source is explained so; a state file and `--at` change what is asked."""
    (folder / "s.json").write_text(json.dumps(SIGNAL), encoding="utf-8")
    plain = run("explain", "s.json", folder=folder)
    assert plain.stdout.splitlines()[0].startswith("arc-alarm/activation-unknown-account: mobile_response")
    state = {"place": {"site": "nowhere", "risk": 3}, "room": {"set_state": "unset"}}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    by_day = run("explain", "s.json", "--state", "state.json", "--at", "2026-01-14T12:00", folder=folder)
    by_night = run("explain", "s.json", "--state", "state.json", "--at", "2026-01-14T23:00", folder=folder)
    assert by_day.stdout.splitlines()[0].startswith("arc-alarm/intruder-unset-in-hours: log")
    assert by_night.stdout.splitlines()[0].startswith(
        "arc-alarm/intruder-unset-out-of-hours: mobile_response"
    )
    assert "smallest change that would have sent it elsewhere (1 fact; no fewer do):" in by_day.stdout


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "the signal is no JSON"),
        ("[]", "the signal is no JSON object"),
        (json.dumps({**SIGNAL, "data": {"site": "x", "event": "fyre"}}), "event"),
        (json.dumps({**SIGNAL, "source": "nowhere"}), "names no area"),
        (
            json.dumps({**SIGNAL, "circumstances": {"rom": {}}}),
            "'rom' is not known; allowed: at, place, room",
        ),
        (json.dumps({**SIGNAL, "circumstances": {"room": {"set": 1}}}), "room: allowed is an object of"),
        (json.dumps({**SIGNAL, "circumstances": {"room": {"repeats": -1}}}), "room: Expected `int` >= 0"),
        (json.dumps({**SIGNAL, "circumstances": {"place": {"risk": 9}}}), "place: Expected `int` <= 3"),
        (json.dumps({**SIGNAL, "circumstances": {"at": "2026-01-14T12:00"}}), "is no time with a zone"),
    ],
)
def test_a_signal_that_cannot_be_read_ends_with_3(folder: Path, document: str, message: str) -> None:
    """What is wrong with the document is told where it stands."""
    done = run("explain", "-", folder=folder, stdin=document)
    assert (done.returncode, done.stdout) == (3, "")
    assert message in done.stderr


def test_a_failing_case_is_a_readable_difference_and_can_be_blessed(folder: Path) -> None:
    """A changed rule fails its case with both readings; `--bless` writes expectations only, and all pass."""
    edit(
        folder / "config" / "rules" / "guard.yaml",
        "priority: 3, dispatch: operator, answer_within: 3min, respond_within: 30min",
        "priority: 2, dispatch: operator, answer_within: 90s, respond_within: 30min",
    )
    cases = folder / "config" / "rules" / "cases" / "guard.yaml"
    every = cases.with_name("guard-every-event.yaml")
    before, before_every = (file.read_text(encoding="utf-8").splitlines() for file in (cases, every))
    failed = run("test", folder=folder)
    assert failed.returncode == 1
    assert (
        "    - priority: 3\n    + priority: 2\n    - answer_within: 3min\n    + answer_within: 90s\n"
        in failed.stdout
    )

    blessed = run("test", "--bless", folder=folder)
    assert (blessed.returncode, "read the difference" in blessed.stderr) == (0, True)
    after = cases.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][1] == changed[0][0].replace("priority: 3", "priority: 2").replace("3min", "90s")
    one_line = every.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before_every, one_line, strict=True) if old != new]
    assert changed
    for old, new in changed:
        assert new == old.replace("priority: 3", "priority: 2").replace("3min", "90s")
    assert run("diff", "config/rules", "config/rules", folder=folder).stdout == "no verdict changes\n"


def test_the_tables_are_printed(folder: Path) -> None:
    """`show` prints every table, or writes one page."""
    text = run("show", folder=folder)
    page = run("show", "--html", "rules.html", folder=folder)
    assert (text.returncode, page.returncode) == (0, 0)
    assert re.match(r"ARC-ALARM - \d+ rules, the first that fits decides\n", text.stdout)
    assert (folder / "rules.html").read_text(encoding="utf-8").startswith("<!doctype html>")

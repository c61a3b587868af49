"""Every alert fires when it should, by Prometheus' own tool, and is quiet when it should be."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.alert_stories import STORIES, Story
from tests.deployment.running import ROOT, call, program

PROMETHEUS = ROOT / "config" / "prometheus"
RUNBOOKS = ROOT / "docs" / "runbooks"
ALERTS: dict[str, dict[str, Any]] = {
    alert["alert"]: alert
    for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text("utf-8"))["groups"]
    for alert in group["rules"]
}

GROUPS = [
    group["name"]
    for name in ("recording.yml", "alerts.yml")
    for group in yaml.safe_load((PROMETHEUS / name).read_text("utf-8"))["groups"]
]


def said(alert: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the alert as it is to arrive: its labels, and its words with the labels put in."""
    words = {
        name: re.sub(r"{{ \$labels\.(\w+) }}", lambda found: labels[found[1]], text)
        for name, text in alert["annotations"].items()
    }
    return {"exp_labels": alert["labels"] | dict(labels), "exp_annotations": words}


def asked(name: str, story: Story, *, fires: bool) -> dict[str, Any]:
    """Return the story as a test of promtool."""
    series = story.fires if fires else story.quiet
    expected = [said(ALERTS[name], story.labels)] if fires else []
    return {
        "name": f"{name} {'fires' if fires else 'is quiet'}",
        "interval": f"{story.step}m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{story.minute}m", "alertname": name, "exp_alerts": expected}],
    }


def judged(tests: list[dict[str, Any]], folder: Path, step: int = 1) -> str:
    """Return what promtool said of these tests; empty when all hold."""
    document = {
        "rule_files": [str(PROMETHEUS / "recording.yml"), str(PROMETHEUS / "alerts.yml")],
        "evaluation_interval": f"{step}m",
        "group_eval_order": GROUPS,  # what is recorded stands before what asks for it
        "tests": tests,
    }
    file = folder / "stories.yml"
    file.write_text(yaml.safe_dump(document, width=1000), encoding="utf-8")
    ran = call(program("promtool", "prometheus"), "test", "rules", str(file))
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def test_every_alert_has_its_stories() -> None:
    """Whoever adds an alert tells when it fires and when it does not."""
    assert set(STORIES) == set(ALERTS)


@pytest.mark.parametrize("step", [1, 10, 30], ids=["minutes", "hours", "days"])
@pytest.mark.parametrize("fires", [True, False], ids=["fires", "quiet"])
def test_every_alert_does_as_its_stories_tell(tmp_path: Path, step: int, *, fires: bool) -> None:
    """Each alert arrives with its labels and words in the one story, and does not in the other."""
    tests = [
        asked(name, story, fires=fires)
        for name, story in STORIES.items()
        if story.step == step and (fires or name != "Watchdog")
    ]

    assert judged(tests, tmp_path, step) == ""


def test_a_story_that_is_wrong_is_found_out(tmp_path: Path) -> None:
    """The tool does look: an alert that is expected in its quiet story fails."""
    story = STORIES["BrokerLost"]._replace(fires=STORIES["BrokerLost"].quiet)

    assert "BrokerLost" in judged([asked("BrokerLost", story, fires=True)], tmp_path)


def test_every_alert_says_what_to_do() -> None:
    """An alert names what happened, how urgent it is, the first thing to do, and the page with the rest."""
    for name, alert in ALERTS.items():
        assert alert["labels"]["severity"] in {"page", "ticket", "none"}, name
        assert set(alert["annotations"]) == {"summary", "action", "runbook"}, name


def test_every_alert_has_a_page_and_every_page_an_alert() -> None:
    """The page of an alert bears its name, says what it means and what to do, and the list names them all."""
    pages = {alert["annotations"]["runbook"]: name for name, alert in ALERTS.items()}
    there = {f"docs/runbooks/{path.name}" for path in RUNBOOKS.glob("*.md")} - {"docs/runbooks/README.md"}
    index = (RUNBOOKS / "README.md").read_text("utf-8")

    assert set(pages) == there
    for page, name in pages.items():
        text = (ROOT / page).read_text("utf-8")
        assert text.startswith(f"# {name}\n"), page
        assert f"**First:** {ALERTS[name]['annotations']['action']}" in " ".join(text.split()), page
        assert {"## What it means", "## What to do", "## Afterwards"} <= set(text.splitlines()), page
        assert f"| [{name}]({Path(page).name}) | {ALERTS[name]['labels']['severity']} |" in index


def test_links_of_the_pages_lead_somewhere() -> None:
    """At night a link that leads nowhere costs minutes."""
    for path in RUNBOOKS.glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
            assert (path.parent / link).resolve().exists(), f"{path.name}: {link}"


def test_commands_of_the_pages_exist() -> None:
    """Whatever a page tells somebody to type at three in the morning is a command of this program."""
    told = call(sys.executable, "-m", "controlroom", "--help").stdout
    known = set(re.findall(r"^  ([a-z]+)  ", told, re.MULTILINE))
    typed = {
        command
        for path in RUNBOOKS.glob("*.md")
        for command in re.findall(r"`?\bcontrolroom ([a-z]+)\b", path.read_text("utf-8"))
    }

    assert {"doctor", "watches", "audit"} <= typed <= known

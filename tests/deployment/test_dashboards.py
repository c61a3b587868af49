"""Prometheus and Grafana with the very files that the composition mounts."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.running import ROOT, call, program

PROMETHEUS = ROOT / "config" / "prometheus"
GRAFANA = ROOT / "config" / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))


def expressions(dashboard: dict[str, Any]) -> list[str]:
    """Every question that the dashboard asks Prometheus."""
    return [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]


def test_prometheus_accepts_its_configuration() -> None:
    """Prometheus' own tool accepts the mounted configuration and the alerts that it names."""
    checked = call(program("promtool", "prometheus"), "check", "config", str(PROMETHEUS / "prometheus.yml"))

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("rules found") == len(list(PROMETHEUS.glob("*.yml"))) - 1


def test_every_metric_that_is_asked_for_is_one_of_ours() -> None:
    """Whatever a panel, a rule or an alert asks for stands in the document of metrics."""
    document = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    rules = [
        rule
        for path in (PROMETHEUS / "recording.yml", PROMETHEUS / "alerts.yml")
        for group in yaml.safe_load(path.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    panels = [each for path in DASHBOARDS for each in expressions(json.loads(path.read_text("utf-8")))]
    asked = " ".join([*(rule["expr"] for rule in rules), *panels])
    recorded = {rule["record"] for rule in rules if "record" in rule}
    names = set(re.findall(r"\b[a-z_]*:?(?:controlroom|leedswatch)_[a-z0-9_:]+", asked)) - recorded
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", document, re.MULTILINE))

    assert len(names) > 25
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in names} - documented == set()


def test_prometheus_asks_a_service_of_the_composition(compose: dict[str, Any]) -> None:
    """Each target is a service on one of its own networks, or Prometheus itself."""
    read = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    hosts = {
        target.split(":")[0]
        for job in read["scrape_configs"]
        for scraped in job["static_configs"]
        for target in scraped["targets"]
    }
    near = set(compose["services"]["prometheus"]["networks"])
    reachable = {name for name, service in compose["services"].items() if near & set(service["networks"])}

    assert hosts <= reachable | {"127.0.0.1"}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_prometheus_understands_every_question_of_the_dashboard(path: Path, tmp_path: Path) -> None:
    """Each panel's expression is PromQL; promtool reads it as a recording rule."""
    asked = [
        question.replace("$__rate_interval", "1m")
        for question in expressions(json.loads(path.read_text("utf-8")))
    ]
    rules = [{"record": f"panel:{number}", "expr": question} for number, question in enumerate(asked)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": path.stem, "rules": rules}]}), encoding="utf-8")
    checked = call(program("promtool", "prometheus"), "check", "rules", str(file))

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(asked)} rules found" in checked.stdout


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_every_panel_is_readable_and_has_its_place(path: Path) -> None:
    """Each panel has a title, says what it answers, asks the provisioned source, and covers no other."""
    source = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text("utf-8"))
    cells: set[tuple[int, int]] = set()
    for panel in json.loads(path.read_text("utf-8"))["panels"]:
        place = panel["gridPos"]
        mine = {
            (place["x"] + column, place["y"] + row)
            for column in range(place["w"])
            for row in range(place["h"])
        }

        assert panel["title"], panel["id"]
        assert panel["description"].endswith((".", "?")), panel["title"]
        assert panel["datasource"]["uid"] == source["datasources"][0]["uid"], panel["title"]
        assert not cells & mine, panel["title"]
        cells |= mine


def test_grafana_finds_its_dashboards_where_they_are_mounted(compose: dict[str, Any]) -> None:
    """The provider's folder is the one that the composition mounts the dashboards on."""
    provider = yaml.safe_load(
        (GRAFANA / "provisioning" / "dashboards" / "controlroom.yml").read_text("utf-8")
    )
    mounts = dict(mount.split(":")[:2] for mount in compose["services"]["grafana"]["volumes"])

    assert provider["providers"][0]["options"]["path"] == mounts["./config/grafana/dashboards"]
    assert DASHBOARDS

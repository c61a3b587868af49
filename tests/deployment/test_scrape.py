"""A real Prometheus scrapes a real room: each of the nineteen measures is there, with the right kind."""

import json
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from controlroom.measures.plan.read import read_plan
from controlroom.measures.plan.words import MeasureKind
from tests.deployment.backfill import Oracle
from tests.deployment.running import CALL_S, ROOT, program, running
from tests.integration.demo.serving import Instance
from tests.integration.journal.stage import ValkeyServer
from tests.integration.waiting import until
from tests.ports import free_port

PLAN = read_plan("plan", (ROOT / "config" / "plan-on-a-page.yaml").read_text("utf-8"))
SCRAPED_S = 90.0


class Scraper:
    """The Prometheus of this test, asked over HTTP."""

    def __init__(self, port: int) -> None:
        self._port = port

    def query(self, expr: str) -> list[dict[str, str]]:
        """Return the labels of each series that answers the question now."""
        return [one["metric"] for one in self._asked("query", query=expr)["result"]]

    def kind(self, metric: str) -> str:
        """Return the type that the room told Prometheus of this metric."""
        return str(self._asked("metadata", metric=metric)[metric][0]["type"])

    def _asked(self, how: str, **what: str) -> Any:
        address = f"http://127.0.0.1:{self._port}/api/v1/{how}?{urllib.parse.urlencode(what)}"
        with urllib.request.urlopen(address, timeout=CALL_S) as answer:
            return json.load(answer)["data"]


@pytest.fixture
async def scraper(tmp_path: Path) -> AsyncIterator[Scraper]:
    """A Prometheus that scrapes a room by the shipped configuration, but for the room's address."""
    folder = tmp_path / "store"
    folder.mkdir()
    store = ValkeyServer(folder)
    store.start()
    room = Instance(tmp_path, store.port, free_port())
    try:
        await room.answering(503)
        port = free_port()
        settings = yaml.safe_load((ROOT / "config" / "prometheus" / "prometheus.yml").read_text("utf-8"))
        settings["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        settings["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{room.metrics}"]
        settings["rule_files"] = [
            str(ROOT / "config" / "prometheus" / name) for name in settings["rule_files"]
        ]
        file = tmp_path / "prometheus.yml"
        file.write_text(yaml.safe_dump(settings), encoding="utf-8")
        command = [
            program("prometheus", "prometheus"),
            f"--config.file={file}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        with running(command, port, tmp_path / "prometheus.log"):
            scraper = Scraper(port)
            await until(Oracle(port).is_ready, "Prometheus is ready", SCRAPED_S)
            asked = 'up{job="controlroom"} == 1'
            await until(lambda: bool(scraper.query(asked)), "the room is scraped", SCRAPED_S)
            yield scraper
    finally:
        room.clear()
        store.stop()


async def test_each_of_the_nineteen_measures_is_visible_with_the_right_kind(scraper: Scraper) -> None:
    """A counter and a gauge by period, or a milestone in one state; and the shipped alerts run."""
    assert len(PLAN.measures) == 19
    events = {one["measure"]: one["priority"] for one in scraper.query("leedswatch_plan_events_total")}
    values = {(one["measure"], one["period"]) for one in scraper.query("leedswatch_plan_value")}
    goals = {one["measure"]: one["state"] for one in scraper.query("leedswatch_plan_milestone == 1")}
    for measure in PLAN.measures:
        if measure.kind is MeasureKind.MILESTONE:
            assert goals[measure.id] == "not_started"
        else:
            assert events[measure.id] == measure.priority
            assert {period for name, period in values if name == measure.id} == {
                "day",
                "month",
                "quarter",
                "year",
            }
    kinds = {
        name: scraper.kind(name)
        for name in ("leedswatch_plan_events", "leedswatch_plan_value", "leedswatch_plan_milestone")
    }
    assert kinds == {
        "leedswatch_plan_events": "counter",
        "leedswatch_plan_value": "gauge",
        "leedswatch_plan_milestone": "gauge",
    }

    def alerts() -> set[str]:
        return {one["alertname"] for one in scraper.query("ALERTS")}

    await until(lambda: {"Watchdog", "BrokerLost"} <= alerts(), "the shipped alerts notice", SCRAPED_S)

"""Every panel asked of a real Prometheus over 480 days of history, in which the change of a year is known."""

import asyncio
import json
import math
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from scripts.dashboards.boards import BOARDS
from scripts.dashboards.panels import Board, text_of
from scripts.dashboards.plan import over, year_on_year
from tests.build import PLAN
from tests.deployment.backfill import PER_HOUR, PER_HOUR_BEFORE, Oracle, Series, fill, series_of
from tests.deployment.running import ROOT, program, running, wait_until
from tests.integration.demo.serving import Instance
from tests.integration.demo.stage import fetch
from tests.integration.journal.stage import ValkeyServer
from tests.ports import free_port

DASHBOARDS = ROOT / "config" / "grafana" / "dashboards"
RECORDED: dict[str, str] = {
    rule["record"]: rule["expr"]
    for group in yaml.safe_load((ROOT / "config" / "prometheus" / "recording.yml").read_text("utf-8"))[
        "groups"
    ]
    for rule in group["rules"]
}
QUOTED = re.compile(r'"[^"]*"')
OURS = re.compile(r"\b(?:controlroom|leedswatch|process)_[a-z0-9_]+|\bup\b")
UP = Series("up", '{job="controlroom"}', "gauge")


def asked_for(expr: str) -> set[str]:
    """Return the metrics that this question is about."""
    return set(OURS.findall(QUOTED.sub("", expr)))


class Question(NamedTuple):
    """What one panel asks, as Prometheus is asked it."""

    board: str
    panel: str
    expr: str


def questions() -> list[Question]:
    """Return every question of every dashboard's file, with Grafana's words and recorded series put in."""
    found = []
    for path in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(path.read_text("utf-8"))["panels"]:
            for target in panel["targets"]:
                expr = target["expr"].replace("$__rate_interval", "2d")
                for name, recorded in RECORDED.items():
                    expr = expr.replace(name, f"({recorded})")
                found.append(Question(path.stem, panel["title"], expr))
    return found


async def begun(home: Path, store_port: int) -> str:
    """Return the page of a room that has just begun: every series that can exist is on it."""
    service = Instance(home, store_port, free_port())
    try:
        await service.answering(503)  # it has no broker, and needs none to say what it counts
        return str(fetch(f"http://127.0.0.1:{service.metrics}/metrics")[1])
    finally:
        service.clear()


@pytest.fixture(scope="session")
def exported() -> list[Series]:
    """Return the series that a real room exports, as its Prometheus stores them."""
    with tempfile.TemporaryDirectory(prefix="cr-") as home:
        folder = Path(home) / "store"
        folder.mkdir()
        store = ValkeyServer(folder)
        store.start()
        try:
            page = asyncio.run(begun(Path(home), store.port))
        finally:
            store.stop()
    return [UP, *series_of(page)]


@pytest.fixture(scope="session")
def oracle(exported: list[Series], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    """Yield a Prometheus whose history is that of the series that panels ask for."""
    wanted = asked_for(" ".join(question.expr for question in questions()))
    folder = tmp_path_factory.mktemp("history")
    blocks = fill([one for one in exported if one.name in wanted], folder)
    settings, port = folder / "prometheus.yml", free_port()
    settings.write_text("global: {}\n", encoding="utf-8")
    command = [
        program("prometheus", "prometheus"),
        f"--config.file={settings}",
        f"--storage.tsdb.path={blocks}",
        "--storage.tsdb.retention.time=10y",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with running(command, port, folder / "prometheus.log"):
        asked = Oracle(port)
        wait_until(asked.is_ready, "Prometheus has read its blocks")
        yield asked


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_the_files_are_what_the_code_says(board: Board) -> None:
    """Nobody edits a file by hand: `python -m scripts.dashboards` writes each of them anew, to the letter."""
    assert (DASHBOARDS / f"{board.name}.json").read_text("utf-8") == text_of(board)


def test_no_file_is_left_over() -> None:
    """Every file of the folder has its board."""
    assert {path.stem for path in DASHBOARDS.glob("*.json")} == {board.name for board in BOARDS}


def test_every_panel_answers_over_480_days(exported: list[Series], oracle: Oracle) -> None:
    """Each question is about what a room exports, and has an answer, now and over the whole history.

    One test, because what it asks takes a room and a Prometheus to start.
    """
    names, asked = {one.name for one in exported}, questions()
    unknown = [question for question in asked if not asked_for(question.expr) <= names]
    silent = [question for question in asked if not numbers(oracle.instant(question.expr))]
    blank = [question for question in asked if not numbers(oracle.over_time(question.expr))]

    assert len(asked) > 80
    assert (unknown, silent, blank) == ([], [], [])
    assert not numbers(oracle.instant('controlroom_orders_open{state="flying"}')), "so the above does look"
    check_year_on_year(oracle)


def check_year_on_year(oracle: Oracle) -> None:
    """Twelve an hour for a year, ten before: 90 days, the same a year ago, and a fifth more."""
    hours = 90 * 24
    found = {
        "now": oracle.instant(over("90d")),
        "before": oracle.instant(over("90d", before="365d")),
        "change": oracle.instant(year_on_year("90d")),
    }
    values = {name: {float(one["value"][1]) for one in answer} for name, answer in found.items()}

    assert {len(answer) for answer in found.values()} == {sum(bool(one.counts) for one in PLAN.measures)}
    assert values["now"] == {PER_HOUR * hours}
    assert values["before"] == {PER_HOUR_BEFORE * hours}
    assert values["change"] == {PER_HOUR / PER_HOUR_BEFORE - 1}


def numbers(answer: list[dict[str, Any]]) -> list[float]:
    """Return the values of the answer that are numbers."""
    values = [one["value"] for one in answer if "value" in one]
    values += [value for one in answer for value in one.get("values", ())]
    return [number for _, text in values if not math.isnan(number := float(text))]

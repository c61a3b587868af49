"""A Prometheus with 480 days of made-up history: the series of a real page, walked back in time.

Every series of the page that a dashboard asks for gets a value each day, and each five minutes in the last
one, so that short windows are full as well. A counter grows by a whole number each hour; plan
events grow faster in the last year than in the one before, so what changed is known exactly. A histogram's
buckets grow in proportion, as if its times were spread evenly over them; a gauge stands still.
"""

import json
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.deployment.running import CALL_S, program

HOUR_S = 3600
DAY_S = 24 * HOUR_S
DAYS = 480
END_S = 1_798_761_600
"""Midnight before 1 January 2027, UTC: made-up history needs no clock."""

READY = 200
COARSE_S, FINE_S = DAY_S, 300
SAMPLE = re.compile(r"^(?P<name>[a-zA-Z_]\w*)(?P<labels>\{.*\})? (?P<value>\S+)$")
EDGE = re.compile(r'le="([^"]*)"')

PER_HOUR, PER_HOUR_BEFORE = 12, 10
"""By how much a counter grows each hour in the last 365 days, and in the time before."""


@dataclass(frozen=True)
class Series:
    """One series of the page: its name, its labels as written, its type, and its rank among its buckets."""

    name: str
    labels: str
    kind: str
    share: tuple[int, int] = (1, 1)


def series_of(page: str) -> Iterator[Series]:
    """Yield every series of a page, histograms with the share of each bucket."""
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", page, re.MULTILINE))
    ranks: dict[str, int] = {}
    edges = buckets(page)
    for line in page.splitlines():
        sample = SAMPLE.match(line)
        if sample is None:
            continue
        name, labels = sample["name"], of_the_job(sample["labels"] or "")
        family = re.sub(r"_(bucket|sum|count)$", "", name)
        kind = kinds.get(name) or kinds[family]
        if kind == "histogram" and name.endswith("_bucket"):
            whose = name + EDGE.sub("", labels)
            ranks[whose] = ranks.get(whose, 0) + 1
            yield Series(name, labels, kind, (ranks[whose], edges[name]))
        else:
            yield Series(name, labels, kind)


def of_the_job(labels: str) -> str:
    """Return the labels as Prometheus stores them: with the job that was asked."""
    return '{job="controlroom",' + labels.removeprefix("{") if labels else '{job="controlroom"}'


def buckets(page: str) -> dict[str, int]:
    """Return how many edges each histogram has."""
    edges: dict[str, set[str]] = {}
    for line in page.splitlines():
        sample = SAMPLE.match(line)
        if sample is not None and sample["name"].endswith("_bucket"):
            edges.setdefault(sample["name"], set()).update(EDGE.findall(sample["labels"]))
    return {name: len(found) for name, found in edges.items()}


def moments() -> list[int]:
    """Return when samples were taken, in seconds since the epoch."""
    start = END_S - DAYS * DAY_S
    coarse = range(start, END_S - DAY_S, COARSE_S)
    return [*coarse, *range(END_S - DAY_S, END_S + 1, FINE_S)]


def value(series: Series, at_s: int) -> float:
    """Return the value of the series at this moment."""
    if series.kind == "gauge":
        return 1_000_000 if series.name.endswith("_timestamp_seconds") else 1
    turn = END_S - 365 * DAY_S
    start = END_S - DAYS * DAY_S
    early = PER_HOUR_BEFORE * (min(at_s, turn) - start) / HOUR_S
    counted = early + PER_HOUR * max(0, at_s - turn) / HOUR_S
    part, whole = series.share
    return counted * part / whole


def history(series: list[Series]) -> Iterator[str]:
    """Yield the lines of the history in OpenMetrics' text form, a family after the other."""
    families: dict[str, list[Series]] = {}
    for one in series:
        families.setdefault(one.name, []).append(one)
    when = moments()
    for name, members in families.items():
        yield f"# TYPE {name} unknown\n"
        for one in members:
            prefix = f"{name}{one.labels} "
            yield "".join(f"{prefix}{value(one, at_s)} {at_s}\n" for at_s in when)
    yield "# EOF\n"


def fill(series: list[Series], folder: Path) -> Path:
    """Write the history as blocks that Prometheus reads; return their folder."""
    text, blocks = folder / "history.txt", folder / "data"
    with text.open("w", encoding="utf-8") as out:
        out.writelines(history(series))
    command = [program("promtool", "prometheus"), "tsdb", "create-blocks-from", "openmetrics"]
    command += ["--quiet", "--max-block-duration=11520h", str(text), str(blocks)]
    subprocess.run(command, check=True, capture_output=True, timeout=2 * CALL_S)  # noqa: S603 - our own command
    text.unlink()
    return blocks


@dataclass(frozen=True)
class Oracle:
    """The Prometheus that is asked, on a port of the loopback."""

    port: int

    def instant(self, expr: str, at_s: int = END_S) -> list[dict[str, Any]]:
        """Return the samples that answer the question at this moment."""
        return self._asked("query", {"query": expr, "time": at_s})

    def over_time(self, expr: str, step_s: int = DAY_S) -> list[dict[str, Any]]:
        """Return the series that answer the question over the whole history."""
        span = {"start": END_S - DAYS * DAY_S, "end": END_S, "step": step_s}
        return self._asked("query_range", {"query": expr, **span})

    def is_ready(self) -> bool:
        """Whether it has read its blocks and answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=CALL_S) as answer:
                return bool(answer.status == READY)
        except urllib.error.HTTPError:
            return False

    def _asked(self, how: str, what: dict[str, Any]) -> list[dict[str, Any]]:
        address = f"http://127.0.0.1:{self.port}/api/v1/{how}?{urllib.parse.urlencode(what)}"
        with urllib.request.urlopen(address, timeout=CALL_S) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return result

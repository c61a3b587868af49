"""What dashboards are made of: a question, a panel that shows its answer, a board that lays panels out."""

import json
from dataclasses import dataclass
from typing import Any

SOURCE = {"type": "prometheus", "uid": "prometheus"}
COLUMNS = 24
GREEN, AMBER, RED, BLUE = "green", "orange", "red", "blue"

Steps = tuple[tuple[float | None, str], ...]
"""From which value on a figure has which colour; the first value is None."""

PLAIN: Steps = ((None, BLUE),)
GOOD_AT_ZERO: Steps = ((None, GREEN), (1, RED))


@dataclass(frozen=True)
class Ask:
    """A question in PromQL, and what its lines are called."""

    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel: what it is called, what it answers, and how it is shown.

    `kind` is Grafana's word for the type, `unit` for the unit; `words` replaces values by words.
    """

    title: str
    says: str
    asks: tuple[Ask, ...]
    kind: str = "timeseries"
    unit: str = "short"
    steps: Steps = PLAIN
    words: tuple[tuple[int, str], ...] = ()
    width: int = 12
    height: int = 8


@dataclass(frozen=True)
class Board:
    """A dashboard: its name in addresses, its title, the time that it opens on, and its panels in order."""

    name: str
    title: str
    opens_on: str
    panels: tuple[Panel, ...]


def stat(
    title: str,
    says: str,
    expr: str,
    *,
    unit: str = "short",
    steps: Steps = PLAIN,
    words: tuple[tuple[int, str], ...] = (),
) -> Panel:
    """Return one figure, four to a row of the screen and more."""
    return Panel(title, says, (Ask(expr),), "stat", unit, steps, words, width=4, height=4)


def bars(title: str, says: str, *asks: Ask, unit: str = "short", width: int = 12) -> Panel:
    """Return bars side by side."""
    return Panel(title, says, asks, "bargauge", unit, width=width)


def graph(title: str, says: str, *asks: Ask, unit: str = "short", width: int = 12) -> Panel:
    """Return lines over time."""
    return Panel(title, says, asks, unit=unit, width=width)


def table(title: str, says: str, *asks: Ask, unit: str = "short", width: int = 24) -> Panel:
    """Return a table of figures, one a line."""
    return Panel(title, says, asks, "table", unit, width=width)


def quantiles(metric: str, by: str = "", where: str = "") -> tuple[Ask, ...]:
    """Return the questions for the median and the 99th percentile of a histogram."""
    keep = f"le, {by}" if by else "le"
    rate = f"sum by ({keep}) (rate({metric}_bucket{where}[$__rate_interval]))"
    name = f"{{{{{by}}}}}: " if by else ""
    return (
        Ask(f"histogram_quantile(0.5, {rate})", f"{name}median"),
        Ask(f"histogram_quantile(0.99, {rate})", f"{name}99th percentile"),
    )


def text_of(board: Board) -> str:
    """Return the file of this dashboard, as Grafana reads it."""
    document = {
        "uid": f"controlroom-{board.name}",
        "title": board.title,
        "tags": ["controlroom"],
        "timezone": "Europe/London",
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "5s" if board.opens_on in {"now-1h", "now-6h"} else "5m",
        "time": {"from": board.opens_on, "to": "now"},
        "annotations": {"list": []},
        "templating": {"list": []},
        "links": [
            {"type": "dashboards", "tags": ["controlroom"], "asDropdown": False, "title": "Others"},
        ],
        "panels": [
            _drawn(number, panel, place) for number, (panel, place) in enumerate(_laid_out(board.panels), 1)
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _laid_out(panels: tuple[Panel, ...]) -> list[tuple[Panel, dict[str, int]]]:
    """Give each panel its place: from left to right, and a new row where it does not fit."""
    placed, x, y, tallest = [], 0, 0, 0
    for panel in panels:
        if x + panel.width > COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        placed.append((panel, {"x": x, "y": y, "w": panel.width, "h": panel.height}))
        x, tallest = x + panel.width, max(tallest, panel.height)
    return placed


def _drawn(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    mode = "palette-classic" if panel.kind in {"timeseries", "bargauge"} else "thresholds"
    options = {str(value): {"text": word} for value, word in panel.words}
    now = panel.kind != "timeseries"
    return {
        "id": number,
        "title": panel.title,
        "description": panel.says,
        "type": panel.kind,
        "datasource": SOURCE,
        "gridPos": place,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "color": {"mode": mode},
                "thresholds": {
                    "mode": "absolute",
                    "steps": [{"color": color, "value": value} for value, color in panel.steps],
                },
                "mappings": [{"type": "value", "options": options}] if options else [],
            },
            "overrides": [],
        },
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "expr": ask.expr,
                "legendFormat": ask.legend,
                "format": "table" if panel.kind == "table" else "time_series",
                "instant": now,
                "range": not now,
            }
            for index, ask in enumerate(panel.asks)
        ],
    }

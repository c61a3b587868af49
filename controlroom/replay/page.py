"""The report of a replay as one page of HTML that works from a file: what differs, and what it costs."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from controlroom.replay.charts import Line, chart
from controlroom.replay.report import Report, Side, Source

TEMPLATES = Path(__file__).parent / "templates"

MARKS = 5
"""Moments below a chart of a day."""

AT_EASE = 0.9
"""The share of its time above which a desk cannot empty its queue: what a chart of one desk stays below."""


def html_page(report: Report) -> str:
    """Return the page; the same report gives the same page."""
    sides = sides_of(report)
    routes = tuple(dict.fromkeys(name for _, one in sides for name in one.routes))
    values = {"report": report, "sides": sides, "routes": routes, "figures": _figures(report, sides)}
    return rendered("replay.html", values)


def rendered(template: str, values: dict[str, Any]) -> str:
    """Return a template of this folder with these values, every one of them escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(enabled_extensions=("html",), default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": lambda number: f"{number:,}",
        "share": lambda number: f"{number:.1%}",
        "moment": _moment,
        "counts": lambda counts: ", ".join(f"{n:,} {name}" for name, n in sorted(counts.items())),
        "pretty": lambda document: json.dumps(document, indent=2, ensure_ascii=False),
    }
    return environment.get_template(template).render(values) + "\n"


def sides_of(report: Report) -> list[tuple[str, Side]]:
    """Return the histories of a report with the word for each."""
    if report.new is None:
        return [("rules", report.old)]
    return [("old", report.old), ("new", report.new)]


def times(source: Source) -> list[str]:
    """Return the words below a chart over the time of a source."""
    span = source.ends - source.begins
    return [f"{source.begins + span * (n / (MARKS - 1)):%a %H:%M}" for n in range(MARKS)]


def _figures(report: Report, sides: list[tuple[str, Side]]) -> list[Markup]:
    """Return the charts: the queue at one desk, waits by desks, crews out."""
    pick, marks = _telling(report), times(report.source)
    queue, waits, out = [], [], []
    for look, (word, one) in enumerate(sides, 1):
        desk = one.load.desks[pick]
        queue.append(Line(f"{word}, {desk.operators} operators", desk.queue, look))
        waits.append(Line(f"{word}, 90 of 100 within", [each.p90_s for each in one.load.desks], look))
        out.append(Line(word, one.load.crews_out, look))
    desks = [str(desk.operators) for desk in report.old.load.desks]
    most = "the most in each part of the time"
    return [
        chart("Incidents that wait for an operator", queue, marks, most),
        chart("How long incidents wait, by operators at the desk", waits, desks, "seconds"),
        chart("Crews out at once", out, marks, most),
    ]


def _telling(report: Report) -> int:
    """Return which desk's queue is drawn: the smallest at ease with the old rules, else the largest."""
    desks = report.old.load.desks
    return next((n for n, desk in enumerate(desks) if desk.busy < AT_EASE), len(desks) - 1)


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"

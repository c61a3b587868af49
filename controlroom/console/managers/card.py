"""The scorecard as a page shows it: the pure card with marks, drawings and addresses."""

import hashlib
from urllib.parse import urlencode

import msgspec

from controlroom.console.managers.marks import Mark, Spark, mark_of, spark_of
from controlroom.estate.areas import Area
from controlroom.measures.discretion import FEWER, NOT_SHOWN
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import Period, quarter_of, quarters_until
from controlroom.measures.plan.model import PlanText
from controlroom.measures.scorecard import Asked, Line, Scorecard, scorecard
from controlroom.measures.standing import Status

QUARTERS_OFFERED = 8
"""Quarters that the page offers to look at: as many as a drawing has."""

DIGEST = 16
"""Hexadecimal digits that tell two sets of figures apart."""


class Row(msgspec.Struct, frozen=True):
    """One measure on the page; `href` leads to its events, None where there is nothing to open."""

    line: Line
    mark: Mark
    spark: Spark | None
    href: str | None
    needs_action: bool


class Section(msgspec.Struct, frozen=True):
    """The measures of one shared priority."""

    letter: str
    words: str
    rows: tuple[Row, ...]


class Page(msgspec.Struct, frozen=True):
    """Everything that the page shows."""

    card: Scorecard
    title: str
    sections: tuple[Section, ...]
    quarters: tuple[Period, ...]
    areas: tuple[tuple[str, str], ...]
    missing: int
    red: int


def page_of(ledger: Ledger, plan: PlanText, asked: Asked) -> Page:
    """Return the page of this card."""
    card = scorecard(ledger, plan, asked)
    sections = tuple(
        Section(str(group.priority), group.words, tuple(_row(line, asked) for line in group.lines))
        for group in card.groups
    )
    rows = [row for section in sections for row in section.rows]
    return Page(
        card,
        f"{asked.quarter.in_words}, {name_of(asked.area)}",
        sections,
        tuple(reversed(quarters_until(quarter_of(asked.today), QUARTERS_OFFERED))),
        tuple((area.value, name_of(area.value)) for area in Area),
        sum(row.line.status is Status.MISSING for row in rows),
        sum(row.line.status is Status.RED for row in rows),
    )


def digest_of(figures: dict[str, dict[str, int]], goals: dict[str, str]) -> str:
    """Return what tells these figures from others: who signs, signs what was on the page."""
    said = msgspec.json.encode([figures, goals], order="sorted")
    return hashlib.sha256(said).hexdigest()[:DIGEST]


def name_of(area: str | None) -> str:
    """Return the Community Committee's name as people write it; the whole city where there is none."""
    return area.replace("-", " ").title() if area else "the whole city"


def _row(line: Line, asked: Asked) -> Row:
    hidden = {line.actual.text, line.to_date.text} & {FEWER, NOT_SHOWN}
    opens = line.actual.value is not None and not hidden and bool(line.measure.counts)
    question = {"period": asked.quarter.name, **({"area": asked.area} if asked.area else {})}
    return Row(
        line,
        mark_of(line.status),
        spark_of(line.trend) if any(value is not None for value in line.trend) else None,
        f"/managers/measures/{line.measure.id}?{urlencode(question)}" if opens else None,
        line.status is Status.RED and not line.corrective_action,
    )

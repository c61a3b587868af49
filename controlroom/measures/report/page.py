"""The report as one page of HTML that needs nothing else: styles inside, no script, printable on A4.

Status is a word and a shape, never colour alone. The trend of eight quarters is a drawing for the eye, whose
numbers stand beside it for everybody else.
"""

from datetime import datetime
from pathlib import Path

import jinja2

from controlroom.measures.report import content
from controlroom.measures.report.content import COLUMNS, Heading
from controlroom.measures.saying import number
from controlroom.measures.scorecard import Line, Scorecard

WIDTH, HEIGHT = 96, 24
"""Of a sparkline, in CSS pixels: the height of a line of text."""

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(card: Scorecard, head: Heading, made_at: datetime) -> bytes:
    """Return the report as a page."""
    text = _TEMPLATES.get_template("page.html").render(
        card=card,
        head=head,
        columns=COLUMNS,
        content=content,
        drawn=drawn,
        in_words=in_words,
        made_at=content.moment(made_at),
    )
    return text.encode("utf-8")


def drawn(line: Line) -> str:
    """Return the points of the trend's line, as SVG wants them; a quarter that is not shown is left out."""
    shown = [(place, value) for place, value in enumerate(line.trend) if value is not None]
    top = max((value for _, value in shown), default=0.0) or 1.0
    step = (WIDTH - 4) / max(1, len(line.trend) - 1)
    return " ".join(
        f"{2 + place * step:.1f},{HEIGHT - 3 - value / top * (HEIGHT - 6):.1f}" for place, value in shown
    )


def in_words(line: Line) -> str:
    """Return the trend for those who do not see the drawing."""
    values = ("not shown" if value is None else number(value) for value in line.trend)
    return "Last eight quarters, the oldest first: " + ", ".join(values)

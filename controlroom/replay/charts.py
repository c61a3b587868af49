"""Line charts as inline SVG: no script, no file beside the page, readable in light and dark and on paper.

A line is told apart by its dash as well as its colour. Colours come from the page's own style sheet. Beside
each chart the page has the same figures as a table, for those who do not see it.
"""

from collections.abc import Sequence

import msgspec
from markupsafe import Markup, escape

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 34
GRID_LINES = 4


class Line(msgspec.Struct, frozen=True):
    """One line: its name, its values from left to right, and which of the page's looks it has (1 to 4)."""

    name: str
    values: Sequence[float]
    look: int = 1


def chart(title: str, lines: Sequence[Line], marks: Sequence[str], unit: str) -> Markup:
    """Return a figure with these lines; `marks` are words below the axis, spread evenly from end to end."""
    top = _round_up(max((value for line in lines for value in line.values), default=0.0))
    body = Markup().join((*_grid(top), *_marks(marks), *(_polyline(line, top) for line in lines)))
    dash = Markup('<path class="look{}" d="M0 4H28"/>')
    item = Markup('<li><svg class="key" viewBox="0 0 28 8" aria-hidden="true">{}</svg>{}</li>')
    legend = Markup().join(item.format(dash.format(line.look), line.name) for line in lines)
    picture = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return Markup('<figure><figcaption>{} <span class="unit">{}</span></figcaption>{}{}</figure>').format(
        title,
        unit,
        picture.format(WIDTH, HEIGHT, f"{title}; {unit}", body),
        Markup('<ul class="legend">{}</ul>').format(legend),
    )


def _polyline(line: Line, top: float) -> Markup:
    count = max(1, len(line.values) - 1)
    points = " ".join(f"{_x(n / count):.1f},{_y(value / top):.1f}" for n, value in enumerate(line.values))
    return Markup('<polyline class="look{}" points="{}"/>').format(line.look, points)


def _grid(top: float) -> list[Markup]:
    parts = []
    for number in range(GRID_LINES + 1):
        y = f"{_y(number / GRID_LINES):.1f}"
        parts.append(Markup('<path class="grid" d="M{} {}H{}"/>').format(LEFT, y, WIDTH - RIGHT))
        text = Markup('<text class="tick" x="{}" y="{}" dy="4" text-anchor="end">{}</text>')
        parts.append(text.format(LEFT - 6, y, f"{top * number / GRID_LINES:g}"))
    return parts


def _marks(marks: Sequence[str]) -> list[Markup]:
    count = max(1, len(marks) - 1)
    anchors = ("start", *["middle"] * max(0, len(marks) - 2), "end")
    text = Markup('<text class="tick" x="{}" y="{}" text-anchor="{}">{}</text>')
    return [
        text.format(f"{_x(n / count):.1f}", HEIGHT - 12, anchor, escape(mark))
        for n, (mark, anchor) in enumerate(zip(marks, anchors, strict=False))
    ]


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """Return the next of 4, 8, 20, 40, 80, 200 … that is not below: a quarter of it is a round number."""
    step = 4.0
    while True:
        for factor in (1, 2, 5):
            if value <= step * factor:
                return step * factor
        step *= 10

"""How a page marks a status, and draws eight quarters as a line: by shape and word, never by colour alone."""

from collections.abc import Sequence

import msgspec

from controlroom.measures.saying import number
from controlroom.measures.standing import Status

WIDTH, HEIGHT, EDGE = 120, 28, 3
"""The drawing of eight quarters, in its own units; a point needs three to each side."""

SHAPES = {
    Status.GREEN: "●",
    Status.AMBER: "▲",
    Status.RED: "◆",
    Status.NO_TARGET: "○",
    Status.ACTIVITY: "■",
    Status.NOT_DUE: "◇",
    Status.MISSING: "✕",
}
"""A shape for each status: who sees no colours tells them apart, and a black printer as well."""


class Mark(msgspec.Struct, frozen=True):
    """A status as it is shown: its shape, its word, and the class that colours both."""

    shape: str
    word: str
    look: str


class Spark(msgspec.Struct, frozen=True):
    """Eight quarters: the lines between known figures, a dot for each, and all of it in words."""

    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    words: str


def mark_of(status: Status) -> Mark:
    """Return how this status is shown."""
    return Mark(SHAPES[status], str(status).capitalize(), f"status-{status.replace(' ', '-')}")


def spark_of(trend: Sequence[float | None]) -> Spark | None:
    """Return the drawing of these figures, the oldest first; None where none of them is known."""
    known = [value for value in trend if value is not None]
    if not known:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 2 * EDGE) / max(1, len(trend) - 1)
    places = [
        None
        if value is None
        else (
            round(EDGE + index * step, 1),
            round(HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE), 1),
        )
        for index, value in enumerate(trend)
    ]
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    lines = tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1)
    said = ", ".join("no figure" if value is None else number(value) for value in trend)
    dots = tuple(place for place in places if place is not None)
    return Spark(lines, dots, f"The last {len(trend)} quarters, the oldest first: {said}.")

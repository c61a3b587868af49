"""Small numbers of sensitive measures are not shown outside the team, nor what they could be told from.

One to four cases in a small area and a short time may be one family that everybody knows. So for readers
outside the team a figure from 1 to 4 is "fewer than 5". What would give it away is not shown either: a sum
of which all other parts are known, and, where one area alone is hidden, the next smallest beside it.
"""

from collections.abc import Mapping

SHOWN_FROM = 5
"""A usual threshold for small areas; confirm with the council's own guidance."""

FEWER = f"fewer than {SHOWN_FROM}"
NOT_SHOWN = "not shown"


def is_small(value: int) -> bool:
    """Say whether so few are hidden from readers outside the team."""
    return 0 < value < SHOWN_FROM


def hidden_areas(by_area: Mapping[str, int]) -> frozenset[str]:
    """Return the areas whose figures are not shown, so that none can be told from the city's figure."""
    small = {area for area, value in by_area.items() if is_small(value)}
    others = sorted((value, area) for area, value in by_area.items() if value and area not in small)
    if len(small) == 1 and others:
        small.add(others[0][1])
    return frozenset(small)

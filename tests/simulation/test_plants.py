"""The simulation finds what it is for: five bugs that comparable systems had, each planted alone."""

import pytest

from tests.simulation.day import live
from tests.simulation.plants import PLANTS

FIRST_CAUGHT: dict[str, tuple[int, set[str]]] = {
    "skip-dedup": (1, {"each signal is decided once"}),
    "timer-lost-at-snapshot": (
        1,
        {
            "a restart gives the same state byte for byte",
            "an expired watch fires",
            "raw events decided again give the same decisions",
        },
    ),
    "hour-off-at-clock-change": (3, {"time only goes forward", "a watch fires within a tick of its time"}),
    "double-order-after-crash": (7, {"no order without a stored decision"}),
    "dropped-frame": (
        1,
        {
            "a receipt names where its signal is stored",
            "an answered command is stored",
            "no acknowledged message is lost",
            "no order without a stored decision",
        },
    ),
}
"""The seed that caught each bug first when searched from 1, and the promises of which the bug breaks one."""

SEARCHED = 200
"""A bug is caught within so many days. Whatever the room does otherwise may move the first seed; the search
goes on from there, so that the table is a shortcut and no condition."""


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_bug_is_caught(plant: str) -> None:
    """Within two hundred days there is one that ends with a promise that the bug breaks."""
    first, promises = FIRST_CAUGHT[plant]
    days = (live(seed, plant) for seed in range(first, SEARCHED + 1))
    caught = next((day for day in days if day.findings), None)

    assert caught is not None, f"no day from {first} on"
    assert caught.findings[0].promise in promises

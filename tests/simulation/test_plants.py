"""The simulation finds what it is for: seven bugs that comparable systems had, each planted alone."""

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
    "crew-forgotten-after-restart": (
        1,
        {
            "nobody is sent a second crew while one goes",
            "no order outlives its incident",
            "a crew that is sent arrives, or somebody hears in time",
            "only an order that lives moves",
            "only an order that lives ends",
        },
    ),
    "crew-not-told": (1, {"a crew that goes hears what is more urgent"}),
    "dropped-frame": (
        1,
        {
            "a store that is there lets the room work",  # by the room's own guard: see `FENCED`
            "a receipt names where its signal is stored",
            "an answered command is stored",
            "no acknowledged message is lost",
            "no order without a stored decision",
        },
    ),
}
"""The seed that caught each bug first when searched from 1, and the promises of which the bug breaks one."""

FENCED = "a store that is there lets the room work"
"""A lost frame breaks its promises at once where it held a message, an answer or an order. Where it held only
what nobody outside waits for (a tick), the first to notice is the room: every append names the frame that it
follows, the store does not have that one, and the writer stops with `StoreLost` before anything more is built
upon the hole. That is the room's own guard doing its work, so it counts; no other end of a process does."""

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
    first_found = caught.findings[0]
    assert first_found.promise in promises
    assert first_found.promise != FENCED or first_found.seen.startswith("StoreLost(")

"""Places in the live stream."""

import pytest

from controlroom.console.places import AT_ONCE, STEP_S, WAIT_MAX_S, Places
from controlroom.console.problems import ProblemError


def refused(places: Places, name: str) -> tuple[int, str]:
    """Return with which status somebody is turned away, and when they may come again."""
    with pytest.raises(ProblemError) as fault:
        places.take(name)
    return fault.value.status, fault.value.headers["Retry-After"]


def test_nobody_takes_everybodys_places() -> None:
    """Who has as many as one may gets no more, whoever else comes in does; a place that is left is free."""
    places = Places(most=10, each=3)
    for _ in range(3):
        places.take("ana")
    assert refused(places, "ana") == (429, "5")
    places.take("ben")
    places.leave("ana")
    places.take("ana")
    assert refused(places, "ana") == (429, "5")


def test_all_places_together_are_bounded() -> None:
    """When every place is taken nobody comes in, and nobody who was turned away is counted."""
    places = Places(most=2, each=2)
    places.take("ana")
    places.take("ben")
    for _ in range(3):
        assert refused(places, "kim") == (503, "5")
    places.leave("ben")
    places.take("kim")


def test_whoever_opens_pages_without_an_end_is_let_in_at_a_pace() -> None:
    """All one's pages twice over come in at once; after that each waits, never long, and nobody else does."""
    places = Places()
    assert [places.turn_s("ada", 100.0) for _ in range(AT_ONCE + 1)] == [0.0] * (AT_ONCE + 1)
    assert places.turn_s("ada", 100.0) == STEP_S
    assert max(places.turn_s("ada", 100.0) for _ in range(1_000)) == WAIT_MAX_S
    assert places.turn_s("grace", 100.0) == 0.0
    assert places.turn_s("ada", 100.0 + WAIT_MAX_S + STEP_S) == 0.0

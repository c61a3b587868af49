"""When a referral is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from controlroom.dispatch.webhooks.pacing import Pacing, wait_s

PACING = Pacing(attempts_max=12, first_s=2.0, most_s=600.0)


def test_the_bound_doubles_up_to_the_longest_wait() -> None:
    """Two seconds, four, eight; never more than ten minutes, however long it fails."""
    bounds = [wait_s(PACING, attempt, 1.0) for attempt in (1, 2, 3, 9, 10, 500)]

    assert bounds == [2, 4, 8, 512, 600, 600]


@given(st.integers(1, 1_000), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_a_wait_is_within_its_bounds(attempt: int, draw: float, asked_s: float | None) -> None:
    """Full jitter begins at none; what a receiver asks for is granted, but it cannot stop us for ever."""
    wait = wait_s(PACING, attempt, draw, asked_s)

    assert min(asked_s or 0.0, PACING.most_s) <= wait <= PACING.most_s
    assert wait_s(PACING, attempt, 0.0) == 0.0

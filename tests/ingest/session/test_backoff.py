from controlroom.ingest.session.backoff import Backoff


def test_the_bound_doubles_to_its_limit() -> None:
    """Each failure in a row doubles the bound, and it never passes the limit."""
    backoff = Backoff(0.5, 15.0)

    assert [backoff.bound_s(0.0) for _ in range(8)] == [0.5, 1, 2, 4, 8, 15, 15, 15]


def test_only_a_long_life_ends_the_row() -> None:
    """A connection that broke at once counts as a failure, one that outlived the limit does not."""
    backoff = Backoff(0.5, 15.0)
    bounds = [backoff.bound_s(lived_s) for lived_s in (0.0, 14.0, 16.0, 0.0)]

    assert bounds == [0.5, 1, 0.5, 1]


def test_a_wait_is_within_the_bound() -> None:
    """Full jitter: from nothing up to the bound."""
    waits = [Backoff(0.5, 15.0).wait_s(0.0) for _ in range(200)]

    assert 0 <= min(waits) < 0.1
    assert 0.4 < max(waits) <= 0.5

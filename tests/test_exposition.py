"""Series that are kept outside the client library read as its own would."""

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics, generate_latest

from controlroom.exposition import Spread

EDGES = (0.005, 0.5, 1.0, 60.0)
VALUES = st.one_of(st.sampled_from(EDGES), st.floats(0, 100))


@given(st.lists(st.tuples(st.sampled_from(("a", "b")), VALUES), max_size=20))
def test_a_spread_reads_as_the_library_s_histogram(observed: list[tuple[str, float]]) -> None:
    """Byte for byte, values on an edge included, and words that nothing was observed for."""
    disable_created_metrics()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    spread = Spread(("lag_seconds", "How old."), "kind", ("a", "b"), EDGES)
    ours.register(spread)
    histogram = Histogram("lag_seconds", "How old.", ("kind",), buckets=EDGES, registry=theirs)
    children = {word: histogram.labels(word) for word in ("a", "b")}

    for word, value in observed:
        spread.observe(word, value)
        children[word].observe(value)

    assert generate_latest(ours) == generate_latest(theirs)

"""The topic grammar: every topic that we write is read as what it is, and every string has an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.estate.areas import Area
from controlroom.ingest.topics import (
    RECEIPTS,
    OwnTopic,
    ReportTopic,
    SignalTopic,
    UnknownKind,
    WrongTopic,
    orders_topic,
    parse,
    signal_topic,
)
from controlroom.signals.dispatch_messages import reports_topic
from controlroom.signals.vocabulary import Kind

SEGMENT = st.text(st.characters(exclude_characters="/"), min_size=1, max_size=40)


@given(st.sampled_from(Area), st.sampled_from(Kind), SEGMENT)
def test_a_signals_topic_is_read_back(area: Area, kind: Kind, source: str) -> None:
    """Area, kind and source come back from the topic that was made of them, whatever the source's name."""
    assert parse(signal_topic(area, kind, source)) == SignalTopic(area, kind, source)


@given(SEGMENT)
def test_a_units_topics_are_read_back(unit: str) -> None:
    """A unit's reports are its own; its orders are ours and are never taken for anything else."""
    assert parse(reports_topic(unit)) == ReportTopic(unit)
    assert parse(orders_topic(unit)) == OwnTopic()


@given(SEGMENT)
def test_receipts_and_status_are_ours(rest: str) -> None:
    """What we publish ourselves is never a signal, or the room would talk to itself."""
    assert parse(RECEIPTS + rest) == OwnTopic()
    assert parse(f"leedswatch/status/{rest}") == OwnTopic()


@given(st.one_of(st.text(max_size=60), st.lists(SEGMENT | st.just(""), max_size=6).map("/".join)))
def test_every_string_has_an_answer(topic: str) -> None:
    """No topic raises; one that is read as a signal is exactly what its parts would write again."""
    match parse(topic):
        case SignalTopic(area=area, kind=kind, source=source):
            assert signal_topic(area, kind, source) == topic
        case ReportTopic(unit=unit):
            assert reports_topic(unit) == topic
        case OwnTopic() | UnknownKind() | WrongTopic():
            pass  # neither a device's nor a crew's: nothing to write again


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("leedswatch/nowhere/guard/P1", "no area 'nowhere'"),
        ("leedswatch/inner-east/guard", "expected leedswatch/<area>/<kind>/<source>"),
        ("leedswatch/inner-east/guard/P1/more", "expected leedswatch/<area>/<kind>/<source>"),
        ("leedswatch/inner-east/guard/", "expected leedswatch/<area>/<kind>/<source>"),
        ("leedswatch//guard/P1", "expected leedswatch/<area>/<kind>/<source>"),
        ("Leedswatch/inner-east/guard/P1", "expected leedswatch/<area>/<kind>/<source>"),
        ("leedswatch/dispatch/MR-01/gossip", "expected leedswatch/dispatch/<unit>/orders, "),
        ("", "expected leedswatch/<area>/<kind>/<source>"),
    ],
)
def test_a_wrong_topic_says_what_is_allowed(topic: str, why: str) -> None:
    """A topic outside the grammar is told what would be inside it."""
    found = parse(topic)

    assert isinstance(found, WrongTopic)
    assert why in found.why


def test_a_feed_that_we_do_not_have_is_named() -> None:
    """A well-formed topic of an unknown kind keeps its word, for whoever looks at the quarantine."""
    assert parse("leedswatch/inner-east/toaster/T1") == UnknownKind("toaster")

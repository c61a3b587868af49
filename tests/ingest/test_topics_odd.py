"""Topics as strangers write them."""

from controlroom.estate.areas import Area
from controlroom.ingest import topics
from controlroom.ingest.topics import OwnTopic, SignalTopic, WrongTopic, parse
from controlroom.signals.vocabulary import Kind


def test_a_topic_that_is_too_long_is_wrong_and_not_remembered() -> None:
    """Thousands of topics as long as MQTT allows cost no memory that stays."""
    before = topics._parse.cache_info().currsize
    for number in range(100):
        answer = parse(f"leedswatch/inner-east/arc-alarm/{number}{'x' * 60_000}")
        assert isinstance(answer, WrongTopic)
        assert len(answer.why) < 200

    assert topics._parse.cache_info().currsize == before


def test_the_longest_source_is_still_a_source() -> None:
    """A topic as long as an envelope's source may be is read like any other."""
    prefix = "leedswatch/inner-east/arc-alarm/"
    source = "x" * (256 - len(prefix))

    assert parse(prefix + source) == SignalTopic(Area.INNER_EAST, Kind.ARC_ALARM, source)
    assert isinstance(parse(prefix + source + "x"), WrongTopic)
    assert parse("leedswatch/status/leedswatch-1") == OwnTopic()

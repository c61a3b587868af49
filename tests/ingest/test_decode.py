"""What becomes of a message, whatever its bytes."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.events import CrewReported, Event, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.ingest.decode import decode
from controlroom.ingest.refusal import DETAIL_MAX
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import LIMITS, NOON, body, estate, topic_of, wire

ESTATE = estate()


def decoded(message: Wire) -> Event | None:
    """Decode with the test city's estate and limits, at noon."""
    return decode(message, ESTATE, LIMITS, NOON)


def refused(message: Wire) -> tuple[QuarantineReason, str]:
    """Return why this message was quarantined; its bytes are kept."""
    event = decoded(message)
    assert isinstance(event, MessageQuarantined), event
    assert event.wire == message
    return event.reason, event.detail


@pytest.mark.parametrize("kind", list(Kind))
def test_every_feed_is_read_in_both_modes_of_cloudevents(kind: Kind) -> None:
    """Structured JSON and MQTT 5 binary mode carry the same signal."""
    event = body(kind)
    data = event.pop("data")
    attributes = tuple((name, str(value)) for name, value in event.items())
    binary = Wire(event["source"], json.dumps(data).encode(), "application/json", attributes)

    structured = decoded(wire(kind))
    received = decoded(binary)

    assert isinstance(structured, SignalReceived)
    assert isinstance(received, SignalReceived)
    assert received.signal == structured.signal
    assert received.key == structured.key


BAD: dict[str, tuple[Wire, QuarantineReason]] = {
    "no json at all": (replace(wire(Kind.ARC_ALARM), payload=b"{"), QuarantineReason.BAD_JSON),
    "empty": (replace(wire(Kind.ARC_ALARM), payload=b""), QuarantineReason.BAD_JSON),
    "deep nesting": (replace(wire(Kind.ARC_ALARM), payload=b"[" * 4000), QuarantineReason.BAD_JSON),
    "not utf-8": (replace(wire(Kind.ARC_ALARM), payload=b'{"id":"\xff"}'), QuarantineReason.NOT_UTF8),
    "a number for a string": (wire(Kind.ARC_ALARM, site=7), QuarantineReason.WRONG_TYPE),
    "a number for a truth": (wire(Kind.ARC_ALARM, test=1), QuarantineReason.WRONG_TYPE),
    "an unknown field": (wire(Kind.ARC_ALARM, sight="S1"), QuarantineReason.WRONG_TYPE),
    "an unknown word": (wire(Kind.ARC_ALARM, event="kaboom"), QuarantineReason.WRONG_TYPE),
    "hostile identifier": (wire(Kind.ARC_ALARM, site="\u202es1"), QuarantineReason.WRONG_TYPE),
    "a huge number": (
        wire(Kind.LONE_WORKER, position={"latitude": 10**400, "longitude": 0}),
        QuarantineReason.WRONG_TYPE,
    ),
    "another feed's type": (
        replace(wire(Kind.GUARD), topic=topic_of(Kind.ARC_ALARM)),
        QuarantineReason.WRONG_TYPE,
    ),
    "another device's topic": (
        replace(wire(Kind.ARC_ALARM), topic=topic_of(Kind.ARC_ALARM, "S2")),
        QuarantineReason.WRONG_TOPIC,
    ),
    "too large": (replace(wire(Kind.ARC_ALARM), payload=b" " * 5000), QuarantineReason.OVERSIZE),
    "a feed we do not have": (
        replace(wire(Kind.ARC_ALARM), topic="leedswatch/inner-east/drone/D1"),
        QuarantineReason.UNKNOWN_KIND,
    ),
    "an area we do not have": (
        replace(wire(Kind.ARC_ALARM), topic="leedswatch/middle-earth/arc-alarm/S1"),
        QuarantineReason.WRONG_TOPIC,
    ),
    "a topic too short": (
        replace(wire(Kind.ARC_ALARM), topic="leedswatch/hello"),
        QuarantineReason.WRONG_TOPIC,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_message_is_kept_with_its_reason(name: str) -> None:
    """What cannot be understood is quarantined with its raw bytes, a closed reason and a readable detail."""
    message, expected = BAD[name]

    reason, detail = refused(message)

    assert reason is expected
    assert detail


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        (topic_of(Kind.ARC_ALARM), QuarantineReason.OVERSIZE),
        ("leedswatch/dispatch/MR-01/reports", QuarantineReason.OVERSIZE),
        ("leedswatch/inner-east/drone/D1", QuarantineReason.UNKNOWN_KIND),
        ("leedswatch/" + "x" * 2_000, QuarantineReason.WRONG_TOPIC),
    ],
)
def test_of_a_message_that_is_too_large_the_beginning_is_kept_and_what_the_rest_was(
    topic: str, reason: QuarantineReason
) -> None:
    """Wherever it was sent, 64 KiB stay, and length and SHA-256 of the whole prove what it was."""
    payload = bytes(range(256)) * 8_000

    event = decoded(Wire(topic, payload, "application/json", (("a", "b"),)))

    assert isinstance(event, MessageQuarantined)
    assert event.wire == Wire(topic, payload[:65_536], "application/json", (("a", "b"),))
    assert event.reason is reason
    assert f"of 2048000 payload bytes, SHA-256 {sha256(payload).hexdigest()}" in event.detail
    assert len(event.detail) <= DETAIL_MAX


def test_of_a_mountain_of_attributes_those_that_fit_are_kept() -> None:
    """In quarantine user properties stay up to 64 Ki characters; a signal that is understood keeps all."""
    heap = tuple((f"name-{number}", "x" * 1_000) for number in range(5_000))
    message = replace(wire(Kind.ARC_ALARM), payload=b"{", attributes=heap)

    event = decoded(message)
    signal = decoded(replace(wire(Kind.ARC_ALARM), attributes=heap))

    assert isinstance(event, MessageQuarantined)
    assert event.reason is QuarantineReason.BAD_JSON
    kept = event.wire.attributes
    assert kept == heap[: len(kept)]
    assert 60 < len(kept) < 66
    assert event.wire == replace(message, attributes=kept)
    assert f"the first {len(kept)} of 5000 user properties kept" in event.detail
    assert isinstance(signal, SignalReceived)
    assert signal.wire.attributes == heap


def test_what_is_not_too_large_is_kept_whole() -> None:
    """A message of just the size that is taken stays as it came, longer than 64 KiB or not."""
    roomy = replace(LIMITS, payload_bytes=100_000)
    message = replace(wire(Kind.ARC_ALARM), payload=b"[" * 100_000)

    event = decode(message, ESTATE, roomy, NOON)

    assert isinstance(event, MessageQuarantined)
    assert event.wire is message


def test_a_detail_says_where_and_what_is_allowed() -> None:
    """An engineer who reads the detail can mend the device without guessing."""
    _, detail = refused(wire(Kind.ARC_ALARM, event="kaboom"))

    assert "data.event" in detail
    assert "'intruder'" in detail


def test_binary_mode_is_as_strict_as_structured_mode() -> None:
    """A payload that is only JSON in the middle of an envelope cannot write attributes of its own."""
    event = body(Kind.ARC_ALARM)
    data = json.dumps(event.pop("data"))
    attributes = tuple((name, str(value)) for name, value in event.items())
    forged = Wire(event["source"], f'{data},"id":"forged"'.encode(), "application/json", attributes)
    lax = Wire(event["source"], data.replace('"Z1"', "1").encode(), "application/json", attributes)

    assert refused(forged)[0] is QuarantineReason.BAD_JSON
    assert refused(lax)[0] is QuarantineReason.WRONG_TYPE


def test_an_unknown_source_is_decided_with_its_doubt() -> None:
    """A known feed from a source that nobody owns rides on, marked."""
    event = decoded(wire(Kind.HELP_POINT, source="GHOST"))

    assert isinstance(event, SignalReceived)
    assert event.doubt is QuarantineReason.UNKNOWN_SOURCE


def test_a_clock_that_runs_ahead_is_a_doubt_and_a_slow_one_is_not() -> None:
    """A device time beyond the tolerance is marked; the room's own clock decides either way."""

    def at(moment: timedelta) -> Any:
        event = body(Kind.ARC_ALARM) | {"time": (NOON + moment).isoformat()}
        return decoded(Wire(event["source"], json.dumps(event).encode()))

    assert at(timedelta(seconds=301)).doubt is QuarantineReason.FUTURE_TIME
    assert at(timedelta(seconds=299)).doubt is None
    assert at(timedelta(days=-400)).doubt is None


def test_a_simulated_signal_is_refused_where_it_is_not_welcome() -> None:
    """A room that takes no simulated signals quarantines them, so that nobody is sent to a game."""
    event = body(Kind.ARC_ALARM) | {"simulated": True}
    message = Wire(event["source"], json.dumps(event).encode())

    strict = decode(message, ESTATE, replace(LIMITS, simulated_welcome=False), NOON)

    assert isinstance(decoded(message), SignalReceived)
    assert isinstance(strict, MessageQuarantined)
    assert strict.reason is QuarantineReason.SIMULATED_REFUSED


def test_a_crew_reports_for_itself_only() -> None:
    """A report on another unit's topic is refused; on its own topic it is taken."""
    topic = "leedswatch/dispatch/MR-01/reports"
    report = {
        "specversion": "1.0",
        "id": "ORD-1-accepted",
        "source": topic,
        "type": "uk.gov.leeds.leedswatch.crew-report.v1",
        "time": NOON.isoformat(),
        "data": {"order": "ORD-1", "unit": "MR-01", "step": "accepted"},
    }
    message = Wire(topic, json.dumps(report).encode())
    stolen = replace(message, topic="leedswatch/dispatch/MR-02/reports")

    assert isinstance(decoded(message), CrewReported)
    assert refused(stolen)[0] is QuarantineReason.WRONG_TOPIC


def test_our_own_words_come_back_as_nothing() -> None:
    """Orders, receipts and status are ours: a broker without no-local echoes them, and that is no news."""
    own = ("leedswatch/dispatch/MR-01/orders", "leedswatch/receipts/S1", "leedswatch/status/one")
    for topic in own:
        assert decoded(Wire(topic, b"x")) is None


_topics = st.one_of(
    st.sampled_from([topic_of(kind) for kind in Kind]),
    st.text(max_size=40),
    st.just("leedswatch/dispatch/MR-01/reports"),
)


@given(
    _topics,
    st.one_of(
        st.binary(max_size=200),
        st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()),
    ),
    st.one_of(st.none(), st.text(max_size=20), st.just("application/json")),
    st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10)), max_size=4).map(tuple),
)
def test_no_bytes_can_stop_the_decoder(
    topic: str, payload: bytes, content_type: str | None, attributes: tuple[tuple[str, str], ...]
) -> None:
    """Any topic, any bytes, any properties: an event, a quarantined message, or our own words."""
    event = decoded(Wire(topic, payload, content_type, attributes))

    assert event is None or isinstance(event, SignalReceived | MessageQuarantined | CrewReported)

"""Packets to and from bytes, and a pin on the parts of gmqtt that they are made with."""

import struct

import gmqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.ingest.session import codec
from controlroom.ingest.session.model import (
    Credentials,
    Outbound,
    Presence,
    ProtocolViolation,
    SessionSettings,
)
from controlroom.signals.wire import Wire

SETTINGS = SessionSettings(
    host="broker",
    port=1883,
    client_id="r\u00e9",
    filters=("a/+", "b/#"),
    credentials=Credentials("u", "p"),
    presence=Presence("s", b"on", b"off", b"lost"),
    keepalive_s=20,
    session_expiry_s=60,
    receive_maximum=100,
)


def body_of(packet: bytes) -> bytes:
    """Return what follows the length of a packet below 16 KiB."""
    return packet[2:] if packet[1] < 0x80 else packet[3:]


def test_gmqtt_is_the_version_that_was_read() -> None:
    """A new minor version of gmqtt is read again before it is used: its builders are not its public API."""
    assert gmqtt.__version__.startswith("0.8.")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (
            codec.connect_packet(SETTINGS),
            "1028 00044d515454 05 ec 0014 08 110000003c 210064 000372c3a9 00000173 00046c6f7374 000175000170",
        ),
        (codec.subscribe_packet(SETTINGS), "820f ffff 00 0003 612f2b 15 0003 622f23 15"),
        (codec.status_packet("s", b"on"), "3106 0001 73 00 6f6e"),
        (codec.disconnect_packet(), "e002 00 00"),
        (codec.puback_packets([1, 0x102]), "4002 0001 4002 0102"),
        (codec.publish_packet(Outbound("t", b"x"), 7), "3207 0001 74 0007 00 78"),
        (
            codec.publish_packet(
                Outbound(
                    "t",
                    b"x",
                    retain=True,
                    content_type="c",
                    attributes=(("k", "v"), ("k", "w")),
                    correlation=b"\x00",
                    expiry_s=9,
                ),
                7,
            ),
            "3322 0001 74 0007 1b 03 0001 63 26 0001 6b 0001 76 26 0001 6b 0001 77 09 0001 00 02 00000009 78",
        ),
    ],
)
def test_each_packet_is_these_bytes(packet: bytes, expected: str) -> None:
    """What goes on the wire is, to the byte, what MQTT 5 says; a changed gmqtt shows here."""
    assert packet.hex() == bytes.fromhex(expected).hex()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="+#\0"), min_size=1, max_size=20)


@given(
    st.builds(
        Outbound,
        topic=TEXT,
        payload=st.binary(max_size=50),
        retain=st.booleans(),
        content_type=st.none() | TEXT,
        attributes=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple),
        correlation=st.none() | st.binary(max_size=10),
    ),
    st.integers(1, 65_534),
)
def test_what_is_built_is_what_is_read(message: Outbound, packet_id: int) -> None:
    """A message that is published and read again is the same message."""
    packet = codec.publish_packet(message, packet_id)
    read_id, wire = codec.read_publish(packet[0], body_of(packet))

    assert read_id == packet_id
    assert wire == Wire(
        topic=message.topic,
        payload=message.payload,
        content_type=message.content_type,
        attributes=message.attributes,
        retained=message.retain,
        correlation=message.correlation,
    )


def test_a_large_property_block_is_read_as_a_small_one() -> None:
    """A block too large to be remembered is read all the same."""
    message = Outbound("t", b"x", attributes=(("k", "v" * 2_000),))
    packet = codec.publish_packet(message, 1)

    assert codec.read_publish(packet[0], body_of(packet))[1].attributes == message.attributes


@pytest.mark.parametrize("block", ["05 26 0001 ff 0000", "01 7f", "09 02", "ffffff7f"])
def test_unreadable_properties_are_delivered_and_marked(block: str) -> None:
    """A message whose properties are no MQTT keeps topic and bytes, and says that it is malformed."""
    tail = bytes.fromhex(block) + b"payload"
    packet_id, wire = codec.read_publish(0x32, b"\x00\x01t\x00\x07" + tail)

    assert (packet_id, wire.topic, wire.payload) == (7, "t", tail)
    assert [name for name, _ in wire.attributes] == [codec.MALFORMED_ATTRIBUTE]


def test_a_topic_that_is_no_text_is_delivered_readable() -> None:
    """Bytes of a topic that are no UTF-8 show as escapes; the message is not refused."""
    assert codec.read_publish(0x30, b"\x00\x03a/\xff\x00x")[1] == Wire("a/\\xff", b"x")


@pytest.mark.parametrize(
    ("first", "body"),
    [
        (0x32, b""),
        (0x32, b"\x00\x05ab"),
        (0x32, b"\x00\x01t\x00"),
        (0x32, b"\x00\x01t\x00\x00\x00"),
        (0x34, b"\x00\x01t\x00\x01\x00"),
    ],
    ids=["empty", "cut topic", "cut id", "id 0", "QoS 2"],
)
def test_a_publish_without_its_frame_is_a_violation(first: int, body: bytes) -> None:
    """Without topic or packet id there is no message to deliver, and the broker is at fault."""
    with pytest.raises(ProtocolViolation):
        codec.read_publish(first, body)


@pytest.mark.parametrize("topic", ["", "a/+", "a/#", "a\0b", "x" * 65_536, "\ud800"])
def test_a_topic_no_broker_takes_is_refused_here(topic: str) -> None:
    """Sent, it would end the connection, again and again."""
    with pytest.raises(ValueError, match=r"topic|surrogates"):
        codec.publish_packet(Outbound(topic, b""), 1)


def test_a_text_no_broker_takes_is_refused_here() -> None:
    """An attribute over its two-byte length is an error of the caller, named."""
    with pytest.raises(ValueError, match="65535 bytes"):
        codec.publish_packet(Outbound("t", b"", attributes=(("k", "v" * 65_536),)), 1)


def test_a_connack_without_properties_means_the_defaults() -> None:
    """Absent Receive Maximum is 65,535; absent keepalive and packet limit are None."""
    answer = codec.read_connack(b"\x01\x00\x00")

    assert (answer.session_present, answer.receive_maximum) == (True, 65_535)
    assert (answer.keepalive_s, answer.largest_bytes) == (None, None)


def test_a_connack_says_what_the_broker_wants() -> None:
    """Receive Maximum, keepalive and packet limit are read from the properties."""
    block = (
        b"\x21" + struct.pack("!H", 20) + b"\x13" + struct.pack("!H", 5) + b"\x27" + struct.pack("!L", 2_000)
    )
    answer = codec.read_connack(b"\x00\x00" + bytes([len(block)]) + block)

    assert (answer.receive_maximum, answer.keepalive_s, answer.largest_bytes) == (20, 5, 2_000)


@pytest.mark.parametrize("read", [codec.read_connack, codec.read_puback, codec.read_suback])
def test_a_cut_answer_is_a_violation(read: object) -> None:
    """An answer shorter than its own fields is the broker's fault, not an exception of ours."""
    assert callable(read)
    with pytest.raises(ProtocolViolation):
        read(b"\x00")


def test_a_password_is_never_shown() -> None:
    """Settings may be logged."""
    assert "'p'" not in repr(SETTINGS)


def test_settings_out_of_bounds_are_refused() -> None:
    """The error names the setting, what was found and what is allowed."""
    with pytest.raises(ValueError, match="publish_queue_limit is 65535; allowed is 1 to 65534"):
        SessionSettings(host="h", port=1, client_id="c", filters=(), publish_queue_limit=65_535)

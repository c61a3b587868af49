"""MQTT 5 packets, to and from bytes: the one door to gmqtt.

What is taken from gmqtt 0.8 are its packet builders and its property table, which hold no state.
Its `Client` is left alone, because each of these would have to be undone by overriding private
methods: it acknowledges on receipt (or runs a coroutine for each message), reconnects by itself
and for ever at a fixed delay, drops publishes in flight when the broker lost the session, sends
all of them at once whatever the broker's Receive Maximum, hands out only that many packet ids,
reads no reason code of a PUBACK, logs and skips what it cannot parse, swallows what a callback
raises, and closes a connection that we paused ourselves.

The two packets of the hot path, an incoming PUBLISH and an outgoing PUBACK, are read and written
here by offset. A change of gmqtt's shape fails in `tests/ingest/session/test_codec.py`.
"""

import functools
import struct
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from gmqtt import Message, Subscription
from gmqtt.mqtt.package import DisconnectPacket, LoginPackageFactor, PublishPacket, SubscribePacket
from gmqtt.mqtt.property import Property
from gmqtt.mqtt.utils import unpack_variable_byte_integer

from controlroom.ingest.session.model import Outbound, ProtocolViolation, SessionSettings
from controlroom.signals.wire import Wire

CONNACK: Final = 0x20
PUBLISH: Final = 0x30
PUBACK: Final = 0x40
SUBACK: Final = 0x90
PINGRESP: Final = 0xD0
DISCONNECT: Final = 0xE0

PING: Final = b"\xc0\x00"

SUBSCRIBE_ID: Final = 65_535
"""One SUBSCRIBE a connection; publishes use the ids below (model.LARGEST_PUBLISH_ID)."""

REFUSED: Final = 0x80
"""Reason codes from here on are failures (MQTT 5, 2.4)."""

PACKET_TOO_LARGE: Final = 0x95
"""The reason a broker gives for a packet over its Maximum Packet Size."""

MALFORMED_ATTRIBUTE: Final = "controlroom-malformed"
"""Marks a message whose properties cannot be read; its payload then starts at the properties."""

_MOST_IN_FLIGHT: Final = 65_535
"""A CONNACK without Receive Maximum means this (MQTT 5, 3.2.2.3.3)."""

_CACHED_BLOCK_BYTES: Final = 512
"""Devices send the same few properties again and again; larger blocks are not worth keeping."""

_LONGEST_TEXT_BYTES: Final = 65_535
"""A UTF-8 string carries a two-byte length (MQTT 5, 1.5.4)."""

_pack_puback = struct.Struct("!BBH").pack
_unpack_id = struct.Struct("!H").unpack_from


class _Ids:
    """Hands gmqtt's builder the packet id that we chose."""

    def __init__(self) -> None:
        self.chosen = 0

    def next_id(self) -> int:
        return self.chosen


class _Dialect:
    """What gmqtt's builders ask of the protocol object that they are given: MQTT 5, and an id."""

    proto_name = b"MQTT"
    proto_ver = 5

    def __init__(self) -> None:
        self.id_generator = _Ids()


_DIALECT: Final = _Dialect()


class Accepted(msgspec.Struct, frozen=True):
    """What a CONNACK says. `largest_bytes` None means that the broker named no packet limit."""

    reason_code: int
    session_present: bool
    receive_maximum: int
    keepalive_s: int | None
    largest_bytes: int | None
    reason: str


def connect_packet(settings: SessionSettings) -> bytes:
    """Return the CONNECT of these settings: MQTT 5, clean start off, no topic aliases."""
    presence, credentials = settings.presence, settings.credentials
    return bytes(
        LoginPackageFactor.build_package(
            settings.client_id.encode(),  # as bytes: gmqtt counts the characters of a str
            credentials and credentials.username.encode(),
            credentials and credentials.password.encode(),
            False,  # noqa: FBT003 - positional in gmqtt: clean start
            settings.keepalive_s,
            _DIALECT,
            will_message=presence and Message(presence.topic, presence.lost, qos=1, retain=True),
            session_expiry_interval=settings.session_expiry_s,
            receive_maximum=settings.receive_maximum,
        )
    )


def subscribe_packet(settings: SessionSettings) -> bytes:
    """Return one SUBSCRIBE to all filters at QoS 1.

    No Local is set: an order that we publish is not a message to ourselves, whatever the filter.
    Retain As Published is not: so a retain flag on arrival means *kept from the past*.
    """
    _DIALECT.id_generator.chosen = SUBSCRIBE_ID
    wanted = [
        Subscription(name, qos=1, no_local=True, retain_handling_options=settings.retained)
        for name in settings.filters
    ]
    return bytes(SubscribePacket.build_package(wanted, _DIALECT)[1])


def publish_packet(message: Outbound, packet_id: int) -> bytes:
    """Return the PUBLISH at QoS 1. A topic or text that no broker would take raises ValueError.

    That check stands here because a broker answers it by closing the connection, and a message
    that closes the connection each time it is sent again would hold up all others.
    """
    _check_topic(message.topic)
    properties: dict[str, Any] = {}
    if message.content_type is not None:
        properties["content_type"] = message.content_type
    if message.attributes:
        properties["user_property"] = message.attributes
    if message.correlation is not None:
        properties["correlation_data"] = message.correlation
    if message.expiry_s is not None:
        properties["message_expiry_interval"] = message.expiry_s
    _DIALECT.id_generator.chosen = packet_id
    try:
        packet = PublishPacket.build_package(
            Message(message.topic, message.payload, qos=1, retain=message.retain, **properties), _DIALECT
        )[1]
    except (struct.error, UnicodeEncodeError) as error:
        raise ValueError(
            f"message to {message.topic!r}: a content type, attribute or correlation is over "
            f"{_LONGEST_TEXT_BYTES} bytes or no valid text, or expiry_s is no four-byte number: {error}"
        ) from error
    return bytes(packet)


def status_packet(topic: str, payload: bytes) -> bytes:
    """Return a retained PUBLISH at QoS 0.

    QoS 0, so that it needs no packet id and no place in the window: it is the first packet of a
    connection or the last one before the DISCONNECT, and TCP keeps that order.
    """
    _check_topic(topic)
    return bytes(PublishPacket.build_package(Message(topic, payload, qos=0, retain=True), _DIALECT)[1])


def disconnect_packet() -> bytes:
    """Return the DISCONNECT of an orderly end: the broker drops the last will, keeps the session."""
    return bytes(DisconnectPacket.build_package(_DIALECT))


def puback_packets(packet_ids: Sequence[int]) -> bytes:
    """Return one PUBACK (success) for each id, in this order, to be written at once."""
    return b"".join([_pack_puback(PUBACK, 2, packet_id) for packet_id in packet_ids])


def read_connack(body: bytes) -> Accepted:
    """Return what the CONNACK says; absent properties have the value that MQTT 5 gives them."""
    try:
        block, _ = _split_block(body, 2)
        known = _read_properties(block)
        return Accepted(
            reason_code=body[1],
            session_present=bool(body[0] & 1),
            receive_maximum=known.get("receive_maximum", [_MOST_IN_FLIGHT])[0],
            keepalive_s=known.get("server_keep_alive", [None])[0],
            largest_bytes=known.get("maximum_packet_size", [None])[0],
            reason=known.get("reason_string", [""])[0],
        )
    except _UNREADABLE as error:
        raise ProtocolViolation(f"unreadable CONNACK {body.hex()}: {error}") from error


def read_puback(body: bytes) -> tuple[int, int]:
    """Return packet id and reason code; a PUBACK without a reason code means success."""
    try:
        return _unpack_id(body)[0], body[2] if len(body) > 2 else 0  # noqa: PLR2004 - two bytes of id
    except struct.error as error:
        raise ProtocolViolation(f"unreadable PUBACK {body.hex()}") from error


def read_suback(body: bytes) -> bytes:
    """Return one reason code for each filter, in the order of the SUBSCRIBE."""
    try:
        return _split_block(body, 2)[1]
    except _UNREADABLE as error:
        raise ProtocolViolation(f"unreadable SUBACK {body.hex()}: {error}") from error


def read_disconnect(body: bytes) -> int:
    """Return the reason code of the broker's DISCONNECT; 0 when it gives none."""
    return body[0] if body else 0


def read_publish(first: int, body: bytes) -> tuple[int, Wire]:
    """Return packet id (0 for QoS 0) and message.

    A topic or a property that is not valid text is delivered all the same, marked: somebody may
    be pressing a button, and refusing the connection would bring the same message back for ever.
    """
    try:
        (size,) = _unpack_id(body)
        start = 2 + size
        packet_id = 0
        topic = body[2:start].decode(errors="backslashreplace")
        if first & 0x06:
            (packet_id,) = _unpack_id(body, start)
            start += 2
        if first & 0x04 or (first & 0x06 and not packet_id):
            raise ProtocolViolation(
                f"PUBLISH 0x{first:02x} with packet id {packet_id}: asked for QoS 1 at most"
            )
        length = body[start]
    except (struct.error, IndexError) as error:
        raise ProtocolViolation(f"unreadable PUBLISH: {body[:64].hex()}") from error
    if length == 0:
        return packet_id, Wire(topic, body[start + 1 :], retained=bool(first & 1))
    return packet_id, _read_with_properties(first, topic, body, start)


_UNREADABLE = (struct.error, IndexError, ValueError)
"""What gmqtt's property table raises for bytes that are no properties (bad UTF-8 is a ValueError)."""


def _read_with_properties(first: int, topic: str, body: bytes, start: int) -> Wire:
    try:
        block, payload = _split_block(body, start)
        read = _publish_properties if len(block) <= _CACHED_BLOCK_BYTES else _publish_properties.__wrapped__
        content_type, attributes, response_topic, correlation = read(block)
    except _UNREADABLE as error:
        marks = ((MALFORMED_ATTRIBUTE, str(error)),)
        return Wire(topic, body[start:], attributes=marks, retained=bool(first & 1))
    return Wire(topic, payload, content_type, attributes, bool(first & 1), response_topic, correlation)


_PublishProperties = tuple[str | None, tuple[tuple[str, str], ...], str | None, bytes | None]


@functools.lru_cache(maxsize=1_024)  # with the bound of a block: half a megabyte
def _publish_properties(block: bytes) -> _PublishProperties:
    known = _read_properties(block)
    return (
        known.get("content_type", [None])[0],
        tuple(known.get("user_property", ())),
        known.get("response_topic", [None])[0],
        known.get("correlation_data", [None])[0],
    )


def _read_properties(block: bytes) -> dict[str, list[Any]]:
    """Return the properties by gmqtt's names, each with its values in the order they came."""
    known: dict[str, list[Any]] = {}
    while block:
        entry = Property.factory(id_=block[0])
        if entry is None:
            raise ValueError(f"property 0x{block[0]:02x} does not exist")
        found, rest = entry.loads(block[1:])
        for name, value in found.items():
            known.setdefault(name, []).append(value)
        block = rest
    return known


def _split_block(body: bytes, start: int) -> tuple[bytes, bytes]:
    """Return the property block at `start` and what follows it."""
    length, rest = unpack_variable_byte_integer(body[start:])
    if length > len(rest):
        raise ValueError(f"{length} bytes of properties announced, {len(rest)} came")
    return rest[:length], rest[length:]


@functools.lru_cache(maxsize=1_024)  # orders go to a few dozen units
def _check_topic(topic: str) -> None:
    if not topic or any(mark in topic for mark in "+#\0") or len(topic.encode()) > _LONGEST_TEXT_BYTES:
        raise ValueError(
            f"{topic[:80]!r} is no topic: it needs 1 to {_LONGEST_TEXT_BYTES} bytes without + # NUL"
        )

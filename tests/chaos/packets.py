"""MQTT 5 packets as this harness needs them, written from the standard and not from the product's codec.

A judge that shared the codec of the judged would share its mistakes. QoS 0 and 1 out, QoS 1 in; only
the properties that a publisher of ours may send.
"""

import struct

import msgspec

CONNACK = 0x20
PUBLISH = 0x30
PUBACK = 0x40
SUBACK = 0x90
PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"

_CONTENT_TYPE, _RESPONSE_TOPIC, _CORRELATION, _USER = 0x03, 0x08, 0x09, 0x26
_SESSION_EXPIRY, _RECEIVE_MAXIMUM = 0x11, 0x21
_CONTINUES = 0x80
"""Bit of a variable byte integer: another byte follows (MQTT 5, 1.5.5)."""

_WEEK_S = 604_800


class Letter(msgspec.Struct, frozen=True, gc=False):
    """One message to publish, whatever is wrong with it."""

    topic: str
    payload: bytes
    content_type: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    response_topic: str | None = None
    correlation: bytes | None = None
    retain: bool = False
    qos: int = 1


class Received(msgspec.Struct, frozen=True, gc=False):
    """One message that came; `packet_id` is 0 at QoS 0, `properties` are left as bytes."""

    topic: str
    payload: bytes
    packet_id: int
    properties: bytes
    again: bool


def text(value: str) -> bytes:
    """Return a UTF-8 string with its length in front; lone surrogates pass as they are."""
    raw = value.encode("utf-8", "surrogatepass")
    return struct.pack("!H", len(raw)) + raw


def _length(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        out.append(low | _CONTINUES if value else low)
        if not value:
            return bytes(out)


def _packet(first: int, body: bytes) -> bytes:
    return bytes((first,)) + _length(len(body)) + body


def connect(client_id: str, *, keep_session: bool) -> bytes:
    """Return a CONNECT without credentials, keepalive off; a kept session outlives the connection."""
    properties = struct.pack("!BH", _RECEIVE_MAXIMUM, 0xFFFF)
    if keep_session:
        properties += struct.pack("!BI", _SESSION_EXPIRY, _WEEK_S)
    flags = 0x00 if keep_session else 0x02
    head = text("MQTT") + bytes((5, flags)) + struct.pack("!H", 0)
    return _packet(0x10, head + _length(len(properties)) + properties + text(client_id))


def subscribe(packet_id: int, *filters: str) -> bytes:
    """Return a SUBSCRIBE at QoS 1."""
    wanted = b"".join(text(each) + b"\x01" for each in filters)
    return _packet(0x82, struct.pack("!H", packet_id) + b"\x00" + wanted)


def publish(letter: Letter, packet_id: int) -> bytes:
    """Return the PUBLISH of this letter; `packet_id` counts at QoS 1 and 2 only."""
    properties = b""
    if letter.content_type is not None:
        properties += bytes((_CONTENT_TYPE,)) + text(letter.content_type)
    if letter.response_topic is not None:
        properties += bytes((_RESPONSE_TOPIC,)) + text(letter.response_topic)
    if letter.correlation is not None:
        properties += bytes((_CORRELATION,)) + struct.pack("!H", len(letter.correlation)) + letter.correlation
    for name, value in letter.attributes:
        properties += bytes((_USER,)) + text(name) + text(value)
    first = PUBLISH | letter.qos << 1 | letter.retain
    numbered = struct.pack("!H", packet_id) if letter.qos else b""
    body = text(letter.topic) + numbered + _length(len(properties)) + properties + letter.payload
    return _packet(first, body)


def puback(packet_id: int) -> bytes:
    """Return the PUBACK of success."""
    return struct.pack("!BBH", PUBACK, 2, packet_id)


def pubrel(packet_id: int) -> bytes:
    """Return the PUBREL that follows a PUBREC (QoS 2)."""
    return struct.pack("!BBH", 0x62, 2, packet_id)


def split(buffer: bytearray) -> list[tuple[int, bytes]]:
    """Take every complete packet out of `buffer`: its first byte, and what follows its length."""
    packets, at = [], 0
    while (found := _one(buffer, at)) is not None:
        start, end = found
        packets.append((buffer[at], bytes(buffer[start:end])))
        at = end
    del buffer[:at]
    return packets


def _one(buffer: bytearray, at: int) -> tuple[int, int] | None:
    """Return where the body of the packet at `at` starts and ends; None while it is not complete."""
    size = shift = 0
    for place in range(at + 1, min(at + 5, len(buffer))):
        size |= (buffer[place] & 0x7F) << shift
        shift += 7
        if not buffer[place] & _CONTINUES:
            end = place + 1 + size
            return (place + 1, end) if end <= len(buffer) else None
    return None


def read_publish(first: int, body: bytes) -> Received:
    """Return the message of a PUBLISH."""
    (size,) = struct.unpack_from("!H", body)
    topic, at = body[2 : 2 + size].decode(), 2 + size
    packet_id = 0
    if first & 0x06:
        (packet_id,) = struct.unpack_from("!H", body, at)
        at += 2
    length = shift = 0
    while True:
        byte = body[at]
        at += 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & _CONTINUES:
            break
    again = bool(first & 0x08)
    return Received(topic, body[at + length :], packet_id, body[at : at + length], again)


def response_properties(properties: bytes) -> dict[str, str | bytes]:
    """Return content type and correlation data of a receipt; any other property is a fault."""
    found: dict[str, str | bytes] = {}
    at = 0
    while at < len(properties):
        (size,) = struct.unpack_from("!H", properties, at + 1)
        value = properties[at + 3 : at + 3 + size]
        match properties[at]:
            case 0x03:
                found["content_type"] = value.decode()
            case 0x09:
                found["correlation"] = value
            case other:
                raise ValueError(f"property 0x{other:02x} is not expected on a receipt")
        at += 3 + size
    return found

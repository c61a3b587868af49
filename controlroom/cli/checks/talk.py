"""A conversation in MQTT 5, packet by packet, to see what a client library keeps to itself.

Only what the doctor needs of OASIS MQTT 5.0: CONNECT and what CONNACK says, SUBSCRIBE, PUBLISH at QoS 1
both ways, DISCONNECT. One task uses one `Talk`.
"""

import asyncio
import contextlib
import ssl
import struct
from typing import Self

import msgspec

CONNACK, PUBLISH, PUBACK, SUBACK, DISCONNECT = 0x20, 0x30, 0x40, 0x90, 0xE0
"""First bytes of the packets that we read, flags cut off (2.1.2)."""

KEEPALIVE_S = 60
"""Longer than any conversation of the doctor."""

ANSWER_WITHIN_S = 5.0
"""A broker in the same building answers in milliseconds."""

READ_BYTES = 65_536

REFUSED_FROM = 0x80
"""Reason codes from here on are refusals (2.4)."""

_WIDTHS = {0x11: 4, 0x13: 2, 0x21: 2, 0x22: 2, 0x24: 1, 0x25: 1, 0x27: 4, 0x28: 1, 0x29: 1, 0x2A: 1}
"""Bytes of each property of a CONNACK that is a number (3.2.2.3)."""

_PAIR = 0x26
"""A user property: two texts."""


class Where(msgspec.Struct, frozen=True):
    """How to reach the broker; `tls` None is no TLS, `username` None is nobody in particular."""

    host: str
    port: int
    username: str | None = None
    password: str = ""
    tls: ssl.SSLContext | None = None


class Welcome(msgspec.Struct, frozen=True):
    """What a CONNACK said: reason, whether the session was kept, and the numeric properties by identifier."""

    reason: int
    session_present: bool
    properties: dict[int, int]


class NoMqtt(Exception):
    """The other side speaks something else, or ended the conversation."""


class Talk:
    """An open connection; `open` makes one, `close` ends it without a word."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, where: Where) -> Self:
        """Return a connection, not yet greeted; raises OSError, TimeoutError."""
        async with asyncio.timeout(ANSWER_WITHIN_S):
            return cls(*await asyncio.open_connection(where.host, where.port, ssl=where.tls))

    async def greet(self, where: Where, client_id: str, *, clean: bool, expiry_s: int) -> Welcome:
        """Send CONNECT; return what the broker answered. Raises OSError, TimeoutError, NoMqtt."""
        flags = 0x02 * clean
        tail = _text(client_id)
        if where.username is not None:
            flags |= 0xC0
            tail += _text(where.username) + _text(where.password)
        properties = b"\x11" + struct.pack("!I", expiry_s)
        head = b"\x00\x04MQTT\x05" + struct.pack("!BH", flags, KEEPALIVE_S)
        await self._send(0x10, head + _length(len(properties)) + properties + tail)
        kind, body = await self.packet()
        if kind & 0xF0 != CONNACK or len(body) < 2:  # noqa: PLR2004 - flags and reason
            raise NoMqtt("it answered something that is no CONNACK")
        return Welcome(body[1], bool(body[0] & 1), _numbers(body[2:]))

    async def subscribe(self, filters: tuple[str, ...], retained: int = 2) -> list[int]:
        """Return the reason code of each filter at QoS 1; with `retained` 2 no old messages come."""
        options = bytes([1 | retained << 4])
        await self._send(0x82, b"\x00\x01\x00" + b"".join(_text(each) + options for each in filters))
        while True:
            kind, body = await self.packet()
            if kind & 0xF0 == SUBACK:
                return list(body[-len(filters) :])

    async def publish(self, topic: str, packet_id: int, payload: bytes, expiry_s: int) -> None:
        """Send one message at QoS 1; the PUBACK is to be read with `packet`."""
        properties = b"\x02" + struct.pack("!I", expiry_s)
        head = _text(topic) + struct.pack("!H", packet_id) + _length(len(properties)) + properties
        await self._send(PUBLISH | 0x02, head + payload)

    async def acknowledge(self, body: bytes) -> None:
        """Send the PUBACK of a PUBLISH at QoS 1."""
        at = 2 + int.from_bytes(body[:2])
        await self._send(PUBACK, body[at : at + 2])

    async def packet(self, within_s: float = ANSWER_WITHIN_S) -> tuple[int, bytes]:
        """Return the next packet: first byte and body. Raises OSError, TimeoutError, NoMqtt."""
        try:
            async with asyncio.timeout(within_s):
                kind = (await self._reader.readexactly(1))[0]
                length = shift = 0
                more = True
                while more:
                    byte = (await self._reader.readexactly(1))[0]
                    length |= (byte & 0x7F) << shift
                    shift, more = shift + 7, byte > 0x7F  # noqa: PLR2004 - the bit that says there is more
                return kind, await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise NoMqtt("it ended the conversation") from None

    async def leave(self, *, forget: bool) -> None:
        """Say DISCONNECT and close after the broker; with `forget` it drops the session, else it keeps it."""
        with contextlib.suppress(OSError, TimeoutError):
            await self._send(DISCONNECT, b"\x00\x05\x11\x00\x00\x00\x00" if forget else b"")
            # The embedded broker hears twice of who closes first, and may end who has come in between.
            async with asyncio.timeout(ANSWER_WITHIN_S):
                while await self._reader.read(READ_BYTES):
                    pass
        await self.close()

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._writer.wait_closed()

    async def _send(self, kind: int, body: bytes) -> None:
        self._writer.write(bytes([kind]) + _length(len(body)) + body)
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self._writer.drain()


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("!H", len(raw)) + raw


def _length(number: int) -> bytes:
    written = b""
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte (1.5.5)
        written += bytes([number & 0x7F | 0x80])
        number >>= 7
    return written + bytes([number])


def _numbers(block: bytes) -> dict[int, int]:
    """Return the numeric properties of a CONNACK; texts are passed over."""
    if not block:
        return {}
    at = 1 + (block[0] > 0x7F)  # noqa: PLR2004 - a length of two bytes; longer ones are no CONNACK's
    found: dict[int, int] = {}
    while at < len(block):
        name = block[at]
        at += 1
        if name in _WIDTHS:
            found[name] = int.from_bytes(block[at : at + _WIDTHS[name]])
            at += _WIDTHS[name]
        else:
            for _ in range(2 if name == _PAIR else 1):
                at += 2 + int.from_bytes(block[at : at + 2])
    return found

"""A publisher and a listener that remember everything: what the broker promised, and what it delivered.

One TCP connection each, to a broker that is never killed here, so neither reconnects. The publisher's
memory is the left side of the proof: what the broker acknowledged to it must be in the journal.
"""

import asyncio
from collections.abc import Iterable
from typing import cast

import msgspec

from tests.chaos import packets
from tests.chaos.packets import Letter, Received

LARGEST_ID = 65_535
REFUSED = 0x80
"""Reason codes from here on are failures (MQTT 5, 2.4)."""

NOBODY = 0x10
"""The broker has the message and knows nobody who wants it: for our signals a loss."""


MARKS = "chaos/marks"
"""A broker keeps the order of a subscriber's messages: when a mark is here, so is all that went before."""


class Connection(asyncio.Protocol):
    """One MQTT 5 connection: packets out as bytes, packets in to `packet`."""

    def __init__(self) -> None:
        self.answered = asyncio.Event()
        self.lost: str | None = None
        self.writable = asyncio.Event()
        self.writable.set()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        for first, body in packets.split(self._buffer):
            if first == packets.CONNACK and body[1]:
                self.lost = f"refused: 0x{body[1]:02x}"
            if first in {packets.CONNACK, packets.SUBACK}:
                self.answered.set()
            else:
                self.packet(first, body)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = self.lost or str(exc or "closed by the broker")
        self.answered.set()
        self.writable.set()

    def pause_writing(self) -> None:
        self.writable.clear()

    def resume_writing(self) -> None:
        self.writable.set()

    def packet(self, first: int, body: bytes) -> None:
        """Take one packet that is not about the connection itself."""

    def write(self, data: bytes) -> None:
        """Send these bytes; a lost connection is an error of the run."""
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError(f"the broker is gone: {self.lost}")
        self._transport.write(data)

    async def open(self, port: int, client_id: str, *, keep_session: bool = False) -> None:
        """Return once the broker has answered the CONNECT."""
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", port)
        await self.ask(packets.connect(client_id, keep_session=keep_session))

    async def ask(self, request: bytes) -> None:
        """Send a request and return once it is answered."""
        self.answered.clear()
        self.write(request)
        await self.answered.wait()
        if self.lost is not None:
            raise ConnectionError(f"the broker is gone: {self.lost}")

    def close(self) -> None:
        """Say goodbye; nothing when the broker has already left."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(packets.DISCONNECT)
            self._transport.close()


class Publisher(Connection):
    """Publishes letters, up to `window` without their PUBACK, and remembers which the broker took.

    `acknowledged` holds the names of acknowledged letters, `unwanted` of those that had no subscriber,
    `refused` of those that the broker would not have. At QoS 0 there is no promise to remember.
    """

    def __init__(self, window: int = 1_000) -> None:
        super().__init__()
        self.acknowledged: set[object] = set()
        self.unwanted: set[object] = set()
        self.refused: set[object] = set()
        self.sent = 0
        self._window = asyncio.Semaphore(window)
        self._flying: dict[int, object] = {}
        self._last_id = 0

    @property
    def flying(self) -> int:
        """Letters without their answer."""
        return len(self._flying)

    async def publish(self, letter: Letter, name: object) -> None:
        """Send the letter as soon as the window has room."""
        self.sent += 1
        if not letter.qos:
            self.write(packets.publish(letter, 0))
            return
        await self._window.acquire()
        self._last_id = self._last_id % LARGEST_ID + 1
        while self._last_id in self._flying:
            self._last_id = self._last_id % LARGEST_ID + 1
        self._flying[self._last_id] = name
        self.write(packets.publish(letter, self._last_id))
        if not self.writable.is_set():
            await self.writable.wait()

    async def publish_all(self, letters: Iterable[tuple[Letter, object]]) -> None:
        """Send all of them as fast as the window allows, letting PUBACKs in now and then."""
        for number, (letter, name) in enumerate(letters):
            await self.publish(letter, name)
            if not number % 64:
                await asyncio.sleep(0)

    def packet(self, first: int, body: bytes) -> None:
        """Take the broker's answer for one letter."""
        packet_id = int.from_bytes(body[:2], "big")
        code = body[2] if len(body) > 2 else 0
        if first == 0x50 and code < REFUSED:  # PUBREC: the second half of QoS 2 follows
            self.write(packets.pubrel(packet_id))
            return
        if first not in {packets.PUBACK, 0x50, 0x70} or packet_id not in self._flying:
            return
        name = self._flying.pop(packet_id)
        self._window.release()
        kept = self.refused if code >= REFUSED else self.unwanted if code == NOBODY else self.acknowledged
        kept.add(name)


class Listener(Connection):
    """Keeps what comes on its filters; a message is acknowledged once it is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[Received] = []

    async def listen(self, port: int, client_id: str, *filters: str) -> None:
        """Return once the broker has taken the subscription; the session is kept at the broker."""
        await self.open(port, client_id, keep_session=True)
        await self.ask(packets.subscribe(1, *filters))

    def packet(self, first: int, body: bytes) -> None:
        """Keep a message, then acknowledge it."""
        if first & 0xF0 == packets.PUBLISH:
            message = packets.read_publish(first, body)
            self.take(message)
            if message.packet_id:
                self.write(packets.puback(message.packet_id))

    def take(self, message: Received) -> None:
        """Keep one message."""
        self.kept.append(message)


class OrderListener(Listener):
    """What crews would have heard: the bytes of every order by topic and id, and how often each came.

    `differing` names ids that came with other bytes or on another topic than the first time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, tuple[str, bytes]] = {}
        self.marks: set[bytes] = set()
        self.again = 0
        self.differing: set[str] = set()

    def take(self, message: Received) -> None:
        """Keep an order once, and count its repeats; a mark says that all before it is here."""
        if message.topic == MARKS:
            self.marks.add(message.payload)
            return
        order = order_id(message.payload)
        first = self.orders.setdefault(order, (message.topic, message.payload))
        if first[1] is not message.payload:
            self.again += 1
            if first != (message.topic, message.payload):
                self.differing.add(order)


def order_id(payload: bytes) -> str:
    """Return the id of an order message, read as plain JSON."""
    found: dict[str, object] = msgspec.json.decode(payload)
    return str(found["id"])

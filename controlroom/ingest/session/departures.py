"""Messages to publish until the broker has them: queue, window, and what is sent again.

One dictionary in publish order holds every message without a PUBACK, so *send again, in order,
exactly the unacknowledged ones* is a walk over it. Packet ids are given at the door and kept, as
MQTT-4.4.0-1 wants. Pure but for the futures that it completes: bytes go nowhere.
"""

from collections import deque

import msgspec

from controlroom.ingest.session.codec import PACKET_TOO_LARGE, REFUSED, publish_packet
from controlroom.ingest.session.model import (
    LARGEST_PUBLISH_ID,
    Acknowledged,
    Outbound,
    PublishQueueFull,
    PublishRefused,
)

_DUP = 0x08
"""The bit of a PUBLISH that says it may have been sent before (MQTT 5, 3.3.1.1)."""


class _Departure(msgspec.Struct, frozen=True):
    packet_id: int
    topic: str
    packet: bytes
    acknowledged: Acknowledged


class Departures:
    """The publishes without a PUBACK. Its length counts them."""

    def __init__(self, limit: int) -> None:
        self.published = 0
        self.acks = 0
        self.refusals = 0
        self._limit = limit
        self._held: dict[int, _Departure] = {}
        self._waiting: deque[_Departure] = deque()
        self._flying: set[int] = set()
        self._seen: set[int] = set()
        self._window = 0
        self._largest_bytes: int | None = None
        self._last_id = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, message: Outbound, acknowledged: Acknowledged) -> None:
        """Queue the message behind the others, or raise: PublishQueueFull, or ValueError for its topic."""
        if len(self._held) >= self._limit:
            raise PublishQueueFull(f"{self._limit} messages wait for the broker's acknowledgement")
        packet_id = self._free_id()
        departure = _Departure(packet_id, message.topic, publish_packet(message, packet_id), acknowledged)
        self._held[packet_id] = departure
        self._waiting.append(departure)
        self.published += 1

    def open(self, window: int, *, resumed: bool, largest_bytes: int | None) -> None:
        """Let up to `window` fly on a new connection; `resumed` says the broker kept the session.

        A session that was lost knows none of our ids, so nothing is marked as sent before.
        """
        self._window, self._largest_bytes = window, largest_bytes
        if not resumed:
            self._seen.clear()

    def close(self) -> None:
        """Let everything held wait again, in publish order: the connection is gone."""
        self._seen |= self._flying
        self._flying.clear()
        self._window = 0
        self._waiting = deque(self._held.values())

    def take(self) -> bytes:
        """Return the packets that may be written now, in order; empty when none may."""
        packets = []
        while self._waiting and len(self._flying) < self._window:
            departure = self._waiting.popleft()
            if self._largest_bytes is not None and len(departure.packet) > self._largest_bytes:
                self.settle(departure.packet_id, PACKET_TOO_LARGE)
                continue
            self._flying.add(departure.packet_id)
            packets.append(self._marked(departure))
        return b"".join(packets)

    def settle(self, packet_id: int, reason_code: int) -> None:
        """Take the message out of the queue; its future is done, or failed with PublishRefused.

        An id that is not held is passed over: a broker may acknowledge twice what was sent twice.
        """
        departure = self._held.pop(packet_id, None)
        if departure is None:
            return
        self._flying.discard(packet_id)
        self._seen.discard(packet_id)
        if reason_code >= REFUSED:
            self.refusals += 1
        else:
            self.acks += 1
        if departure.acknowledged.done():  # the caller gave up waiting
            return
        if reason_code >= REFUSED:
            departure.acknowledged.set_exception(PublishRefused(departure.topic, reason_code))
        else:
            departure.acknowledged.set_result(None)

    def abandon(self) -> None:
        """Cancel every future and hold nothing any more: nobody will know what became of these."""
        for departure in self._held.values():
            departure.acknowledged.cancel()
        self._held.clear()
        self._waiting.clear()
        self._flying.clear()

    def _free_id(self) -> int:
        while True:
            self._last_id = self._last_id % LARGEST_PUBLISH_ID + 1
            if self._last_id not in self._held:
                return self._last_id

    def _marked(self, departure: _Departure) -> bytes:
        if departure.packet_id not in self._seen:
            return departure.packet
        return bytes((departure.packet[0] | _DUP,)) + departure.packet[1:]

"""Between the MQTT session and the room: messages in, acknowledgements and receipts out.

A message is acknowledged when what followed from it is durable, in the order in which it came. A
publisher that gave an MQTT 5 response topic below `leedswatch/receipts/` also gets a receipt with the
position of its signal in the journal: proof past the memory of the broker.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from controlroom.clock import Now
from controlroom.estate.model import Estate
from controlroom.events import Event, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.ingest.decode import Limits, decode
from controlroom.ingest.oversize import shortened
from controlroom.ingest.session.model import Inbound, PublishQueueFull, SessionClosed, Ticket
from controlroom.ingest.topics import is_receipt_topic
from controlroom.room import Room, Settled
from controlroom.signals.wire import Wire

_encode = msgspec.json.Encoder().encode


class Broker(Protocol):
    """The session as the intake sees it."""

    def acknowledge(self, tickets: Sequence[Ticket | None]) -> None:
        """Answer the broker for these messages, in the order in which they came."""
        ...

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        content_type: str | None = None,
        correlation: bytes | None = None,
    ) -> asyncio.Future[None]:
        """Send at QoS 1; the future completes when the broker has it."""
        ...


class Intake:
    """One feed of messages into one room. `counts` holds what no record shows, by name."""

    def __init__(self, room: Room, estate: Callable[[], Estate], limits: Limits, now: Now) -> None:
        self.counts: Counter[str] = Counter()
        self._room = room
        self._estate = estate
        self._limits = limits
        self._now = now
        self._broker: Broker | None = None

    def attach(self, broker: Broker) -> None:
        """Give the intake the session that its answers go to."""
        self._broker = broker

    def message(self, inbound: Inbound) -> None:
        """Tell the room what this message says, whatever it says."""
        event = self._understood(inbound.wire)
        if event is None:
            self.counts["own"] += 1
            self._room.answer_in_turn(inbound)
        else:
            self._room.tell(event, inbound)

    def settled(self, settled: Sequence[Settled]) -> None:
        """Acknowledge what came from the broker, and send the receipts that were asked for."""
        if self._broker is None:
            return
        tickets: list[Ticket | None] = []
        for item in settled:
            token = item.told.token
            if isinstance(token, Inbound):
                tickets.append(token.ticket)
                if token.wire.response_topic is not None:
                    self._receipt(self._broker, item, token.wire)
        if tickets:
            self._broker.acknowledge(tickets)

    def _understood(self, wire: Wire) -> Event | None:
        try:
            return decode(wire, self._estate(), self._limits, self._now())
        except Exception as fault:  # noqa: BLE001 - last resort: a message may never stop the feed
            self.counts["decoder_failed"] += 1
            detail = f"the decoder failed on it ({type(fault).__name__}); please report these bytes"
            kept = MessageQuarantined(wire, QuarantineReason.WRONG_TYPE, detail)
            return shortened(kept, self._limits.payload_bytes)

    def _receipt(self, broker: Broker, item: Settled, wire: Wire) -> None:
        topic = wire.response_topic or ""
        if not is_receipt_topic(topic):
            self.counts["receipt_refused"] += 1
            return
        event = item.told.event
        identifier = event.signal.id if isinstance(event, SignalReceived) else None
        receipt = {"id": identifier, "position": item.position}
        try:
            sent = broker.publish(
                topic, _encode(receipt), content_type="application/json", correlation=wire.correlation
            )
        except (PublishQueueFull, SessionClosed, ValueError):
            self.counts["receipt_dropped"] += 1  # the publisher asks again; the signal is safe
            return
        sent.add_done_callback(self._receipt_sent)

    def _receipt_sent(self, sent: asyncio.Future[None]) -> None:
        failed = sent.cancelled() or sent.exception() is not None
        self.counts["receipt_failed" if failed else "receipt_sent"] += 1

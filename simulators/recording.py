"""Recording what goes over a broker: signals of the field and reports of crews, as they come, into a feed.

The recorder is a listener with a client id of its own. It takes what comes from the moment it has subscribed;
what was kept by the broker from before is marked as retained and recorded as such. It is bounded three times:
by time, by messages and by bytes. If the disk is slower than the field the queue overflows at `QUEUE`
messages; what is lost then is counted and told, never hidden.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import aiomqtt
import msgspec

from controlroom.feeds.model import SECOND_US, spoken
from controlroom.feeds.write import FeedWriter
from controlroom.signals.wire import Wire
from simulators.feed_line import NoBrokerError
from simulators.heeding import end_if_cancelled
from simulators.pseudonyms import Pseudonyms
from simulators.publisher import REFUSED, Broker, RefusedError

TOPICS = ("leedswatch/+/+/+", "leedswatch/dispatch/+/reports")
"""What is recorded: signals, and what crews report. Orders and receipts are the room's own words."""

OWN = ("leedswatch/receipts/", "leedswatch/status/")
QUEUE = 100_000
"""Messages that may wait for the disk: a quarter of a minute at the room's own limit, some 100 MB."""


class Bounds(msgspec.Struct, frozen=True):
    """When a recording is over: after so many seconds, messages or bytes of payload; None for never."""

    seconds: float | None = None
    messages: int | None = None
    payload_bytes: int | None = None


class Heard(msgspec.Struct):
    """Counts of a recording: written, not written because they could not be read, lost; bytes of payload."""

    messages: int = 0
    unreadable: int = 0
    lost: int = 0
    payload_bytes: int = 0


class _Waiting(asyncio.Queue[aiomqtt.Message]):
    """A bounded queue that counts what did not fit."""

    lost = 0

    def put_nowait(self, item: aiomqtt.Message) -> None:
        try:
            super().put_nowait(item)
        except asyncio.QueueFull:
            self.lost += 1


class Recorder:
    """One recording into one feed; `begins` is the feed's moment 0. `listening` is set when it hears."""

    def __init__(
        self, broker: Broker, feed: FeedWriter, begins: datetime, now: Callable[[], datetime]
    ) -> None:
        self.heard = Heard()
        self.listening = asyncio.Event()
        self._broker = broker
        self._feed = feed
        self._begins = begins
        self._now = now
        self._last_us = 0

    async def run(self, bounds: Bounds, names: Pseudonyms | None = None) -> None:
        """Write what comes until a bound is reached; raises `NoBrokerError` and `RefusedError`."""
        try:
            await self._listen(bounds, names)
        except aiomqtt.MqttError as fault:
            end_if_cancelled()
            where = f"the broker at {self._broker.host}:{self._broker.port}"
            if str(getattr(fault, "rc", "")) in REFUSED:
                raise RefusedError(f"{where} refuses us: {fault}") from fault
            raise NoBrokerError(f"{where} is gone or was never there: {fault}") from fault

    async def _listen(self, bounds: Bounds, names: Pseudonyms | None) -> None:
        ends = None if bounds.seconds is None else self._begins + timedelta(seconds=bounds.seconds)
        client = self._client()
        async with client:
            end_if_cancelled()
            for topic in TOPICS:
                await client.subscribe(topic, qos=1)
            end_if_cancelled()
            self.listening.set()
            messages = aiter(client.messages)
            try:
                while not _full(bounds, self.heard):
                    left_s = None if ends is None else (ends - self._now()).total_seconds()
                    async with asyncio.timeout(left_s):
                        self._take(_wire(await anext(messages)), names)
            except TimeoutError:
                pass  # its time is over
            finally:
                self.heard.lost = getattr(client._queue, "lost", 0)  # noqa: SLF001 - aiomqtt keeps ours there

    def _client(self) -> aiomqtt.Client:
        broker = self._broker
        return aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=broker.client,
            protocol=aiomqtt.ProtocolVersion.V5,
            max_queued_incoming_messages=QUEUE,
            queue_type=_Waiting,
        )

    def _take(self, wire: Wire, names: Pseudonyms | None) -> None:
        """Write one message."""
        if wire.topic.startswith(OWN):
            return
        self.heard.payload_bytes += len(wire.payload)
        told = wire if names is None else names.rename(wire)
        if told is None:
            self.heard.unreadable += 1
            return
        at_us = round((self._now() - self._begins).total_seconds() * SECOND_US)
        self._last_us = max(self._last_us, at_us)  # the clock may be put back; a feed is in order
        self._feed.add(spoken(self._last_us, told))
        self.heard.messages += 1


def _full(bounds: Bounds, heard: Heard) -> bool:
    by_count = bounds.messages is not None and heard.messages >= bounds.messages
    return by_count or (bounds.payload_bytes is not None and heard.payload_bytes >= bounds.payload_bytes)


def _wire(message: aiomqtt.Message) -> Wire:
    """Return the message as the room would see it."""
    properties = message.properties
    payload = bytes(message.payload)
    return Wire(
        message.topic.value,
        payload,
        getattr(properties, "ContentType", None),
        tuple(getattr(properties, "UserProperty", ())),
        message.retain,
        getattr(properties, "ResponseTopic", None),
        getattr(properties, "CorrelationData", None),
    )

"""The MQTT side of every simulator: sends at QoS 1 until the broker has it, hears what it subscribed to.

What was sent and not acknowledged is kept, in order, in a bounded window. When the connection breaks
the publisher connects again (jittered, growing pauses) and sends the window again, same bytes, same
event ids. So nothing is lost while this process lives, and the room may see a repeat.

Limits: aiomqtt 2.5 does not show the reason code of a PUBACK, so a message that the broker's access
list refuses counts as delivered here; it acknowledges what it hears before this process has acted on it;
and it connects in a thread, which is why the door is knocked at first: a thread cannot be cancelled.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

import aiomqtt
import msgspec
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from controlroom.signals.wire import Wire
from simulators.heeding import end_if_cancelled

WINDOW = 64
"""Messages that may be on their way at once: some 10 ms of a loopback broker's work, little memory."""

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
"""Pauses between attempts to connect: quick after a restart, gentle on a broker that stays away."""

KNOCK_S = 5.0
"""How long the broker may take to accept a connection before we try again."""

SESSION_S = 3600
"""How long the broker keeps what it could not deliver to a listener that went away."""

REFUSED = frozenset({"Bad user name or password", "Not authorized", "Client identifier not valid", "Banned"})
"""CONNACK reasons (MQTT 5, 3.2.2.2) that trying again does not mend."""


class Broker(msgspec.Struct, frozen=True):
    """Where the broker is, and who we are to it; `client` is the MQTT client id, one connection each."""

    host: str
    port: int
    client: str
    user: str | None = None
    password: str | None = None


class RefusedError(Exception):
    """The broker does not want us: wrong user, password or client id."""


class Tally(msgspec.Struct):
    """Counts since the start: messages handed over, acknowledged, sent again; connections; messages heard."""

    sent: int = 0
    acknowledged: int = 0
    again: int = 0
    connections: int = 0
    heard: int = 0


class Publisher:
    """One line to the broker over many connections. `run` it in a task, then `send`; `drain` waits.

    `subscriptions` are heard at QoS 1; `heard` gets topic and payload of each. With `keep_session` the
    broker keeps what came while we were away. `notice` gets a sentence when the connection comes or goes.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        subscriptions: tuple[str, ...] = (),
        keep_session: bool = False,
        heard: Callable[[str, bytes], None] | None = None,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        self.tally = Tally()
        self._broker = broker
        self._subscriptions = subscriptions
        self._keep_session = keep_session
        self._heard = heard
        self._notice = notice
        self._window = asyncio.Semaphore(WINDOW)
        self._open: dict[int, Wire] = {}
        self._ready: asyncio.Queue[int] = asyncio.Queue()
        self._empty = asyncio.Event()
        self._empty.set()
        self._last_said = ""

    async def send(self, wire: Wire) -> None:
        """Take the message in charge; waits while the window is full."""
        await self._window.acquire()
        self.tally.sent += 1
        self._open[self.tally.sent] = wire
        self._empty.clear()
        self._ready.put_nowait(self.tally.sent)

    async def drain(self) -> None:
        """Return when the broker has acknowledged everything that was sent."""
        await self._empty.wait()

    async def run(self) -> None:
        """Keep a connection and send what is waiting, until cancelled; raises `RefusedError`."""
        pause_s = FIRST_PAUSE_S
        while True:
            before = self.tally.connections
            try:
                await self._knock()
                await self._connected()
            except (aiomqtt.MqttError, OSError) as fault:
                if str(getattr(fault, "rc", "")) in REFUSED:
                    message = f"the broker at {self._broker.host}:{self._broker.port} refuses us: {fault}"
                    raise RefusedError(message) from fault
                pause_s = (
                    FIRST_PAUSE_S if self.tally.connections > before else min(pause_s * 2, LONGEST_PAUSE_S)
                )
                where = f"{self._broker.host}:{self._broker.port}"
                self._say(f"no connection to {where} ({fault}); trying until it answers")
            end_if_cancelled()
            # Jitter keeps many simulators from knocking in step.
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 - spread, not secrecy

    async def _knock(self) -> None:
        """Return if something listens there; raises OSError (of which TimeoutError is one)."""
        async with asyncio.timeout(KNOCK_S):
            _, writer = await asyncio.open_connection(self._broker.host, self._broker.port)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _connected(self) -> None:
        """Serve one connection from CONNECT to its end, which is always a raise."""
        async with self._client() as client:
            end_if_cancelled()
            client.pending_calls_threshold = WINDOW
            for topic in self._subscriptions:
                codes = await client.subscribe(topic, qos=1)
                if any(isinstance(code, ReasonCode) and code.is_failure for code in codes):
                    self._say(f"the broker refuses the subscription {topic}: nothing will be heard on it")
            end_if_cancelled()
            self.tally.connections += 1
            self._say(f"connected to {self._broker.host}:{self._broker.port}")
            self.tally.again += len(self._open) - self._ready.qsize()
            self._ready = asyncio.Queue()
            for number in self._open:
                self._ready.put_nowait(number)
            try:
                async with _FirstFault() as tasks:
                    tasks.start(self._listen(client), "hear")
                    while True:
                        number = await self._ready.get()
                        tasks.start(self._deliver(client, number), f"deliver {number}")
            finally:
                # The broker counts what lies in the client's queue as delivered: it must not go down with it.
                for _ in range(len(client.messages)):
                    self._pass_on(await anext(client.messages))

    def _client(self) -> aiomqtt.Client:
        """Return a client for one connection."""
        connect = _no_properties(PacketTypes.CONNECT)
        if self._keep_session:
            connect.SessionExpiryInterval = SESSION_S
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.user,
            password=self._broker.password,
            identifier=self._broker.client,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=not self._keep_session,
            max_inflight_messages=WINDOW,
            properties=connect,
        )

    async def _listen(self, client: aiomqtt.Client) -> None:
        """Pass on what is heard; raises MqttError the moment the connection is gone."""
        async for message in client.messages:
            self._pass_on(message)

    def _pass_on(self, message: aiomqtt.Message) -> None:
        """Give one message to whoever listens."""
        self.tally.heard += 1
        if self._heard is not None and isinstance(message.payload, bytes):
            self._heard(message.topic.value, message.payload)

    async def _deliver(self, client: aiomqtt.Client, number: int) -> None:
        """Send one message and, once it is acknowledged, let it go."""
        wire = self._open[number]
        await client.publish(wire.topic, wire.payload, qos=1, properties=_properties(wire))
        del self._open[number]
        self.tally.acknowledged += 1
        self._window.release()
        if not self._open:
            self._empty.set()

    def _say(self, sentence: str) -> None:
        """Tell whoever asked, if anybody, and not the same thing twice in a row."""
        if self._notice is not None and sentence != self._last_said:
            self._notice(sentence)
        self._last_said = sentence


class _FirstFault:
    """A TaskGroup that raises its first fault bare, so that one `except` serves connecting and connected."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._group.__aexit__(kind, fault, trace)
        except BaseExceptionGroup as faults:
            raise faults.exceptions[0] from None

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run this beside the others."""
        self._group.create_task(work, name=name)


def _no_properties(packet: int) -> Properties:
    """Return an empty set of MQTT 5 properties for this type of packet."""
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho leaves its constructor untyped


def _properties(wire: Wire) -> Properties:
    """Return the MQTT 5 properties of this message."""
    properties = _no_properties(PacketTypes.PUBLISH)
    if wire.content_type is not None:
        properties.ContentType = wire.content_type
    if wire.attributes:
        properties.UserProperty = [*wire.attributes]
    if wire.response_topic is not None:
        properties.ResponseTopic = wire.response_topic
    if wire.correlation is not None:
        properties.CorrelationData = wire.correlation
    return properties

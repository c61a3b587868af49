"""A running session with all that it reported, and other clients to talk to it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

import aiomqtt

from controlroom.ingest.session.client import Session
from controlroom.ingest.session.model import ConnectionState, Inbound, Phase, SessionSettings
from tests.integration.letting_go import let_go
from tests.integration.waiting import until

FILTER = "leedswatch/+/+/+"
TOPIC = "leedswatch/inner-north/arc/panel-7"

QUICK = SessionSettings(
    host="127.0.0.1",
    port=0,
    client_id="room-under-test",
    filters=(FILTER,),
    keepalive_s=10,
    backoff_first_s=0.02,
    backoff_most_s=0.1,
)
"""Production settings but for the waits, which a test would only sit through."""


class Tap:
    """A transport that keeps a copy of each write."""

    def __init__(self, transport: Any) -> None:
        self.writes: list[bytes] = []
        self._transport = transport

    def write(self, data: bytes) -> None:
        """Write, and keep."""
        self.writes.append(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Desk:
    """A session and all that it reported. `take` acknowledges what was received, from the front."""

    def __init__(self, settings: SessionSettings) -> None:
        self.inbox: list[Inbound] = []
        self.states: list[ConnectionState] = []
        self.early = 0
        """Messages that came before the SUBACK."""
        self.session = Session(settings, self._receive, self.states.append)
        self.task: asyncio.Task[None] | None = None

    def _receive(self, message: Inbound) -> None:
        self.inbox.append(message)
        if Phase.CONNECTED not in self.phases():
            self.early += 1

    @property
    def payloads(self) -> list[bytes]:
        """What was received, in order, repeats included."""
        return [message.wire.payload for message in self.inbox]

    def phases(self) -> list[Phase]:
        """The phases gone through."""
        return [state.phase for state in self.states]

    async def connected(self) -> None:
        """Return once the session is connected."""
        await until(lambda: self.session.state.phase is Phase.CONNECTED, "connected")

    async def received(self, count: int) -> None:
        """Return once this many messages came."""
        await until(lambda: len(self.inbox) >= count, f"{count} messages; {len(self.inbox)} came")

    def acknowledge(self, start: int, stop: int) -> None:
        """Hand back the tickets of these messages of the inbox."""
        self.session.acknowledge([message.ticket for message in self.inbox[start:stop]])

    def tap(self) -> list[bytes]:
        """Return a list that grows with each write to the present connection's socket."""
        link = self.session._link
        assert link is not None
        tap = Tap(link._transport)
        link._transport = tap  # type: ignore[assignment]  # stands in for it
        return tap.writes

    async def leave(self) -> None:
        """End the session in order."""
        assert self.task is not None
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@contextlib.asynccontextmanager
async def attend(settings: SessionSettings) -> AsyncIterator[Desk]:
    """A running session; it has ended in order when the block is left."""
    desk = Desk(settings)
    desk.task = asyncio.create_task(desk.session.run(), name="session under test")
    try:
        yield desk
    finally:
        await desk.leave()


_PATIENCE_S = 60
"""How long another client waits for an answer; its library's ten seconds are few on a busy machine."""


def _client(port: int) -> contextlib.AbstractAsyncContextManager[aiomqtt.Client]:
    v5 = aiomqtt.ProtocolVersion.V5
    return let_go(aiomqtt.Client("127.0.0.1", port, protocol=v5, timeout=_PATIENCE_S))


async def send(port: int, payloads: Iterable[bytes], topic: str = TOPIC, **options: Any) -> None:
    """Publish these at QoS 1, one after the other, from another client library."""
    async with _client(port) as client:
        for payload in payloads:
            await client.publish(topic, payload, **{"qos": 1, **options})


@contextlib.asynccontextmanager
async def watch(port: int, topic: str) -> AsyncIterator[list[aiomqtt.Message]]:
    """What another client sees on this topic, retained messages included."""
    seen: list[aiomqtt.Message] = []

    async def collect(client: aiomqtt.Client) -> None:
        async for message in client.messages:
            seen.append(message)  # noqa: PERF401 - the watcher looks at it while it grows

    async with _client(port) as client:
        await client.subscribe(topic, qos=1)
        task = asyncio.create_task(collect(client), name="watcher")
        try:
            yield seen
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

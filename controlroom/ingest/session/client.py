"""One MQTT 5 session that outlives its connections.

A message is handed over synchronously as it is parsed, no coroutine a message, and is acknowledged
only when the caller hands its ticket back. Messages may come before the SUBACK: a broker that kept
the session sends at once what it owes. Nothing in the receive path waits for anything; least of
all for a PUBACK, which only that path can read. While reading is paused no PUBACK is read either,
so a caller must be able to acknowledge what it has without waiting for what it published.
"""

import asyncio
from collections.abc import Callable, Sequence

from controlroom.ingest.session import codec
from controlroom.ingest.session.arrivals import Arrivals
from controlroom.ingest.session.backoff import Backoff
from controlroom.ingest.session.departures import Departures
from controlroom.ingest.session.link import Link
from controlroom.ingest.session.model import (
    Acknowledged,
    ConnectionState,
    Inbound,
    Loss,
    Outbound,
    Phase,
    ProtocolViolation,
    SessionClosed,
    SessionCounts,
    SessionSettings,
    Ticket,
)

_NOT_AUTHORISED = frozenset({0x85, 0x86, 0x87, 0x8A, 0x8C})
"""CONNACK reasons about who we are: client id, password, authorisation, ban, method."""

_TAKEN_OVER = 0x8E
"""DISCONNECT reason: the client id connected elsewhere."""


class Session:
    """The session of one client id. `run` keeps it connected; everything else may be called at any time.

    `on_message` and `on_state` are called from the event loop and must not block. What `on_message`
    raises ends the session: `run` raises it. Calls are for the thread of the event loop only.
    """

    def __init__(
        self,
        settings: SessionSettings,
        on_message: Callable[[Inbound], None],
        on_state: Callable[[ConnectionState], None],
    ) -> None:
        self.state = ConnectionState(Phase.DISCONNECTED)
        self._settings = settings
        self._on_message = on_message
        self._on_state = on_state
        self._arrivals = Arrivals()
        self._departures = Departures(settings.publish_queue_limit)
        self._link: Link | None = None
        self._connecting: asyncio.Timeout | None = None
        self._subscribed = self._write_due = self._closed = False
        self._connections = self._pauses = 0

    @property
    def counts(self) -> SessionCounts:
        """The totals and levels of this moment."""
        arrivals, departures = self._arrivals, self._departures
        return SessionCounts(
            received=arrivals.received,
            redelivered=arrivals.redelivered,
            acknowledged=arrivals.acknowledged,
            stale_tickets=arrivals.stale_tickets,
            published=departures.published,
            publish_acks=departures.acks,
            publish_refusals=departures.refusals,
            reconnects=max(0, self._connections - 1),
            pauses=self._pauses,
            unacknowledged=len(arrivals),
            publish_backlog=len(departures),
        )

    async def run(self) -> None:
        """Stay connected until cancelled; then say goodbye, keep the session at the broker, and end.

        Raises only what `on_message` or `on_state` raised.
        """
        loop = asyncio.get_running_loop()
        backoff = Backoff(self._settings.backoff_first_s, self._settings.backoff_most_s)
        try:
            while True:
                started_s = loop.time()
                link = await self._connect_and_stay()
                if link.error is not None:
                    raise link.error
                self._enter(ConnectionState(Phase.DISCONNECTED, link.loss, link.detail))
                await asyncio.sleep(backoff.wait_s(loop.time() - started_s))
        finally:
            await self._leave()

    def acknowledge(self, tickets: Sequence[Ticket | None]) -> None:
        """Write the PUBACKs of these messages to the socket, in this order and in one write.

        The order must be the order of arrival, else OutOfOrder is raised and none is sent. Tickets
        of an earlier connection only free their place; None, for what did not come from here, is skipped.
        """
        packets = self._arrivals.settle(tickets)
        link = self._link
        if link is None:
            return
        link.write(packets)
        if link.held and self._holds_at_most(half=True):
            link.release()
            self._running()

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        content_type: str | None = None,
        correlation: bytes | None = None,
    ) -> Acknowledged:
        """Send the message; as `send`, for callers who need no more than this."""
        return self.send(Outbound(topic, payload, retain, content_type, (), correlation))

    def send(self, message: Outbound) -> Acknowledged:
        """Queue the message behind earlier ones; the future completes with the broker's PUBACK.

        Messages of one turn of the event loop leave in one write. Raises PublishQueueFull (nothing
        was taken), ValueError (a topic or text no broker takes) or SessionClosed. A future that the
        caller cancels does not call its message back; at the end of the session all are cancelled.
        """
        if self._closed:
            raise SessionClosed(f"the session has ended; nothing was published to {message.topic!r}")
        loop = asyncio.get_running_loop()
        acknowledged: Acknowledged = loop.create_future()
        self._departures.add(message, acknowledged)
        if not self._write_due:
            self._write_due = True
            loop.call_soon(self.idle)
        return acknowledged

    def packet(self, first: int, body: bytes) -> None:
        """Link's call: take one packet."""
        kind = first & 0xF0
        if kind == codec.PUBLISH:
            packet_id, wire = codec.read_publish(first, body)
            ticket = self._arrivals.take(packet_id, len(body), again=bool(first & 0x08))
            self._on_message(Inbound(wire, ticket))
            if not self._holds_at_most(half=False):
                self._pause()
        elif kind == codec.PUBACK:
            self._departures.settle(*codec.read_puback(body))
        else:
            self._control(kind, body)

    def idle(self) -> None:
        """Link's call, and the end of a turn that published: write what the window lets go."""
        self._write_due = False
        link = self._link
        if link is not None and link.writable:
            link.write(self._departures.take())

    def lost(self, link: Link) -> None:
        """Link's call: make tickets stale, and let publishes without a PUBACK wait again."""
        if link is not self._link:
            return
        self._link = None
        self._arrivals.forget()
        self._departures.close()

    async def _connect_and_stay(self) -> Link:
        """Connect, and return the link when it is gone."""
        settings = self._settings
        self._enter(ConnectionState(Phase.CONNECTING))
        self._subscribed = False
        link = Link(self)
        try:
            async with asyncio.timeout(settings.connect_timeout_s) as self._connecting:
                loop = asyncio.get_running_loop()
                await loop.create_connection(lambda: link, settings.host, settings.port, ssl=settings.tls)
                self._link = link
                link.write(codec.connect_packet(settings))
                await link.gone.wait()
        except TimeoutError:
            link.drop(Loss.NO_ANSWER, f"within {settings.connect_timeout_s:g} s")
            if self._link is link:
                await link.gone.wait()
        except OSError as error:
            link.loss, link.detail = Loss.UNREACHABLE, f"{settings.host}:{settings.port}: {error}"
        return link

    def _control(self, kind: int, body: bytes) -> None:
        """Take one of the few packets that are not messages."""
        match kind:
            case codec.CONNACK:
                self._accepted(codec.read_connack(body))
            case codec.SUBACK:
                self._granted(codec.read_suback(body))
            case codec.PINGRESP:
                pass  # that something came is all it says, and the link has noted that
            case codec.DISCONNECT:
                code = codec.read_disconnect(body)
                loss = Loss.TAKEN_OVER if code == _TAKEN_OVER else Loss.SENT_AWAY
                self._drop(loss, f"reason code 0x{code:02x}")
            case _:
                raise ProtocolViolation(f"packet type 0x{kind:02x} is not for a client at QoS 1")

    def _accepted(self, answer: codec.Accepted) -> None:
        """Act on the answer to the CONNECT: subscribe and say that we are here, or drop the link."""
        link, settings = self._link, self._settings
        if link is None:
            return
        if answer.reason_code:
            loss = Loss.NOT_AUTHORISED if answer.reason_code in _NOT_AUTHORISED else Loss.REFUSED
            self._drop(loss, f"reason code 0x{answer.reason_code:02x} {answer.reason}".rstrip())
            return
        if self._connecting is not None:
            self._connecting.reschedule(None)
        self._connections += 1
        link.keep_alive(answer.keepalive_s or settings.keepalive_s)
        if settings.presence is not None:
            link.write(codec.status_packet(settings.presence.topic, settings.presence.online))
        if settings.filters:
            link.write(codec.subscribe_packet(settings))
        self._departures.open(
            min(answer.receive_maximum, settings.publish_window),
            resumed=answer.session_present,
            largest_bytes=answer.largest_bytes,
        )
        if not settings.filters:
            self._granted(b"")
        if not self._holds_at_most(half=False):
            self._pause()  # before the broker's first message: each reconnect would add one

    def _granted(self, codes: bytes) -> None:
        """Act on the answer to the SUBSCRIBE: connected, or dropped when it refused a filter."""
        refused = [
            f"{name} (0x{code:02x})"
            for name, code in zip(self._settings.filters, codes, strict=False)
            if code >= codec.REFUSED
        ]
        if refused:
            self._drop(Loss.FILTER_REFUSED, ", ".join(refused))
            return
        self._subscribed = True
        self._running()

    def _holds_at_most(self, *, half: bool) -> bool:
        """Say whether what is held, of all connections, stays below both bounds, or below half of each."""
        count, size, most = len(self._arrivals), self._arrivals.held_bytes, self._settings
        if half:
            return count <= most.inbound_limit // 2 and size <= most.inbound_bytes // 2
        return count < most.inbound_limit and size < most.inbound_bytes

    def _pause(self) -> None:
        if self._link is None or self._link.held:
            return
        self._pauses += 1
        self._link.hold()
        self._enter(ConnectionState(Phase.PAUSED))

    def _running(self) -> None:
        if self._link is not None:
            self._enter(ConnectionState(Phase.CONNECTED if self._subscribed else Phase.CONNECTING))

    def _drop(self, loss: Loss, detail: str) -> None:
        if self._link is not None:
            self._link.drop(loss, detail)

    def _enter(self, state: ConnectionState) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)

    async def _leave(self) -> None:
        """Publish the offline status, disconnect in order, and cancel what has no PUBACK."""
        self._closed = True
        link, presence = self._link, self._settings.presence
        if link is not None:
            self.idle()
            if presence is not None:
                link.write(codec.status_packet(presence.topic, presence.offline))
            link.write(codec.disconnect_packet())
            link.leave()
            try:
                async with asyncio.timeout(self._settings.leave_timeout_s):
                    await link.gone.wait()
            except TimeoutError:
                link.abort()
        self._departures.abandon()
        self._enter(ConnectionState(Phase.DISCONNECTED, Loss.STOPPED))

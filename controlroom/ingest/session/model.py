"""What the MQTT session takes and gives: settings, messages, tickets, states, counts and errors.

Data only. Nothing here knows a socket, a clock or the MQTT library, so whoever uses the session
(the room, the outbox, the console) can name these types without naming MQTT.
"""

import asyncio
import enum
import ssl

import msgspec

from controlroom.signals.wire import Wire

LARGEST_PUBLISH_ID = 65_534
"""Packet ids are 1 to 65,535; the last one is kept for the SUBSCRIBE of a connection."""

LONGEST_KEEPALIVE_S = 65_535
"""Keepalive is a two-byte number of seconds (MQTT 5, 3.1.2.10)."""


class Ticket(msgspec.Struct, frozen=True, gc=False):
    """What to hand back once a message is safe: it names one delivery on one connection.

    `generation` counts connections; a ticket of an earlier one acknowledges nothing, because the
    broker delivers that message again. `packet_id` 0 marks a QoS 0 message, without a PUBACK. Handing
    back any of them frees its place under `inbound_limit` and its `size_bytes` under `inbound_bytes`.
    """

    generation: int
    packet_id: int
    size_bytes: int


class Inbound(msgspec.Struct, frozen=True, gc=False):
    """One message as it arrived, with the ticket that acknowledges it."""

    wire: Wire
    ticket: Ticket


class Outbound(msgspec.Struct, frozen=True, gc=False):
    """One message to publish at QoS 1.

    `attributes` become MQTT 5 user properties in this order. `expiry_s` is how long, in whole
    seconds, the broker may keep it for a subscriber who is away; None means for ever.
    """

    topic: str
    payload: bytes
    retain: bool = False
    content_type: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    correlation: bytes | None = None
    expiry_s: int | None = None


class Presence(msgspec.Struct, frozen=True):
    """What the status topic says of this instance; each is retained.

    `online` is published on every connection, `offline` on an orderly end, and `lost` is the last
    will: the broker publishes it when the connection breaks without a goodbye.
    """

    topic: str
    online: bytes
    offline: bytes
    lost: bytes


class Credentials(msgspec.Struct, frozen=True):
    """User and password of this client. The password never shows in a representation."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials(username={self.username!r})"


class RetainedOnSubscribe(enum.IntEnum):
    """When a (re)subscription is answered with the retained messages (MQTT 5, 3.8.3.1)."""

    ALWAYS = 0
    ONLY_IF_NEW = 1
    NEVER = 2


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the broker is and every bound of the session. Wrong bounds raise ValueError."""

    host: str
    port: int
    client_id: str
    """Fixed: the broker keeps the session, and so the unacknowledged messages, under this name."""
    filters: tuple[str, ...]
    """Subscribed at QoS 1 on every connection; empty for a session that only publishes."""
    credentials: Credentials | None = None
    tls: ssl.SSLContext | None = None
    presence: Presence | None = None
    retained: RetainedOnSubscribe = RetainedOnSubscribe.ONLY_IF_NEW
    keepalive_s: int = 20
    """A silent link is given up after at most this long; the broker's own value overrides it."""
    session_expiry_s: int = 604_800
    """How long the broker keeps the session while we are away: a week outlasts a long weekend."""
    receive_maximum: int = 1_000
    """Unacknowledged messages that the broker may send: back-pressure. Some brokers overrun it."""
    inbound_limit: int = 4_000
    """Messages not handed back at which reading stops, those of earlier connections included; at half
    of it reading goes on. Our memory."""
    inbound_bytes: int = 67_108_864
    """Bytes of those messages at which reading stops as well, and goes on at half: a few thousand messages
    of a megabyte each would be more memory than we have. One message alone may be larger."""
    publish_window: int = 1_000
    """Publishes in flight, if the broker's own Receive Maximum is not lower."""
    publish_queue_limit: int = 20_000
    """Publishes without a PUBACK held in memory, those in flight included."""
    connect_timeout_s: float = 10.0
    """From the first SYN to the CONNACK; a broker that is starting up takes a few seconds."""
    backoff_first_s: float = 0.5
    """Upper bound of the first wait before a reconnect; it doubles with each failure in a row."""
    backoff_most_s: float = 15.0
    """No wait is longer: the room is blind for that long. A link that lived longer was no failure."""
    leave_timeout_s: float = 2.0
    """How long an orderly end waits for the broker to have the last bytes and to close."""

    def __post_init__(self) -> None:
        bounds = {
            "keepalive_s": (self.keepalive_s, 1, LONGEST_KEEPALIVE_S),
            "session_expiry_s": (self.session_expiry_s, 0, 0xFFFF_FFFF),
            "receive_maximum": (self.receive_maximum, 1, 65_535),
            "inbound_limit": (self.inbound_limit, 1, None),
            "inbound_bytes": (self.inbound_bytes, 1, None),
            "publish_window": (self.publish_window, 1, 65_535),
            "publish_queue_limit": (self.publish_queue_limit, 1, LARGEST_PUBLISH_ID),
        }
        for name, (value, low, high) in bounds.items():
            if value < low or (high is not None and value > high):
                allowed = f"{low} or more" if high is None else f"{low} to {high}"
                raise ValueError(f"session setting {name} is {value}; allowed is {allowed}")


class Phase(enum.StrEnum):
    """Where the session stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    PAUSED = "paused"
    DISCONNECTED = "disconnected"


class Loss(enum.StrEnum):
    """Why a connection ended or did not come about."""

    UNREACHABLE = "the broker cannot be reached"
    NO_ANSWER = "the broker did not answer in time"
    NOT_AUTHORISED = "the broker refuses this user, password or client id"
    REFUSED = "the broker refuses the connection"
    FILTER_REFUSED = "the broker refuses a subscription"
    TAKEN_OVER = "another client connected with this client id"
    SENT_AWAY = "the broker ended the connection"
    BROKEN = "the connection broke"
    SILENT = "the link is silent: no answer to a ping"
    PROTOCOL = "the broker broke the MQTT protocol"
    STOPPED = "the session was stopped"


class ConnectionState(msgspec.Struct, frozen=True):
    """One state of the session. `loss` and `detail` say why, when the phase is DISCONNECTED."""

    phase: Phase
    loss: Loss | None = None
    detail: str = ""


class SessionCounts(msgspec.Struct, frozen=True):
    """Totals since the start, and what is held at this moment (`unacknowledged`, `publish_backlog`).

    `unacknowledged` counts what was handed over and not handed back, on whichever connection it came.
    """

    received: int
    redelivered: int
    acknowledged: int
    stale_tickets: int
    published: int
    publish_acks: int
    publish_refusals: int
    reconnects: int
    pauses: int
    unacknowledged: int
    publish_backlog: int


class SessionError(RuntimeError):
    """Anything that the session reports as an error."""


class PublishQueueFull(SessionError):
    """`publish_queue_limit` is reached: nothing was taken; publish again when a future completes."""


class PublishRefused(SessionError):
    """The broker will never take this message; `reason_code` is its MQTT 5 reason (0x80 or more)."""

    def __init__(self, topic: str, reason_code: int) -> None:
        super().__init__(f"the broker refuses a message to {topic!r}: reason code 0x{reason_code:02x}")
        self.topic = topic
        self.reason_code = reason_code


class SessionClosed(SessionError):
    """The session has ended; nothing was taken."""


class OutOfOrder(SessionError):
    """A ticket was handed back twice or before an earlier one; its PUBACK was not sent."""


class ProtocolViolation(SessionError):
    """The peer sent bytes that are not MQTT 5."""


Acknowledged = asyncio.Future[None]
"""Completes when the broker has the message, fails with PublishRefused, is cancelled with the session."""

"""The sections that say where others are and where we listen: broker, store, console, metrics."""

from typing import Annotated

from pydantic import Field

from controlroom.settings.fields import Count, Host, OwnPort, Place, Port, Seconds, Section

Filter = Annotated[str, Field(min_length=1, max_length=1_024)]
"""An MQTT topic filter."""


class Broker(Section):
    """The MQTT 5 broker that every feed comes in by and every order goes out by."""

    host: Host = "127.0.0.1"
    """Name or address of the broker. Loopback: nothing leaves this machine before somebody says so."""
    port: Port = 1883
    """TCP port of the broker. 1883 is MQTT without TLS; with `ca_file` it is usually 8883."""
    client_id: Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{1,64}$")] | None = None
    """Fixed name of our session at the broker, which keeps messages for it while we are away. Unset, it is
    `service.instance`. Two programs with one id throw each other out."""
    username: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """User at the broker; unset for a broker that asks for none, as the demonstration's."""
    password_file: Place | None = None
    """File with the broker password on its one line. A file, because environments and arguments can be
    read by others on the machine."""
    ca_file: Place | None = None
    """PEM file of the authorities that signed the broker's certificate. Set, the connection uses TLS;
    unset, it does not."""
    keepalive_s: Annotated[int, Field(ge=1, le=65_535)] = 30
    """Seconds after which a silent link is tested. 30 finds a dead link within a minute and costs next to
    nothing; the broker's own value goes before."""
    session_expiry_s: Annotated[int, Field(ge=0, le=4_294_967_295)] = 604_800
    """Seconds for which the broker keeps our session while we are away. A week outlasts a long weekend."""
    receive_maximum: Annotated[int, Field(ge=1, le=65_535)] = 1_000
    """Messages that the broker may have outstanding with us: the back-pressure. 1000 fill one frame at
    full rate. Some brokers overrun it, hence `inbound_limit`."""
    inbound_limit: Count = 4_000
    """Unacknowledged messages in memory at which reading from the broker stops: some 9 MB at 700 bytes.
    Those that came before a reconnect count until they are stored. At least `receive_maximum`."""
    inbound_bytes: Annotated[int, Field(ge=1_048_576)] = 67_108_864
    """Bytes of those messages at which reading stops as well: 64 MiB, which a few thousand messages of a
    megabyte each would exceed. At least a megabyte, the largest payload that is taken."""
    subscriptions: Annotated[tuple[Filter, ...], Field(strict=False, min_length=1)] = ("leedswatch/#",)
    """Topic filters that this room listens to. The whole city by default; a room of some areas names
    them, as `leedswatch/inner-east/#`."""
    publish_in_flight: Annotated[int, Field(ge=1, le=65_535)] = 1_000
    """Orders on their way without the broker's acknowledgement. 1000 keep a fast broker busy."""
    reconnect_min_s: Seconds = 0.5
    """Seconds, at most, before the first attempt to reconnect; doubles with each failure. Half a second
    lets a restarting broker come up."""
    reconnect_max_s: Seconds = 15.0
    """Seconds that no wait before a reconnect exceeds: a control room is blind for as long."""


class Store(Section):
    """The Valkey or Redis that holds the journal."""

    url: Annotated[str, Field(pattern=r"^(redis|rediss|unix)://\S+$")] = "redis://127.0.0.1:6379/0"
    """Address of the store: `redis://host:port/db`, `rediss://` with TLS, `unix:///path?db=0`; without a
    password, which belongs in `password_file`. Loopback by default, as for the broker."""
    password_file: Place | None = None
    """File with the store's password on its one line; unset for a store that asks for none."""
    ca_file: Place | None = None
    """PEM file of the authorities that signed the store's certificate; only with `rediss://`. Unset, those
    that the system trusts."""
    timeout_s: Seconds = 5.0
    """Seconds after which an unanswered command counts as failed and is tried again. Far above any fsync
    that a healthy disk needs, so that only an outage meets it."""
    allow_unsafe_store: bool = False
    """Whether to run on a store that may forget what it confirmed (no fsync before the answer). Only for
    somebody who accepts to lose acknowledged alarms."""


class Console(Section):
    """The operators' web console and its API."""

    host: Host = "127.0.0.1"
    """Address to listen on. Loopback: a console is published by the proxy that holds its certificate."""
    port: OwnPort = 8080
    """TCP port to listen on; 0 lets the system choose."""
    hosts: Annotated[tuple[Host, ...], Field(strict=False)] = ()
    """Names under which a proxy with TLS publishes the console, without port. Loopback's own names always
    answer; under any other the session's cookie is for TLS alone."""
    behind_proxy: bool = False
    """Whether a proxy in front says in `X-Forwarded-For` whom it speaks for. True only where nobody else can
    reach the port: the address slows down who guesses passwords."""
    session_idle_s: Seconds = 3_600.0
    """Seconds after which a session that nobody uses ends. An open live page uses it, so nobody who watches
    is put out."""
    session_most_s: Seconds = 46_800.0
    """Seconds after which every session ends: 13 hours, a shift of twelve and its handover."""
    map_tiles: Place | None = None
    """PMTiles file (version 3, vector tiles) that is drawn below the points of the map; unset, the map shows
    the outline of the city alone. It is looked at when the service starts."""
    pages_a_person: Annotated[int, Field(ge=1, le=256)] = 16
    """How many live pages one person, or one token, may have open, of 256 in all. Enough for a desk of six
    screens that are all loaded anew; a bound, so that nobody takes everybody's places."""


class Metrics(Section):
    """The Prometheus endpoint, on a port of its own so that a firewall can tell it from the console."""

    host: Host = "127.0.0.1"
    """Address to listen on. Loopback, as for the console."""
    port: OwnPort = 9464
    """TCP port to listen on; 0 lets the system choose. 9464 is where OpenTelemetry's Prometheus
    exporters listen, so collectors expect it."""

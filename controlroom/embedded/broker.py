"""An MQTT 5 broker that needs no installation, for the demonstration and for tests; not for an alarm room.

The program is `python -m iotcore` (rumqttd inside) in a process of its own, on loopback only. Who
starts, adopts and ends it is told in `tenancy`. Found of it, and what follows:

- It keeps its queues in memory only: a broker that ends takes along what it acknowledged and nobody
  fetched. So it outlives a starter that was killed with SIGKILL (the next start adopts it, queue and
  all), and so real rooms use Mosquitto or another broker with persistence.
- It keeps, per topic filter, the last `kept_segments` segments and drops the oldest silently. The
  default keeps at least 112 MiB: about 250,000 signals of 450 bytes, hours of the demonstration.
- It ignores SIGINT, ignores a client's receive maximum (`unacknowledged_max` bounds instead), closes a
  client with keep-alive 0, and disconnects one that acknowledges out of order.
- It has users but no access lists, and speaks MQTT 3.1.1 only on a port of its own, which is not opened.
"""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import msgspec

from controlroom.embedded.children import ChildPlan, Record
from controlroom.embedded.folders import require_writable
from controlroom.embedded.greeting import greets
from controlroom.embedded.ports import LOOPBACK, require_free_port
from controlroom.embedded.tenancy import ServerPlan, Tenancy, is_locked, move_in

GREETING_WITHIN_S = 1.0  # an answer on loopback takes about a millisecond


class BrokerSettings(msgspec.Struct, frozen=True):
    """Where the broker listens, keeps its log (`broker.log`), and what it is sized for.

    `setting` and `var_setting` are the names by which the user knows `port` and `var`. A connection is
    a publisher or a subscriber. `payload_max_bytes` is far above any signal, so that an oversize one
    reaches the quarantine instead of ending its publisher's connection.
    """

    var: Path
    port: int = 1883
    setting: str = "broker.port"
    var_setting: str = "var"
    connections_max: int = 512
    payload_max_bytes: int = 262_144
    unacknowledged_max: int = 256
    kept_segments: int = 8
    segment_bytes: int = 16_777_216
    ready_within_s: float = 30.0
    stop_within_s: float = 5.0


class EmbeddedBroker:
    """A broker on loopback, running while the `async with` block runs.

    Entering raises CannotStart with one line that says what to do. Leaving ends the broker if this
    program started it or adopted it from a killed one; a broker of another living program stays.
    """

    def __init__(self, settings: BrokerSettings) -> None:
        self._settings = settings
        self._tenancy: Tenancy | None = None

    def check(self) -> None:
        """Raise CannotStart for what would hinder a start, before anything is started.

        A port that an earlier start's broker holds is not in the way: that broker will be adopted.
        """
        settings = self._settings
        if not is_locked(_plan(settings, _place(settings)).path("server.lock")):
            require_free_port(settings.setting, settings.port)

    async def __aenter__(self) -> Self:
        settings = self._settings
        place = _place(settings)
        self._tenancy = await move_in(_plan(settings, place), _Greeter(settings, place))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.tenancy.leave()

    @property
    def tenancy(self) -> Tenancy:
        """The broker's process and who will end it; only while entered."""
        if self._tenancy is None:
            raise RuntimeError("the embedded broker is used before it was entered with `async with`")
        return self._tenancy

    @property
    def port(self) -> int:
        """The MQTT 5 port on loopback."""
        return self._settings.port

    async def watch(self) -> NoReturn:
        """Never returns: raises ChildEnded, with the last lines of the log, once the broker is no more."""
        await self.tenancy.watch()


def _place(settings: BrokerSettings) -> Path:
    var = Path(os.path.realpath(settings.var))
    require_writable(var, settings.var_setting)
    place = var / "broker"
    require_writable(place, settings.var_setting)
    return place


def _plan(settings: BrokerSettings, place: Path) -> ServerPlan:
    # -P keeps a folder named iotcore in the working directory from being run instead. CRITICAL, because
    # rumqttd reports every single packet to the log as an error.
    argv = (
        sys.executable,
        "-P",
        "-m",
        "iotcore",
        "--config",
        str(_config_file(place)),
        "--log-level",
        "CRITICAL",
    )
    log = place.parent / "broker.log"
    child = ChildPlan(
        "broker", argv, log, cwd=place, dies_with_starter=False, stop_within_s=settings.stop_within_s
    )
    address = f"{LOOPBACK}:{settings.port}"
    return ServerPlan(place, child, address, settings.setting, settings.ready_within_s)


def _config_file(place: Path) -> Path:
    return place / "rumqttd.toml"


def configuration(settings: BrokerSettings) -> str:
    """Return the broker's own configuration: one MQTT 5 listener on loopback and nothing else."""
    return f"""\
# Written at every start; change the settings of the broker instead.
id = 0

[router]
id = 0
max_connections = {settings.connections_max}
max_outgoing_packet_count = 200
max_segment_size = {settings.segment_bytes}
max_segment_count = {settings.kept_segments}

[v5.1]
name = "mqtt5-loopback"
listen = "{LOOPBACK}:{settings.port}"
next_connection_delay_ms = 1

[v5.1.connections]
connection_timeout_ms = 5000
max_payload_size = {settings.payload_max_bytes}
max_inflight_count = {settings.unacknowledged_max}
dynamic_filters = false
"""


class _Greeter:
    """Knows a broker by its answer to an MQTT 5 CONNECT."""

    def __init__(self, settings: BrokerSettings, place: Path) -> None:
        self._settings = settings
        self._place = place

    async def answers(self, record: Record) -> bool:
        """Return whether the broker of `record` serves clients."""
        return await greets(int(record.address.rpartition(":")[2]), GREETING_WITHIN_S)

    async def clear_the_way(self) -> None:
        """Leave the port free and the configuration written, or raise PortTaken."""
        require_free_port(self._settings.setting, self._settings.port)
        _config_file(self._place).write_text(configuration(self._settings), encoding="utf-8")

"""Real brokers for tests, each a process of its own on a free loopback port.

A broker that is missing fails the test and says how to install it. What is started here is ended
here, by its process id.
"""

import asyncio
import getpass
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.ports import free_port

MOSQUITTO = Path("/usr/sbin/mosquitto")

DURABLE = ("persistence true", "max_queued_messages 0", "max_queued_bytes 0")
"""Mosquitto's defaults drop what is over 1,000 queued messages, in silence."""

_IOTCORE_TOML = """
id = 0
[router]
id = 0
max_connections = 100
max_outgoing_packet_count = 200
max_segment_size = 104857600
max_segment_count = 10
[v5.1]
name = "v5"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = 1048576
max_inflight_count = 100
dynamic_filters = true
"""

_LOOK_AGAIN_S = 0.01
_START_S = 60.0
"""A broker on a busy machine takes some seconds to listen; nothing waits longer than it must."""


class Broker:
    """One broker process: start it, end it softly or hard, start it again on the same port."""

    def __init__(self, command: Sequence[str], port: int, log: Path) -> None:
        self.port = port
        self._command = command
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Return once the broker accepts connections."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*self._command, stdout=log, stderr=log)
        try:
            async with asyncio.timeout(_START_S):
                while not await self._listens():  # noqa: ASYNC110 - another process tells no Event
                    await asyncio.sleep(_LOOK_AGAIN_S)
        except TimeoutError:
            await self.end(signal.SIGKILL)
            raise AssertionError(f"{self._command[0]} does not listen: {self._log.read_text()}") from None

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended since."""
        return self._process is not None and self._process.returncode is None

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Return once the process has ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()
        self._process = None

    async def _listens(self) -> bool:
        if self._process is not None and self._process.returncode is not None:
            raise AssertionError(f"{self._command[0]} ended at once: {self._log.read_text()}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionError:
            return False
        writer.close()
        await writer.wait_closed()
        return True


def mosquitto(folder: Path, *lines: str, anonymous: bool = True) -> Broker:
    """Return a Mosquitto, not yet started, with these configuration lines beside the listener."""
    if not MOSQUITTO.exists():
        raise AssertionError(f"{MOSQUITTO} is missing: apt-get install mosquitto")
    port = free_port()
    config = folder / f"mosquitto-{port}.conf"
    head = (
        f"listener {port} 127.0.0.1",
        f"user {getpass.getuser()}",
        f"allow_anonymous {str(anonymous).lower()}",
        f"persistence_location {folder}{os.sep}",
        "set_tcp_nodelay true",
    )
    config.write_text("\n".join((*head, *lines, "")))
    return Broker((str(MOSQUITTO), "-c", str(config)), port, folder / "mosquitto.log")


def iotcore(folder: Path) -> Broker:
    """Return the embedded broker, not yet started, with its MQTT 5 listener."""
    port = free_port()
    config = folder / f"iotcore-{port}.toml"
    config.write_text(_IOTCORE_TOML.format(port=port))
    return Broker((sys.executable, "-m", "iotcore", "--config", str(config)), port, folder / "iotcore.log")

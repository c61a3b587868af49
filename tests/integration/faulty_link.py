"""A TCP proxy that does to a connection what networks do: delay, split, swallow, half-close, reset.

Everything that passes is kept, so a test can look at the bytes themselves.
"""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Self

from tests.integration.listening import listening

_READ_BYTES = 65_536
_LAST_WORD_S = 10.0
"""How long a broker may take to close what the client has closed."""

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing sends RST instead of FIN."""


class FaultyLink:
    """Listens on `port` and forwards to `target_port`, both on loopback.

    `from_client` and `from_broker` hold one bytes object a read, in order, of all connections.
    Set `latency_s` and `split_bytes` at any time; `swallow` stops both directions and keeps the
    sockets open, for connections to come as well. What a client says after its first words waits for
    `goes_on`.
    """

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.latency_s = 0.0
        self.split_bytes = 0
        self.swallow = False
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.connections = 0
        self.from_client: list[bytes] = []
        self.from_broker: list[bytes] = []
        self._target_port = target_port
        self._listener = contextlib.AsyncExitStack()
        self._open: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self.port = await self._listener.enter_async_context(listening(self._accept))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reset()
        await self._listener.aclose()

    def reset(self) -> None:
        """Every open connection is reset, on both sides, at once."""
        for writer in list(self._open):
            raw: socket.socket | None = writer.get_extra_info("socket")
            if raw is None or raw.fileno() < 0:  # closed already; uvloop says None, asyncio an empty socket
                continue
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            writer.transport.abort()
        for pump in self._pumps:
            pump.cancel()

    def half_close(self) -> None:
        """The client's side hears no more from us, but may go on talking."""
        for writer in self._clients:
            writer.write_eof()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except ConnectionError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        self._clients.add(writer)
        up = asyncio.create_task(self._pump(reader, far_writer, self.from_client), name="faulty link, up")
        down = asyncio.create_task(self._pump(far_reader, writer, self.from_broker), name="faulty link, down")
        self._pumps |= {up, down}
        try:
            done, _ = await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            if up in done and not self.swallow:
                far_writer.write_eof()  # the broker has the last word, as without us
                await asyncio.wait({down}, timeout=_LAST_WORD_S)
        finally:
            await self._end({writer, far_writer}, {up, down})
            self._clients.discard(writer)

    async def _end(self, sides: set[asyncio.StreamWriter], pumps: set[asyncio.Task[None]]) -> None:
        for side in sides:
            side.transport.close()
        for pump in pumps:
            pump.cancel()
        await asyncio.wait(pumps)
        self._open -= sides
        self._pumps -= pumps
        for side in sides:
            with contextlib.suppress(ConnectionError):
                await side.wait_closed()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: list[bytes]
    ) -> None:
        spoken = False
        try:
            while data := await reader.read(_READ_BYTES):
                if self.swallow:
                    continue
                if spoken and kept is self.from_client:
                    await self.goes_on.wait()
                spoken = True
                kept.append(data)
                size = self.split_bytes or len(data)
                for at in range(0, len(data), size):
                    if self.latency_s or self.split_bytes:
                        await asyncio.sleep(self.latency_s)
                    writer.write(data[at : at + size])
                    await writer.drain()
        except ConnectionError:
            pass  # either side may end it; that is what this link is for

"""A TCP proxy that does to a connection what networks do: delay, split, swallow, half-close, reset.

Everything that passes is kept, so a test can look at the bytes themselves.
"""

import asyncio
import socket
import struct
from types import TracebackType
from typing import Self

_READ_BYTES = 65_536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing sends RST instead of FIN."""


class FaultyLink:
    """Listens on `port` and forwards to `target_port`, both on loopback.

    `from_client` and `from_broker` hold one bytes object a read, in order, of all connections.
    Set `latency_s` and `split_bytes` at any time; `swallow` stops both directions and keeps the
    sockets open, for connections to come as well.
    """

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self.latency_s = 0.0
        self.split_bytes = 0
        self.swallow = False
        self.connections = 0
        self.from_client: list[bytes] = []
        self.from_broker: list[bytes] = []
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await self._server.wait_closed()

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
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for side in (writer, far_writer):
            side.transport.close()
        await asyncio.wait({up, down})
        self._open -= {writer, far_writer}
        self._clients.discard(writer)
        self._pumps -= {up, down}

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kept: list[bytes]
    ) -> None:
        try:
            while data := await reader.read(_READ_BYTES):
                if self.swallow:
                    continue
                kept.append(data)
                size = self.split_bytes or len(data)
                for at in range(0, len(data), size):
                    if self.latency_s or self.split_bytes:
                        await asyncio.sleep(self.latency_s)
                    writer.write(data[at : at + size])
                    await writer.drain()
        except ConnectionError:
            pass  # either side may end it; that is what this link is for

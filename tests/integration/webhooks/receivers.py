"""Receivers on real sockets, each with a misbehaviour of its own, and one that verifies what it takes."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from controlroom.dispatch.webhooks.signing import ID, MOMENT, SIGNATURE, signature
from tests.integration.listening import listening as a_listener

LOCAL = "127.0.0.1"
KEY = bytes(range(32))
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Take the connection and everything that is sent, and say nothing."""
    while await reader.read(4096):
        pass


async def trickling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer a letter at a time, for as long as somebody listens."""
    while not reader.at_eof():
        writer.write(b"H")
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(4096), 0.05)


async def failing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer 500 to everything."""
    writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


async def garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer bytes that are no HTTP."""
    writer.write(bytes(range(256)) * 64)


async def endless_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer headers without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        writer.write(b"a" * 4096)
        await writer.drain()


async def hanging_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close the connection at once."""
    writer.close()


class Taking:
    """Takes referrals whose signature is right, each id once; `bodies` are what it took, `seen` every id."""

    def __init__(self, tail: bytes = b"") -> None:
        self.bodies: dict[str, Any] = {}
        self.seen: list[str] = []
        self._tail = tail

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request and answer it."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        lines = (line.split(": ", 1) for line in head[1:] if ": " in line)
        sent = {name.lower(): value for name, value in lines}
        body = await reader.readexactly(int(sent["content-length"]))
        right = signature(KEY, sent[ID], int(sent[MOMENT]), body) == sent[SIGNATURE]
        if right:
            self.seen.append(sent[ID])
            self.bodies[sent[ID]] = json.loads(body)
        status = b"200 OK" if right else b"401 Unauthorized"
        writer.write(b"HTTP/1.1 " + status + b"\r\nConnection: close\r\n\r\n")
        while self._tail:
            writer.write(self._tail)
            await writer.drain()


@asynccontextmanager
async def listening(behaviour: Behaviour, port: int = 0) -> AsyncIterator[int]:
    """Let a receiver behave so within; yields its port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await behaviour(reader, writer)

    async with a_listener(serve, port) as given:
        yield given

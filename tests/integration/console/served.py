"""A small room behind a real server, and a reader of its stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from controlroom.console.live import DEFAULT_PACE, Pace
from tests.console.small_room import EPOCH, Meter, SmallRoom

LOCAL = "127.0.0.1"


class Served:
    """A room, its console on a port of its own, and what was counted."""

    def __init__(self, room: SmallRoom, pace: Pace = DEFAULT_PACE, epoch: int = EPOCH) -> None:
        self.room = room
        self.meter = Meter()
        self.console = room.console(self.meter, pace=pace, epoch=epoch)
        self.port = 0
        self._runner: web.AppRunner | None = None

    @property
    def address(self) -> str:
        """Where the console answers."""
        return f"http://{LOCAL}:{self.port}"

    async def start(self) -> None:
        """Listen on a free port."""
        self._runner = web.AppRunner(self.console.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.plug_in()
        self.port = self._runner.addresses[0][1]

    async def plug_in(self) -> None:
        """Listen; on the port of before, when there was one."""
        assert self._runner is not None
        await web.TCPSite(self._runner, LOCAL, self.port).start()

    async def unplug(self) -> None:
        """Cut every line at once and take no new one, as a network does; the process goes on."""
        assert self._runner is not None
        assert self._runner.server is not None
        for site in list(self._runner.sites):
            await site.stop()
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()

    async def stop(self) -> None:
        """Stop listening, and end every stream."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


@asynccontextmanager
async def served(room: SmallRoom | None = None, pace: Pace = DEFAULT_PACE) -> AsyncIterator[Served]:
    """Serve a room until the block ends."""
    server = Served(room or SmallRoom(), pace)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def messages(
    session: aiohttp.ClientSession, address: str, **headers: str
) -> AsyncIterator[tuple[str, str | None, Any]]:
    """Yield event, id and data of each message of the stream, until the server ends it."""
    async with session.get(f"{address}/api/v1/stream", headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Accel-Buffering"] == "no"
        fields: dict[str, str] = {}
        async for line in answer.content:
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name:
                fields[name] = value
            elif "event" in fields:
                yield fields["event"], fields.get("id"), json.loads(fields["data"])
                fields = {}


async def positions_until(
    session: aiohttp.ClientSession, address: str, last: int, **headers: str
) -> tuple[list[int], str | None]:
    """Return the positions of all deltas up to this one, and the id of the message that held it."""
    seen: list[int] = []
    async with asyncio.timeout(15):
        async for event, place, data in messages(session, address, **headers):
            assert event != "resync", data
            if event == "batch":
                seen += [delta["p"] for delta in data["deltas"]]
                if data["through"] >= last:
                    return seen, place
    return seen, None

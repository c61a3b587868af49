"""A small room behind a real server, and a reader of its stream."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from playwright.async_api import BrowserContext

from controlroom.access.accounts import Account
from controlroom.access.front_desk import Caller
from controlroom.access.permissions import Role
from controlroom.console.places import EACH
from controlroom.console.pulses import DEFAULT_PACE, Pace
from tests.console.small_room import EPOCH, ROOM, Meter, SmallRoom

LOCAL = "127.0.0.1"
MOST = (Role.OPERATOR, Role.SUPERVISOR, Role.ENGINEER, Role.MANAGER)
"""Somebody for whom most doors are open, where a test is not about doors."""

SERVED: dict[str, "Served"] = {}
"""Whom to ask for a session, by the address that a test has."""


class Served:
    """A room, its console on a port of its own, and what was counted."""

    def __init__(
        self, room: SmallRoom, pace: Pace = DEFAULT_PACE, epoch: int = EPOCH, pages_each: int = EACH
    ) -> None:
        self.room = room
        self.meter = Meter()
        self.console = room.console(self.meter, pace=pace, epoch=epoch, pages_each=pages_each)
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._keys: dict[str, str] = {}

    @property
    def address(self) -> str:
        """Where the console answers."""
        return f"http://{LOCAL}:{self.port}"

    async def let_in(self, name: str = "desk one", *roles: Role, unit: str | None = None) -> str:
        """Return the key of a session of this person; without roles, of one who may do most things."""
        desk, who = self.room.desk, f"{name} {' '.join(roles)}"
        if who not in self._keys:
            account = Account(name, name, roles or MOST, unit=unit)
            await desk.book.keep({name: account})
            self._keys[who] = await desk.admit(account, Caller("127.0.0.1", "a test"), "password")
        return self._keys[who]

    async def cookies(self, name: str = "desk one", *roles: Role, unit: str | None = None) -> dict[str, str]:
        """Return the headers that a signed-in browser sends."""
        return {"Cookie": f"{ROOM}-session={await self.let_in(name, *roles, unit=unit)}"}

    async def sign_in(
        self, context: BrowserContext, name: str = "desk one", *roles: Role, unit: str | None = None
    ) -> None:
        """Let a browser's context have the session of this person."""
        key = await self.let_in(name, *roles, unit=unit)
        await context.add_cookies([{"name": f"{ROOM}-session", "value": key, "url": self.address}])

    async def start(self) -> None:
        """Listen on a free port."""
        self._runner = web.AppRunner(self.console.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await self.plug_in()
        self.port = self._runner.addresses[0][1]
        SERVED[self.address] = self

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
            await self.room.past.close()
            self._runner = None
            SERVED.pop(self.address, None)


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
    headers = await SERVED[address].cookies() | headers
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
    async with asyncio.timeout(60):
        async for event, place, data in messages(session, address, **headers):
            assert event != "resync", data
            if event == "batch":
                seen += [delta["p"] for delta in data["deltas"]]
                if data["through"] >= last:
                    return seen, place
    return seen, None

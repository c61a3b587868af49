"""The door of the console: an application listening on an address until it is closed.

Whoever comes in has to ask something. A connection on which no whole question has arrived within
`HEAD_WITHIN_S`, or within `IDLE_S` after the last answer, is closed: one that sends its head a byte a minute
holds a socket for no longer than one that sends nothing. An answer that goes on, as the live stream does, has
had its question, and nobody counts its seconds.

Limit: a body may come as slowly as it likes; who sends one has been admitted by then.
"""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

STOP_WITHIN_S = 2.0
"""How long open answers may take to end; a live stream never ends by itself."""

HEAD_WITHIN_S = 20.0
"""How long the head of the first question may take: a telephone with a poor line needs a second or two."""

IDLE_S = 75.0
"""How long a connection may wait for its next question: longer than the 60 s for which a proxy keeps one."""

LOOKS = 4
"""How often within `HEAD_WITHIN_S` the connections are looked through."""


class Site:
    """One listening application. `port` is the one it really has, also where 0 was asked for."""

    def __init__(self, app: web.Application, head_within_s: float = HEAD_WITHIN_S) -> None:
        app.middlewares.insert(0, self._note)
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=STOP_WITHIN_S, keepalive_timeout=IDLE_S
        )
        self._head_within_s = head_within_s
        self._asked: set[object] = set()
        self._since: dict[object, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        """Listen; raises OSError when the port is taken or the address is not ours."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self._look()

    async def close(self) -> None:
        """Stop listening and end what is open."""
        if self._timer is not None:
            self._timer.cancel()
        await self._runner.cleanup()

    @web.middleware
    async def _note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Remember that a whole question came in on this connection."""
        self._asked.add(request.protocol)
        return await handler(request)

    def _look(self) -> None:
        """Close the connections that have been open for too long without a question, and look again later."""
        loop, server = asyncio.get_running_loop(), self._runner.server
        there = set(server.connections) if server is not None else set()
        self._asked &= there
        self._since = {one: self._since.get(one, loop.time()) for one in there - self._asked}
        for one in there - self._asked:
            if loop.time() - self._since[one] >= self._head_within_s:
                one.force_close()
        self._timer = loop.call_later(self._head_within_s / LOOKS, self._look)

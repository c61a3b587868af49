"""The door of the console: an application listening on an address until it is closed."""

from aiohttp import web

STOP_WITHIN_S = 2.0
"""How long open answers may take to end; a live stream never ends by itself."""


class Site:
    """One listening application. `port` is the one it really has, also where 0 was asked for."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN_S)
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        """Listen; raises OSError when the port is taken or the address is not ours."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening and end what is open."""
        await self._runner.cleanup()

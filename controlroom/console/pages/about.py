"""The pages about the console itself: how it is worked with, and whom it shuts out."""

from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.pages.shell import Shell
from controlroom.console.routes import Declared, get


class AboutPages:
    """The handlers of these pages. They hold no state of their own."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/help", self.help, Permission.OPEN),
            get("/accessibility", self.accessibility, Permission.OPEN),
        ]

    async def help(self, request: web.Request) -> web.Response:
        """Show how the console is worked with."""
        return self._shell.page(request, "help.html")

    async def accessibility(self, request: web.Request) -> web.Response:
        """Show the accessibility statement, which the regulations of 2018 ask of an intranet as well."""
        return self._shell.page(request, "accessibility.html")

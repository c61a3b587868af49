"""The pages about the console itself: how it is worked with, and whom it shuts out."""

from aiohttp import web

from controlroom.console.pages.shell import Shell


class AboutPages:
    """The handlers of these pages. They hold no state of their own."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def routes(self) -> list[web.RouteDef]:
        """Return what these handlers answer."""
        return [web.get("/help", self.help), web.get("/accessibility", self.accessibility)]

    async def help(self, request: web.Request) -> web.Response:
        """Show how the console is worked with."""
        return self._shell.page(request, "help.html")

    async def accessibility(self, request: web.Request) -> web.Response:
        """Show the accessibility statement, which the regulations of 2018 ask of an intranet as well."""
        return self._shell.page(request, "accessibility.html")

"""A problem as a page: what a person sees who may not open something, or asked for what is not there.

It says what the problem says, what to do, and what this person may open instead. It stands in the frame of
all pages, so nobody is left at a dead end.
"""

from collections.abc import Mapping

from aiohttp import web

from controlroom.console.pages.navigation import Where, shown_to, signed_in
from controlroom.console.pages.shell import Shell
from controlroom.console.problems import AsPage, Body

_TITLES: Mapping[str, str] = {
    "not-signed-in": "Sign in first",
    "not-allowed": "Your role does not open this",
    "not-found": "There is no such page",
    "method-not-allowed": "This page cannot be asked that way",
    "failed": "Something went wrong here",
}
"""What a person reads instead of the problem's own short title, where that is a programmer's."""


_DETAILS: Mapping[str, str] = {
    "not-found": "The address may be mistyped, or what it showed is not kept any more.",
    "method-not-allowed": "Open it from a link or a button of the console.",
}
"""What a person reads instead of the detail, where that speaks of requests."""


def problem_pages(shell: Shell) -> AsPage:
    """Return what shows a problem to a person."""

    def as_page(request: web.Request, told: Body) -> web.Response:
        name = str(told["type"]).rpartition(":")[2]
        visitor, detail = signed_in(request), str(told["detail"])
        values = {
            "heading": _TITLES.get(name, str(told["title"]).capitalize()),
            "told": told,
            "name": name,
            "detail": _DETAILS.get(name, detail) if detail.startswith(f"{request.method} ") else detail,
            "faults": told.get("errors", ()),
            "open": shown_to(visitor, Where.TOP) if visitor.name is not None else (),
        }
        return shell.page(request, "problem.html", values, status=int(str(told["status"])))

    return as_page

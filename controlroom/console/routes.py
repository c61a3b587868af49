"""How a route is declared: its address, its handler, and the permission without which nobody passes.

`get` and `post` are the only way to a route of the console. A route that came in by another way has no
permission, and `declare` refuses to build an application that has one: nothing is open by having been
forgotten.
"""

from collections.abc import Iterable, Mapping

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.problems import Handler


class Declared(msgspec.Struct, frozen=True):
    """One route and what it asks for."""

    method: str
    path: str
    handler: Handler
    permission: Permission


Declarations = Mapping[web.AbstractRoute, Declared]
"""What each route of an application was declared as."""


class RouteUndeclared(Exception):
    """A route asks for no permission; the text names it."""


def get(path: str, handler: Handler, permission: Permission) -> Declared:
    """Return the declaration of a question."""
    return Declared("GET", path, handler, permission)


def post(path: str, handler: Handler, permission: Permission) -> Declared:
    """Return the declaration of a command or a form."""
    return Declared("POST", path, handler, permission)


def declare(app: web.Application, declared: Iterable[Declared]) -> Declarations:
    """Put these routes into the application; raises RouteUndeclared where it has others as well."""
    found = {app.router.add_route(one.method, one.path, one.handler): one for one in declared}
    for one in [one for one in found.values() if one.method == "GET"]:
        found[app.router.add_route("HEAD", one.path, one.handler)] = one
    for route in app.router.routes():
        if route not in found:
            where = route.resource.canonical if route.resource is not None else "?"
            raise RouteUndeclared(f"{route.method} {where}: declare it by console.routes with its permission")
    return found

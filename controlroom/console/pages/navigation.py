"""The pages that exist, in the order in which the navigation shows them, and what each one asks for.

An entry names an address of this application and the permission without which it is not shown. Hiding an
entry protects nothing: the handler of the page refuses whoever may not see it. A test holds every entry
against the routes, so that the navigation never leads nowhere.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission, may
from controlroom.console.admission import visitor_of
from controlroom.console.api import answer
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get

API = "/api/v1/"


class Where(StrEnum):
    """Which of the two lists an entry stands in: at the top of each page, or at its foot."""

    TOP = "top"
    FOOT = "foot"


class Entry(msgspec.Struct, frozen=True):
    """One page in the navigation; `permission` None is for everybody."""

    title: str
    href: str
    permission: Permission | None = None
    where: Where = Where.TOP


class Visitor(msgspec.Struct, frozen=True):
    """Who looks at a page: the name, None where nobody signed in, and what this person may do.

    `permissions` None means everything: there is nobody to tell apart yet.
    """

    name: str | None = None
    permissions: frozenset[str] | None = None

    def may(self, permission: str | None) -> bool:
        """Return whether this person may do what the permission names."""
        return permission is None or self.permissions is None or permission in self.permissions


VisitorOf = Callable[[web.Request], Visitor]
"""Says who sent a request."""

ENTRIES: tuple[Entry, ...] = (
    Entry("Live console", "/", Permission.SEE),
    Entry("Wall screen", "/wall", Permission.SEE),
    Entry("Crew", "/crew", Permission.CREW_PAGE),
    Entry("The past", "/past", Permission.PAST),
    Entry("Engineering", "/engineering", Permission.CHANGE_RULES),
    Entry("Plan on a Page", "/managers", Permission.READ_PLAN),
    Entry("People", "/people", Permission.MANAGE_PEOPLE),
    Entry("Audit", "/audit", Permission.AUDIT),
    Entry("Your account", "/account", Permission.OWN_ACCOUNT),
    Entry("Help", "/help"),
    Entry("Accessibility statement", "/accessibility", where=Where.FOOT),
)
"""Every page that can be reached by itself. A page about one thing (an incident) is reached from its list."""


def anybody(_: web.Request) -> Visitor:
    """Return a visitor without a name who may do everything."""
    return Visitor()


def signed_in(request: web.Request) -> Visitor:
    """Return who has signed in, with what they may do; without a name and with nothing where nobody has."""
    person = visitor_of(request)
    allowed = frozenset(permission.value for permission in Permission if may(person, permission))
    return Visitor(person.name if person is not None else None, allowed)


def shown_to(visitor: Visitor, where: Where) -> tuple[Entry, ...]:
    """Return the entries that this person is shown there."""
    return tuple(entry for entry in ENTRIES if entry.where is where and visitor.may(entry.permission))


class NavigationAnswers:
    """Tells the live console, which no server renders, what it holds for this person.

    What may be sent is told from the routes themselves, so that a page offers what the room takes and has no
    table of its own.
    """

    def __init__(self, visitor_of: VisitorOf, doors: Sequence[Declared] = ()) -> None:
        self._visitor_of = visitor_of
        self._doors = doors

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/navigation", self.navigation, Permission.OPEN)]

    async def navigation(self, request: web.Request) -> web.Response:
        """Answer with the name of the person who asks, the pages that they may open, and what they may do.

        `commands` are what they may send, as addresses below the API.
        """
        asked(request, Nothing)
        visitor = self._visitor_of(request)
        pages = [{"title": entry.title, "href": entry.href} for entry in shown_to(visitor, Where.TOP)]
        may_do = [one for one in Permission if visitor.may(one)]
        commands = [
            door.path.removeprefix(API)
            for door in self._doors
            if door.method == "POST" and visitor.may(door.permission)
        ]
        told = {"visitor": visitor.name, "pages": pages, "may": may_do, "commands": commands}
        return answer(told)

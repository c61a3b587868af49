"""The page of people: accounts, sessions and tokens, for who manages them; and everybody's own sessions.

Each button is a form of its own that does one thing and comes back here with a sentence about it.
"""

from contextlib import suppress
from datetime import timedelta

from aiohttp import web

from controlroom.access import registry
from controlroom.access.accounts import AccessRefused, Account, plain
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission, Role, may
from controlroom.console.accounts import account_views, session_views, token_views
from controlroom.console.admission import author_of, person_of
from controlroom.console.forms import fields, token_of
from controlroom.console.pages.shell import Shell
from controlroom.console.routes import Declared, get, post
from controlroom.journal.store import StoreAway, StoreRefused

TOKEN_DAYS = 90
"""A token made on the page lasts a quarter; the API and the command line make others."""


class PeoplePages:
    """The handlers of these pages."""

    def __init__(self, shell: Shell, desk: FrontDesk) -> None:
        self._shell = shell
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/people", self.page, Permission.MANAGE_PEOPLE),
            post("/people", self.change, Permission.MANAGE_PEOPLE),
            get("/account", self.own, Permission.OWN_ACCOUNT),
            post("/account", self.revoke_own, Permission.OWN_ACCOUNT),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Show everybody."""
        return self._page(request)

    async def change(self, request: web.Request) -> web.Response:
        """Do what the button says, and show what came of it."""
        sent = await fields(request)
        try:
            said = await self._do(author_of(request), sent.get("do", ""), dict(sent))
        except (AccessRefused, StoreAway, StoreRefused) as refused:
            return self._page(request, fault=str(refused), status=409)
        return self._page(request, said=said)

    async def own(self, request: web.Request) -> web.Response:
        """Show one's own account: roles, sessions, password, signing out."""
        return self._own(request)

    async def revoke_own(self, request: web.Request) -> web.Response:
        """End one of one's own sessions."""
        sent = await fields(request)
        wanted, name = sent.get("name", ""), person_of(request).name
        mine = {view.id for view in session_views(self._desk, request) if view.account == name}
        if wanted in mine:
            with suppress(AccessRefused):  # it ended by itself meanwhile
                await registry.revoke(self._desk.book, wanted, name)
        return self._own(request)

    def _own(self, request: web.Request) -> web.Response:
        person = person_of(request)
        sessions = [view for view in session_views(self._desk, request) if view.account == person.name]
        allowed = [one for one in Permission if may(person, one) and one is not Permission.OPEN]
        values = {"token": token_of(request), "person": person, "sessions": sessions, "allowed": allowed}
        return self._shell.page(request, "account.html", values)

    def _page(
        self, request: web.Request, *, said: str = "", fault: str = "", status: int = 200
    ) -> web.Response:
        values = {
            "token": token_of(request),
            "said": said,
            "fault": fault,
            "accounts": account_views(self._desk),
            "sessions": session_views(self._desk, request),
            "tokens": token_views(self._desk),
            "roles": tuple(Role),
        }
        return self._shell.page(request, "people.html", values, status=status)

    async def _do(self, author: str, do: str, sent: dict[str, str]) -> str:
        """Do it and return a sentence about it; raises what `registry` raises."""
        desk, name = self._desk, plain(sent.get("name", ""))
        book, now = desk.book, desk.now()
        if do == "add":
            unit = sent.get("unit", "").strip() or None
            account = Account(name, sent.get("shown", "").strip() or name, (_role(sent),), unit=unit)
            password = await registry.add(book, desk.passwords, account, author, now)
            return f"{name} was added. Initial password, shown this once: {password}"
        if do == "reset":
            password = await registry.reset(book, desk.passwords, name, author)
            desk.forgive(name)
            return f"{name} has a new initial password, shown this once: {password}"
        if do == "disable":
            await registry.disable(book, name, author, now)
            return f"{name} opens nothing any more."
        if do == "enable":
            await registry.enable(book, name, author, now)
            desk.forgive(name)
            return f"{name} may be used again."
        if do == "roles":
            roles = tuple(role for role in Role if sent.get(role.value))
            await registry.set_roles(book, name, roles, author, now)
            return f"{name} is now {', '.join(roles)}."
        if do == "revoke":
            await registry.revoke(book, name, author)
            return "The session has ended."
        return await self._of_tokens(do, name, (author, sent))

    async def _of_tokens(self, do: str, name: str, by: tuple[str, dict[str, str]]) -> str:
        (author, sent), desk = by, self._desk
        if do == "token":
            made, lasts = (author, desk.now()), timedelta(days=TOKEN_DAYS)
            token = await registry.make_token(desk.book, name, (_role(sent),), lasts, made)
            return f"A token for {name}, shown this once: {token}"
        if do == "revoke-token":
            await registry.revoke_token(desk.book, name, author)
            return f"{name} opens nothing any more."
        raise AccessRefused("this page has no such button; load it again")


def _role(sent: dict[str, str]) -> Role:
    try:
        return Role(sent.get("role", ""))
    except ValueError:
        raise AccessRefused(f"choose a role: {', '.join(Role)}") from None

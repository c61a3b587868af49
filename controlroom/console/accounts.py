"""People over the API: who I am, and for who may manage people: accounts, sessions, and tokens for machines.

A password or a token is in exactly one answer: the one that made it. Lists hold neither, nor a digest of one.
"""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web
from pydantic import Field

from controlroom.access import registry
from controlroom.access.accounts import AccessRefused, Account, plain
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission, Role, may
from controlroom.console.admission import BADGE, author_of, person_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.journal.store import StoreAway, StoreRefused

Named = Annotated[str, Field(min_length=1, max_length=64)]
Roles = Annotated[list[Annotated[Role, Field(strict=False)]], Field(min_length=1, max_length=len(Role))]


class AddBody(Authored):
    """Somebody new: the name to sign in with, how they are shown, their roles, and a crew's unit."""

    name: Named
    shown: Annotated[str, Field(max_length=64)] = ""
    roles: Roles
    unit: Named | None = None


class RolesBody(Authored):
    """These roles and no others."""

    roles: Roles


class TokenBody(Authored):
    """A machine, what it may, and for how many days."""

    name: Named
    roles: Roles
    days: Annotated[int, Field(ge=1, le=400)] = 90


class AccountView(msgspec.Struct, frozen=True):
    """One account, without anything secret."""

    name: str
    shown: str
    roles: tuple[Role, ...]
    unit: str | None
    disabled: bool
    must_change: bool
    locked_until: datetime | None
    sessions: int


class SessionView(msgspec.Struct, frozen=True):
    """One signed-in browser; `here` marks the one that asks."""

    id: str
    account: str
    created: datetime
    seen: datetime
    address: str
    agent: str
    by: str
    here: bool


class TokenView(msgspec.Struct, frozen=True):
    """One token, without the token."""

    name: str
    roles: tuple[Role, ...]
    created: datetime
    until: datetime
    by: str


class Me(msgspec.Struct, frozen=True):
    """Who asks, what they may do, and the token that their forms carry; None for a machine."""

    name: str
    shown: str
    roles: tuple[Role, ...]
    unit: str | None
    permissions: tuple[Permission, ...]
    form: str | None


Made = TypeVar("Made")


class AccountAnswers:
    """The handlers. Everything they change is noted with its author."""

    def __init__(self, desk: FrontDesk) -> None:
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        one, manage = "/api/v1/accounts/{name}", Permission.MANAGE_PEOPLE
        return [
            get("/api/v1/me", self.me, Permission.OWN_ACCOUNT),
            get("/api/v1/accounts", self.accounts, manage),
            post("/api/v1/accounts", self.add, manage),
            post(f"{one}/roles", self.set_roles, manage),
            post(f"{one}/reset", self.reset, manage),
            post(f"{one}/disable", self.disable, manage),
            post(f"{one}/enable", self.enable, manage),
            get("/api/v1/sessions", self.sessions, Permission.OWN_ACCOUNT),
            post("/api/v1/sessions/{id}/revoke", self.revoke, Permission.OWN_ACCOUNT),
            get("/api/v1/tokens", self.tokens, manage),
            post("/api/v1/tokens", self.make_token, manage),
            post("/api/v1/tokens/{name}/revoke", self.revoke_token, manage),
        ]

    async def me(self, request: web.Request) -> web.Response:
        """Say who asks."""
        asked(request, Nothing)
        person, session = person_of(request), request[BADGE].session
        return answer(
            Me(
                name=person.name,
                shown=person.shown,
                roles=tuple(sorted(person.roles)),
                unit=person.unit,
                permissions=tuple(one for one in Permission if may(person, one)),
                form=session.form if session is not None else None,
            )
        )

    async def accounts(self, request: web.Request) -> web.Response:
        """List everybody by name."""
        asked(request, Nothing)
        return answer({"accounts": account_views(self._desk)})

    async def add(self, request: web.Request) -> web.Response:
        """Add somebody; the answer holds the initial password, this once."""
        body, desk = await read_body(request, AddBody), self._desk
        name = plain(body.name)
        account = Account(name, body.shown or body.name, tuple(body.roles), unit=body.unit)
        adding = registry.add(desk.book, desk.passwords, account, author_of(request), desk.now())
        return answer({"name": name, "password": await _done(adding)}, status=201)

    async def set_roles(self, request: web.Request) -> web.Response:
        """Give somebody other roles."""
        body, desk = await read_body(request, RolesBody), self._desk
        roles, name = tuple(body.roles), request.match_info["name"]
        await _done(registry.set_roles(desk.book, name, roles, author_of(request), desk.now()))
        return self._account(request)

    async def reset(self, request: web.Request) -> web.Response:
        """Give somebody a new initial password, and unlock them."""
        await read_body(request, Authored)
        desk, name = self._desk, request.match_info["name"]
        password = await _done(registry.reset(desk.book, desk.passwords, name, author_of(request)))
        desk.forgive(name)
        return answer({"name": name, "password": password})

    async def disable(self, request: web.Request) -> web.Response:
        """Let an account open nothing any more, at once."""
        await read_body(request, Authored)
        desk, name = self._desk, request.match_info["name"]
        await _done(registry.disable(desk.book, name, author_of(request), desk.now()))
        return self._account(request)

    async def enable(self, request: web.Request) -> web.Response:
        """Let an account be used again."""
        await read_body(request, Authored)
        desk, name = self._desk, request.match_info["name"]
        await _done(registry.enable(desk.book, name, author_of(request), desk.now()))
        desk.forgive(name)
        return self._account(request)

    async def sessions(self, request: web.Request) -> web.Response:
        """List the sessions that stand: one's own, or everybody's for who manages people."""
        asked(request, Nothing)
        return answer({"sessions": session_views(self._desk, request)})

    async def revoke(self, request: web.Request) -> web.Response:
        """End a session: one's own, or anybody's for who manages people."""
        await read_body(request, Authored)
        wanted = request.match_info["id"]
        if wanted not in {view.id for view in session_views(self._desk, request)}:
            raise problem(404, "no-such-session", "it may have ended by itself; see GET /api/v1/sessions")
        await _done(registry.revoke(self._desk.book, wanted, author_of(request)))
        return answer({"revoked": wanted})

    async def tokens(self, request: web.Request) -> web.Response:
        """List the tokens for machines."""
        asked(request, Nothing)
        return answer({"tokens": token_views(self._desk)})

    async def make_token(self, request: web.Request) -> web.Response:
        """Make a token; the answer holds it, this once."""
        body, desk = await read_body(request, TokenBody), self._desk
        made, name = (author_of(request), desk.now()), plain(body.name)
        making = registry.make_token(desk.book, name, tuple(body.roles), timedelta(days=body.days), made)
        return answer({"name": f"token:{name}", "token": await _done(making)}, status=201)

    async def revoke_token(self, request: web.Request) -> web.Response:
        """Let a token open nothing any more."""
        await read_body(request, Authored)
        name = request.match_info["name"]
        await _done(registry.revoke_token(self._desk.book, name, author_of(request)))
        return answer({"revoked": name})

    def _account(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return answer(next(view for view in account_views(self._desk) if view.name == name))


def account_views(desk: FrontDesk) -> tuple[AccountView, ...]:
    """Return every account by name."""
    standing = [session.account for session in desk.standing_sessions()]
    return tuple(
        AccountView(
            name=one.name,
            shown=one.shown,
            roles=one.roles,
            unit=one.unit,
            disabled=one.disabled,
            must_change=one.must_change,
            locked_until=one.locked_until if one.locked_until and one.locked_until > desk.now() else None,
            sessions=standing.count(one.name),
        )
        for one in sorted(desk.book.accounts.values(), key=lambda account: account.name)
    )


def session_views(desk: FrontDesk, request: web.Request) -> tuple[SessionView, ...]:
    """Return the sessions that whoever asks may see, the latest used first."""
    badge = request[BADGE]
    here = badge.session.id if badge.session is not None else ""
    everybody = may(badge.person, Permission.MANAGE_PEOPLE)
    found = [one for one in desk.standing_sessions() if everybody or one.account == badge.person.name]
    return tuple(
        SessionView(
            one.id, one.account, one.created, one.seen, one.address, one.agent, one.by, one.id == here
        )
        for one in sorted(found, key=lambda session: session.seen, reverse=True)
    )


def token_views(desk: FrontDesk) -> tuple[TokenView, ...]:
    """Return every token by name."""
    tokens = sorted(desk.book.tokens.values(), key=lambda token: token.name)
    return tuple(TokenView(one.name, one.roles, one.created, one.until, one.by) for one in tokens)


async def _done(change: Awaitable[Made]) -> Made:
    """Return what a change gave; raises the problem that stands against it."""
    try:
        return await change
    except AccessRefused as refused:
        raise problem(409, "not-possible-now", str(refused)) from refused
    except (StoreAway, StoreRefused) as away:
        raise problem(503, "not-stored-yet", f"nothing was changed: {away}") from away

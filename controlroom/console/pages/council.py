"""The way to the council's sign-in service and back, without JavaScript.

Who is sent there gets a cookie with the word that has to come back; nobody can finish a sign-in that another
browser began. The way back ends on a page that leads on by itself, because a browser that comes from another
site does not send the session's cookie along with a redirect.
"""

from collections import OrderedDict
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web
from joserfc.jwk import KeySet

from controlroom.access.accounts import AccessRefused, can_sign_in, changed
from controlroom.access.council import (
    Claims,
    Council,
    Pending,
    account_of,
    believed,
    insist_from,
    new_pending,
    question,
)
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.console.admission import SIGN_IN, is_published
from controlroom.console.council_link import CouncilLink
from controlroom.console.forms import local
from controlroom.console.pages.sign_in import COUNCIL, NOT_KEPT, OUT, SignInPages
from controlroom.console.routes import Declared, get
from controlroom.journal.store import StoreAway, StoreRefused

BACK = f"{COUNCIL}/back"
AWAY_FOR = timedelta(minutes=10)
"""How long somebody may take to sign in there."""

AWAY_MAX = 1_000
"""People on their way there at once; the oldest is forgotten first, and begins again."""


class CouncilPages:
    """The handlers. `pages` lets people in and shows what went wrong, as for everybody."""

    def __init__(self, pages: SignInPages, desk: FrontDesk, council: Council) -> None:
        self._pages = pages
        self._desk = desk
        self._council = council
        self._link = CouncilLink(council)
        self._away: OrderedDict[str, Pending] = OrderedDict()

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get(COUNCIL, self.go, Permission.OPEN),
            get(BACK, self.back, Permission.OPEN),
            get(OUT, self.out, Permission.OPEN),
        ]

    async def go(self, request: web.Request) -> web.Response:
        """Send somebody to the service."""
        pending = new_pending(local(request.query.get("next", "/")), self._desk.now())
        try:
            endpoint = await self._link.authorization()
        except AccessRefused as refused:
            return self._pages.refused(request, str(refused))
        self._away[pending.state] = pending
        while len(self._away) > AWAY_MAX:
            self._away.popitem(last=False)
        address = question(self._council, endpoint, _back(request), pending)
        response = web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
        response.set_cookie(
            _cookie(request),
            pending.state,
            max_age=round(AWAY_FOR.total_seconds()),
            path="/",
            secure=is_published(request),
            httponly=True,
            samesite="Lax",  # it has to come along when the service sends the browser back
        )
        return response

    async def back(self, request: web.Request) -> web.Response:
        """Let in who comes back with a code that is worth something."""
        pending = self._away.pop(request.query.get("state", ""), None)
        known = pending is not None and request.cookies.get(_cookie(request)) == pending.state
        if pending is None or not known or self._desk.now() - pending.since > AWAY_FOR:
            return self._pages.refused(request, "this sign-in began elsewhere or too long ago; begin again")
        try:
            claims = await self._claims(request, pending)
            key = await self._admitted(request, claims)
        except AccessRefused as refused:
            return self._pages.refused(request, str(refused))
        except (StoreAway, StoreRefused):
            return self._pages.refused(request, NOT_KEPT)
        response = await self._pages.let_in(request, key, pending.onward)
        response.del_cookie(_cookie(request), path="/", secure=is_published(request))
        return response

    async def out(self, request: web.Request) -> web.Response:
        """Show that nobody is signed in here, and lead on to being signed out at the service."""
        try:
            address = await self._link.out()
        except AccessRefused:
            address = ""
        here = urlencode(
            {"client_id": self._council.client_id, "post_logout_redirect_uri": _address(request, SIGN_IN)}
        )
        there = f"{address}{'&' if '?' in address else '?'}{here}" if address else ""
        return self._pages.signed_out(request, there)

    async def _claims(self, request: web.Request, pending: Pending) -> Claims:
        insist_from(self._council, request.query.get("iss"), promised=await self._link.names_itself())
        code = request.query.get("code", "")
        if not code:
            said = request.query.get("error", "no code")[:64]
            raise AccessRefused(f"{self._council.label} did not let you in ({said})")
        token = await self._link.token(code, _back(request), pending)
        try:
            return self._believed(token, await self._link.keys(anew=False), pending)
        except AccessRefused:  # the service may have changed its keys since we asked for them
            return self._believed(token, await self._link.keys(anew=True), pending)

    def _believed(self, token: str, keys: KeySet, pending: Pending) -> Claims:
        return believed(self._council, token, keys, pending, self._desk.now())

    async def _admitted(self, request: web.Request, claims: Claims) -> str:
        desk, now = self._desk, self._desk.now()
        async with desk.book.changing():
            before = desk.book.accounts
            account = changed(before, account_of(before, claims), now)
            if not can_sign_in(account, now):
                raise AccessRefused("the account may not be used now; a supervisor can help")
            if before.get(account.name) != account:
                step = AccessStep.CHANGED if account.name in before else AccessStep.ADDED
                note = AccessNoted(account.name, step, account.name, f"by {self._council.label}")
                await desk.book.keep({account.name: account}, note)
        return await desk.admit(account, self._pages.caller(request), "council")


def _back(request: web.Request) -> str:
    """Return the address that the service sends the browser back to, as it is registered there."""
    return _address(request, BACK)


def _address(request: web.Request, path: str) -> str:
    return f"{'https' if is_published(request) else 'http'}://{request.host}{path}"


def _cookie(request: web.Request) -> str:
    return "__Host-council" if is_published(request) else "council"

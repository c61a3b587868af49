"""Signing in, handing the desk over, the own password and signing out. All of it without JavaScript.

Handing over on a shared desk is signing in on top: the page offers who was here lately, so that only a
password has to be typed; the session before ends, the work stays whose it was.
"""

import math
from urllib.parse import quote

import structlog
from aiohttp import web

from controlroom.access.accounts import NAME, AccessRefused, plain
from controlroom.access.front_desk import Caller, FrontDesk
from controlroom.access.permissions import Permission
from controlroom.access.readers import leaves_alone
from controlroom.access.throttle import TooSoon
from controlroom.access.witness import UNKNOWN
from controlroom.console.admission import (
    BADGE,
    PASSWORD,
    SIGN_IN,
    caller_of,
    cookie_name,
    is_published,
    session_of,
)
from controlroom.console.forms import fields, local, remember, see_other, set_cookie, token_of
from controlroom.console.pages.shell import Shell
from controlroom.console.routes import Declared, get, post
from controlroom.journal.store import StoreAway, StoreRefused

COUNCIL = f"{SIGN_IN}/council"
OUT = f"{COUNCIL}/out"
"""Where somebody goes on who came in by the council's service, and is signed in there as well."""

AT_DESK_MAX = 6
"""Names that a desk remembers: a shift of a pod of desks."""

AT_DESK_S = 30 * 24 * 3600
"""For a month: who comes back from leave is still there."""

NOT_KEPT = "the store does not answer, so nobody can sign in just now; who is signed in can go on working"


class SignInPages:
    """The handlers. `room` names the cookies, `behind_proxy` says whose word on the address counts.

    `council` is what the other way in is called; empty where there is none.
    """

    def __init__(
        self, shell: Shell, desk: FrontDesk, room: str, *, behind_proxy: bool, council: str = ""
    ) -> None:
        self._shell = shell
        self._desk = desk
        self._room = room
        self._behind_proxy = behind_proxy
        self._council = council
        self._log = structlog.get_logger("people")

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get(SIGN_IN, self.page, Permission.OPEN),
            post(SIGN_IN, self.enter, Permission.OPEN),
            get(f"{SIGN_IN}/once/{{key}}", self.enter_once, Permission.OPEN),
            post("/sign-out", self.leave, Permission.OWN_ACCOUNT),
            get(PASSWORD, self.password_page, Permission.OWN_ACCOUNT),
            post(PASSWORD, self.new_password, Permission.OWN_ACCOUNT),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Show the form; who is signed in may hand the desk over."""
        name = request.query.get("name", "")
        return self._form(request, name if NAME.fullmatch(name) else "", request.query.get("next", "/"))

    async def enter(self, request: web.Request) -> web.Response:
        """Let somebody in and lead them on to where they wanted to go."""
        sent = await fields(request)
        name, onward = sent.get("name", ""), local(sent.get("next", "/"))
        try:
            key = await self._desk.enter(name, sent.get("password", ""), self.caller(request))
        except AccessRefused as refused:
            self._note_refusal(request, name, "wrong")
            return self._form(request, name, onward, (str(refused), 403))
        except TooSoon as wait:
            self._note_refusal(request, name, "too_soon")
            return _later(self._form(request, name, onward, (str(wait), 429)), wait)
        except (StoreAway, StoreRefused):
            return self._form(request, name, onward, (NOT_KEPT, 503))
        return await self._in(request, key, see_other(onward))

    async def enter_once(self, request: web.Request) -> web.Response:
        """Let somebody in by a link that works one single time.

        The answer is a page that leads on by itself and no redirect: whoever followed the link from another
        site's page would come to the next address without the cookie that was just set. A HEAD asks what is
        there, as mail and chat programs do with every link, and uses nothing up.
        """
        if request.method == "HEAD":
            return web.Response(content_type="text/html")
        try:
            key = await self._desk.enter_once(request.match_info["key"], self.caller(request))
        except AccessRefused as refused:
            return self._form(request, "", "/", (str(refused), 403))
        except (StoreAway, StoreRefused):
            return self._form(request, "", "/", (NOT_KEPT, 503))
        return await self.let_in(request, key, "/")

    async def let_in(self, request: web.Request, key: str, onward: str) -> web.Response:
        """Answer with the page that leads on by itself, and with the session that this key opens."""
        page = self._shell.page(request, "signed-in.html", {"onward": onward})
        return await self._in(request, key, page)

    def refused(self, request: web.Request, why: str) -> web.Response:
        """Answer with the form, and why nobody was let in by another way."""
        return self._form(request, "", "/", (why, 403))

    def signed_out(self, request: web.Request, there: str) -> web.Response:
        """Answer with the page that says so; `there` is where to be signed out elsewhere, or empty."""
        return self._shell.page(request, "signed-out.html", {"there": there, "council": self._council})

    async def leave(self, request: web.Request) -> web.Response:
        """End the session of this browser; who would leave something restricted alone is asked first."""
        sent, badge = await fields(request), request[BADGE]
        if self._leaves_alone(request) and sent.get("anyway") != "yes":
            return self._shell.page(request, "sign-out.html", {"token": token_of(request)})
        await self._desk.leave(badge)
        elsewhere = self._council and badge.session is not None and badge.session.by == "council"
        response = see_other(OUT if elsewhere else SIGN_IN)
        self._forget(request, response)
        return response

    async def password_page(self, request: web.Request) -> web.Response:
        """Show the form for a new password of one's own."""
        return self._password_form(request)

    async def new_password(self, request: web.Request) -> web.Response:
        """Change the own password."""
        sent, badge = await fields(request), request[BADGE]
        if badge.session is None or sent.get("new") != sent.get("again"):
            return self._password_form(request, "the new password was typed differently the second time", 400)
        try:
            await self._desk.new_password(badge, sent.get("old", ""), sent.get("new", ""))
        except AccessRefused as refused:
            return self._password_form(request, str(refused), 400)
        except TooSoon as wait:
            return _later(self._password_form(request, str(wait), 429), wait)
        return see_other("/")

    def caller(self, request: web.Request) -> Caller:
        """Return where somebody signs in from."""
        return caller_of(request, behind_proxy=self._behind_proxy)

    async def _in(self, request: web.Request, key: str, response: web.Response) -> web.Response:
        """Give the browser its new session, and end the one that it had."""
        badge = self._desk.known(key)
        name = badge.person.name if badge is not None else ""
        if session_of(request) is not None:
            await self._desk.leave(request[BADGE], f"the desk was handed to {name}")
        whole_s = round(self._desk.limits.whole.total_seconds())
        set_cookie(request, response, (cookie_name(request, self._room), key), whole_s)
        others = [other for other in self._at_desk(request) if other != name]
        names = "!".join([name, *others][:AT_DESK_MAX])
        set_cookie(request, response, (self._desk_cookie(request), names), AT_DESK_S)
        return response

    def _note_refusal(self, request: web.Request, name: str, why: str) -> None:
        """Write down who was not let in; a name that nobody has may be a password in the wrong field."""
        caller, typed = self.caller(request), plain(name)
        known = typed if typed in self._desk.book.accounts else UNKNOWN
        self._log.warning("sign_in_refused", name=known, why=why, address=caller.address)

    def _forget(self, request: web.Request, response: web.Response) -> None:
        response.del_cookie(cookie_name(request, self._room), path="/", secure=is_published(request))

    def _at_desk(self, request: web.Request) -> list[str]:
        said = request.cookies.get(self._desk_cookie(request), "").split("!")
        return [name for name in said if NAME.fullmatch(name)][:AT_DESK_MAX]

    def _desk_cookie(self, request: web.Request) -> str:
        return f"__Host-{self._room}-desk" if is_published(request) else f"{self._room}-desk"

    def _form(
        self, request: web.Request, name: str, onward: str, fault: tuple[str, int] = ("", 200)
    ) -> web.Response:
        token, onward = token_of(request), local(onward)
        here = [
            (one, f"{SIGN_IN}?name={quote(one)}&next={quote(onward, safe='/')}")
            for one in self._at_desk(request)
        ]
        asked = {"token": token, "name": name, "onward": onward, "here": here, "fault": fault[0]}
        values = {**asked, "council": self._council, "alone": self._leaves_alone(request)}
        page = self._shell.page(request, "sign-in.html", values, status=fault[1])
        return remember(request, page, token)

    def _leaves_alone(self, request: web.Request) -> bool:
        session = session_of(request)
        return session is not None and leaves_alone(self._desk, session)

    def _password_form(self, request: web.Request, fault: str = "", status: int = 200) -> web.Response:
        badge = request[BADGE]
        values = {"token": token_of(request), "fault": fault, "first": badge.person.must_change}
        return self._shell.page(request, "password.html", values, status=status)


def _later(response: web.Response, wait: TooSoon) -> web.Response:
    """Return the answer with the seconds after which another try makes sense."""
    response.headers["Retry-After"] = str(math.ceil(wait.wait_s))
    return response

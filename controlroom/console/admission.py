"""Who asks, and whether they may: in front of every handler, by the permission that its route declared.

A browser comes with its session's cookie, a machine with `Authorization: Bearer`. Who is unknown gets a 401
that says how to sign in, or is led to the sign-in page where a page was asked for; who is known and may not
gets a 403. What is asked of an address that does not exist is a 404 for everybody.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Middleware

from controlroom.access.front_desk import Badge, Caller, FrontDesk
from controlroom.access.keys import Session
from controlroom.access.permissions import Permission, Person, may
from controlroom.console.guards import LOOPBACK_HOSTS, host_of
from controlroom.console.looking import looks
from controlroom.console.problems import Handler, problem
from controlroom.console.routes import Declarations, Declared

SIGN_IN = "/sign-in"
PASSWORD = "/password"  # noqa: S105 - an address, no password

BADGE = web.RequestKey("badge", Badge)

BEARER = "bearer"

ACCOUNT = "X-Account"
"""Names the account under which a command was made."""


def person_of(request: web.Request) -> Person:
    """Return who asks; only where the route's permission is more than `OPEN`."""
    return request[BADGE].person


def author_of(request: web.Request) -> str:
    """Return the author of what is asked: the name of who has signed in."""
    return request[BADGE].person.name


def visitor_of(request: web.Request) -> Person | None:
    """Return who asks; None where nobody has signed in."""
    return request[BADGE].person if BADGE in request else None


def session_of(request: web.Request) -> Session | None:
    """Return the session of who asks; None where nobody has signed in, or a machine asks."""
    return request[BADGE].session if BADGE in request else None


def home_of(person: Person) -> str:
    """Return the page that somebody begins with."""
    if may(person, Permission.SEE):
        return "/"
    return "/crew" if may(person, Permission.CREW_PAGE) else "/account"


def cookie_name(request: web.Request, room: str) -> str:
    """Return what the session's cookie is called: by room, since a browser shares cookies between ports.

    `__Host-` makes a browser insist that the cookie came over TLS, from this host alone.
    """
    return f"__Host-{room}-session" if is_published(request) else f"{room}-session"


def is_published(request: web.Request) -> bool:
    """Return whether the browser came over a network, and so over the TLS of whoever publishes us."""
    return host_of(request) not in LOOPBACK_HOSTS


def caller_of(request: web.Request, *, behind_proxy: bool) -> Caller:
    """Return where a request comes from; behind a proxy, what the proxy itself saw."""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if behind_proxy else ""
    agent = request.headers.get("User-Agent", "")
    return Caller(readable(said[:64]) or request.remote or "", readable(agent))


def readable(text: str) -> str:
    """Return text that can be written down: bytes of a header that are no text become question marks."""
    return text.encode(errors="replace").decode()


def admitting(desk: FrontDesk, room: str, declarations: Callable[[], Declarations]) -> Middleware:
    """Return the middleware that lets through who may; `room` names the cookie."""

    @web.middleware
    async def admit(request: web.Request, handler: Handler) -> web.StreamResponse:
        declared = declarations().get(request.match_info.route)
        if declared is None:  # no such address, or not by this method: aiohttp says so
            known = desk.known(request.cookies.get(cookie_name(request, room), ""))
            if known is not None:
                request[BADGE] = known
            return await handler(request)
        badge = await _badge(request, desk, room)
        looks(badge.person if badge is not None else None)
        if badge is not None:
            request[BADGE] = badge
        if badge is not None and names_account(declared):
            _insist_same(request, badge.person)
        if not may(badge.person if badge is not None else None, declared.permission):
            if badge is not None and not badge.person.must_change and declared.path != "/":
                door = f"{request.method} {readable(request.path)}"
                await desk.witness.turned_away(badge.person, declared.permission, door)
            return _turned_away(request, declared, badge)
        return await handler(request)

    return admit


def noting_exports(desk: FrontDesk) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return what notes, before the first byte leaves, that somebody takes an answer out as a file."""

    async def note(request: web.Request, response: web.StreamResponse) -> None:
        if BADGE in request and "Content-Disposition" in response.headers:
            await desk.witness.exported(request[BADGE].person, readable(request.path_qs))

    return note


def standing(request: web.Request, desk: FrontDesk, room: str) -> Callable[[], bool]:
    """Return what says whether the one who asked may still: for answers that go on for hours.

    Whose roles have changed is somebody else: the answer ends, and the page asks again with what it may now.
    """
    key = request.cookies.get(cookie_name(request, room), "")
    token = _bearer(request)
    person = visitor_of(request)

    def stands() -> bool:
        badge = desk.bearer(token) if token else desk.known(key)
        return badge is not None and badge.person == person

    return stands


async def _badge(request: web.Request, desk: FrontDesk, room: str) -> Badge | None:
    """Return who asks; a key that is new to us may have been made beside us a moment ago."""
    token = _bearer(request)
    key = token or request.cookies.get(cookie_name(request, room), "")
    if not key:
        return None
    opens = desk.bearer if token else desk.known
    badge = opens(key)
    if badge is None:
        await desk.look_again()
        badge = opens(key)
    if badge is None and token:
        raise _unknown("the token is unknown, revoked or too old")
    return badge


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == BEARER else ""


def names_account(declared: Declared) -> bool:
    """Return whether who asks may name the account that it is asked for: commands, and a crew's own page."""
    return declared.method == "POST" or declared.permission is Permission.CREW_PAGE


def _insist_same(request: web.Request, person: Person) -> None:
    """Refuse what was asked for another account than the one that has signed in.

    A page that was left open, or kept what was pressed without a connection, names whose it is; meanwhile
    somebody else may have signed in at the same desk, and is not to be the author of it, nor is a crew to be
    shown the job of another one as its own.
    """
    made_by = request.headers.get(ACCOUNT)
    if made_by is not None and made_by != person.name:
        detail = f"made by {readable(made_by)[:64]}, and {person.name} has signed in here now; load the page"
        raise problem(412, "another-account", detail)


def _turned_away(request: web.Request, declared: Declared, badge: Badge | None) -> web.StreamResponse:
    """Lead a person to where they can do something about it, and tell a program why."""
    page = declared.method == "GET" and not declared.path.startswith("/api/")
    if badge is None:
        if page:
            raise web.HTTPSeeOther(f"{SIGN_IN}?next={quote(request.path_qs, safe='/')}")
        raise _unknown("sign in, or send a token")
    if badge.person.must_change:
        if page:
            raise web.HTTPSeeOther(PASSWORD)
        raise problem(403, "password-to-change", f"change the initial password first, at {PASSWORD}")
    if page and declared.path == "/":
        raise web.HTTPSeeOther(home_of(badge.person))
    roles = ", ".join(sorted(badge.person.roles))
    needs = declared.permission.value.replace("_", " ")
    raise problem(
        403, "not-allowed", f"{badge.person.name} ({roles}) may not: {needs}", permission=declared.permission
    )


def _unknown(detail: str) -> web.HTTPException | Exception:
    fault = problem(HTTPStatus.UNAUTHORIZED, "not-signed-in", detail, sign_in=SIGN_IN)
    fault.headers["WWW-Authenticate"] = "Bearer"
    return fault

"""Forms that a browser sends without JavaScript: their fields, and the token that only our own page can know.

Who has signed in has a token in the session; on the way in there is none yet, so the page sets a cookie with
a random value and puts the same value into the form. Both stand beside the check of the origin in `guards`,
for browsers that name none.
"""

import hmac
from collections.abc import Mapping

from aiohttp import web

from controlroom.access.keys import new_key
from controlroom.console.admission import is_published, readable, session_of
from controlroom.console.problems import problem

FIELD = "form"
"""The hidden field that holds the token."""

UTF_8 = "utf-8"
"""How every page of ours sends a form. Others can say what no journal can hold (half a character)."""

FORM_S = 12 * 3600
"""How long the token of a sign-in page is good: a page may stand open for a shift."""


def token_of(request: web.Request) -> str:
    """Return the token for the forms of a page that answers this request."""
    session = session_of(request)
    if session is not None:
        return session.form
    said = str(request.cookies.get(_cookie(request), ""))
    return said if said and said.isascii() else new_key()


def remember(request: web.Request, response: web.Response, token: str) -> web.Response:
    """Set the cookie beside the form of somebody who has not signed in."""
    if session_of(request) is None:
        set_cookie(request, response, (_cookie(request), token), FORM_S)
    return response


async def fields(request: web.Request) -> Mapping[str, str]:
    """Return the form's fields; raises the problem where it is not one of ours."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise problem(415, "form-only", f"found {request.content_type}; send a form")
    if (request.charset or UTF_8).lower() != UTF_8:
        raise problem(415, "form-only", f"found charset {request.charset}; send the form as {UTF_8}")
    try:
        posted = await request.post()
    except UnicodeDecodeError as fault:
        raise problem(
            400, "not-valid", f"the form is no {UTF_8}; load the page again and repeat it"
        ) from fault
    sent = {readable(name): readable(value) for name, value in posted.items() if isinstance(value, str)}
    session = session_of(request)
    expected = session.form if session is not None else request.cookies.get(_cookie(request), "")
    if not expected or not hmac.compare_digest(readable(expected).encode(), sent.get(FIELD, "").encode()):
        raise problem(403, "form-too-old", "this page stood open for too long; load it again and repeat it")
    return sent


def set_cookie(request: web.Request, response: web.Response, named: tuple[str, str], lasts_s: int) -> None:
    """Set a cookie that no script reads and no other site's page causes to be sent."""
    name, value = named
    response.set_cookie(
        name,
        value,
        max_age=lasts_s,
        path="/",
        secure=is_published(request),
        httponly=True,
        samesite="Strict",
    )


def see_other(path: str) -> web.Response:
    """Return the answer to a form that was taken: go on there, and do not send it again."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


def local(path: str) -> str:
    """Return the address to go on to, `/` where it would lead to another host."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if fine else "/"


def _cookie(request: web.Request) -> str:
    return "__Host-form" if is_published(request) else "form"

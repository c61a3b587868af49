"""`Idempotency-Key`: a command that is sent again after a doubt is answered as it was the first time.

Whoever sends a command and hears nothing cannot know whether it was taken. With a key of the sender's own
making it may be sent again: what was answered under this key to this person is answered again, and nothing
happens twice. A second one that comes while the first is still being decided waits for that answer.

Limits: answers are remembered in memory, the last `KEPT` of them; a restart forgets them all. Then the
version that a command names, and the name that a crew's report has, still keep it from counting twice.
Refusals for want of a store (5xx) are not remembered: those are to be tried again.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from controlroom.console.admission import BADGE
from controlroom.console.problems import Handler, ProblemError, problem

HEADER = "Idempotency-Key"
KEPT = 10_000
"""Answers remembered: a day of a busy room, some 20 MB at two kilobytes each."""

_FORM = re.compile(r"[!-~]{1,128}")
_SERVER_ERRORS = 500


class _Answer(msgspec.Struct, frozen=True):
    """What was answered, without the connection that it went out on."""

    status: int
    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...]


class _Asked(msgspec.Struct, frozen=True):
    digest: bytes
    answer: asyncio.Future[_Answer]


def answering_once() -> Middleware:
    """Return the middleware; it stands behind the one that knows who asks."""
    asked: OrderedDict[tuple[str, str, str], _Asked] = OrderedDict()

    @web.middleware
    async def once(request: web.Request, handler: Handler) -> web.StreamResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or BADGE not in request:
            return await handler(request)
        if not _FORM.fullmatch(key):
            raise problem(400, "not-valid", f"{HEADER}: 1 to 128 visible characters, made by the sender")
        name = (request[BADGE].person.name, request.path, key)
        digest = hashlib.sha256(await request.read()).digest()
        before = asked.get(name)
        if before is not None:
            if before.digest != digest:
                raise problem(409, "key-used", f"{HEADER} named another body before; make a new key")
            return _again(await asyncio.shield(before.answer))
        first = asked[name] = _Asked(digest, asyncio.get_running_loop().create_future())
        while len(asked) > KEPT:
            asked.popitem(last=False)
        try:
            response = await handler(request)
        except BaseException as fault:
            asked.pop(name, None)
            if not first.answer.done():
                first.answer.set_exception(fault if isinstance(fault, ProblemError) else _unknown())
                first.answer.exception()  # looked at here, whether or not somebody else waits for it
            raise
        answer = _kept(response)
        if answer.status >= _SERVER_ERRORS:
            asked.pop(name, None)
        first.answer.set_result(answer)
        return response

    return once


def _kept(response: web.StreamResponse) -> _Answer:
    body = response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""
    headers = tuple(
        (name, value)
        for name, value in response.headers.items()
        if name in {"ETag", "Location", "Cache-Control"}
    )
    return _Answer(response.status, body, response.content_type, headers)


def _again(answer: _Answer) -> web.Response:
    headers = {**dict(answer.headers), "Idempotency-Replayed": "true"}
    return web.Response(
        status=answer.status, body=answer.body, content_type=answer.content_type, headers=headers
    )


def _unknown() -> ProblemError:
    return problem(503, "not-stored-yet", "the first one with this key was not answered; send it again")

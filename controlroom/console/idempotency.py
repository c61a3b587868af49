"""`Idempotency-Key`: a command that is sent again after a doubt is answered as it was the first time.

Whoever sends a command and hears nothing cannot know whether it was taken. With a key of the sender's own
making it may be sent again, for a day: what was answered under this key to this person is answered again, and
nothing happens twice. A second one that comes while the first is still being decided waits for that answer.

A restart changes nothing about that: what the room was told, and the answer, are kept beside the journal
(`once`, `journal.answers`). The last `KEPT` answers are in memory besides, and need no look at the store.
Refusals for want of a store (5xx) are not remembered: those are to be tried again, and then go on waiting for
what the room was told the first time.

Limit: what changes accounts, sessions and tokens is no command of the room, and its answer may hold a
password or a token, which no store is told. After a restart a repetition is decided anew, and refused where
it would be a second account or token.
"""

import asyncio
import hashlib
import re
from collections import OrderedDict

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from controlroom.console.admission import BADGE
from controlroom.console.once import ONCE, AnswerMemory, Once
from controlroom.console.problems import Handler, ProblemError, problem
from controlroom.journal.answers import Answer, Kept

HEADER = "Idempotency-Key"
KEPT = 10_000
"""Answers remembered: a day of a busy room, some 20 MB at two kilobytes each."""

_FORM = re.compile(r"[!-~]{1,128}")
_SERVER_ERRORS = 500
_Name = tuple[str, str, str]
"""Who asked, of which address, under which key."""

_OF_PEOPLE = ("/api/v1/accounts", "/api/v1/sessions", "/api/v1/tokens")
"""What is answered below these addresses is remembered in memory alone."""


class _Asked(msgspec.Struct, frozen=True):
    digest: bytes
    answer: asyncio.Future[Answer]


def answering_once(memory: AnswerMemory) -> Middleware:
    """Return the middleware; it stands behind the one that knows who asks."""
    asked: OrderedDict[_Name, _Asked] = OrderedDict()
    owed = _Owed(memory)

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
                raise _used()
            return _again(await asyncio.shield(before.answer))
        first = asked[name] = _Asked(digest, asyncio.get_running_loop().create_future())
        while len(asked) > KEPT:
            asked.popitem(last=False)
        try:
            response = await owed.answered(request, handler, name, digest)
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


class _Owed:
    """Handles requests with a key, and keeps those to which the room still owes an answer."""

    def __init__(self, memory: AnswerMemory) -> None:
        self._memory = memory
        self._owed: OrderedDict[_Name, tuple[bytes, Once]] = OrderedDict()

    async def answered(
        self, request: web.Request, handler: Handler, name: _Name, digest: bytes
    ) -> web.StreamResponse:
        """Return the answer that is remembered of another process; else handle the request, and remember."""
        once = await self._once(name, digest)
        if once.answer is not None:
            return _again(once.answer)
        token = ONCE.set(once)
        try:
            response = await handler(request)
        except BaseException as fault:
            if not isinstance(fault, ProblemError) or fault.status >= _SERVER_ERRORS:
                self._remember(name, digest, once)
            raise
        finally:
            ONCE.reset(token)
        self._owed.pop(name, None)
        if response.status < _SERVER_ERRORS and not request.path.startswith(_OF_PEOPLE):
            await once.answered(_kept(response))
        return response

    async def _once(self, name: _Name, digest: bytes) -> Once:
        """Return what is known of a request; raises the 409 where its key named another body."""
        before, once = self._owed.get(name, (digest, None))
        if once is None:
            kept = await self._memory.read(_name_of(name))
            before = kept.digest if kept is not None else digest
            once = Once(self._memory, _name_of(name), kept or Kept(digest))
        if before != digest:
            raise _used()
        return once

    def _remember(self, name: _Name, digest: bytes, once: Once) -> None:
        """Keep what the room was told and has not answered to whoever asked."""
        if once.telling is not None:
            self._owed[name] = digest, once
        while len(self._owed) > KEPT:
            self._owed.popitem(last=False)


def _name_of(parts: tuple[str, ...]) -> bytes:
    """Return under which name this is remembered: neither the person nor their key stands in it."""
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest().encode()


def _used() -> ProblemError:
    return problem(409, "key-used", f"{HEADER} named another body before; make a new key")


def _kept(response: web.StreamResponse) -> Answer:
    body = response.body if isinstance(response, web.Response) and isinstance(response.body, bytes) else b""
    headers = tuple(
        (str(name), value)
        for name, value in response.headers.items()
        if name in {"ETag", "Location", "Cache-Control"}
    )
    return Answer(response.status, body, response.content_type, headers)


def _again(answer: Answer) -> web.Response:
    headers = {**dict(answer.headers), "Idempotency-Replayed": "true"}
    return web.Response(
        status=answer.status, body=answer.body, content_type=answer.content_type, headers=headers
    )


def _unknown() -> ProblemError:
    return problem(503, "not-stored-yet", "the first one with this key was not answered; send it again")

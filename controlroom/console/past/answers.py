"""The room's own doors into the past: they ask who may, and hand the question on to the reader.

Nothing is folded here: the reader is another process, so that the live room's latency does not move. A
question is given up when whoever asked has left. There is no command below these addresses. Who looked at
which moment is written down before the answer leaves: the reader writes nothing.
"""

import asyncio
from collections.abc import Awaitable, Iterable, Iterator
from functools import update_wrapper
from http import HTTPStatus
from typing import TypeVar

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.access.witness import Witness
from controlroom.console.admission import person_of
from controlroom.console.parts import Parts
from controlroom.console.past.boards import EXPLANATION, LIVE, PAST, boards_of
from controlroom.console.past.desk import PastAsked, PastAway, PastTold
from controlroom.console.past.questions import PastQuestion
from controlroom.console.problems import Handler, ProblemError, problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.incidents.log_book.entry import may_see

AT_ONCE = 12
"""Questions that are with the reader at once: some pages drawing their boards."""

WAITING_MAX = 120
"""Questions that may wait for that: twenty people who all look at other nights."""

AGAIN_S = 3
"""Seconds after which whoever was refused may ask again."""

ANSWER_S = 120.0
"""How long an answer may take: a fold of ten million records."""

LOOK_S = 0.25
"""How often it is looked whether whoever asked is still there."""

_DIGITS = 19

Result = TypeVar("Result")


class PastAnswers:
    """The handlers of everything below `/api/v1/past`."""

    def __init__(self, parts: Parts, witness: Witness) -> None:
        self._reader = parts.past
        self._parts = parts
        self._witness = witness
        self._waiting = 0
        self._places = asyncio.Semaphore(AT_ONCE)

    def routes(self, live: Iterable[Declared]) -> Iterator[Declared]:
        """Yield what is answered here: the past itself, and each of the live boards as it was."""
        yield get(PAST, self.past, Permission.PAST)
        yield get(f"{PAST}/{{position}}/record", self.record, Permission.AUDIT)
        yield get(f"{PAST}/{{position}}/explanation", self.explanation, Permission.SEE)
        for board in boards_of(live):
            path = f"{PAST}/{{position}}{board.path.removeprefix(LIVE)}"
            yield get(path, self._as_it_was(board), Permission.PAST)

    async def past(self, request: web.Request) -> web.Response:
        """Answer with the console as it was at a moment or position, or a step from there."""
        asked(request, PastQuestion)
        question = PastAsked(request.path_qs, person_of(request), hidden=self._hidden(request))
        return await self._handed_on(request, question)

    async def record(self, request: web.Request) -> web.Response:
        """Answer with the whole record at a position: what was told, by whom, and what was decided."""
        asked(request, Nothing)
        return await self._then(request)

    async def explanation(self, request: web.Request) -> web.Response:
        """Say why the record at a position was decided so, and the smallest change that decides otherwise."""
        asked(request, Nothing)
        before = _position(request) - 1
        question = PastAsked(EXPLANATION, person_of(request), before, self._hidden(request))
        return await self._handed_on(request, question)

    def _hidden(self, request: web.Request) -> frozenset[str]:
        """Return what is restricted now and not for who asks: incidents, and entries of the log."""
        reader, traces = person_of(request).name, self._parts.state().log_book.traces
        entries = (name for name, one in traces.items() if one.readers and not may_see(one.readers, reader))
        return self._parts.hidden().incidents.union(entries)

    def _as_it_was(self, board: Declared) -> Handler:
        """Return the handler that answers a live question about the past, documented as the live one."""

        async def then(request: web.Request) -> web.Response:
            return await self._then(request)

        return update_wrapper(then, board.handler)

    async def _then(self, request: web.Request) -> web.Response:
        position = _position(request)
        address = LIVE + request.path_qs.removeprefix(f"{PAST}/{request.match_info['position']}")
        question = PastAsked(address, person_of(request), position, self._hidden(request))
        return await self._handed_on(request, question)

    async def _handed_on(self, request: web.Request, question: PastAsked) -> web.Response:
        if self._waiting >= WAITING_MAX:
            full = problem(503, "past-busy", f"{WAITING_MAX} questions about the past wait; ask again soon")
            full.headers["Retry-After"] = str(AGAIN_S)
            raise full
        self._waiting += 1
        try:
            told = await _while_there(request, self._in_turn(question))
        except PastAway as fault:
            raise problem(503, "past-away", str(fault)) from fault
        except TimeoutError as fault:
            why = f"not read within {ANSWER_S:.0f} s; ask again, and it goes on from where it came to"
            raise problem(503, "past-too-far", why) from fault
        finally:
            self._waiting -= 1
        if told.status >= HTTPStatus.BAD_REQUEST:
            refusal = ProblemError(told.status, msgspec.json.decode(told.body))
            if told.retry_after is not None:
                refusal.headers["Retry-After"] = told.retry_after
            raise refusal
        if told.stands is not None:
            stands = told.stands
            await self._witness.looked_back(question.person, stands.position, stands.at, stands.restricted)
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=told.body, content_type=told.content_type, headers=headers)

    async def _in_turn(self, question: PastAsked) -> PastTold:
        async with self._places:
            return await self._reader.ask(question)


def _position(request: web.Request) -> int:
    """Return the position of the address; raises the 404."""
    position = request.match_info["position"]
    if not (position.isascii() and position.isdigit() and len(position) < _DIGITS):
        raise problem(404, "no-such-position", f"{position[:40]!r} is no position; GET {PAST} tells them")
    return int(position)


async def _while_there(request: web.Request, answer: Awaitable[Result]) -> Result:
    """Return the answer; give it up when it takes too long, or whoever asked has left."""
    task = asyncio.ensure_future(answer)
    try:
        async with asyncio.timeout(ANSWER_S):
            while True:
                done, _ = await asyncio.wait({task}, timeout=LOOK_S)
                if done:
                    return task.result()
                if request.transport is None or request.transport.is_closing():
                    raise PastAway("whoever asked has left")
    finally:
        task.cancel()

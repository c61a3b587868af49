"""What is on test, what was, and an operator's word about it, over the API.

A test names a site (by its key) or a place (by its topic), and may be narrowed to a zone or a code. It is
answered when it is durable, and ends by itself; its report says what was only logged meanwhile.
"""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.moments import Moment
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.second import ByTwo, SecondPeople
from controlroom.console.telling import settled_by
from controlroom.events import PutOnTest, TakeOffTest, TestCommand
from controlroom.incidents.lessons import CameOffTest, WentOnTest
from controlroom.incidents.reasons import Reason

_Word = Annotated[str, Field(min_length=1, max_length=64)]
_Said = Annotated[str, Field(min_length=1, max_length=500)]

_REFUSALS = {
    Reason.TEST_TARGET_UNKNOWN: "no site and no topic of the estate",
    Reason.TEST_NOT_SAID: "a test has a reason and an owner",
    Reason.TEST_END_NOT_ALLOWED: "`until` has to be ahead, and no further than `room.test_max_s`",
    Reason.TEST_NEEDS_SECOND: "it can call for help: name another person in `second_author`",
    Reason.TEST_STANDS: "it is on test already; take it off first",
    Reason.TEST_NOT_THERE: "it is not on test",
    Reason.TESTS_FULL: "too much is on test; take something off first",
}
"""Why the room said no, and what to do."""


class TakeOffBody(Authored):
    """What goes back into live handling."""

    target: Annotated[str, Field(min_length=1, max_length=256)]
    zone: _Word | None = None
    code: _Word | None = None


class PutOnBody(TakeOffBody):
    """What goes on test, why, until when, and who answers for it."""

    reason: _Said
    owner: _Said
    until: Annotated[Moment, Field(strict=False)]
    second_author: _Word | None = None


class OnTestAnswers:
    """The handlers of everything below `/api/v1/tests`. They hold no state of their own."""

    def __init__(self, parts: Parts, second: SecondPeople) -> None:
        self._parts = parts
        self._second = second

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        tests = "/api/v1/tests"
        return [
            get(tests, self.tests, Permission.SEE),
            post(tests, self.begin, Permission.TEST),
            post(f"{tests}/end", self.end, Permission.TEST),
        ]

    async def tests(self, request: web.Request) -> web.Response:
        """List what is on test, and the reports of the last tests, the newest first."""
        asked(request, Nothing)
        state = self._parts.state()
        return answer({"tests": list(state.tests.values()), "over": state.tests_over[::-1]})

    async def begin(self, request: web.Request) -> web.Response:
        """Put something on test."""
        body = await read_body(request, PutOnBody)
        second = self._second.named(request, body.second_author, ByTwo.TEST)
        said = body.model_dump() | {"second_author": second}
        return await self._tell(PutOnTest(author=author_of(request), **said))

    async def end(self, request: web.Request) -> web.Response:
        """Take something off test; the answer is the report."""
        body = await read_body(request, TakeOffBody)
        return await self._tell(TakeOffTest(author=author_of(request), **body.model_dump()))

    async def _tell(self, command: TestCommand) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/tests tells")
        for change in settled.decision.changes:
            if isinstance(change, WentOnTest | CameOffTest):
                return answer({"position": settled.position, "test": change.test})
        reason = settled.decision.reasons[0]
        raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason)

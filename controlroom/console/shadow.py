"""A candidate rule set over the API: put beside the rules in force, reviewed, promoted, gone back from."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.rule_changes import DifferencesAccepted, ShadowStopped
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.rule_desk import DeskBusy, Reloaded, ReloadResult
from controlroom.console.rules import RELOADED_WITHIN_S
from controlroom.console.shadow_desk import CandidateRefused
from controlroom.console.telling import settled_by
from controlroom.events import How
from controlroom.incidents.reasons import Reason

Reasoned = Annotated[str, Field(min_length=1, max_length=400, pattern=r"\S")]
Got = TypeVar("Got")

TAKEN = frozenset({Reason.SHADOW_BEGUN, Reason.SHADOW_ENDED, Reason.DIFFERENCE_ACCEPTED})
"""The reasons of a command that was taken."""


class RulesReasonBody(Authored):
    """Why, in the author's words."""

    reason: Reasoned


class StartBody(RulesReasonBody):
    """Which folder of tables is to run beside, seen from the installation's folder."""

    directory: Annotated[str, Field(min_length=1, max_length=256)]


class AcceptBody(RulesReasonBody):
    """Which differences are meant: a group, or the one of it at a position."""

    group: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    position: Annotated[int, Field(ge=1, le=2**53)] | None = None


class ShadowAnswers:
    """The handlers of candidates and promotions. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        rules, may = "/api/v1/rules", Permission.CHANGE_RULES
        return [
            get(f"{rules}/shadow", self.standing, may),
            post(f"{rules}/shadow/start", self.start, may),
            post(f"{rules}/shadow/stop", self.stop, may),
            post(f"{rules}/shadow/accept", self.accept, may),
            post(f"{rules}/promote", self.promote, may),
            post(f"{rules}/rollback", self.rollback, may),
        ]

    async def standing(self, request: web.Request) -> web.Response:
        """Answer with the candidate, what was found of it, and the promotions."""
        asked(request, Nothing)
        return answer(self._parts.shadow.standing())

    async def start(self, request: web.Request) -> web.Response:
        """Put a candidate beside the rules in force; one that does not load or prove is a 409."""
        body = await read_body(request, StartBody)
        author = author_of(request)
        settled = await waited(self._parts.shadow.start(author, body.reason, body.directory))
        return self._taken(settled.position, settled.decision.reasons[0])

    async def stop(self, request: web.Request) -> web.Response:
        """End the candidate, and forget what was found of it."""
        body = await read_body(request, RulesReasonBody)
        return await self._tell(ShadowStopped(author_of(request), body.reason))

    async def accept(self, request: web.Request) -> web.Response:
        """Accept a difference, or a group of them, as meant."""
        body = await read_body(request, AcceptBody)
        rule_set = self._parts.shadow.standing().rule_set or ""
        author = author_of(request)
        return await self._tell(DifferencesAccepted(author, body.reason, rule_set, body.group, body.position))

    async def promote(self, request: web.Request) -> web.Response:
        """Bring the candidate into force; refused while a difference about a life is not reviewed."""
        return await self._move(request, How.PROMOTION)

    async def rollback(self, request: web.Request) -> web.Response:
        """Bring the set before the last promotion back into force."""
        return await self._move(request, How.ROLLBACK)

    async def _move(self, request: web.Request, how: How) -> web.Response:
        body = await read_body(request, RulesReasonBody)
        moved = await waited(self._parts.shadow.move(author_of(request), body.reason, how))
        against = refusal_of(moved)
        if against is not None:
            raise against
        return answer({"position": moved.position, "result": moved.result, "rules": moved.standing})

    async def _tell(self, command: ShadowStopped | DifferencesAccepted) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/rules/shadow shows")
        return self._taken(settled.position, settled.decision.reasons[0])

    def _taken(self, position: int, reason: Reason) -> web.Response:
        standing = self._parts.shadow.standing()
        if reason not in TAKEN:
            detail = reason.value.replace("_", " ")
            raise problem(409, "not-possible-now", detail, reason=reason, position=position, shadow=standing)
        return answer({"position": position, "reason": reason, "shadow": standing})


async def waited(work: Awaitable[Got]) -> Got:
    """Return what comes of the work; raises the problem where it cannot be, or takes too long."""
    try:
        async with asyncio.timeout(RELOADED_WITHIN_S):
            return await work
    except CandidateRefused as fault:
        detail = f"{len(fault.problems)} problems; put the files right and start again"
        raise problem(409, "rules-refused", detail, problems=fault.problems[:20]) from fault
    except DeskBusy as busy:
        raise problem(503, "reloads-waiting", str(busy)) from busy
    except TimeoutError as late:
        detail = "still being verified, or not stored yet; do not repeat it, GET /api/v1/rules/shadow tells"
        raise problem(503, "not-stored-yet", detail) from late


def refusal_of(moved: Reloaded) -> ProblemError | None:
    """Return the problem of a promotion that did not take place; None where it did."""
    if moved.result is ReloadResult.SWAPPED:
        return None
    name = "unreviewed" if moved.result is ReloadResult.UNREVIEWED else "not-possible-now"
    detail = moved.reason.replace("_", " ")
    if moved.result is ReloadResult.UNREVIEWED:
        detail = "differences about a life wait for a review; accept them, or end the candidate"
    return problem(409, name, detail, reason=moved.reason, position=moved.position)

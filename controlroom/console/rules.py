"""The rule tables over the API: how they stand, and the command that has them read again."""

import asyncio

from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.rule_desk import DeskBusy, ReloadResult, RuleDesk

RELOADED_WITHIN_S = 30.0
"""How long a person waits: a large set is proved in up to ten seconds, and another may be before it."""


class RuleAnswers:
    """The handlers of everything below `/api/v1/rules`."""

    def __init__(self, desk: RuleDesk) -> None:
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        rules = "/api/v1/rules"
        return [
            get(rules, self.standing, Permission.SEE),
            post(f"{rules}/reload", self.reload, Permission.CHANGE_RULES),
        ]

    async def standing(self, request: web.Request) -> web.Response:
        """Answer with the rule set in force and the last attempt that was refused."""
        asked(request, Nothing)
        return answer(self._desk.standing())

    async def reload(self, request: web.Request) -> web.Response:
        """Have the tables read again; a set that does not load or verify is a 409 with its problems."""
        await read_body(request, Authored)
        try:
            async with asyncio.timeout(RELOADED_WITHIN_S):
                reloaded = await self._desk.reload(author_of(request))
        except DeskBusy as busy:
            raise problem(503, "reloads-waiting", str(busy)) from busy
        except TimeoutError as late:
            detail = "still being verified, or not stored yet; do not repeat it, GET /api/v1/rules tells"
            raise problem(503, "not-stored-yet", detail) from late
        standing, refused = reloaded.standing, reloaded.standing.refused
        if reloaded.result is ReloadResult.STALE:
            detail = "another set was swapped in between; look at GET /api/v1/rules and reload again"
            raise problem(409, "somebody-was-first", detail, position=reloaded.position, rules=standing)
        if reloaded.result is ReloadResult.REFUSED and refused is not None:
            raise problem(
                409,
                "rules-refused",
                f"{refused.found} problems; the set before stays in force, put the files right and reload",
                position=reloaded.position,
                problems=refused.problems,
                found=refused.found,
                rule_set=standing.version,
            )
        return answer({"position": reloaded.position, "result": reloaded.result, "rules": standing})

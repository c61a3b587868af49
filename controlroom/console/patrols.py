"""Patrols over the API: the rounds, which of them are called, who was where, and a visit taken down by hand.

The moment of a random round is told when it has come, and to nobody before.
"""

from datetime import datetime

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.commands.patrols import VisitReported
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.model import Round
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.sites.changes import Expected
from controlroom.incidents.sites.state import owed
from controlroom.incidents.watches import due_of


class RoundView(msgspec.Struct, frozen=True):
    """One round: since when it is called (None: not now), by when a visit is expected, the last, the missed.

    `due` is None for a random round that is not called: its moment is nobody's to know.
    """

    round: str
    site: str
    name: str
    window: str
    random: bool
    called: datetime | None
    due: datetime | None
    visited: datetime | None
    missed: datetime | None


class PatrolAnswers:
    """The handlers of patrols. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/api/v1/patrols", self.patrols, Permission.SEE),
            post("/api/v1/patrols/{round}/visited", self.visited, Permission.ATTEND),
        ]

    async def patrols(self, request: web.Request) -> web.Response:
        """List the rounds: those that are called first, the longest since before the others."""
        asked(request, Nothing)
        called = self._parts.state().sites.called
        rounds = self._parts.handbook().estate.rounds.values()
        views = [self._view(one) for one in rounds]
        views.sort(key=lambda view: (view.called is None, str(view.called), view.round))
        return answer({"patrols": views, "called": len(called)})

    async def visited(self, request: web.Request) -> web.Response:
        """Take down that a round was walked: the guard or the crew said so by radio."""
        await read_body(request, Authored)
        name = request.match_info["round"]
        told = VisitReported(name, author_of(request))
        settled = await settled_by(self._parts, told, "GET /api/v1/patrols tells")
        if settled.decision.reasons[0] is not Reason.COMMAND:
            raise problem(404, "no-such-round", "no round of patrols.csv; GET /api/v1/patrols lists them")
        return answer({"position": settled.position, "patrol": self._view(self._rounds[name])})

    @property
    def _rounds(self) -> dict[str, Round]:
        return self._parts.handbook().estate.rounds

    def _view(self, one: Round) -> RoundView:
        state = self._parts.state()
        sites, post_at = state.sites, self._parts.handbook().estate.place(one.topic)
        called = sites.called.get(one.name)
        due = due_of(state.watches, WatchKind.VISIT, one.name)
        missed = sites.missed.get(one.topic, {}).get(owed(Expected.VISIT_MISSED, one.name))
        return RoundView(
            round=one.name,
            site=one.site,
            name=post_at.name if post_at is not None else one.site,
            window=one.window,
            random=one.random,
            called=called,
            due=due if called is not None or not one.random else None,
            visited=sites.visited.get(one.topic),
            missed=missed,
        )

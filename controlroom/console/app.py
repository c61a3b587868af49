"""The web application, put together from what it is given. Nothing starts here; whoever runs it binds it.

`Console.hub` is a follower of the room and the only part of the console that the room's loop ever calls.
"""

import msgspec
from aiohttp import web

from controlroom.console.api import Answers
from controlroom.console.cameras import CameraAnswers
from controlroom.console.commands import Hand
from controlroom.console.feed import Feed
from controlroom.console.files import Shelf, load
from controlroom.console.guards import LOOPBACK_HOSTS, guarding, policy
from controlroom.console.history import Timelines
from controlroom.console.live import DEFAULT_PACE, Hub, Pace
from controlroom.console.log_entries import LogEntryAnswers
from controlroom.console.on_test import OnTestAnswers
from controlroom.console.pages.about import AboutPages
from controlroom.console.pages.navigation import NavigationAnswers, VisitorOf, anybody
from controlroom.console.pages.shell import Shell
from controlroom.console.parts import Parts, StreamMeter
from controlroom.console.people import PeopleAnswers
from controlroom.console.plan_steps import PlanSteps
from controlroom.console.problems import as_problems
from controlroom.console.referrals import ReferralAnswers
from controlroom.console.rules import RuleAnswers
from controlroom.console.sites import SiteAnswers
from controlroom.console.snapshot import beat
from controlroom.console.timeline import TimelineAnswers
from controlroom.console.waiting import Waiting
from controlroom.console.work import Work

BODY_BYTES = 16 * 1024
"""A command is a few hundred bytes; sixteen kilobytes leave room for a long note."""


class Console:
    """The console of one room: the application to serve, and the hub that the room tells its records."""

    def __init__(
        self,
        parts: Parts,
        meter: StreamMeter,
        hosts: frozenset[str] = LOOPBACK_HOSTS,
        pace: Pace = DEFAULT_PACE,
        visitor_of: VisitorOf = anybody,
    ) -> None:
        self.feed = Feed(parts.lens)
        self.hub = Hub(self.feed, self._beat, meter, pace)
        self.timelines = Timelines()
        self._parts = parts
        files = load()
        check, dress = guarding(policy((files.import_map_hash,)), hosts)
        self.app = web.Application(middlewares=[as_problems, check], client_max_size=BODY_BYTES)
        self.app.on_response_prepare.append(dress)
        self.app.on_shutdown.append(self._shut_down)
        self._route(Answers(parts, self.feed, self.hub), Shelf(files))
        shell = Shell(files, visitor_of)
        for answers in (
            Work(parts, Hand(parts)),
            PlanSteps(parts, Hand(parts)),
            Waiting(parts),
            TimelineAnswers(parts, self.timelines),
            CameraAnswers(parts),
            RuleAnswers(parts.rules),
            SiteAnswers(parts),
            PeopleAnswers(parts),
            OnTestAnswers(parts),
            LogEntryAnswers(parts, visitor_of),
            NavigationAnswers(visitor_of),
            AboutPages(shell),
            ReferralAnswers(parts),
        ):
            self.app.add_routes(answers.routes())

    def _route(self, answers: Answers, shelf: Shelf) -> None:
        self.app.add_routes(
            [
                web.get("/", shelf.page),
                web.get("/static/{digest}/{name:.+}", shelf.file),
                web.get("/api/v1/stream", self.hub.follow, allow_head=False),
                web.get("/api/v1/snapshot", answers.snapshot),
                web.get("/api/v1/status", answers.status),
                web.get("/api/v1/incidents", answers.incidents),
                web.get("/api/v1/incidents/{id}", answers.incident),
                web.get("/api/v1/quarantine", answers.quarantine),
                web.get("/livez", answers.livez),
                web.get("/readyz", answers.readyz),
            ]
        )

    def _beat(self) -> bytes:
        return msgspec.json.encode(beat(self._parts, self.feed, self.hub.pages))

    async def _shut_down(self, _: web.Application) -> None:
        self.hub.close()

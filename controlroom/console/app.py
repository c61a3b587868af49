"""The web application, put together from what it is given. Nothing starts here; whoever runs it binds it.

`Console.hub` is a follower of the room and the only part of the console that the room's loop ever calls.
"""

from collections.abc import Iterator

import msgspec
from aiohttp import web

from controlroom.access.council import Council
from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.console.accounts import AccountAnswers
from controlroom.console.admission import admitting, noting_exports, standing
from controlroom.console.api import Answers
from controlroom.console.audit import AuditAnswers
from controlroom.console.cameras import CameraAnswers
from controlroom.console.commands import Hand
from controlroom.console.crews import CrewAnswers
from controlroom.console.desk_sound import DeskSound
from controlroom.console.feed import Feed
from controlroom.console.files import Shelf, load
from controlroom.console.guards import LOOPBACK_HOSTS, guarding, policy
from controlroom.console.handovers import HandoverAnswers
from controlroom.console.help_points import HelpPointAnswers
from controlroom.console.hiding import Hiding
from controlroom.console.history import Timelines
from controlroom.console.idempotency import answering_once
from controlroom.console.keyholders import KeyholderAnswers
from controlroom.console.live import Hub
from controlroom.console.log_entries import LogEntryAnswers
from controlroom.console.log_forms import LogForms
from controlroom.console.looking import guarded, looker
from controlroom.console.managers.pages import PlanPages
from controlroom.console.map_answers import MapAnswers
from controlroom.console.on_test import OnTestAnswers
from controlroom.console.pages.about import AboutPages
from controlroom.console.pages.audit import AuditPages
from controlroom.console.pages.council import CouncilPages
from controlroom.console.pages.engineering import EngineeringPages
from controlroom.console.pages.navigation import NavigationAnswers, signed_in
from controlroom.console.pages.people import PeoplePages
from controlroom.console.pages.problem import problem_pages
from controlroom.console.pages.shell import Shell
from controlroom.console.pages.sign_in import SignInPages
from controlroom.console.parts import Parts, StreamMeter
from controlroom.console.past.answers import PastAnswers
from controlroom.console.patrols import PatrolAnswers
from controlroom.console.people import PeopleAnswers
from controlroom.console.places import EACH, Places
from controlroom.console.plan_figures import PlanAnswers
from controlroom.console.plan_steps import PlanSteps
from controlroom.console.problems import as_problems
from controlroom.console.pulses import DEFAULT_PACE, Pace
from controlroom.console.referral_pages import ReferralPages
from controlroom.console.referrals import ReferralAnswers
from controlroom.console.refusals import Refusals
from controlroom.console.restricting import Naming, Restricting
from controlroom.console.routes import Declared, declare, get
from controlroom.console.rules import RuleAnswers
from controlroom.console.search import SearchAnswers
from controlroom.console.second import SecondPeople
from controlroom.console.seen import Looker, restricted_in
from controlroom.console.shadow import ShadowAnswers
from controlroom.console.site_card import SiteCards
from controlroom.console.sites import SiteAnswers
from controlroom.console.snapshot import beat
from controlroom.console.timeline import TimelineAnswers
from controlroom.console.waiting import Waiting
from controlroom.console.work import Work

BODY_BYTES = 16 * 1024
"""A command is a few hundred bytes; sixteen kilobytes leave room for a long note."""


class Entrance(msgspec.Struct, frozen=True):
    """How people come in: the desk that knows them, the room's name, the names that the console answers to.

    `behind_proxy` says that a proxy in front tells the callers' addresses, `council` how people sign in
    elsewhere, `pages_each` how many live pages one person may have open.
    """

    desk: FrontDesk
    room: str
    hosts: frozenset[str] = LOOPBACK_HOSTS
    behind_proxy: bool = False
    council: Council | None = None
    pages_each: int = EACH


class Console:
    """The console of one room: the application to serve, and the hub that the room tells its records."""

    def __init__(
        self, parts: Parts, meter: StreamMeter, entrance: Entrance, pace: Pace = DEFAULT_PACE
    ) -> None:
        desk, room = entrance.desk, entrance.room
        whole = parts.state
        self._hiding = hiding = Hiding(whole)
        parts = guarded(parts, lambda _: hiding(looker()))
        self.feed = Feed(parts.lens)
        self.feed.hidden_from = hiding
        desk.book.restricted = lambda: restricted_in(whole())
        places = Places(each=entrance.pages_each)
        self.hub = Hub(
            self.feed, self._beat, meter, pace, lambda request: standing(request, desk, room), places
        )
        self.timelines = Timelines()
        self._parts = parts
        files = load()
        check, dress = guarding(policy((files.import_map_hash,)), entrance.hosts)
        admit = admitting(desk, room, lambda: self.declarations)
        shell = Shell(files, signed_in)
        self.refusals = Refusals()
        refuse = as_problems(problem_pages(shell), self.refusals.count)
        self.app = web.Application(
            middlewares=[refuse, check, admit, answering_once(parts.answers)], client_max_size=BODY_BYTES
        )
        self.app.on_response_prepare.extend([dress, noting_exports(desk)])
        self.app.on_shutdown.append(self._shut_down)
        self.declarations = declare(
            self.app,
            [
                get("/", Shelf(files).page, Permission.SEE),
                get("/wall", Shelf(files).page, Permission.SEE),
                get("/past", Shelf(files).past, Permission.PAST),
                get("/crew", Shelf(files).crew, Permission.CREW_PAGE),
                get("/static/{digest}/{name:.+}", Shelf(files).file, Permission.OPEN),
                *for_programs(parts, entrance, self.hub, self.timelines),
                *_pages(parts, shell, entrance),
            ],
        )

    def _beat(self, looker: Looker) -> bytes:
        incidents = self._hiding.open_to(looker)
        return msgspec.json.encode(beat(self._parts, self.feed, incidents, self.hub.pages))

    async def _shut_down(self, _: web.Application) -> None:
        self.hub.close()


def for_programs(parts: Parts, entrance: Entrance, hub: Hub, timelines: Timelines) -> Iterator[Declared]:
    """Yield everything that programs can ask: the API, the same as it was, and whether the room is well."""
    live = tuple(_live(parts, entrance, hub, timelines))
    yield from live
    yield from NavigationAnswers(signed_in, live).routes()
    yield from PastAnswers(parts, entrance.desk.witness).routes(live)


def _live(parts: Parts, entrance: Entrance, hub: Hub, timelines: Timelines) -> Iterator[Declared]:
    """Yield what programs can ask of the room as it is now."""
    room = Answers(parts, hub.feed, hub)
    second = SecondPeople(entrance.desk)
    yield from (
        get("/api/v1/stream", hub.follow, Permission.SEE),
        get("/api/v1/snapshot", room.snapshot, Permission.SEE),
        get("/api/v1/status", room.status, Permission.SEE),
        get("/api/v1/incidents", room.incidents, Permission.SEE),
        get("/api/v1/incidents/{id}", room.incident, Permission.SEE),
        get("/api/v1/quarantine", room.quarantine, Permission.QUARANTINE),
        get("/livez", room.livez, Permission.OPEN),
        get("/readyz", room.readyz, Permission.OPEN),
    )
    for answers in (
        second,
        Work(parts, Hand(parts), second, entrance.desk),
        Restricting(Hand(parts), entrance.desk),
        PlanSteps(parts, Hand(parts)),
        TimelineAnswers(parts, timelines),
        Waiting(parts),
        CrewAnswers(parts),
        CameraAnswers(parts),
        HelpPointAnswers(parts),
        MapAnswers(parts),
        RuleAnswers(parts.rules),
        ShadowAnswers(parts),
        SiteAnswers(parts),
        SiteCards(parts),
        PeopleAnswers(parts),
        OnTestAnswers(parts, second),
        LogEntryAnswers(parts, signed_in, Naming(entrance.desk)),
        LogForms(parts.templates),
        SearchAnswers(parts),
        HandoverAnswers(parts),
        PlanAnswers(parts, signed_in),
        ReferralAnswers(parts),
        KeyholderAnswers(parts),
        PatrolAnswers(parts),
        AccountAnswers(entrance.desk),
        AuditAnswers(parts),
        DeskSound(parts),
    ):
        yield from answers.routes()


def _pages(parts: Parts, shell: Shell, entrance: Entrance) -> Iterator[Declared]:
    """Yield the pages that the server renders."""
    desk = entrance.desk
    council = entrance.council
    label = council.label if council is not None else ""
    sign_in = SignInPages(shell, desk, entrance.room, behind_proxy=entrance.behind_proxy, council=label)
    if council is not None:
        yield from CouncilPages(sign_in, desk, council).routes()
    for pages in (
        AboutPages(shell),
        sign_in,
        PeoplePages(shell, desk),
        AuditPages(shell, parts),
        EngineeringPages(shell, parts),
        PlanPages(parts, shell),
        ReferralPages(parts, shell),
    ):
        yield from pages.routes()

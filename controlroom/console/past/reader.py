"""Answers about the past, in a process of its own: the live console's answers over a state that was.

It listens where only the room's process can reach it, is told who asks and as of which position, and asks the
same table of permissions once more. Every handler of the live console that `boards` names answers here as it
does there; none of them changes anything, and the desk that commands would go to refuses each.
"""

import asyncio
import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.access.front_desk import Badge
from controlroom.access.permissions import Permission, Person, may
from controlroom.clock import Now
from controlroom.console.admission import BADGE
from controlroom.console.api import answer, incident_of
from controlroom.console.history import Timelines, timeline
from controlroom.console.looking import guarded, looks
from controlroom.console.parts import Parts
from controlroom.console.past.boards import PAST, RECORD, TIMELINE, boards_of
from controlroom.console.past.books import BooksOf, Then, lens_through
from controlroom.console.past.desk import Stands
from controlroom.console.past.explained import Explanations, RulesOf
from controlroom.console.past.fold import Past
from controlroom.console.past.hiding import hidden_then, hides_for, past_sight, restricted_told
from controlroom.console.past.library import Busy, Library
from controlroom.console.past.live import live
from controlroom.console.past.questions import LIVES, PERSON, POSITION, STANDS, PastQuestion
from controlroom.console.past.refusals import NoDesk, outside, said
from controlroom.console.past.scene import Scene, view_of
from controlroom.console.past.seek import Asked, Range, meant, position_at, reach
from controlroom.console.past.step import LOOKED_THROUGH, About, Direction, Walk, step
from controlroom.console.problems import CONTENT_TYPE, Handler, as_problems, problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declarations, declare, get
from controlroom.console.sight import sees, tells_of_hidden
from controlroom.console.views import Lens
from controlroom.events import RoomOpened
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Record
from controlroom.journal.lookup import records_at
from controlroom.journal.records import decode_applied
from controlroom.journal.store import JournalError

TIMELINE_RECORDS = 200_000
"""Records that an incident's timeline is looked for in, at most: the last ones before the moment."""

BUSY_S = 3
"""Seconds after which whoever was refused may ask again: most folds are over by then."""

RESTRICTED_TOLD = 100
"""Restricted matters that are named beside one answer: more than a desk ever has at a time."""

_NOT_ASKED: Any = None
"""In the place of what no handler of the boards asks."""

QUIET = timedelta(minutes=1)
"""After so long without a record it is looked whether the room was there at all."""

_WHERE = {Direction.NEXT: "after", Direction.PREVIOUS: "before"}

_PERSON = msgspec.json.Decoder(Person)

Answered = TypeVar("Answered", bound=web.StreamResponse)

_SCENE: ContextVar[Scene] = ContextVar("scene")


class Known(msgspec.Struct, frozen=True):
    """What does not change with the moment: handbook, words, clock, the room, where rule sets are read.

    Handbook and lens are today's; `books` reads those of another time.
    """

    handbook: Callable[[], Handbook]
    lens: Lens
    now: Now
    instance: str
    rules_of: RulesOf = lambda _: None
    books: BooksOf | None = None


class Reader:
    """The application that answers for one journal."""

    def __init__(self, library: Library, known: Known) -> None:
        self._library = library
        self._known = known
        whole = Parts(
            state=lambda: _SCENE.get().past.state,
            status=lambda: _SCENE.get().status(),
            checks=tuple,
            desk=NoDesk(),
            answers=_NOT_ASKED,
            rules=_NOT_ASKED,
            lens=lens_through(lambda: _SCENE.get().then),
            now=lambda: _SCENE.get().moment,
            handbook=lambda: _SCENE.get().then.handbook,
            records=self._records,
            figures=_NOT_ASKED,
            shadow=_NOT_ASKED,
            engineering=_NOT_ASKED,
            search=_NOT_ASKED,
            past=_NOT_ASKED,
            trail=_NOT_ASKED,
        )
        self._parts = parts = guarded(whole, hidden_then)
        self.app = web.Application(middlewares=[as_problems(_as_it_is, _uncounted), self._admit])
        self.declarations: Declarations = declare(
            self.app,
            [
                get(PAST, self.view, Permission.PAST),
                get(RECORD, self.record, Permission.AUDIT),
                get(TIMELINE, self.timeline, Permission.SEE),
                *Explanations(parts, whole.state, library.store, known.rules_of).routes(),
                *boards_of(live(parts)),
            ],
        )
        self.app.router.add_get(LIVES, _lives)

    async def view(self, request: web.Request) -> web.Response:
        """Answer with the console as it was."""
        question = asked(request, PastQuestion)
        over = await self._reach()
        sight = past_sight(request)
        position, meaning = await self._place(question, over)
        if question.step is not None:
            about = About(question.shown, question.kind, question.incident)
            position = await self._stepped(position, Walk(question.step, about, sight), over)
        async with self._library.at(position) as past:
            moment = meaning.at if meaning is not None else past.record.now
            scene = replace(await self._scene(past, moment), opened=await self._opened_after(past, moment))
            _SCENE.set(scene)
            sight = replace(sight, hidden=hidden_then(past.state))
            other = meaning.other if meaning is not None else None
            return self._standing(request, PAST, answer(view_of(scene, self._parts, over, sight, other)))

    async def timeline(self, request: web.Request) -> web.Response:
        """Tell what had happened to an incident until then."""
        asked(request, Nothing)
        incident = incident_of(self._parts, request.match_info["id"])
        past, timelines = _SCENE.get().past, Timelines()
        begun = min((one.position for one in incident.members), default=1)
        after = max(begun, past.position - TIMELINE_RECORDS) - 1
        async for frame in self._library.store.frames(after):
            body = decode_applied(frame.body)
            for position, stored in enumerate(body.records, body.position):
                if after < position <= past.position:
                    timelines.note(position, stored.decision)
            await asyncio.sleep(0)
            if frame.last_position >= past.position:
                break
        entries = await timeline(self._parts, timelines, incident)
        return answer({"incident": incident.id, "signals": incident.signals, "entries": entries})

    async def record(self, request: web.Request) -> web.Response:
        """Answer with the record at this position as the journal has it: what was told and decided."""
        asked(request, Nothing)
        past = _SCENE.get().past
        sight = replace(past_sight(request), hidden=hidden_then(past.state))
        if not sees(sight, past.record) or tells_of_hidden(sight, past.record):
            raise problem(404, "restricted", "it is about what only named people may see")
        async for frame in self._library.store.frames(past.position - 1):
            writer, first, records = msgspec.msgpack.decode(frame.body)
            at, decision, event = records[past.position - first]
            told = {
                "position": past.position,
                "at": at,
                "writer": writer,
                "event": event,
                "decision": decision,
            }
            return answer(told)
        raise problem(404, "no-such-position", "the journal has it no more")

    async def _place(self, question: PastQuestion, over: Range) -> tuple[int, Asked | None]:
        """Return the position that is asked for, and what was meant by a moment; raises the 400 and 404."""
        if question.position is not None:
            if not over.first.position <= question.position <= over.last.position:
                raise outside(over, f"position {question.position}")
            return question.position, None
        meaning = meant(question.at or "")
        if meaning is None:
            raise problem(400, "not-valid", f"at: {question.at!r} is no moment; write 2026-11-29T02:14")
        if not over.first.at <= meaning.at <= max(self._known.now(), over.last.at):
            raise outside(over, said(meaning.at))
        return await position_at(self._library.store, meaning.at, over), meaning

    async def _opened_after(self, past: Past, moment: datetime) -> datetime | None:
        """Return when the room was opened anew, where it may have been away at this moment; else None."""
        if moment - past.record.now < QUIET:
            return None
        following = await records_at(self._library.store, [past.position + 1])
        return following[0].now if following and isinstance(following[0].event, RoomOpened) else None

    async def _stepped(self, position: int, walk: Walk, over: Range) -> int:
        async with self._library.at(position) as past:
            found = await step(self._library.store, past, walk, self._known.lens, over)
        if found is None:
            raise problem(
                404,
                "no-such-step",
                f"nothing of it within {LOOKED_THROUGH} records {_WHERE[walk.to]} position {position}",
            )
        return found

    async def _reach(self) -> Range:
        over = await reach(self._library.store)
        if over is None:
            raise problem(404, "outside-the-journal", "the journal is empty")
        return over

    async def _scene(self, past: Past, moment: datetime) -> Scene:
        known, by = self._known, past.state.rule_changes.in_force
        if by is None or known.books is None:
            return Scene(past, moment, known.instance, Then(known.handbook(), known.lens))
        return Scene(past, moment, known.instance, await asyncio.to_thread(known.books, by))

    async def _records(self, positions: Collection[int]) -> Sequence[Record]:
        """Return records that had been decided by then."""
        past = _SCENE.get().past
        return await records_at(self._library.store, [one for one in positions if one <= past.position])

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let through whom the room's own process has let in, and set the scene that is asked about."""
        declared = self.declarations.get(request.match_info.route)
        if declared is None:
            return await handler(request)
        person = _person(request)
        request[BADGE] = Badge(person)
        looks(person)
        hides_for(request)
        if not may(person, declared.permission):
            raise problem(403, "not-allowed", f"{person.name} may not: {declared.permission}")
        try:
            if declared.path == PAST:
                return await handler(request)
            position, over = int(request.headers[POSITION]), await self._reach()
            if not over.first.position <= position <= over.last.position:
                raise outside(over, f"position {position}")
            async with self._library.at(position) as past:
                _SCENE.set(await self._scene(past, past.record.now))
                return self._standing(request, declared.path, await handler(request))
        except Busy as busy:
            again = problem(503, "past-busy", "somebody else's past is being read; ask again in a moment")
            again.headers["Retry-After"] = str(BUSY_S)
            raise again from busy
        except (JournalError, OSError) as fault:
            raise problem(503, "journal-away", f"the journal cannot be read now: {fault}") from fault

    def _standing(self, request: web.Request, path: str, told: Answered) -> Answered:
        """Say beside the answer which moment it is about, and what of it is for named people alone."""
        scene, about = _SCENE.get(), request.match_info.get("id")
        restricted = restricted_told(path, about, self._parts.state())
        stands = Stands(scene.past.position, scene.moment, restricted[:RESTRICTED_TOLD])
        told.headers[STANDS] = base64.b64encode(msgspec.json.encode(stands)).decode()
        return told


async def _lives(_: web.Request) -> web.Response:
    return web.Response()


def _as_it_is(_: web.Request, told: Mapping[str, object]) -> web.Response:
    """Return a problem for the room's process, which says it to people."""
    return web.json_response(dict(told), status=int(str(told["status"])), content_type=CONTENT_TYPE)


def _uncounted(_status: int, _name: str) -> None:
    """Leave the counting to the room's process."""


def _person(request: web.Request) -> Person:
    """Return who asks, as the room's process says; nobody else can send this."""
    return _PERSON.decode(base64.b64decode(request.headers[PERSON]))

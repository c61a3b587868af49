"""What is expected and of whom, who is on duty, and an operator's word about them, over the API.

A command about a person names them by their topic without its root: area, kind and key. It is answered when
it is durable. Lists are bounded and go on behind a cursor, which names the last entry and not its number.
"""

import base64
import binascii

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, WatchesQuestion, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.places import ROOT
from controlroom.events import PersonBookedOff, PersonBookedOn, PersonChecked, PersonCommand
from controlroom.incidents.incident import Watch
from controlroom.incidents.people.on_person_command import WATCHED_OVER
from controlroom.incidents.reasons import Reason
from controlroom.incidents.watch_list import Present, Question, expected

PEOPLE_MAX = 2_000
"""People on duty in one answer: many times a city's; past that `left_off` says how many are not shown."""

_WATCH = msgspec.json.Decoder(Watch)

_ON_DUTY, _OFF_DUTY = Reason.ON_DUTY, Reason.OFF_DUTY
_REFUSALS = {
    _ON_DUTY: "they are on duty already",
    _OFF_DUTY: "they are not on duty; book them on first",
}


class PeopleAnswers:
    """The handlers of watches and people. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        person = "/api/v1/people/{area}/{kind}/{key}"
        return [
            get("/api/v1/watches", self.watches, Permission.SEE),
            get("/api/v1/people", self.on_duty, Permission.SEE),
            post(f"{person}/check", self.check, Permission.ATTEND),
            post(f"{person}/book-on", self.book_on, Permission.ATTEND),
            post(f"{person}/book-off", self.book_off, Permission.ATTEND),
        ]

    async def watches(self, request: web.Request) -> web.Response:
        """List what is expected, what is due first before the others."""
        question = asked(request, WatchesQuestion)
        behind = watch_of(question.cursor) if question.cursor is not None else None
        if question.cursor is not None and behind is None:
            raise problem(400, "not-valid", "cursor: not one of ours; use the `next` of the answer before")
        parts = self._parts
        state = parts.state()
        present = Present(state, parts.lens.estate(), parts.now(), parts.handbook().house.after_outage_s)
        wanted = Question(
            kind=question.kind,
            before=question.before,
            behind=behind,
            limit=question.limit,
            unknown=question.unknown,
            reader=author_of(request),
            group=question.group,
        )
        listed, more = expected(present, wanted)
        cursor = cursor_of(more) if more is not None else None
        deaf_since = state.hearing.deaf_since
        return answer(
            {"watches": listed, "armed": len(state.watches), "deaf_since": deaf_since, "next": cursor}
        )

    async def on_duty(self, request: web.Request) -> web.Response:
        """List who is on duty, longest first, with how their last check stands."""
        asked(request, Nothing)
        duties = list(self._parts.state().duties.values())
        people = [msgspec.structs.asdict(duty) | {"name": self._name(duty.source)} for duty in duties]
        return answer({"people": people[:PEOPLE_MAX], "left_off": max(0, len(people) - PEOPLE_MAX)})

    async def check(self, request: web.Request) -> web.Response:
        """Take the word of an operator who has just heard somebody: that is a check."""
        await read_body(request, Authored)
        return await self._tell(PersonChecked(self._source(request), author_of(request)))

    async def book_on(self, request: web.Request) -> web.Response:
        """Book somebody on duty."""
        await read_body(request, Authored)
        return await self._tell(PersonBookedOn(self._source(request), author_of(request)))

    async def book_off(self, request: web.Request) -> web.Response:
        """Book somebody off duty."""
        await read_body(request, Authored)
        return await self._tell(PersonBookedOff(self._source(request), author_of(request)))

    def _source(self, request: web.Request) -> str:
        """Return the topic of the person; raises the 404 where nobody is watched over there."""
        where = request.match_info
        source = "/".join((ROOT, where["area"], where["kind"], where["key"]))
        place = self._parts.lens.estate().place(source)
        watched = place is not None and place.kind in WATCHED_OVER
        if not watched and source not in self._parts.state().duties:
            detail = "no lone worker or guard post of the estate; name area, kind and key of its topic"
            raise problem(404, "no-such-person", detail)
        return source

    def _name(self, source: str) -> str | None:
        place = self._parts.lens.estate().place(source)
        return place.name if place is not None else None

    async def _tell(self, command: PersonCommand) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/people tells")
        reason = settled.decision.reasons[0]
        duty = self._parts.state().duties.get(command.source)
        if reason is not Reason.COMMAND:
            raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason, duty=duty)
        return answer({"position": settled.position, "duty": duty})


def cursor_of(watch: Watch) -> str:
    """Return the cursor that names this watch."""
    return base64.urlsafe_b64encode(msgspec.json.encode(watch)).decode("ascii")


def watch_of(cursor: str) -> Watch | None:
    """Return the watch that a cursor names; None when it is no cursor of ours."""
    try:
        return _WATCH.decode(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None

"""Crews over the API: how they are, what each has in hand, who would be sent, and their word taken down.

A report names itself (`report`): the same one twice counts once, however often a page that lost its
connection sends it again, and also where the terminal had sent it over MQTT. A report that changes nothing
is no error: it is answered with why, so that nobody sends it for ever. A page that kept a report names who
made it (`X-Account`): where somebody else has signed in since, it is refused and waits for its own account.
"""

from typing import Annotated

import msgspec
from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.crews import CrewWordTaken, StepTaken
from controlroom.console.admission import author_of, person_of
from controlroom.console.api import answer, incident_of
from controlroom.console.bodies import Authored, read_body
from controlroom.console.crew_views import crew_view, in_hand
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.model import Crew
from controlroom.incidents.crews.choosing import recommended
from controlroom.incidents.reasons import Reason
from controlroom.signals.dispatch_messages import Cause, CrewWord, Outcome, Step, reports_topic
from controlroom.signals.wire import duplicate_key

_TAKEN = frozenset({Reason.REPORT_TAKEN, Reason.CREW_NOTED})


class SpokenBody(Authored):
    """What every word of a crew says: its own name, and where the vehicle is."""

    report: Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class OrderStepBody(SpokenBody):
    """How far the crew is with an order."""

    order: Annotated[str, Field(min_length=1, max_length=64)]
    step: Annotated[Step, Field(strict=False)]
    outcome: Annotated[Outcome, Field(strict=False)] | None = None
    cause: Annotated[Cause, Field(strict=False)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class WordBody(SpokenBody):
    """How the crew itself is."""

    word: Annotated[CrewWord, Field(strict=False)]


class CrewAnswers:
    """The handlers of crews. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer: about any crew for the desk, about the own one for a crew."""
        return [
            get("/api/v1/crews", self.crews, Permission.SEE),
            get("/api/v1/crews/{unit}", self.crew, Permission.SEE),
            get("/api/v1/crews/{unit}/current", self.current, Permission.SEE),
            post("/api/v1/crews/{unit}/reports", self.report, Permission.ATTEND),
            post("/api/v1/crews/{unit}/words", self.word, Permission.ATTEND),
            get("/api/v1/crew/current", self.current, Permission.CREW_PAGE),
            post("/api/v1/crew/reports", self.report, Permission.CREW_PAGE),
            post("/api/v1/crew/words", self.word, Permission.CREW_PAGE),
            get("/api/v1/incidents/{id}/crews", self.recommended, Permission.SEE),
        ]

    async def crews(self, request: web.Request) -> web.Response:
        """List every crew with how it is."""
        asked(request, Nothing)
        crews = self._parts.handbook().estate.crews.values()
        return answer({"crews": [crew_view(self._parts, crew) for crew in crews]})

    async def crew(self, request: web.Request) -> web.Response:
        """Answer with one crew."""
        asked(request, Nothing)
        return answer(crew_view(self._parts, self._named(request)))

    async def current(self, request: web.Request) -> web.Response:
        """Answer with what a crew has in hand: the job that it is on, and those that wait."""
        asked(request, Nothing)
        return answer(in_hand(self._parts, self._named(request)))

    async def report(self, request: web.Request) -> web.Response:
        """Take down how far a crew is with an order."""
        crew, body = self._named(request), await read_body(request, OrderStepBody)
        taken = StepTaken(
            order=body.order,
            unit=crew.unit,
            step=body.step,
            author=author_of(request),
            key=_key(crew, body),
            outcome=body.outcome,
            reason=body.reason,
            cause=body.cause,
            latitude=body.latitude,
            longitude=body.longitude,
        )
        return await self._tell(taken, crew)

    async def word(self, request: web.Request) -> web.Response:
        """Take down how a crew is."""
        crew, body = self._named(request), await read_body(request, WordBody)
        key = _key(crew, body)
        told = CrewWordTaken(crew.unit, body.word, author_of(request), key, body.latitude, body.longitude)
        return await self._tell(told, crew)

    async def recommended(self, request: web.Request) -> web.Response:
        """List who could go to an incident, in the order in which the room would send them, and why."""
        asked(request, Nothing)
        parts = self._parts
        incident = incident_of(parts, request.match_info["id"])
        found = recommended(parts.handbook(), parts.state(), incident, parts.now())
        return answer({"incident": incident.id, "version": incident.version, "crews": found})

    async def _tell(self, event: StepTaken | CrewWordTaken, crew: Crew) -> web.Response:
        settled = await settled_by(self._parts, event, f"GET /api/v1/crews/{crew.unit} tells")
        reason = settled.decision.reasons[0]
        said = {"position": settled.position, "taken": reason in _TAKEN, "reason": reason}
        return answer(said | msgspec.structs.asdict(in_hand(self._parts, crew)))

    def _named(self, request: web.Request) -> Crew:
        """Return the crew of this address, or of who has signed in; raises the 404 where there is none."""
        unit = request.match_info.get("unit") or person_of(request).unit
        crew = self._parts.handbook().estate.crews.get(unit or "")
        if crew is None:
            detail = "no unit of the estate; GET /api/v1/crews lists them, an account names its own"
            raise problem(404, "no-such-crew", detail)
        return crew


def _key(crew: Crew, body: SpokenBody) -> bytes:
    """Return the name of this report, the same as on the crew's topic; raises the 400 for half a position."""
    if (body.latitude is None) is not (body.longitude is None):
        raise problem(400, "not-valid", "latitude, longitude: give both or neither")
    return duplicate_key(reports_topic(crew.unit), body.report)

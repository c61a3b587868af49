"""The plan's figures over the API: a quarter's scorecard, the events of a figure, narratives, the sign-off.

A quarter is signed with the figures as they stand at that moment, which then stay (`docs/measures.md`). Who
is outside the team gets no small number of a sensitive measure, and no list of its events.
"""

from datetime import date
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import TEAM, Permission
from controlroom.commands.plan import NarrativeWritten, PlanCommand, QuarterSigned
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.pages.navigation import VisitorOf
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Limit, Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.areas import Area
from controlroom.incidents.reasons import Reason
from controlroom.measures.figures import events, how_many
from controlroom.measures.periods import Period, day_of, parse
from controlroom.measures.plan.model import MeasureText
from controlroom.measures.scorecard import Asked, Line, scorecard, signed_figures

_REFUSALS = {
    Reason.QUARTER_UNKNOWN: "no quarter; write it as 2026Q3, which is October to December 2026",
    Reason.QUARTER_IS_SIGNED: "it is signed already, and stays as it was signed",
    Reason.QUARTER_GOES_ON: "it is not over; a quarter is signed when it has ended",
}
"""Why the room said no, and what to do."""


class NarrativeBody(Authored):
    """What is said beside a figure, and what is done about it."""

    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    corrective_action: Annotated[str, Field(max_length=4_000)] = ""


class CardQuestion(BaseModel):
    """Of which area; the whole city where none is named."""

    model_config = ConfigDict(extra="forbid")

    area: Area | None = None


class EventsQuestion(BaseModel):
    """Which events of a figure: of which period and area, how many, behind which of them."""

    model_config = ConfigDict(extra="forbid")

    period: Annotated[str, Field(max_length=16)]
    area: Area | None = None
    limit: Limit = 100
    after: Annotated[int, Field(ge=0)] = 0


class PlanAnswers:
    """The handlers of everything below `/api/v1/plan`. They hold no state of their own."""

    def __init__(self, parts: Parts, visitor_of: VisitorOf) -> None:
        self._parts = parts
        self._visitor_of = visitor_of

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        quarter = "/api/v1/plan/quarters/{quarter}"
        return [
            get("/api/v1/plan", self.plan, Permission.READ_PLAN),
            get(quarter, self.card, Permission.READ_PLAN),
            post(f"{quarter}/sign", self.sign, Permission.WRITE_PLAN),
            post(f"{quarter}/measures/{{measure}}/narrative", self.narrate, Permission.WRITE_PLAN),
            get("/api/v1/plan/measures/{measure}/events", self.events, Permission.READ_PLAN),
        ]

    async def plan(self, request: web.Request) -> web.Response:
        """Answer with the plan as it is written."""
        asked(request, Nothing)
        return answer(self._parts.figures.plan.model_dump(mode="json"))

    async def card(self, request: web.Request) -> web.Response:
        """Answer with the scorecard of a quarter."""
        question = asked(request, CardQuestion)
        card = scorecard(
            self._parts.figures.ledger(), self._parts.figures.plan, self._asked(request, question.area)
        )
        groups = [
            {
                "priority": group.priority,
                "words": group.words,
                "measures": [_line(one) for one in group.lines],
            }
            for group in card.groups
        ]
        return answer(
            {
                "plan": card.plan,
                "quarter": card.quarter.name,
                "in_words": card.quarter.in_words,
                "area": card.area,
                "position": card.position,
                "counted_at": card.counted_at,
                "signed": card.signed,
                "groups": groups,
            }
        )

    async def events(self, request: web.Request) -> web.Response:
        """List the records that make up a figure; their number of all stands beside them."""
        question = asked(request, EventsQuestion)
        measure, period = self._measure(request), _period(question.period)
        if measure.sensitive and not self._visitor_of(request).may(TEAM):
            raise problem(403, "not-yours", "the events of a sensitive measure are for the team alone")
        ledger = self._parts.figures.ledger()
        found = [
            one for one in events(ledger, measure.id, period, question.area) if one.position > question.after
        ]
        found.sort(key=lambda one: one.position)
        page = found[: question.limit]
        told = [
            {"position": one.position, "day": one.day, "area": one.area or None, "weight": one.weight}
            for one in page
        ]
        return answer(
            {
                "measure": measure.id,
                "figure": how_many(ledger, measure.id, period, question.area),
                "events": told,
                "next": page[-1].position if len(found) > len(page) else None,
            }
        )

    async def narrate(self, request: web.Request) -> web.Response:
        """Keep what is said beside a figure."""
        body = await read_body(request, NarrativeBody)
        quarter = request.match_info["quarter"]
        command = NarrativeWritten(
            author_of(request), quarter, self._measure(request).id, body.text, body.corrective_action
        )
        return await self._tell(command)

    async def sign(self, request: web.Request) -> web.Response:
        """Freeze a quarter's figures as they stand now."""
        await read_body(request, Authored)
        quarter, ledger = _period(request.match_info["quarter"]), self._parts.figures.ledger()
        figures, goals = signed_figures(ledger, self._parts.figures.plan, quarter.name)
        return await self._tell(
            QuarterSigned(author_of(request), quarter.name, figures, goals, ledger.position)
        )

    async def _tell(self, command: PlanCommand) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/plan/quarters tells")
        reason = settled.decision.reasons[0]
        if reason is not Reason.COMMAND:
            raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason)
        return answer({"position": settled.position, "quarter": command.quarter})

    def _asked(self, request: web.Request, area: Area | None) -> Asked:
        quarter, today = _period(request.match_info["quarter"]), self._today()
        if "Q" not in quarter.name:
            raise problem(404, "no-such-quarter", _REFUSALS[Reason.QUARTER_UNKNOWN])
        return Asked(quarter, today, area, in_team=self._visitor_of(request).may(TEAM))

    def _today(self) -> date:
        return day_of(self._parts.now())

    def _measure(self, request: web.Request) -> MeasureText:
        name = request.match_info["measure"]
        found = next((one for one in self._parts.figures.plan.measures if one.id == name), None)
        if found is None:
            raise problem(404, "no-such-measure", "GET /api/v1/plan lists the measures")
        return found


def _period(name: str) -> Period:
    """Return the period of this name; raises the 404 that says what is allowed."""
    try:
        return parse(name)
    except ValueError as fault:
        raise problem(404, "no-such-period", str(fault)) from fault


def _line(line: Line) -> dict[str, object]:
    measure = line.measure
    return {
        "id": measure.id,
        "wording": measure.wording,
        "owner": measure.owner,
        "kind": measure.kind,
        "definition": measure.definition,
        "actual": line.actual,
        "to_date": line.to_date,
        "year_before": line.year_before,
        "change": line.change,
        "trend": line.trend,
        "status": line.status,
        "target": line.target,
        "narrative": line.narrative,
        "corrective_action": line.corrective_action,
        "since_signed": line.since_signed,
    }

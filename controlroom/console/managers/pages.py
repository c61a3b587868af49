"""The handlers of everything below `/managers`: whoever may not read the plan sees none of it."""

import math
from collections.abc import Mapping
from datetime import date

from aiohttp import web

from controlroom.access.permissions import TEAM, Permission, may
from controlroom.commands.plan import NarrativeWritten, PlanCommand, QuarterSigned
from controlroom.console.admission import author_of, person_of
from controlroom.console.forms import fields, token_of
from controlroom.console.managers import alarm_load, answers, behind, card, earned, locations
from controlroom.console.managers.questions import (
    CardQuestion,
    EventsQuestion,
    LoadQuestion,
    LocationsQuestion,
    NarrativeForm,
    PeriodQuestion,
    SignForm,
    in_form,
    in_query,
    months_in,
    period_in,
    quarter_in,
)
from controlroom.console.pages.shell import Shell
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.areas import Area
from controlroom.measures.earnings import evidence_of
from controlroom.measures.load import up_to
from controlroom.measures.periods import Period, day_of, month, plan_year, quarters_until, year_of
from controlroom.measures.plan.model import MeasureText
from controlroom.measures.scorecard import Asked, signed_figures

SEE_OTHER = 303
YEARS_OFFERED = 2
TELLS = "the scorecard tells"


class PlanPages:
    """The handlers. They hold no state of their own."""

    def __init__(self, parts: Parts, shell: Shell) -> None:
        self._parts = parts
        self._figures = parts.figures
        self._shell = shell

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        read, write = Permission.READ_PLAN, Permission.WRITE_PLAN
        return [
            get("/managers", self.scorecard, read),
            get("/managers/measures/{measure}", self.events, read),
            get("/managers/areas", self.areas, read),
            get("/managers/answering", self.answering, read),
            get("/managers/load", self.load, read),
            get("/managers/cameras", self.cameras, read),
            get("/managers/income", self.income, read),
            post("/managers/narratives", self.narrate, write),
            post("/managers/sign-off", self.sign, write),
        ]

    async def scorecard(self, request: web.Request) -> web.Response:
        """Show the scorecard of a quarter."""
        question = in_query(request, CardQuestion)
        quarter = quarter_in(question.quarter, self._today())
        outside = question.outside or not _in_team(request)
        asked = Asked(quarter, self._today(), question.area, in_team=not outside)
        page = card.page_of(self._figures.ledger(), self._figures.plan, asked)
        seen = card.digest_of(*signed_figures(self._figures.ledger(), self._figures.plan, quarter.name))
        values = {
            "page": page,
            "asked": asked,
            "seen": seen,
            "may_write": may(person_of(request), Permission.WRITE_PLAN),
            "token": token_of(request),
            "over": quarter.last < self._today(),
        }
        return self._page(request, "card", values)

    async def areas(self, request: web.Request) -> web.Response:
        """Show every measure for each Community Committee."""
        question = in_query(request, CardQuestion)
        quarter = quarter_in(question.quarter, self._today())
        outside = question.outside or not _in_team(request)
        cards = [
            card.page_of(
                self._figures.ledger(),
                self._figures.plan,
                Asked(quarter, self._today(), area, in_team=not outside),
            )
            for area in (None, *Area)
        ]
        return self._page(request, "areas", {"cards": cards, "quarter": quarter, "outside": outside})

    async def events(self, request: web.Request) -> web.Response:
        """Show the events that make up one figure."""
        question = in_query(request, EventsQuestion)
        measure = self._measure(request.match_info["measure"])
        if measure.sensitive and not _in_team(request):
            raise problem(403, "not-allowed", "the events of this measure are for the team alone")
        period = period_in(question.period, self._today())
        which = behind.Which(measure.id, period, question.area, question.after)
        part = behind.slice_of(self._figures.ledger(), which)
        records = await self._parts.records({event.position for event in part.events})
        values = {
            "measure": measure,
            "period": period,
            "area": question.area,
            "area_name": card.name_of(question.area),
            "part": part,
            "events": tuple(behind.told(part, records)),
        }
        return self._page(request, "events", values)

    async def answering(self, request: web.Request) -> web.Response:
        """Show how long people waited."""
        period = period_in(in_query(request, PeriodQuestion).period, self._today())
        page = answers.page_of(self._figures.desk().answering, months_in(period))
        values = {"page": page, "edges": answers.EDGES_S, "shares": answers.SHARES}
        return self._page(request, "answering", {**values, **self._periods(period)})

    async def load(self, request: web.Request) -> web.Response:
        """Show how much came to the operators."""
        question = in_query(request, LoadQuestion)
        period = period_in(question.period, self._today())
        load = up_to(self._figures.desk().load, self._parts.now())
        estate, operators = self._parts.handbook().estate, question.operators or self._figures.operators
        page = alarm_load.page_of(load, months_in(period), operators, estate)
        return self._page(request, "load", {"page": page, **self._periods(period)})

    async def cameras(self, request: web.Request) -> web.Response:
        """Show what each camera saw, gave and cost."""
        question = in_query(request, LocationsQuestion)
        period = period_in(question.period, self._today())
        months = months_in(period)
        desk, estate = self._figures.desk(), self._parts.handbook().estate
        cost = question.cost if question.cost is not None else self._figures.camera_pounds
        asked = locations.Question(months, question.area, question.group, cost)
        evidence = evidence_of(desk.earnings, frozenset(months))
        found = locations.review(estate, desk.load, evidence, asked)
        pages = max(1, math.ceil(len(found) / locations.PAGE))
        first = (min(question.page, pages) - 1) * locations.PAGE
        values = {
            "cameras": found[first : first + locations.PAGE],
            "count": len(found),
            "number": min(question.page, pages),
            "pages": pages,
            "asked": asked,
            "near_m": locations.NEAR_M,
            "groups": locations.groups(estate),
            "areas": tuple((area.value, card.name_of(area)) for area in Area),
        }
        return self._page(request, "cameras", {**values, **self._periods(period)})

    async def income(self, request: web.Request) -> web.Response:
        """Show what was earned in a plan year."""
        asked = in_query(request, PeriodQuestion).period
        period = period_in(asked, self._today()) if asked is not None else year_of(self._today())
        page = earned.page_of(self._figures.desk().earnings, months_in(period))
        return self._page(request, "income", {"page": page, **self._periods(period)})

    async def narrate(self, request: web.Request) -> web.Response:
        """Keep what stands behind a figure."""
        form = in_form(await fields(request), NarrativeForm)
        quarter, measure = quarter_in(form.quarter, self._today()), self._measure(form.measure)
        said = NarrativeWritten(
            author_of(request), quarter.name, measure.id, form.text, form.corrective_action
        )
        return await self._said(said, quarter)

    async def sign(self, request: web.Request) -> web.Response:
        """Sign a quarter as it stood when the page was read; refuse where something counted since."""
        form = in_form(await fields(request), SignForm)
        quarter, ledger = quarter_in(form.quarter, self._today()), self._figures.ledger()
        if quarter.last >= self._today():
            raise problem(409, "not-over-yet", f"{quarter.in_words} is not over; sign it after its last day")
        figures, goals = signed_figures(ledger, self._figures.plan, quarter.name)
        if card.digest_of(figures, goals) != form.seen:
            raise problem(
                409, "changed-since", "a figure was corrected since you read the page; read it again"
            )
        said = QuarterSigned(author_of(request), quarter.name, figures, goals, ledger.position)
        return await self._said(said, quarter)

    def _measure(self, name: str) -> MeasureText:
        for measure in self._figures.plan.measures:
            if measure.id == name:
                return measure
        raise problem(404, "no-such-measure", f"{name!r} is no measure of the plan")

    def _today(self) -> date:
        return day_of(self._parts.now())

    def _periods(self, period: Period) -> Mapping[str, object]:
        """Return what the choice of a period offers: the present months, quarters and years."""
        today = self._today()
        year = year_of(today)
        offered = (
            month(today),
            *reversed(quarters_until(quarter_in(None, today), card.QUARTERS_OFFERED)),
            *(plan_year(year.first.year - back) for back in range(YEARS_OFFERED)),
        )
        return {"period": period, "periods": offered}

    def _page(self, request: web.Request, name: str, values: Mapping[str, object]) -> web.Response:
        return self._shell.page(request, f"managers/{name}.html", values)

    async def _said(self, said: PlanCommand, quarter: Period) -> web.Response:
        """Hand it in, and lead back to the quarter's card once it is durable."""
        settled = await settled_by(self._parts, said, TELLS)
        if not settled.decision.changes:
            reasons = ", ".join(reason.replace("_", " ") for reason in settled.decision.reasons)
            raise problem(409, "not-taken", f"nothing was changed: {reasons}; read the page again")
        return web.Response(status=SEE_OTHER, headers={"Location": f"/managers?quarter={quarter.name}"})


def _in_team(request: web.Request) -> bool:
    """Return whether small numbers may be shown to who asks."""
    return may(person_of(request), TEAM)

"""The steps of an action plan over the API: marking one, and what a closing is asked for.

The room does not hold the plans. So a closing carries which steps the plan in force requires, and whoever
closes says in `skipped_because` why those still open were passed over; without it the closing is refused.
"""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.plan_steps import NOTHING_ASKED, Demands, StepDone, StepSkipped
from controlroom.console.admission import author_of
from controlroom.console.api import incident_of
from controlroom.console.bodies import read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.routes import Declared, post
from controlroom.rules.plans import Plan

Because = Annotated[str, Field(min_length=1, max_length=500)]
"""Why a step was not done: a sentence or two."""


class StepBody(CommandBody):
    """This step is done, or is passed over for a reason."""

    step: Annotated[str, Field(min_length=1, max_length=64)]
    skipped_because: Because | None = None


class PlanSteps:
    """The handler that marks steps."""

    def __init__(self, parts: Parts, hand: Hand) -> None:
        self._parts = parts
        self._hand = hand

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [post("/api/v1/incidents/{id}/plan-step", self.mark, Permission.WORK)]

    async def mark(self, request: web.Request) -> web.Response:
        """Mark one step of the incident's plan."""
        body = await read_body(request, StepBody)
        name = request.match_info["id"]
        plan = plan_of(self._parts, name)
        known = [step.id for step in plan.steps] if plan is not None else []
        if body.step not in known:
            said = ", ".join(known) or "none, it has no plan"
            raise problem(400, "not-valid", f"step: not in the plan of this incident; its steps are: {said}")
        if body.skipped_because is None:
            return await self._hand.tell(StepDone(name, body.version, author_of(request), body.step))
        skipped = StepSkipped(name, body.version, author_of(request), body.step, body.skipped_because)
        return await self._hand.tell(skipped)


def plan_of(parts: Parts, incident_id: str) -> Plan | None:
    """Return the plan that the rules in force name for this incident; raises the 404 where there is none."""
    incident = incident_of(parts, incident_id)
    return parts.lens.plan(incident.kind, incident.rule)


def demands(parts: Parts, incident_id: str, skipped_because: str | None) -> Demands:
    """Return what the plan in force asks of whoever closes this incident."""
    plan = plan_of(parts, incident_id)
    if plan is None:
        return NOTHING_ASKED
    return Demands(tuple(step.id for step in plan.steps if step.required), skipped_because or "")

"""The action plan of an incident, as the answer about one incident shows it.

It is the plan that the rules in force name now: one that was changed since the incident opened is shown as
it is now, because that is what the room wants done. Which steps were done is the incident's to say.
"""

import msgspec

from controlroom.rules.plans import Plan


class StepView(msgspec.Struct, frozen=True):
    """One thing to do; a required one is done or explained."""

    id: str
    do: str
    required: bool


class PlanView(msgspec.Struct, frozen=True):
    """What to do, in this order; `silent`: nobody rings or speaks to the place."""

    title: str
    silent: bool
    steps: tuple[StepView, ...]


def plan_view(plan: Plan | None) -> PlanView | None:
    """Return the plan as a screen shows it; None where there is none."""
    if plan is None:
        return None
    steps = tuple(StepView(step.id, step.do, step.required) for step in plan.steps)
    return PlanView(plan.title, plan.silent, steps)

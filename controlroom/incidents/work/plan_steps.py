"""The steps of an action plan: who did which, who passed which over, and what that means for the closing.

A required step that is neither done nor passed over for a reason keeps an incident from being resolved or
closed by a person. A crew's word and the room's own endings are not held up: nobody is there to tick.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.plan_steps import Demands, PlanStepCommand, StepSkipped
from controlroom.incidents.changes import Change, PlanStepMarked
from controlroom.incidents.incident import Act, Incident, Status, StepMark
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.work.expected import owned_by
from controlroom.incidents.work.limits import WorkRules

STEPS_KEPT = 24
"""Marks of one incident: two plans' worth, because its rule's plan may change while it is open."""


def mark(work: WorkRules, incident: Incident, command: PlanStepCommand, now: datetime) -> Decision:
    """Mark one step. From the owner it is a word that the work goes on, as a note is."""
    reason = command.reason.strip() if isinstance(command, StepSkipped) else ""
    unsaid = isinstance(command, StepSkipped) and not reason
    known = any(one.step == command.step for one in incident.steps)
    if unsaid or known or len(incident.steps) >= STEPS_KEPT:
        return Decision(reasons=(Reason.PLAN_STEP_MARKED if known else Reason.COMMAND_REFUSED,))
    marked = PlanStepMarked(incident.id, command.step, command.author, reason)
    if incident.status is not Status.OWNED or incident.owner != command.author:
        return Decision((marked,), reasons=(Reason.COMMAND,))
    moved, armed = owned_by(work, incident, command.author, now)
    return Decision((marked, replace(moved, what="plan step"), armed), reasons=(Reason.COMMAND,))


def open_steps(incident: Incident, demands: Demands) -> tuple[str, ...]:
    """Return the required steps that nobody marked, in the order of the plan."""
    if not demands.required:
        return ()
    marked = {one.step for one in incident.steps}
    return tuple(step for step in demands.required if step not in marked)


def passed_over(incident: Incident, demands: Demands, author: str) -> tuple[Change, ...] | None:
    """Return the marks that a closing brings with it; None where steps are open and nobody said why."""
    left, why = open_steps(incident, demands), demands.skipped_because.strip()
    if left and not why:
        return None
    return tuple(PlanStepMarked(incident.id, step, author, why) for step in left)


def marks_of_both(ours: tuple[StepMark, ...], theirs: tuple[StepMark, ...]) -> tuple[StepMark, ...]:
    """Return the marks of two incidents that are one: who did a step counts before who passed it over."""
    first: dict[str, StepMark] = {}
    for one in sorted((*ours, *theirs), key=lambda mark: (bool(mark.skipped), mark.at)):
        first.setdefault(one.step, one)
    return tuple(sorted(first.values(), key=lambda mark: mark.at)[:STEPS_KEPT])


def with_step(incident: Incident, change: PlanStepMarked, now: datetime) -> Incident:
    """Return the incident with one step marked."""
    steps = (*incident.steps, StepMark(change.step, change.author, now, change.skipped))
    return replace(
        incident, steps=steps, version=incident.version + 1, last=Act(change.author, "plan step", now)
    )

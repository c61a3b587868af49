"""What people say about the steps of an incident's action plan: done, or passed over for a reason.

The plan decides nothing and the room does not hold it: `closing` commands say which steps the plan in force
requires, so that the journal has what was asked for at that moment, whatever the plan says later.
"""

import msgspec


class StepDone(msgspec.Struct, frozen=True, gc=False, tag="plan_step_done"):
    """A step of the plan is done."""

    incident: str
    version: int
    author: str
    step: str


class StepSkipped(msgspec.Struct, frozen=True, gc=False, tag="plan_step_skipped"):
    """A step of the plan is not done, and why."""

    incident: str
    version: int
    author: str
    step: str
    reason: str


PlanStepCommand = StepDone | StepSkipped
"""The closed union of these commands."""


class Demands(msgspec.Struct, frozen=True, gc=False):
    """What the plan in force asks of whoever closes an incident.

    `required` are the ids of its required steps; `skipped_because` is why those that are still open were
    passed over, empty where nobody said.
    """

    required: tuple[str, ...] = ()
    skipped_because: str = ""


NOTHING_ASKED = Demands()
"""No plan, or one without a required step."""

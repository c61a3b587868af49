"""Action plans: what a person does about an incident, step by step.

A rule names a plan; the plan has a title and ordered steps, each with an `id` that is unique in the plan (so
that a step stays the same step when another is put before it) and `required` or not. `silent` marks a plan
by which nobody rings or speaks to the place, because somebody there must not notice.

A plan decides nothing: which one an incident gets is the rules' word, and what it says is for people.
"""

import re
from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

IDENTIFIER = re.compile(r"[a-z][a-z0-9-]{0,63}")
"""Names of rules, plans and steps: they travel into labels, logs and addresses."""

STEP_CHARACTERS = 160
"""A step is one line on the screen of somebody who is in a hurry."""

TITLE_CHARACTERS = 60
"""A title stands in one column of a list."""

STEPS_MAX = 12
"""More steps than that are two plans."""

Name = Annotated[str, Field(pattern=f"^{IDENTIFIER.pattern}$")]
_SHAPE = ConfigDict(frozen=True, extra="forbid", strict=True)


class Step(BaseModel):
    """One thing to do; a step that is not `required` may be passed over without a word."""

    model_config = _SHAPE

    id: Name
    do: Annotated[str, Field(min_length=1, max_length=STEP_CHARACTERS, pattern=r"\.$")]
    required: bool


class Plan(BaseModel):
    """What to do, in this order; `silent`: nobody rings or speaks to the place."""

    model_config = _SHAPE

    title: Annotated[str, Field(min_length=1, max_length=TITLE_CHARACTERS)]
    silent: bool = False
    steps: Annotated[list[Step], Field(min_length=1, max_length=STEPS_MAX)]


class PlanFile(BaseModel):
    """The whole file."""

    model_config = _SHAPE

    plans: Annotated[dict[Name, Plan], Field(min_length=1)]


Plans: TypeAlias = Mapping[str, Plan]
"""Plans by the names that rules use."""

"""The shape of `config/plan-on-a-page.yaml`: what people write, with its limits. pydantic at the edge.

What only the whole file can know (doubled ids, the measure that a percentage is of, words of a selector) the
reader says (`read.py`).
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from controlroom.commands.entry_words import EntryKind, Goal
from controlroom.measures.plan.words import Countable, MeasureKind, Polarity, Priority

_SHAPE = ConfigDict(frozen=True, extra="forbid")

NONE_SAID = "none"
"""What stands where there is nothing on purpose: a target that nobody set is said, and not left out."""


def _none(said: Any) -> Any:
    return None if said == NONE_SAID else said


Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
"""The name of a measure: it travels into labels and addresses."""

Line = Annotated[str, Field(min_length=1, max_length=200)]
Sentences = Annotated[str, Field(min_length=1, max_length=800, pattern=r"\.$")]
OneOrMore = Annotated[
    tuple[str, ...],
    Field(min_length=1, max_length=20),
    BeforeValidator(lambda said: (said,) if isinstance(said, str | bool) else said),
]
"""A word or a list of words."""


class Target(BaseModel):
    """What is wanted, who set it and when; a goal to be achieved once has a day instead of a value."""

    model_config = _SHAPE

    value: Annotated[float, Field(ge=-1_000, le=10_000_000)] | None = None
    due: date | None = None
    per: Literal["year", "quarter"] = "year"
    owner: Line
    set_on: date


class Baseline(BaseModel):
    """What a change is measured against: the figure of a whole plan year, and where it is from."""

    model_config = _SHAPE

    value: Annotated[float, Field(ge=0, le=10_000_000)]
    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Line


class Selector(BaseModel):
    """Which events count: one kind of them, and by field which words."""

    model_config = _SHAPE

    event: Countable
    kind: EntryKind | None = None
    where: dict[str, OneOrMore] = {}
    add_up: str | None = None


class MeasureText(BaseModel):
    """One measure as it is written."""

    model_config = _SHAPE

    id: Id
    wording: Line
    priority: Priority
    owner: Line
    kind: MeasureKind
    polarity: Polarity
    definition: Sentences
    counts: Annotated[tuple[Selector, ...], Field(max_length=10)] = ()
    of: Id | None = None
    goal: Goal | None = None
    target: Annotated[Target | None, BeforeValidator(_none)]
    baseline: Annotated[Baseline | None, BeforeValidator(_none)]
    tolerance: Annotated[float, Field(ge=0, le=100)] = 10.0
    sensitive: bool = False


class PlanText(BaseModel):
    """The whole file."""

    model_config = _SHAPE

    plan: Line
    priorities: dict[Priority, Line]
    measures: Annotated[tuple[MeasureText, ...], Field(min_length=1, max_length=100)]

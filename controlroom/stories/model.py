"""What a story may say. Strict: an unknown word is refused with its line.

Times are lengths after the beginning: `90s`, `5min`, `2h`. A story is about places of the demonstration
estate.
"""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from controlroom.incidents.incident import Level, Status
from controlroom.rules.calendars import LONDON
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Condition, Kind

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(s|min|h)")
_UNITS = {"s": 1, "min": 60, "h": 3600}


def _length(text: object) -> float:
    """Return a length in seconds; raises ValueError for what is none."""
    found = _LENGTH.fullmatch(str(text))
    if found is None:
        raise ValueError(f"found {text!r}; allowed are lengths such as 90s, 5min or 2h")
    return float(found[1]) * _UNITS[found[2]]


def _moment(text: object) -> datetime:
    """Return a moment by the clock on the wall in Leeds; raises ValueError for what is none."""
    return datetime.fromisoformat(str(text)).replace(tzinfo=LONDON)


Length = Annotated[float, BeforeValidator(_length)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Part(BaseModel):
    """The shared strictness; no fields of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class About(Part):
    """Which incidents or log entries are meant: all that fit what is said. `source` is the key of a place."""

    site: str | None = None
    source: str | None = None
    kind: Kind | None = None
    event: str | None = None
    rule: str | None = None


class EachOf(Part):
    """A step that each of some places says, `gap` apart: those of a site or an area, the first `count`."""

    site: str | None = None
    area: str | None = None
    count: Annotated[int, Field(ge=1)] | None = None
    gap: Length = 1.0


class Operator(Part):
    """What an operator does, on the newest incident that fits; `text` is a note or a reason."""

    does: Literal["own", "close", "note", "resolve", "send", "escalate", "checked", "test"]
    about: About = About()
    by: str = "op-1"
    second: str | None = None
    outcome: Outcome = Outcome.NO_TRACE
    text: str = "as the story goes"
    unit: str | None = None
    target: str = ""
    lasts: Length = Field(default=3600.0, alias="for")


class Step(Part):
    """One thing that happens: a device says its data, or an operator acts; `times` repeats it.

    In texts `{n}` is the number of the repeat. `amber_after` is when a timed note of a lone worker turns red.
    """

    at: Length = 0.0
    every: Length = 60.0
    times: Annotated[int, Field(ge=1, le=1000)] = 1
    each_of: EachOf | None = None
    amber_after: Length | None = None
    operator: Operator | None = None
    arc_alarm: dict[str, Any] | None = Field(default=None, alias=Kind.ARC_ALARM.value)
    camera_fault: dict[str, Any] | None = Field(default=None, alias=Kind.CAMERA_FAULT.value)
    help_point: dict[str, Any] | None = Field(default=None, alias=Kind.HELP_POINT.value)
    lone_worker: dict[str, Any] | None = Field(default=None, alias=Kind.LONE_WORKER.value)
    guard: dict[str, Any] | None = Field(default=None, alias=Kind.GUARD.value)
    park: dict[str, Any] | None = Field(default=None, alias=Kind.PARK.value)
    telecare: dict[str, Any] | None = Field(default=None, alias=Kind.TELECARE.value)

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        if (self.operator is not None) + (self.said is not None) != 1:
            raise ValueError("a step is one thing: the data of one kind of device, or an operator")
        return self

    @property
    def said(self) -> tuple[Kind, dict[str, Any]] | None:
        """The kind of device that speaks and what it says; None for an operator's step."""
        told = (
            (Kind.ARC_ALARM, self.arc_alarm),
            (Kind.CAMERA_FAULT, self.camera_fault),
            (Kind.HELP_POINT, self.help_point),
            (Kind.LONE_WORKER, self.lone_worker),
            (Kind.GUARD, self.guard),
            (Kind.PARK, self.park),
            (Kind.TELECARE, self.telecare),
        )
        found = [(kind, data) for kind, data in told if data is not None]
        return found[0] if len(found) == 1 else None


Manner = Literal["answers", "refuses", "silent"]
"""How a crew takes an order."""


class Crews(Part):
    """How crews behave: `default` and units that differ; how long each step takes; what they find."""

    default: Manner = "answers"
    units: dict[str, Manner] = {}
    accept: Length = 20.0
    leave: Length = 40.0
    travel: Length = 360.0
    stay: Length = 600.0
    outcome: Outcome = Outcome.FALSE_ALARM


class Expect(Part):
    """What is so `by` a moment: of the incidents that fit, `count` (at least one if not said) are so.

    With `logged` it is about entries of the log. `unit` is who has the order, `any` or `none`; `signals`,
    `cameras` and `escalations` are the least that there are.
    """

    by: Length
    incident: About | None = None
    logged: About | None = None
    count: Annotated[int, Field(ge=0)] | None = None
    status: tuple[Status, ...] = ()
    priority: int | None = None
    because: str | None = None
    level: Level | None = None
    owner: str | None = None
    outcome: str | None = None
    unit: str | None = None
    rolled_up: str | None = None
    condition: Condition | None = None
    confirmed: bool | None = None
    signals: int | None = None
    cameras: int | None = None
    escalations: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_status(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("status"), str):
            return data | {"status": (data["status"],)}
        return data

    @model_validator(mode="after")
    def _one_thing(self) -> "Expect":
        if (self.incident is None) == (self.logged is None):
            raise ValueError(
                "an expectation is about an incident or about what was logged: say one of the two"
            )
        return self


class Story(Part):
    """One story: its title, what it shows, when it begins, what happens, and what is to come of it."""

    story: Annotated[str, Field(min_length=1)]
    shows: Annotated[str, Field(min_length=1)]
    begins: Moment
    crews: Crews = Crews()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    expect: Annotated[tuple[Expect, ...], Field(min_length=1)]

    @property
    def lasts_s(self) -> float:
        """When the last thing is expected, in seconds after the beginning."""
        return max(expected.by for expected in self.expect)

"""What may be asked of the manager's pages, strictly; a field that a form leaves empty was not asked."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from controlroom.console.forms import FIELD
from controlroom.console.problems import faults_of, invalid, problem
from controlroom.estate.areas import Area
from controlroom.measures.months import MONTHS_KEPT
from controlroom.measures.periods import Period, month, parse, quarter_of

PeriodName = Annotated[str, Field(max_length=10)]
Asked = TypeVar("Asked", bound=BaseModel)


class CardQuestion(BaseModel):
    """Which quarter, which area; `outside` shows it as it may be shown outside the team."""

    model_config = ConfigDict(extra="forbid")

    quarter: PeriodName | None = None
    area: Area | None = None
    outside: bool = False


class EventsQuestion(BaseModel):
    """Which period and area, and behind which event."""

    model_config = ConfigDict(extra="forbid")

    period: PeriodName | None = None
    area: Area | None = None
    after: Annotated[str, Field(pattern=r"^\d{1,8}\.\d{1,15}$")] | None = None


class PeriodQuestion(BaseModel):
    """Which period."""

    model_config = ConfigDict(extra="forbid")

    period: PeriodName | None = None


class LoadQuestion(BaseModel):
    """Which period, and for how many operators at once."""

    model_config = ConfigDict(extra="forbid")

    period: PeriodName | None = None
    operators: Annotated[int, Field(ge=1, le=50)] | None = None


class LocationsQuestion(BaseModel):
    """Which period, area and group, what a camera costs in a year in pounds, and which page."""

    model_config = ConfigDict(extra="forbid")

    period: PeriodName | None = None
    area: Area | None = None
    group: Annotated[str, Field(max_length=40)] | None = None
    cost: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    page: Annotated[int, Field(ge=1, le=1_000)] = 1


class NarrativeForm(BaseModel):
    """What stands behind a figure, and what is done about it."""

    model_config = ConfigDict(extra="forbid")

    quarter: PeriodName
    measure: Annotated[str, Field(max_length=48)]
    text: Annotated[str, Field(min_length=1, max_length=4_000)]
    corrective_action: Annotated[str, Field(max_length=4_000)] = ""


class SignForm(BaseModel):
    """Which quarter is signed, and the digest of the figures that were seen."""

    model_config = ConfigDict(extra="forbid")

    quarter: PeriodName
    seen: Annotated[str, Field(max_length=64)]
    answers: Annotated[str, Field(pattern="^yes$")]


def in_query(request: web.Request, model: type[Asked]) -> Asked:
    """Return what the address asks; raises the 400 that lists every fault."""
    return _read(request.query, model)


def in_form(fields: Mapping[str, str], model: type[Asked]) -> Asked:
    """Return what the form says besides its token; raises the 400 that lists every fault."""
    return _read({name: value for name, value in fields.items() if name != FIELD}, model)


def _read(said: Mapping[str, object], model: type[Asked]) -> Asked:
    kept = {name: value for name, value in said.items() if not _is_blank(value)}
    try:
        return model.model_validate(kept)
    except ValidationError as fault:
        raise invalid(faults_of(fault), model) from fault


def _is_blank(value: object) -> bool:
    """Say whether nothing was written into a field: spaces say nothing either."""
    return isinstance(value, str) and not value.strip()


def quarter_in(name: str | None, today: date) -> Period:
    """Return the quarter of this name, the present one where none was named; raises the 400."""
    found = _period(name, today, quarter_of)
    if "Q" not in found.name:
        raise problem(
            400, "not-valid", f"{found.name!r} is no quarter; allowed: 2026Q3 (October to December 2026)"
        )
    return found


def period_in(name: str | None, today: date) -> Period:
    """Return the period of this name, the present quarter where none was named."""
    return _period(name, today, quarter_of)


def months_in(period: Period) -> tuple[str, ...]:
    """Return the months of this period, the oldest first."""
    found: list[str] = []
    day = period.first
    while day <= period.last and len(found) <= MONTHS_KEPT:
        one = month(day)
        found.append(one.name)
        day = date.fromordinal(one.last.toordinal() + 1)
    return tuple(found)


def _period(name: str | None, today: date, otherwise: Callable[[date], Period]) -> Period:
    if name is None:
        return otherwise(today)
    try:
        return parse(name)
    except ValueError as fault:
        raise problem(400, "not-valid", str(fault)) from fault

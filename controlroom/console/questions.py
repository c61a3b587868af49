"""What may be asked in a query string, strictly: an unknown name, a name twice or a bad value is refused."""

from enum import StrEnum
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from controlroom.console.moments import Moment
from controlroom.console.problems import faults_of, invalid, problem
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.watch_list import WatchGroup


class IncidentsShown(StrEnum):
    """Which incidents to list: all that are open, those of one status, or the closed ones."""

    OPEN = "open"
    NEW = Status.NEW
    OWNED = Status.OWNED
    DISPATCHED = Status.DISPATCHED
    ON_SCENE = Status.ON_SCENE
    ESCALATED = Status.ESCALATED
    PARKED = Status.PARKED
    RESOLVED = Status.RESOLVED
    CLOSED = Status.CLOSED


Limit = Annotated[int, Field(ge=1, le=500)]
"""Entries in one answer: 500 incidents are about 300 kB of JSON."""


class Nothing(BaseModel):
    """No parameter at all."""

    model_config = ConfigDict(extra="forbid")


class IncidentsQuestion(BaseModel):
    """Which incidents, how many, and behind which."""

    model_config = ConfigDict(extra="forbid")

    status: IncidentsShown = IncidentsShown.OPEN
    limit: Limit = 100
    cursor: Annotated[str, Field(max_length=256)] | None = None


class WatchesQuestion(BaseModel):
    """Which watches, due before when, how many, and behind which; `unknown` asks for those alone.

    `group` are those of one list of the desk; `all` leaves out what is the room's own affair.
    """

    model_config = ConfigDict(extra="forbid")

    kind: WatchKind | None = None
    group: WatchGroup | None = None
    before: Moment | None = None
    unknown: bool = False
    limit: Limit = 100
    cursor: Annotated[str, Field(max_length=512)] | None = None


class QuarantineQuestion(BaseModel):
    """How many quarantined messages."""

    model_config = ConfigDict(extra="forbid")

    limit: Limit = 50


class StreamQuestion(BaseModel):
    """Where to go on in the stream: an event id, `<epoch>-<position>`."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[str, Field(max_length=64)] | None = None


Question = TypeVar("Question", bound=BaseModel)


def asked(request: web.Request, model: type[Question]) -> Question:
    """Return what the query string asks; raises `ProblemError` with every fault in it."""
    twice = sorted({name for name in request.query if len(request.query.getall(name)) > 1})
    if twice:
        raise problem(400, "not-valid", f"given more than once: {', '.join(twice)}; give each at most once")
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as fault:
        raise invalid(faults_of(fault), model) from fault

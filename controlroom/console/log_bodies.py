"""What people send to the log book, and what they may ask of it.

The form of each kind of entry is made from the core's own (`commands.entries`), so that no field stands
twice: its limits are written there, and are checked here, where the outside comes in.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Union

import msgspec
from pydantic import BaseModel, ConfigDict, Field, create_model

from controlroom.commands.entries import TYPES, Fulfilment, Pence, Said
from controlroom.commands.entry_words import EntryKind, MisperOutcome
from controlroom.console.bodies import Authored
from controlroom.console.commands import Version
from controlroom.console.moments import Moment
from controlroom.console.questions import Limit
from controlroom.estate.areas import Area

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_Reason = Annotated[str, Field(min_length=1, max_length=500)]
_Name = Annotated[str, Field(min_length=1, max_length=64)]


def _form(struct: type[msgspec.Struct], **more: Any) -> type[BaseModel]:
    """Return the pydantic form of a struct of the core: the same fields, limits and defaults, strictly."""
    fields: dict[str, Any] = dict(more)
    for field in msgspec.structs.fields(struct):
        default = ... if field.required else field.default
        fields[field.name] = (_AT_THE_EDGE.get(field.type, field.type), default)
    return create_model(struct.__name__, __config__=_STRICT, __doc__=struct.__doc__, **fields)


_AT_THE_EDGE: dict[Any, Any] = {
    datetime: Moment,
    datetime | None: Moment | None,
}
"""What a type of the core is outside: a moment has a zone, and is one that the room can hold."""

_AT_THE_EDGE[Fulfilment | None] = _form(Fulfilment) | None

FORMS: tuple[type[BaseModel], ...] = tuple(
    _form(struct, kind=(Literal[kind.value], ...)) for kind, struct in TYPES.items()
)
"""The form of each kind of entry."""

AnyForm: Any = Annotated[Union[FORMS], Field(discriminator="kind")]  # noqa: UP007 - made from a tuple


_SAID: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)
"""Reads a form as the journal will: by way of its bytes, in which every moment is UTC."""


class WriteBody(Authored):
    """What happened, when, where, and who may see it besides its author."""

    happened_at: Moment
    entry: AnyForm
    area: Area | None = None
    incident: _Name | None = None
    restricted: Annotated[tuple[_Name, ...], Field(max_length=50)] = ()


class CorrectBody(WriteBody):
    """How an entry shall read from now on, and why."""

    version: Version
    reason: _Reason


class WithdrawBody(Authored):
    """Why an entry should not have been written."""

    version: Version
    reason: _Reason


class FulfilBody(Authored):
    """How a request for footage was answered; `at` is now where it is left out."""

    version: Version
    evidence: bool
    acquisitive: bool
    at: Moment | None = None
    income_pence: Pence = 0
    note: Annotated[str, Field(max_length=4_000)] = ""


class EndBody(Authored):
    """How a search for a missing person ended; `at` is now where it is left out."""

    version: Version
    outcome: MisperOutcome
    contributed: bool
    at: Moment | None = None


class EntriesQuestion(BaseModel):
    """Which entries, the newest first: of a kind, of an area, open ones alone, behind which."""

    model_config = ConfigDict(extra="forbid")

    kind: EntryKind | None = None
    area: Area | None = None
    open: bool = False
    limit: Limit = 100
    cursor: Annotated[str, Field(max_length=128)] | None = None


def said_in(body: WriteBody) -> Said:
    """Return what the body says in the core's own form, its moments in UTC."""
    said: Said = _SAID.decode(msgspec.msgpack.encode(body.entry.model_dump()))
    return said


def utc(moment: datetime) -> datetime:
    """Return the moment in UTC, as everything that is kept."""
    return moment.astimezone(UTC)

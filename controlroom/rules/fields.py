"""Every field that a rule may name, with its domain, derived from the models that carry the facts.

Nothing is listed twice: the words, bounds and patterns come from the JSON Schemas of the signal models,
of `Place` and of `RoomFacts`. A new field of a model is a new field of the rules; a field of a type that
has no domain here fails at import, so that somebody decides what it means.

Names: a fact of the estate or of the room keeps its name; a field of the signal that bears the same
name is written `signal.NAME` (`set_state` is what the room knows, `signal.set_state` what the panel says;
`site` is where the estate has the topic, `signal.site` what the payload claims).
Facts with structure (a position, an instant) can only be asked whether they are `known`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, TypeAlias, assert_never, get_args

import msgspec

from controlroom.estate.model import Place
from controlroom.rules.model import Value
from controlroom.rules.verdict import Circumstances, RoomFacts
from controlroom.signals.envelope import Signal, type_of
from controlroom.signals.vocabulary import Kind

UNKNOWN = "unknown"
"""How a table writes None; therefore no open text can be asked for this very word."""

KNOWN = "known"
"""What a table asks of a fact with structure: that it is there."""

UNASKED = frozenset(
    {
        *("topic", "kind", "name", "area", "latitude", "longitude"),
        *("confirm_within_min", "hours", "test_every_h", "path_grade", "duty"),
    }
)
"""Facts of a place that no rule asks: `area` comes by topic, `kind` is the table, people and `confirmed`
read the rest, and what is expected of a place is the watches' business."""


class Origin(StrEnum):
    """Which part of the circumstances holds a fact."""

    CIRCUMSTANCES = "circumstances"
    ENVELOPE = "envelope"
    SIGNAL = "signal"
    ESTATE = "estate"
    ROOM = "room"


class Choice(msgspec.Struct, frozen=True):
    """A closed set of words; `unknown` says whether the fact can be None."""

    values: tuple[str | bool, ...]
    unknown: bool


class Text(msgspec.Struct, frozen=True):
    """Any text that the pattern allows (None: any at all)."""

    pattern: str | None
    unknown: bool


class Number(msgspec.Struct, frozen=True):
    """Whole numbers from `low` to `high`, both in it; `high` None is without end."""

    low: int
    high: int | None
    unknown: bool


class TagSet(msgspec.Struct, frozen=True):
    """A set of words; unknown (None) with the place."""


Domain: TypeAlias = Choice | Text | Number | TagSet
"""The closed union of what a fact can be."""


class Field(msgspec.Struct, frozen=True):
    """One fact: its name in a table, where it lives, and what it can be.

    `presence` is (value when there, value when None) for a fact that is only asked whether it is there.
    `required` marks what a signal of the kind cannot be without.
    """

    name: str
    origin: Origin
    attribute: str
    domain: Domain
    presence: tuple[Value, Value] | None = None
    required: bool = False


_MODELS = {model.model_fields["type"].annotation: model for model in get_args(Signal)}


def data_model(kind: Kind) -> Any:
    """Return the pydantic model of the data that signals of this kind carry."""
    return signal_model(kind).model_fields["data"].annotation


def signal_model(kind: Kind) -> Any:
    """Return the pydantic model of the whole signal of this kind."""
    for annotation, model in _MODELS.items():
        if type_of(kind) in get_args(annotation):
            return model
    raise LookupError(f"no signal model for {kind}; add it to the union `Signal`")


@cache
def fields_of(kind: Kind) -> Mapping[str, Field]:
    """Return the fields that a table of this kind may name, in the order people read them."""
    facts = {field.name: field for field in (*_estate(), *_of(Origin.ROOM, msgspec.json.schema(RoomFacts)))}
    found: dict[str, Field] = {}
    for field in _of(Origin.SIGNAL, data_model(kind).model_json_schema()):
        name = f"signal.{field.name}" if field.name in facts else field.name
        found[name] = msgspec.structs.replace(field, name=name)
    found["simulated"] = Field(
        "simulated", Origin.ENVELOPE, "simulated", Choice((True, False), unknown=False)
    )
    return MappingProxyType(found | facts)


def read(field: Field, circumstances: Circumstances) -> Value | int | frozenset[str]:
    """Return the fact as rules see it; None means unknown (also every fact of an unknown place)."""
    value: Value | int | frozenset[str] = getattr(holder(field.origin, circumstances), field.attribute, None)
    if field.presence is None:
        return value
    return field.presence[value is None]


def holder(origin: Origin, circumstances: Circumstances) -> object:
    """Return the part of the circumstances that holds facts of this origin; None for an unknown place."""
    match origin:
        case Origin.CIRCUMSTANCES:
            return circumstances
        case Origin.ENVELOPE:
            return circumstances.signal
        case Origin.SIGNAL:
            return circumstances.signal.data
        case Origin.ESTATE:
            return circumstances.place
        case Origin.ROOM:
            return circumstances.room
        case _:
            assert_never(origin)


def _estate() -> Iterator[Field]:
    """Yield what a rule may ask about the place; every fact of it is unknown where the place is."""
    schema = msgspec.json.schema(Place)
    area = schema["$defs"]["Area"]["enum"]
    yield Field("known", Origin.CIRCUMSTANCES, "place", Choice((True, False), unknown=False), (True, False))
    yield Field("area", Origin.CIRCUMSTANCES, "area", Choice(tuple(area), unknown=False))
    for field in _of(Origin.ESTATE, schema):
        if field.name not in UNASKED:
            domain = field.domain
            if not isinstance(domain, TagSet):
                domain = msgspec.structs.replace(domain, unknown=True)
            yield msgspec.structs.replace(field, domain=domain, required=False)


def _of(origin: Origin, schema: dict[str, Any]) -> Iterator[Field]:
    """Yield the fields of an object schema."""
    definitions = schema.get("$defs", {})
    body = _resolved(schema, definitions)
    for name, entry in body["properties"].items():
        if name in UNASKED and origin is Origin.ESTATE:
            continue
        domain, structured = _domain(entry, definitions, f"{body['title']}.{name}")
        yield Field(
            name,
            origin,
            name,
            domain,
            (KNOWN, None) if structured else None,
            name in body.get("required", ()),
        )


def _domain(entry: dict[str, Any], definitions: dict[str, Any], what: str) -> tuple[Domain, bool]:
    """Return the domain of a property and whether it can only be asked for its presence."""
    options = [_resolved(option, definitions) for option in entry.get("anyOf", (entry,))]
    known = [option for option in options if option.get("type") != "null"]
    unknown = len(known) < len(options)
    if len(known) != 1:
        raise TypeError(f"{what}: a union has no domain; say in controlroom.rules.fields what it means")
    schema = known[0]
    if "enum" in schema:
        return Choice(tuple(schema["enum"]), unknown), False
    match schema.get("type"):
        case "boolean":
            return Choice((True, False), unknown), False
        case "integer" if "minimum" in schema:
            return Number(schema["minimum"], schema.get("maximum"), unknown), False
        case "array":
            return TagSet(), False
        case "string" if "format" not in schema:
            return Text(schema.get("pattern"), unknown), False
        case _ if unknown:
            return Choice((KNOWN,), unknown=True), True
        case other:
            raise TypeError(f"{what}: {other} has no domain; say in controlroom.rules.fields what it means")


def _resolved(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a reference points to, or the schema itself."""
    reference = schema.get("$ref")
    return schema if reference is None else definitions[reference.rpartition("/")[2]]

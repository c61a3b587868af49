"""From values of fields to circumstances that have them: cases, counter-examples and generated tests.

The signal made here is valid by its own model; everything not asked for takes a plain default, so that
a reader sees only what matters.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.rules.fields import Choice, Field, Origin, fields_of, signal_model
from controlroom.rules.model import Value
from controlroom.rules.verdict import Circumstances, RoomFacts
from controlroom.signals.envelope import type_of
from controlroom.signals.payloads import BY_THE_ROOM
from controlroom.signals.vocabulary import Kind, SetState

Facts: TypeAlias = Mapping[str, Value | int | frozenset[str]]
"""Values by the names that rules use; None is unknown; a fact with structure is `known` or None."""

NOON = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
"""A Wednesday in winter, no holiday: the moment where nobody names another."""

_POSITION = {"latitude": 53.8, "longitude": -1.55}
"""The middle of Leeds."""

_STRUCTURED: dict[str, object] = {"position": _POSITION, "amber_until": NOON.isoformat()}
"""An example of each fact with structure."""


class ImpossibleFactsError(ValueError):
    """No circumstances have these facts together; the message says which two contradict."""


def circumstances(kind: Kind, facts: Facts, now: datetime = NOON) -> Circumstances:
    """Return circumstances in which a rule reads exactly these facts.

    A required closed word that is not given takes the first of its domain. Raises
    `ImpossibleFactsError` when a fact of the estate is given for a place that is not known, and
    `KeyError` for a field that the kind does not have.
    """
    fields = fields_of(kind)
    given = {name: (fields[name], value) for name, value in facts.items()}
    area = Area(str(facts.get("area", Area.INNER_NORTH_WEST)))
    topic = f"leeds/{area}/{kind}/example"
    return Circumstances(
        signal=_signal(kind, topic, given, now),
        kind=kind,
        area=area,
        place=_place(kind, topic, area, given),
        room=_room(given),
        now=now,
    )


def _signal(kind: Kind, topic: str, given: Mapping[str, tuple[Field, Any]], now: datetime) -> Any:
    """Return a valid signal with these facts."""
    data: dict[str, Any] = {}
    for field in fields_of(kind).values():
        if field.origin is Origin.SIGNAL and field.required:
            choice = field.domain
            data[field.attribute] = choice.values[0] if isinstance(choice, Choice) else "example"
    for field, value in given.values():
        if field.origin is Origin.SIGNAL:
            structured = field.presence is not None and value is not None
            data[field.attribute] = _STRUCTURED[field.attribute] if structured else value
    event = {
        "specversion": "1.0",
        "id": "example-1",
        "source": topic,
        "time": now.isoformat(),
        "type": type_of(kind),
        "data": {name: value for name, value in data.items() if value is not None},
        "simulated": given["simulated"][1] if "simulated" in given else False,
    }
    return signal_model(kind).model_validate_json(msgspec.json.encode(event), context=BY_THE_ROOM)


def _place(kind: Kind, topic: str, area: Area, given: Mapping[str, tuple[Field, Any]]) -> Place | None:
    """Return the place with these facts; None when it is said to be unknown."""
    estate = {f.attribute: value for f, value in given.values() if f.origin is Origin.ESTATE}
    known = given["known"][1] if "known" in given else None not in estate.values()
    if not known:
        told = [name for name, value in estate.items() if value is not None]
        if told:
            raise ImpossibleFactsError(f"an unknown place has no {told[0]}; take it out, or `known: false`")
        return None
    unknown = [name for name, value in estate.items() if value is None]
    if unknown:
        raise ImpossibleFactsError(f"a known place has a {unknown[0]}; say which, or `known: false`")
    facts: dict[str, Any] = {"site": "example-site", "site_kind": "council_building", **estate}
    return Place(topic=topic, kind=kind, area=area, name="Example place", **facts)


def _room(given: Mapping[str, tuple[Field, Any]]) -> RoomFacts:
    """Return what the room knows."""
    facts = {field.attribute: value for field, value in given.values() if field.origin is Origin.ROOM}
    state = facts.get("set_state")
    return RoomFacts(**{**facts, "set_state": None if state is None else SetState(state)})


def required(kind: Kind) -> tuple[str, ...]:
    """Return the closed words that a signal of this kind cannot be without."""
    fields = fields_of(kind).items()
    return tuple(name for name, field in fields if field.required and isinstance(field.domain, Choice))

"""Words that stand in more than one place are the same word."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from controlroom.dispatch.messages import ORDER_TYPE
from controlroom.metrics import _KINDS
from controlroom.signals.dispatch_messages import CrewReportMessage, OrderMessage
from controlroom.signals.envelope import TYPE_PREFIX, Envelope, Signal, kind_of, read, type_of
from controlroom.signals.vocabulary import (
    ALARM_ACTIVATIONS,
    LIFE_SAFETY_ALARMS,
    AlarmEvent,
    CallStep,
    CameraFault,
    GuardEvent,
    Kind,
    ParkEvent,
    TelecareEvent,
    WorkerEvent,
)
from tests.build import wire

MEMBERS: tuple[type[Envelope], ...] = get_args(Signal)
SCHEMA: dict[str, Any] = TypeAdapter(Signal).json_schema()
WORDS = {
    Kind.ARC_ALARM: AlarmEvent,
    Kind.CAMERA_FAULT: CameraFault,
    Kind.HELP_POINT: CallStep,
    Kind.LONE_WORKER: WorkerEvent,
    Kind.GUARD: GuardEvent,
    Kind.PARK: ParkEvent,
    Kind.TELECARE: TelecareEvent,
}


def type_in(model: type[Envelope]) -> str:
    """Return the one CloudEvents type that the model takes."""
    (found,) = get_args(model.model_fields["type"].annotation)
    return str(found)


def test_every_kind_has_one_signal_and_every_signal_a_kind() -> None:
    """The union's types are exactly those of the kinds: neither can gain a member alone."""
    assert sorted(type_in(model) for model in MEMBERS) == sorted(type_of(kind) for kind in Kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_signal_is_of_the_kind_that_its_type_says(kind: Kind) -> None:
    """Type, model and kind agree, in the reader and in the metrics."""
    received = read(wire(kind))

    assert (received.type, kind_of(received), _KINDS[received.type]) == (type_of(kind), kind, kind)


def test_every_type_has_our_prefix_and_a_version() -> None:
    """Signals, orders and reports are named in one way, and the outbox writes the order's own type."""
    models: tuple[type[Envelope], ...] = (*MEMBERS, OrderMessage, CrewReportMessage)
    types = [type_in(model) for model in models]

    assert len(set(types)) == len(types)
    assert [name for name in types if not name.startswith(TYPE_PREFIX) or not name.endswith(".v1")] == []
    assert type_in(OrderMessage) == ORDER_TYPE


@pytest.mark.parametrize("kind", Kind)
def test_the_json_schema_says_the_vocabularys_words(kind: Kind) -> None:
    """What a device maker reads in the schema is the closed set of words that the room takes."""
    definitions = SCHEMA["$defs"]

    assert definitions[WORDS[kind].__name__]["enum"] == [str(word) for word in WORDS[kind]]
    consts = {
        definition["properties"]["type"]["const"] for definition in definitions.values() if _typed(definition)
    }
    assert type_of(kind) in consts


def _typed(definition: dict[str, Any]) -> bool:
    return "const" in definition.get("properties", {}).get("type", {})


def test_life_safety_is_always_an_activation() -> None:
    """No alarm that must never be held can be missing from the plan's figures."""
    assert LIFE_SAFETY_ALARMS < ALARM_ACTIVATIONS

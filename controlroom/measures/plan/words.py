"""The closed words of the plan file: kinds of measures, and what in the room's records can count for one.

There is no expression language: a selector names one kind of event and, field by field, which words of it
count. So a council can change what counts without a programmer, and nobody can write what cannot be checked.
"""

from collections.abc import Mapping
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Any, get_args

import msgspec

from controlroom.commands.entries import TYPES, FootageRequest, Fulfilment
from controlroom.commands.entry_words import EntryKind
from controlroom.estate.partners import Category


class Priority(StrEnum):
    """The plan's three shared priorities."""

    A = "A"
    B = "B"
    C = "C"


class MeasureKind(StrEnum):
    """How a measure is read.

    `activity`: how much there was; more is not better. `percentage`: of another measure of the plan.
    """

    COUNT = "count"
    PEOPLE = "people"
    CHANGE_ON_BASELINE = "change_on_baseline"
    PERCENTAGE = "percentage"
    MILESTONE = "milestone"
    NARRATIVE = "narrative"
    ACTIVITY = "activity"


class Polarity(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Countable(StrEnum):
    """What can count for a measure."""

    LOG_ENTRY = "log_entry"
    FOOTAGE_FULFILLED = "footage_fulfilled"
    ALARM_HANDLED = "alarm_handled"
    ALARM_RESPONDED = "alarm_responded"
    CARE_RING_RESPONDED = "care_ring_responded"
    LONE_WORKER_CHECK = "lone_worker_check"
    REFERRAL_MADE = "referral_made"


class CheckedBy(StrEnum):
    """How a lone worker was checked: by their device, or by an operator on the telephone."""

    DEVICE = "device"
    TELEPHONE = "telephone"


TRUTHS = ("true", "false")

ANY_WORD: tuple[str, ...] = ()
"""What stands for a field whose words are data of the council's own: a key of `config/partners.yaml`."""

Fields = Mapping[str, tuple[str, ...]]
"""The fields of an event that a selector may name, and the words that each can have."""


def _words_of(annotation: Any) -> tuple[str, ...]:
    """Return the words that a field can have; none where it is free text or a number."""
    if isinstance(annotation, UnionType):
        return tuple(
            word for part in get_args(annotation) if part is not NoneType for word in _words_of(part)
        )
    if annotation is bool:
        return TRUTHS
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(word.value) for word in annotation)
    return ()


def _fields_of(struct: type[msgspec.Struct]) -> dict[str, tuple[str, ...]]:
    found = {field.name: _words_of(field.type) for field in msgspec.structs.fields(struct)}
    return {name: words for name, words in found.items() if words}


def _numbers_of(struct: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(
        field.name
        for field in msgspec.structs.fields(struct)
        if field.type is int or (get_args(field.type)[:1] == (int,))
    )


ENTRY_FIELDS: dict[EntryKind, Fields] = {kind: _fields_of(form) for kind, form in TYPES.items()}
"""What a selector may ask of each kind of log entry."""

ENTRY_NUMBERS: dict[EntryKind, frozenset[str]] = {kind: _numbers_of(form) for kind, form in TYPES.items()}
"""What can be added up of each kind of log entry."""

EVENT_FIELDS: dict[Countable, Fields] = {
    Countable.LOG_ENTRY: {},
    Countable.FOOTAGE_FULFILLED: {
        "requester": _fields_of(FootageRequest)["requester"],
        **_fields_of(Fulfilment),
    },
    Countable.ALARM_HANDLED: {},
    Countable.ALARM_RESPONDED: {},
    Countable.CARE_RING_RESPONDED: {},
    Countable.LONE_WORKER_CHECK: {"by": tuple(CheckedBy)},
    Countable.REFERRAL_MADE: {"category": tuple(Category), "partner": ANY_WORD},
}
"""What a selector may ask of each other kind of event; of log entries it is the kind's own."""

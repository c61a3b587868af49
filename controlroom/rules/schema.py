"""The JSON Schema of a table, for editors: the same registry that the loader asks, written for machines.

Editors that speak the YAML language server complete fields and words from it. It says what each key may
hold; what only the whole set can know (doubled ids, calendars, the estate's names) the loader says.
"""

from typing import Any, assert_never

from controlroom.rules.conditions import CALENDAR_KEYS, word
from controlroom.rules.fields import UNKNOWN, Choice, Domain, Number, TagSet, Text, fields_of
from controlroom.rules.outcomes import DURATION, PRIORITIES
from controlroom.rules.parts import CONTINUES
from controlroom.rules.plans import IDENTIFIER
from controlroom.rules.verdict import Dispatch, MergeKey, Partner, Route
from controlroom.signals.vocabulary import Kind

_NAME = {"type": "string", "pattern": f"^{IDENTIFIER.pattern}$"}
_DURATION = {"type": "string", "pattern": f"^{DURATION.pattern}$"}


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `config/rules/*.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule table of the control room",
        "type": "object",
        "required": ["table", "rules"],
        "properties": {"table": {"enum": [kind.value for kind in Kind]}},
        "oneOf": [_table(kind) for kind in Kind],
        "$defs": {"then": _then()},
    }


def _table(kind: Kind) -> dict[str, Any]:
    """Return the schema of the table of one kind."""
    when = {name: _condition(field.domain) for name, field in fields_of(kind).items()}
    when |= {key: _one_or_more({"type": "string"}) for key in CALENDAR_KEYS}
    rule = {
        "type": "object",
        "required": ["id", "when", "then", "why"],
        "additionalProperties": False,
        "properties": {
            "id": _NAME,
            "when": {"type": "object", "additionalProperties": False, "properties": when},
            "then": {"$ref": "#/$defs/then"},
            "why": {
                "type": "string",
                "pattern": "\\.$",
                "description": "One sentence: why this rule is right.",
            },
        },
    }
    return {
        "additionalProperties": False,
        "properties": {
            "table": {"const": kind.value},
            CONTINUES: {
                "const": True,
                "description": "These rules come after those of the file that begins it.",
            },
            "rules": {"type": "array", "minItems": 1, "items": rule},
        },
    }


def _condition(domain: Domain) -> dict[str, Any]:
    """Return what may stand behind a field."""
    match domain:
        case Choice():
            return _words({"enum": [*domain.values, *([UNKNOWN] if domain.unknown else [])]})
        case Text():
            return _words({"type": ["string", "number"]})
        case Number():
            return _number(domain)
        case TagSet():
            tags = _one_or_more({"type": "string"})
            keys = {"any": tags, "all": tags, "none": tags}
            return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": keys}
        case _:
            assert_never(domain)


def _words(value: dict[str, Any]) -> dict[str, Any]:
    """Return a word, a list of words, or a refusal of them."""
    refusal = {
        "type": "object",
        "required": ["not"],
        "additionalProperties": False,
        "properties": {"not": _one_or_more(value)},
    }
    return {"anyOf": [*_one_or_more(value)["anyOf"], refusal]}


def _number(domain: Number) -> dict[str, Any]:
    """Return a whole number or a range of them."""
    number: dict[str, Any] = {"type": "integer", "minimum": domain.low}
    if domain.high is not None:
        number["maximum"] = domain.high
    ends = {"from": number, "to": number}
    span = {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": ends}
    return {"anyOf": [number, span, *([{"const": UNKNOWN}] if domain.unknown else [])]}


def _one_or_more(value: dict[str, Any]) -> dict[str, Any]:
    """Return one value or a list of values."""
    return {"anyOf": [value, {"type": "array", "minItems": 1, "items": value}]}


def _then() -> dict[str, Any]:
    """Return what a rule may say."""
    return {
        "type": "object",
        "required": ["route", "priority"],
        "additionalProperties": False,
        "properties": {
            "route": {"enum": [word(route.value) for route in Route]},
            "priority": {"enum": list(PRIORITIES)},
            "dispatch": {"enum": [dispatch.value for dispatch in Dispatch]},
            "answer_within": _DURATION,
            "respond_within": _DURATION,
            "action_plan": _NAME,
            "inform": _one_or_more({"enum": [partner.value for partner in Partner]}),
            "hold": _DURATION,
            "merge": {"enum": [key.value for key in MergeKey]},
        },
    }

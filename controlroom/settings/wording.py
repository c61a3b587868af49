"""What a setting allows, in words, from the same schema that editors and the documentation use."""

from functools import cache
from typing import Any

from controlroom.settings.fields import Section

Schema = dict[str, Any]
"""A JSON schema of one value."""

_PATTERNS = {
    r"^[a-z0-9][a-z0-9-]{0,31}$": "a name of lower-case letters, digits and dashes, 1 to 32 characters",
    r"^[0-9a-zA-Z-]{1,64}$": "a name of letters, digits and dashes, 1 to 64 characters",
    r"^[^\s/@]+$": "a host name or address, without scheme, port or user",
    r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/\S*)?$": "https://…, or http on loopback",
    r"^.+=(operator|parkswatch|supervisor|engineer|manager|auditor)$": "a value, = and a role but crew",
    r"^(redis|rediss|unix)://\S+$": "redis://host:port/db, rediss://host:port/db or unix:///path",
}
"""Every pattern of the tree in words; a pattern that is missing here fails a test."""


@cache
def field_schemas(section: type[Section]) -> dict[str, Schema]:
    """Return the schema of each key of a section; None, as a value of its own, is left out."""
    properties: dict[str, Schema] = section.model_json_schema()["properties"]
    return {key: _without_null(schema) for key, schema in properties.items()}


def allowed(schema: Schema) -> str:
    """Return what the schema allows, to be read after «allowed is»."""
    if "enum" in schema:
        return " or ".join(str(word) for word in schema["enum"])
    match schema["type"]:
        case "boolean":
            return "true or false"
        case "integer" | "number":
            return _number(schema)
        case "array":
            return f"a list of at least {schema.get('minItems', 0)}, each {allowed(schema['items'])}"
        case _:
            return _text(schema)


def _number(schema: Schema) -> str:
    what = "a whole number" if schema["type"] == "integer" else "a number"
    if "exclusiveMinimum" in schema:
        return f"{what} above {shown(schema['exclusiveMinimum'])}, up to {shown(schema['maximum'])}"
    if "maximum" in schema:
        return f"{what} from {shown(schema['minimum'])} to {shown(schema['maximum'])}"
    return f"{what}, {shown(schema['minimum'])} or more"


def _text(schema: Schema) -> str:
    if schema.get("format") == "path":
        return "a path"
    if "pattern" in schema:
        return _PATTERNS[schema["pattern"]]
    return f"a text of {schema['minLength']} to {schema['maxLength']} characters"


def shown(number: float) -> str:
    """Return the number as a person writes it."""
    return str(int(number)) if number == int(number) else str(number)


def _without_null(schema: Schema) -> Schema:
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    return {**schema, **choices[0]} if choices else schema

"""The settings for people and editors: a Markdown page and a JSON schema, both made from the tree itself."""

import json
from typing import Any

from controlroom.settings.fields import Section
from controlroom.settings.tree import SECTIONS, Settings
from controlroom.settings.wording import Schema, allowed, field_schemas

_OPENING = """# Settings

<!-- Made by `controlroom config doc`; change the docstrings in controlroom/settings/ instead. -->

Every setting has a default; a TOML file goes before it, and an environment variable before the file:
`CONTROLROOM_BROKER__PORT=1884` is `port` in `[broker]`, a list is written with commas. `controlroom config
check` reads everything as the program would, and says all problems at once, each with its file and line.

- Relative paths start at the folder above the one that holds the settings file: `config/controlroom.toml`
  and `var` stand side by side, whatever folder a program is started in.
- Passwords and keys are read from files of their own and stand in no setting.
- Without `--config`, the variable `CONTROLROOM_CONFIG` names the file, else it is `config/controlroom.toml`.
- An editor that knows JSON schemas completes and checks the file with `config/controlroom.schema.json`.
"""

_UNSET = "unset"


def markdown() -> str:
    """Return the page of all settings."""
    parts = [_OPENING, *(_section(name, section) for name, section in SECTIONS.items())]
    return "\n".join(parts)


def json_schema() -> str:
    """Return the schema of the TOML file, as text."""
    properties = {
        name: {
            "type": "object",
            "description": _one_line(section.__doc__),
            "additionalProperties": False,
            "properties": {key: _for_editors(schema) for key, schema in field_schemas(section).items()},
        }
        for name, section in SECTIONS.items()
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of controlroom",
        "description": _one_line(Settings.__doc__),
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _section(name: str, section: type[Section]) -> str:
    rows = [_row(key, schema) for key, schema in field_schemas(section).items()]
    head = [f"## `[{name}]`", "", _one_line(section.__doc__), ""]
    table = ["| key | default | allowed | what it is, and why so |", "|---|---|---|---|"]
    return "\n".join([*head, *table, *rows, ""])


def _row(key: str, schema: Schema) -> str:
    cells = (f"`{key}`", _default(schema), allowed(schema), _one_line(schema["description"]))
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _default(schema: Schema) -> str:
    default = schema["default"]
    return _UNSET if default is None else f"`{json.dumps(default)}`"


def _for_editors(schema: Schema) -> dict[str, Any]:
    """Return the schema of a key as it can be written; TOML has no null, so nothing is unset by a value."""
    plain = {key: value for key, value in schema.items() if key not in {"anyOf", "title"}}
    if plain["default"] is None:
        del plain["default"]
    return plain | {"description": _one_line(schema["description"])}


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())

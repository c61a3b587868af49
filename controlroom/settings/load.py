"""Reading the settings: defaults, then the TOML file, then the environment; every problem at once.

`CONTROLROOM_BROKER__PORT=1884` stands for `port` in `[broker]`; a list is written with commas. Any other
variable that begins with `CONTROLROOM_` is a problem, so that a mistyped one is not silently without
effect. Relative paths, wherever written, start at the folder *above* the one that holds the file
(`config/controlroom.toml` speaks of the project's own `var`), whatever folder the program was started in.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from controlroom.settings.fields import FOLDER, Section
from controlroom.settings.locate import key_lines
from controlroom.settings.problems import Problem, SettingsInvalid, found, nearest
from controlroom.settings.secret_files import READERS, Secrets, UnfitSecret
from controlroom.settings.tree import SECTIONS, Conflict, Settings, conflicts
from controlroom.settings.wording import Schema, allowed, field_schemas

PREFIX = "CONTROLROOM_"
"""What every variable of ours begins with."""

CONFIG_VARIABLE = f"{PREFIX}CONFIG"
"""Names the settings file where the command line does not."""

_FOREIGN = re.compile(rf"{PREFIX}(SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)|PORT(_\d+_(TCP|UDP)(_[A-Z]+)?)?)")
"""Kubernetes sets these in every pod beside an object named `controlroom`; they say nothing to us."""

_SYNTAX = re.compile(r"(?P<what>.*) \(at (line (?P<line>\d+), column \d+|end of document)\)")

Key = tuple[str, str]
"""Section and key."""


def load(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """Return the settings; `file` None means defaults and environment alone, with paths as they stand.

    Raises `SettingsInvalid` with every problem of the file, the environment and the secret files.
    """
    reading = _Reading()
    if file is not None:
        reading.read_file(file)
    reading.read_environment(environment)
    folder = None if file is None else file.absolute().parent.parent
    settings = reading.settings(folder)
    if reading.problems:
        raise SettingsInvalid(sorted(reading.problems, key=_order))
    return settings


class _Reading:
    """Values as they come in, where each was written, and what is wrong so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._values: dict[str, dict[str, Any]] = {name: {} for name in SECTIONS}
        self._where: dict[Key, str] = {}
        self._file = "settings"
        self._headers: dict[str, str] = {}
        self._bad: set[Key] = set()
        self._readable = True

    def read_file(self, file: Path) -> None:
        """Take the values of the TOML file."""
        self._file = str(file)
        document, lines = self._parse(file)
        self._headers = {path[0]: f"{file}:{line}" for path, line in lines.items() if len(path) == 1}
        for name, table in document.items():
            where = f"{file}:{lines[(name,)]}"
            if name not in SECTIONS:
                self._add(where, name, f"is no section; {_known(name, SECTIONS)}")
            elif not isinstance(table, dict):
                self._add(where, name, f"found {found(name, table)}; allowed is a table: [{name}]")
            else:
                for key, value in table.items():
                    self._take(name, key, value, f"{file}:{lines[(name, key)]}")

    def read_environment(self, environment: Mapping[str, str]) -> None:
        """Take the values of the variables, over those of the file."""
        for variable in sorted(environment):
            rest = variable.removeprefix(PREFIX)
            if variable in {rest, CONFIG_VARIABLE} or _FOREIGN.fullmatch(variable):
                continue
            name, parted, key = rest.lower().partition("__")
            schema = field_schemas(SECTIONS[name]).get(key) if name in SECTIONS else None
            if not parted or schema is None:
                known = [f"{section}__{each}".upper() for section in SECTIONS for each in _keys(section)]
                form = f"allowed is {PREFIX}<SECTION>__<KEY>"
                self._add(variable, "", f"is no setting; {form}{nearest(rest, known, PREFIX)}")
            else:
                self._take(name, key, _typed(environment[variable], schema), variable)

    def settings(self, folder: Path | None) -> Settings:
        """Return the tree; where there are problems it holds defaults in the place of what is wrong."""
        sections = {name: self._section(name, folder) for name in SECTIONS}
        secrets = Secrets(**self._read_secrets(folder))
        settings = Settings(**sections, secrets=secrets)  # type: ignore[arg-type] # each name has its class
        for conflict in conflicts(settings) if self._readable else ():
            if not self._bad.intersection(conflict.keys):
                self._report(conflict)
        return settings

    def _report(self, conflict: Conflict) -> None:
        """Report it where the first of its keys that was written stands; else at their section or file."""
        first = conflict.keys[0]
        written = [self._where[key] for key in conflict.keys if key in self._where]
        unwritten = conflict.compares and first not in self._where
        default = " (found is its default: set it as well)" if unwritten else ""
        place = [*written, self._headers.get(first[0], self._file)][0]
        self._add(place, ".".join(first), conflict.message + default)

    def _parse(self, file: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
        try:
            text = file.read_bytes().decode()
            return tomllib.loads(text), key_lines(text.replace("\r\n", "\n"))
        except OSError as fault:
            self._add(str(file), "", f"cannot be read ({fault.strerror}); name a settings file")
        except UnicodeDecodeError as fault:
            line = fault.object.count(b"\n", 0, fault.start) + 1
            self._add(f"{file}:{line}", "", "is no UTF-8 text; save the file as UTF-8")
        except tomllib.TOMLDecodeError as fault:
            match = _SYNTAX.fullmatch(str(fault))
            line = int(match["line"] or 0) if match else 0
            line = line or text.count("\n") + 1
            self._add(f"{file}:{line}", "", f"is no TOML: {match['what'] if match else fault}")
        self._readable = False
        return {}, {}

    def _take(self, section: str, key: str, value: object, where: str) -> None:
        if key not in _keys(section):
            self._add(where, f"{section}.{key}", f"is no setting; {_known(key, _keys(section))}")
            return
        self._values[section][key] = value
        self._where[section, key] = where

    def _section(self, name: str, folder: Path | None) -> Section:
        """Return the section; keys that are wrong are reported and fall back to their defaults."""
        section, values = SECTIONS[name], self._values[name]
        try:
            return section.model_validate(values, context={FOLDER: folder})
        except ValidationError as fault:
            wrong = sorted({str(error["loc"][0]) for error in fault.errors(include_url=False)})
        for key in wrong:
            self._bad.add((name, key))
            what = f"found {_found(f'{name}.{key}', values[key])}"
            message = f"{what}; allowed is {allowed(field_schemas(section)[key])}"
            self._add(self._where[name, key], f"{name}.{key}", message)
        right = {key: value for key, value in values.items() if key not in wrong}
        return section.model_validate(right, context={FOLDER: folder})

    def _read_secrets(self, folder: Path | None) -> dict[str, Any]:
        """Return what stands in the files that the settings name."""
        secrets: dict[str, Any] = {}
        for (section, key), (field, read) in READERS.items():
            path = self._values[section].get(key)
            if path is None or (section, key) in self._bad:
                continue
            try:
                content = read((folder or Path()) / path)
            except UnfitSecret as fault:
                self._bad.add((section, key))
                self._add(self._where[section, key], f"{section}.{key}", str(fault))
            else:
                if field:
                    secrets[field] = content
        return secrets

    def _add(self, where: str, key: str, message: str) -> None:
        self.problems.append(Problem(where, key, message))


def _order(problem: Problem) -> tuple[bool, int, str]:
    """Files before variables, and each file from top to bottom."""
    _, _, line = problem.where.rpartition(":")
    return problem.where.startswith(PREFIX), int(line) if line.isdigit() else 0, problem.where


def _keys(section: str) -> tuple[str, ...]:
    return tuple(SECTIONS[section].model_fields)


def _known(name: str, names: Mapping[str, Any] | tuple[str, ...]) -> str:
    return f"allowed is {', '.join(names)}{nearest(name, names)}"


def _found(key: str, value: object) -> str:
    if isinstance(value, list) and value:
        return f"a list of {', '.join(found(key, item) for item in value[:3])}"
    return "an empty list" if value == [] else found(key, value)


def _typed(text: str, schema: Schema) -> object:
    """Return the value that the text of a variable stands for; the text itself where it stands for none."""
    match schema.get("type"):
        case "boolean":
            return {"true": True, "false": False}.get(text.lower(), text)
        case "integer" | "number":
            return _number(text)
        case "array":
            return [item.strip() for item in text.split(",")]
        case _:
            return text


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text

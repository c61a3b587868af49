"""Reading `log-templates.yaml`: entries of the log book that are half written already, by name and kind.

A template fills fields of its kind. In a text, what stands in square brackets is a gap that the author has to
fill; so is a field that the kind needs and the template leaves out. A moment is said from now on: `now`, or
`in 28 days`. What a field takes is written at the core's own form of the kind, and held against it here.
"""

import re
from datetime import datetime
from typing import Annotated, Any

import msgspec
import pydantic
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from controlroom.commands.entries import TYPES, Fulfilment
from controlroom.commands.entry_words import EntryKind
from controlroom.rules.problems import Findings
from controlroom.rules.source import parse
from controlroom.rules.tree import at, key_mark, plain

TEMPLATES_MAX = 200
"""More than anybody finds in a list."""

WHEN = re.compile(r"now|in [1-9][0-9]{0,3} (minute|hour|day)s?")
"""How a template says a moment: from when it is used on."""

_SHAPE = ConfigDict(frozen=True, extra="forbid", strict=True)
_Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
_MOMENTS = (datetime, datetime | None)


class Template(msgspec.Struct, frozen=True):
    """One template: its key, what it is called, the kind of entry, and the fields that it fills."""

    key: str
    name: str
    kind: EntryKind
    fill: dict[str, Any]


class _Entry(BaseModel):
    model_config = _SHAPE

    name: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Annotated[EntryKind, Field(strict=False)]
    fill: Annotated[dict[str, Any], Field(max_length=20)] = {}


class _File(BaseModel):
    model_config = _SHAPE

    templates: Annotated[dict[_Key, _Entry], Field(min_length=1, max_length=TEMPLATES_MAX)]


def read_templates(file: str, text: str, findings: Findings) -> tuple[Template, ...]:
    """Return the templates in the order of the file; none, with every problem, where it has any."""
    tree = parse(file, text, findings)
    if tree is None:
        return ()
    try:
        entries = _File.model_validate(plain(tree)).templates
    except pydantic.ValidationError as fault:
        for problem in fault.errors(include_url=False, include_context=False):
            steps = [step for step in problem["loc"] if step != "[key]"]
            owner, last = steps[:-1], str(steps[-1]) if steps else ""
            of_key = problem["type"] == "extra_forbidden" or "[key]" in problem["loc"]
            mark = key_mark(at(tree, owner), last) if of_key else at(tree, steps).mark
            findings.add(mark, f"{'.'.join(map(str, steps)) or 'the file'}: {problem['msg']}")
        return ()
    found = []
    names: dict[str, str] = {}
    for key, entry in entries.items():
        where = at(tree, ["templates", key])
        if entry.name in names:
            findings.add(at(where, ["name"]).mark, f"{key}: {names[entry.name]} has this name already")
        names[entry.name] = key
        filled: dict[str, Any] = {}
        for name, value in entry.fill.items():
            taken, against = _taken(entry.kind, name, value)
            if against is not None:
                mark = (
                    key_mark(at(where, ["fill"]), name) if taken is None else at(where, ["fill", name]).mark
                )
                findings.add(mark, f"{key}.fill.{name}: {against}")
            filled[name] = taken
        found.append(Template(key, entry.name, entry.kind, filled))
    return () if findings.problems else tuple(found)


def _taken(kind: EntryKind, name: str, value: Any) -> tuple[Any, str | None]:
    """Return the value as the form takes it, and what stands against it; None as value: no such field."""
    fields = {one.name: one.type for one in msgspec.structs.fields(TYPES[kind])}
    form = fields.get(name)
    if form is None or form == Fulfilment | None:
        allowed = ", ".join(one for one, of in fields.items() if of != Fulfilment | None)
        return None, f"an entry of kind {kind} has no such field; it has {allowed}"
    if form in _MOMENTS:
        fine = isinstance(value, str) and WHEN.fullmatch(value) is not None
        return value, None if fine else "write 'now', or how far ahead: 'in 28 days', 'in 2 hours'"
    try:
        taken = TypeAdapter(form).validate_python(value)
    except pydantic.ValidationError as fault:
        return value, "; ".join(problem["msg"] for problem in fault.errors(include_url=False))
    return taken, None

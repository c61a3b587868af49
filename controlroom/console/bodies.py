"""What a command says in its body: strict JSON, every fault of it answered at once.

A text says something or is left out: one of spaces alone is a fault wherever it stands, so that no reason,
note or name is one that nobody can read later. The author stands in no body: it is whoever has signed in
(`admission.author_of`).
"""

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from controlroom.console.problems import faults_of, invalid, problem

JSON = "application/json"
IF_MATCH = "If-Match"
VERSION = "version"
BLANK = "only spaces; write something, or leave it out"
_TAG = re.compile(r'"([1-9][0-9]{0,15})"')


class Authored(BaseModel):
    """What the body of every command has in common: nothing but that it is strict."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Body = TypeVar("Body", bound=Authored)


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """Return the command's body; raises the problem that says what is wrong with it."""
    if request.content_type != JSON:
        raise problem(415, "json-only", f"found {request.content_type}; send {JSON}")
    sent = await request.read()
    if IF_MATCH in request.headers and VERSION in model.model_fields:
        sent = _with_version(sent, request.headers[IF_MATCH])
    faults: dict[str, str] = {}
    try:
        body = model.model_validate_json(sent)
    except ValidationError as fault:
        faults = faults_of(fault)
    faults = dict.fromkeys(_blank_in(sent), BLANK) | faults
    if faults:
        raise invalid(faults, model)
    return body


def _blank_in(sent: bytes) -> Iterator[str]:
    """Yield where texts of spaces alone stand, as JSON pointers."""
    try:
        left: list[tuple[str, Any]] = [("", msgspec.json.decode(sent))]
    except (msgspec.MsgspecError, RecursionError):
        return  # the model has said what is wrong with it
    while left:
        where, said = left.pop()
        if isinstance(said, str) and said and not said.strip():
            yield where
        parts = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
        left += [(f"{where}/{name}", part) for name, part in parts]


def _with_version(sent: bytes, tag: str) -> bytes:
    """Return the body with the version of `If-Match`, where it names none itself; raises the problem."""
    named = _TAG.fullmatch(tag.strip())
    if named is None:
        raise problem(400, "not-valid", f'{IF_MATCH}: give the ETag of the answer that you saw, as "7"')
    try:
        body = msgspec.json.decode(sent, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return sent  # the model says what is wrong with it
    if bytes(body.setdefault(VERSION, msgspec.Raw(named[1].encode()))) != named[1].encode():
        raise problem(400, "not-valid", f"{IF_MATCH} and `version` name different versions; give one of them")
    return msgspec.json.encode(body)

"""What a command says in its body: strict JSON, every fault of it answered at once.

The author stands in no body: it is whoever has signed in (`admission.author_of`).
"""

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from controlroom.console.problems import invalid, problem

JSON = "application/json"


class Authored(BaseModel):
    """What the body of every command has in common: nothing but that it is strict."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Body = TypeVar("Body", bound=Authored)


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """Return the command's body; raises the problem that says what is wrong with it."""
    if request.content_type != JSON:
        raise problem(415, "json-only", f"found {request.content_type}; send {JSON}")
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as fault:
        raise invalid(fault, model) from fault

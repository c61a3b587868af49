"""What a command says in its body: strict JSON with an author, every fault of it answered at once."""

from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from controlroom.console.problems import invalid, problem
from controlroom.console.raw import visible

JSON = "application/json"


class Authored(BaseModel):
    """What every command says: who gives it."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    author: Annotated[str, Field(min_length=1, max_length=64)]


Body = TypeVar("Body", bound=Authored)


async def read_body(request: web.Request, model: type[Body]) -> Body:
    """Return the command's body; raises the problem that says what is wrong with it."""
    if request.content_type != JSON:
        raise problem(415, "json-only", f"found {request.content_type}; send {JSON}")
    try:
        body = model.model_validate_json(await request.read())
    except ValidationError as fault:
        raise invalid(fault, model) from fault
    if visible(body.author) != body.author:
        raise problem(400, "not-valid", "author: holds characters that do not print; use a plain name")
    return body

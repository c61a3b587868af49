"""What goes wrong, said in one form: problem details as RFC 9457 describes them.

A problem names its type (a URN of ours), says what was found, what is allowed and what to do, and lists the
single faults with JSON pointers where there are several. aiohttp's own refusals (no such page, wrong method)
get the same form.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
from aiohttp import web
from pydantic import BaseModel, ValidationError

CONTENT_TYPE = "application/problem+json"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ProblemError(Exception):
    """A request cannot be answered as asked; `body` is the problem as it goes out."""

    def __init__(self, status: int, body: Mapping[str, object]) -> None:
        super().__init__(body.get("detail"))
        self.status = status
        self.body = body
        self.headers: dict[str, str] = {}


def problem(status: int, name: str, detail: str, **more: object) -> ProblemError:
    """Return the problem to raise; `more` are further members, None left out."""
    body = {"type": f"urn:controlroom:problem:{name}", "title": name.replace("-", " "), "status": status}
    extra = {key: value for key, value in more.items() if value is not None}
    return ProblemError(status, {**body, "detail": detail, **extra})


def invalid(fault: ValidationError, model: type[BaseModel]) -> ProblemError:
    """Return the problem that lists every fault of a body or a query."""
    errors = [
        {"pointer": "/" + "/".join(str(part) for part in error["loc"]), "detail": error["msg"]}
        for error in fault.errors(include_url=False, include_context=False, include_input=False)
    ]
    allowed = ", ".join(model.model_fields)
    return problem(400, "not-valid", f"{len(errors)} faults; allowed are: {allowed}", errors=errors)


@web.middleware
async def as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with a problem whenever a handler raises one, or aiohttp refuses the request."""
    try:
        return await handler(request)
    except ProblemError as fault:
        answer = _answer(request, fault.status, fault.body)
        answer.headers.update(fault.headers)
        return answer
    except web.HTTPException as refusal:
        if refusal.status < HTTPStatus.BAD_REQUEST:
            raise
        name = HTTPStatus(refusal.status).phrase.lower().replace(" ", "-")
        said = problem(refusal.status, name, f"{request.method} {request.path}: {refusal.reason}")
        answer = _answer(request, refusal.status, said.body)
        if "Allow" in refusal.headers:
            answer.headers["Allow"] = refusal.headers["Allow"]
        return answer


def _answer(request: web.Request, status: int, body: Mapping[str, object]) -> web.Response:
    told = {**body, "instance": request.path}
    headers = {"Cache-Control": "no-store"}
    return web.Response(
        status=status, body=msgspec.json.encode(told), content_type=CONTENT_TYPE, headers=headers
    )

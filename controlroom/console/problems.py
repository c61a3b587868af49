"""What goes wrong, said in one form: problem details as RFC 9457 describes them.

A problem names its type (a URN of ours), says what was found, what is allowed and what to do, and lists the
single faults with JSON pointers where there are several. aiohttp's own refusals (no such page, wrong method)
get the same form, and so does a store that is away while something is to be kept in it, and a fault of our
own: its trace is in the log, under the reference that the answer names. A browser that asked for a page gets
the same as a page; programs, and the files that pages are made of, get JSON.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware
from pydantic import BaseModel, ValidationError

from controlroom.journal.store import StoreAway, StoreRefused

CONTENT_TYPE = "application/problem+json"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Body = Mapping[str, object]
"""A problem's members, as they go out."""
AsPage = Callable[[web.Request, Body], web.Response]
"""Shows a problem to a person."""
Counted = Callable[[int, str], None]
"""Takes down the status and the type of a problem that was answered with."""

FOR_PROGRAMS = ("/api/", "/livez", "/readyz", "/static/")
"""Addresses that answer no person, whatever their browser says that it would like to have."""

URN = "urn:controlroom:problem:"


class ProblemError(Exception):
    """A request cannot be answered as asked; `body` is the problem as it goes out."""

    def __init__(self, status: int, body: Body) -> None:
        super().__init__(body.get("detail"))
        self.status = status
        self.body = body
        self.headers: dict[str, str] = {}


def problem(status: int, name: str, detail: str, **more: object) -> ProblemError:
    """Return the problem to raise; `more` are further members, None left out."""
    body = {"type": f"{URN}{name}", "title": name.replace("-", " "), "status": status}
    extra = {key: value for key, value in more.items() if value is not None}
    return ProblemError(status, {**body, "detail": detail, **extra})


def faults_of(fault: ValidationError) -> dict[str, str]:
    """Return what is wrong with a body or a query, by the JSON pointer of where it is."""
    errors = fault.errors(include_url=False, include_context=False, include_input=False)
    return {"/" + "/".join(str(part) for part in error["loc"]): error["msg"] for error in errors}


def invalid(faults: Mapping[str, str], model: type[BaseModel]) -> ProblemError:
    """Return the problem that lists every fault of a body or a query."""
    errors = [{"pointer": where, "detail": detail} for where, detail in faults.items()]
    allowed = ", ".join(model.model_fields)
    return problem(400, "not-valid", f"{len(errors)} faults; allowed are: {allowed}", errors=errors)


def as_problems(as_page: AsPage, counted: Counted) -> Middleware:
    """Return the middleware that answers with a problem whenever a request cannot be answered as asked."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ProblemError as fault:
            said = fault
        except web.HTTPException as refusal:
            if refusal.status < HTTPStatus.BAD_REQUEST:
                raise
            said = _of_aiohttp(request, refusal)
        except (StoreAway, StoreRefused) as away:
            said = problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-stored-yet", f"nothing was changed: {away}")
        except ConnectionResetError:  # nobody is there any more
            raise
        except Exception as fault:  # noqa: BLE001 - whatever a handler did, who asked gets an answer
            said = _our_own(request, fault)
        if request.writer.output_size > 0:  # part of the answer has left already
            raise ConnectionResetError(str(said))
        told = {**said.body, "instance": request.path}
        counted(said.status, str(told["type"]).removeprefix(URN))
        answered = as_page(request, told) if _wants_page(request) else _as_json(told, said.status)
        answered.headers.update(said.headers)
        answered.headers["Vary"] = "Accept"
        return answered

    return answer


def _of_aiohttp(request: web.Request, refusal: web.HTTPException) -> ProblemError:
    name = HTTPStatus(refusal.status).phrase.lower().replace(" ", "-")
    said = problem(refusal.status, name, f"{request.method} {request.path}: {refusal.reason}")
    if "Allow" in refusal.headers:
        said.headers["Allow"] = refusal.headers["Allow"]
    return said


def _our_own(request: web.Request, fault: Exception) -> ProblemError:
    """Return the problem that a fault of ours is, and write its trace down under the same reference."""
    reference = secrets.token_hex(4)
    structlog.get_logger("console").error(
        "request_failed", reference=reference, method=request.method, path=request.path, exc_info=fault
    )
    detail = f"this is a fault of the console's own; reference {reference} is in its log"
    return problem(500, "failed", detail, reference=reference)


def _wants_page(request: web.Request) -> bool:
    """Return whether a person looks: a browser names HTML in what it accepts, a program does not."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(FOR_PROGRAMS)


def _as_json(told: Body, status: int) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(
        status=status, body=msgspec.json.encode(told), content_type=CONTENT_TYPE, headers=headers
    )

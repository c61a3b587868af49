"""The API's contract: an OpenAPI 3.1 document made from the routes and the models that read and write.

What a route asks in its query or its body is found in its handler: the model given to `asked` or to
`read_body`. So the document cannot say another thing than the code does. What an answer holds stands in
`answer_shapes`. Each operation names the permission that it asks for (`x-permission`), and every problem that
it can answer with.

Limit: a model is found where the handler, or a method of its own object that it calls, hands it to `asked` or
`read_body` by its name. A test refuses a command that shows no body.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from pydantic import BaseModel

from controlroom.access.permissions import Permission
from controlroom.console.admission import ACCOUNT, names_account
from controlroom.console.answer_shapes import SHAPES, STATUS, Shape
from controlroom.console.past.boards import PAST
from controlroom.console.problems import CONTENT_TYPE
from controlroom.console.routes import Declared

Node = dict[str, Any]
"""A piece of the document."""

STEPS = 2
"""Calls that are followed from a handler into its own object."""

REFERENCE = "#/components/schemas/{}"
PROBLEM = {"$ref": REFERENCE.format("Problem")}
API = ("/api/", "/livez", "/readyz")
"""Addresses for programs; the others are pages."""

_WORDS = {
    400: "what was sent is not understood",
    401: "nobody has signed in",
    403: "the role may not, or another site's page asks",
    404: "there is no such thing",
    409: "not possible now, or somebody was faster",
    412: "another account than the one that is signed in made it (`X-Account`): it is not taken",
    413: "the body is too large",
    415: "the body is not JSON",
    421: "a host that the console does not answer to",
    429: "too many pages of this person are open; `Retry-After` says when to come again",
    503: "not now: the store, a reload, or too many pages",
}


def document(declared: Iterable[Declared]) -> Node:
    """Return the whole document about the routes for programs."""
    routes = sorted(
        (one for one in declared if one.path.startswith(API)), key=lambda one: (one.path, one.method)
    )
    schemas = Named({"Problem": _problem()})
    paths: Node = {}
    for route in routes:
        paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "controlroom",
            "version": "1",
            "description": "The room, its incidents and its people. Every refusal is a problem (RFC 9457). "
            "A text that is sent says something or is left out: spaces alone are refused.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "docs/people.md"},
                "session": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
            "schemas": dict(sorted(schemas.items())),
        },
    }


class SameName(Exception):
    """Two schemas of another shape have one name; the text says which."""


class Named(dict[str, Any]):
    """The schemas by name; raises SameName where two of another shape share one: only one could be told."""

    def __setitem__(self, name: str, schema: Node) -> None:
        """Keep a schema under its name; what goes in and comes out may say the same more or less strictly."""
        if name in self and _shape(self[name]) != _shape(schema):
            raise SameName(f"{name} is two things in the API; give one of them a name of its own")
        super().__setitem__(name, schema)

    def take(self, parts: Node) -> None:
        """Keep several."""
        for name, schema in parts.items():
            self[name] = schema


def _shape(schema: Node) -> tuple[frozenset[str], frozenset[object]]:
    """Return by what two schemas are told apart: their fields, or their words."""
    return frozenset(schema.get("properties", ())), frozenset(schema.get("enum", ()))


def models_of(route: Declared) -> dict[str, type[BaseModel]]:
    """Return the models that the handler gives to `asked` and `read_body`, by these names."""
    return _models_in(route.handler, STEPS)


def _models_in(handler: Callable[..., Any], steps: int) -> dict[str, type[BaseModel]]:
    """Return the models of this function, and of those of its own object that it calls."""
    handler = inspect.unwrap(handler)
    function = inspect.unwrap(getattr(handler, "__func__", handler))
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found: dict[str, type[BaseModel]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="asked" | "read_body" as asks), args=[_, ast.Name(id=model)]):
                found[asks] = function.__globals__[model]
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)) if steps:
                helper = getattr(getattr(handler, "__self__", None), name, None)
                if inspect.ismethod(helper):
                    found = _models_in(helper, steps - 1) | found
            case _:
                pass
    return found


def _path(route: Declared) -> str:
    return re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.path)


def _operation(route: Declared, schemas: Named) -> Node:
    models, named = models_of(route), re.findall(r"\{(\w+)\}", _path(route))
    where = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in named]
    operation: Node = {
        "operationId": _operation_id(route),
        "summary": (inspect.getdoc(route.handler) or "").partition("\n")[0],
        "x-permission": route.permission.value,
        "parameters": where + _made_by(route) + _parameters(models.get("asked"), schemas),
        "responses": _responses(route, bool(named), schemas),
    }
    if route.permission is Permission.OPEN:
        operation["security"] = []
    body = models.get("read_body")
    if body is not None:
        schema = _model(body, schemas)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation


def _made_by(route: Declared) -> list[Node]:
    """Return the header that names who made a command, which may have stood on a page meanwhile."""
    known = {"name": ACCOUNT, "in": "header", "required": False, "schema": {"type": "string"}}
    return [known] if names_account(route) else []


def _operation_id(route: Declared) -> str:
    """Return a name that is one operation's alone: a handler may answer at two addresses."""
    return re.sub(r"\W+", "_", f"{route.method.lower()}{_path(route).removeprefix('/api/v1')}").strip("_")


def _name(route: Declared) -> str:
    """Return the name of the handler: its class and its own."""
    return getattr(route.handler, "__qualname__", route.path).replace(".", "_")


def _parameters(question: type[BaseModel] | None, schemas: Named) -> list[Node]:
    if question is None:
        return []
    schema = question.model_json_schema(ref_template=REFERENCE.replace("{}", "{model}"))
    schemas.take(schema.pop("$defs", {}))
    required = set(schema.get("required", ()))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _plain(part)}
        for name, part in schema.get("properties", {}).items()
    ]


def _plain(part: Node) -> Node:
    """Return the schema of a query's value: there is no way to write null in a query."""
    kinds = [one for one in part.get("anyOf", ()) if one != {"type": "null"}]
    rest = {key: value for key, value in part.items() if key not in {"anyOf", "default", "title"}}
    return {**kinds[0], **rest} if len(kinds) == 1 else part


def _model(model: type[BaseModel], schemas: Named) -> Node:
    schema = model.model_json_schema(ref_template=REFERENCE.replace("{}", "{model}"))
    schemas.take(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
    return {"$ref": REFERENCE.format(model.__name__)}


def _responses(route: Declared, named: bool, schemas: Named) -> Node:  # noqa: FBT001 - one fact of the address
    name = _name(route)
    refusals = {400, 421} if route.permission is Permission.OPEN else {400, 401, 403, 421}
    refusals |= {404} if named else set()
    refusals |= {404, 409, 413, 415, 503} if route.method == "POST" else set()
    refusals |= {412} if names_account(route) else set()
    refusals |= {429, 503} if name == "Hub_follow" else set()
    refusals |= {404, 503} if route.path.startswith(PAST) else set()
    refusals |= {503} if name == "SearchAnswers_search" else set()
    done = STATUS.get(name, 200)
    responses: Node = {str(done): {"description": "done", **_content(name, schemas)}}
    if name == "Answers_readyz":
        responses["503"] = {"description": "one of the checks is not met", **_content(name, schemas)}
        refusals -= {503}
    for status in sorted(refusals):
        responses[str(status)] = {
            "description": _WORDS[status],
            "content": {CONTENT_TYPE: {"schema": PROBLEM}},
        }
    return responses


def _content(name: str, schemas: Named) -> Node:
    if name == "Hub_follow":
        return {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
    return {"content": {"application/json": {"schema": _answer(SHAPES.get(name), schemas)}}}


def _answer(shape: Shape | None, schemas: Named) -> Node:
    """Return the schema of an answer: of its fields, of the one struct that it is, or of any object."""
    if shape is None:
        return {"type": "object"}
    kinds = list(shape.values()) if isinstance(shape, dict) else [shape]
    made, parts = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    schemas.take(parts)
    if not isinstance(shape, dict):
        return dict(made[0])
    return {"type": "object", "properties": dict(zip(shape, made, strict=True)), "required": list(shape)}


def _problem() -> Node:
    """Return the schema of a problem, RFC 9457; ours has further members where they help."""
    text = {"type": "string"}
    fault = {
        "type": "object",
        "properties": {"pointer": text, "detail": text},
        "required": ["pointer", "detail"],
    }
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "pattern": "^urn:controlroom:problem:"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "instance": text,
            "errors": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "detail", "instance"],
    }

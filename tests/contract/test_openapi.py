"""The API's contract says what the console does: asked by machine, thousands of ways, of a running room."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from controlroom.access.permissions import Role
from controlroom.cli.contract_openapi import openapi, text
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryWritten
from controlroom.console.bodies import BLANK, JSON
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom, garbage
from tests.integration.console.served import served

ROOT = Path(__file__).parents[2]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
DOCUMENT = openapi()
ENDLESS = "/api/v1/stream"
OPERATIONS = [
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if path != ENDLESS
]
EXAMPLES = 5
"""Questions a route and kind: some 500 in all, a few seconds."""

SIGNED_IN = {key: part for key, part in DOCUMENT.items() if key != "security"}
"""The document for somebody whose key fits; who has none is asked about in `test_doors`."""

THERE = {
    "/api/v1/incidents/{id}": {"id": "INC-2"},
    "/api/v1/cameras/{key}": {"key": "C1"},
    "/api/v1/sites/{site}": {"site": "S1"},
    "/api/v1/people/{area}": {"area": "inner-east", "kind": "lone-worker", "key": "W1"},
    "/api/v1/log-entries/{id}": {"id": "LOG-1"},
    "/api/v1/accounts/{name}": {"name": "somebody"},
    "/api/v1/past/{position}/incidents/{id}": {"position": "4", "id": "INC-2"},
    "/api/v1/past/{position}/sites/{site}": {"position": "4", "site": "S1"},
    "/api/v1/past/{position}": {"position": "4"},
}
"""What the room below has, by the beginning of an address: made-up names would meet a 404 everywhere."""


def test_the_document_is_up_to_date() -> None:
    """`docs/openapi.yaml` is what `controlroom contract openapi` prints."""
    assert (ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8") == text()


def test_every_operation_tells_its_question_and_has_a_name_of_its_own() -> None:
    """No handler of the API takes what the document does not show, and no two share a name."""
    names = [one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            assert method != "post" or "requestBody" in operation, path
            assert operation["summary"], path


class Room:
    """A room with something of everything in it, served on a thread of its own; `headers` open its doors."""

    def __init__(self) -> None:
        self.address = ""
        self.headers: dict[str, str] = {}
        self.of_a_crew: dict[str, str] = {}
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="room")

    def start(self) -> None:
        """Return once it can be asked."""
        self._thread.start()
        assert self._ready.wait(20)

    def stop(self) -> None:
        """End it."""
        assert self._loop is not None
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        room = SmallRoom()
        room.happens(
            signal(Kind.ARC_ALARM, "a1", event="panic"),
            signal(Kind.ARC_ALARM, "a2", event="other"),
            signal(Kind.LONE_WORKER, "w1", event="booked_on"),
            signal(Kind.CAMERA_FAULT, "c1"),
            garbage(b"{"),
            EntryWritten("desk one", room.now, Radio(Channel.AIRWAVE, "LK1", "a word")),
        )
        async with served(room) as server:
            await server.let_in("somebody", Role.OPERATOR)
            self.address, self.headers = server.address, await server.cookies()
            self.of_a_crew = await server.cookies("mr-01", Role.CREW, unit="MR-01")
            self._ready.set()
            await self._stop.wait()


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """A room that is served while this file's tests run."""
    made = Room()
    made.start()
    yield made
    made.stop()


def asked_of(room: Room, method: str, path: str, mode: schemathesis.GenerationMode) -> None:
    """Put made-up questions to one route; each answer has to be one that the document names."""
    schema = schemathesis.openapi.from_dict(SIGNED_IN)
    operation: Any = schema[path][method]
    there = next((names for start, names in THERE.items() if path.startswith(start)), None)
    fits = there if mode is schemathesis.GenerationMode.POSITIVE else None

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=fits))
    def put(case: Any) -> None:
        answer = case.call(base_url=room.address, headers=room.headers)
        case.validate_response(answer, checks=CHECKS)

    put()


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part)
def test_no_question_is_answered_as_nobody_said(room: Room, method: str, path: str) -> None:
    """Whatever fits the document: no 5xx, no status, type or shape of an answer that it does not name."""
    asked_of(room, method, path, schemathesis.GenerationMode.POSITIVE)


@pytest.mark.parametrize(
    ("method", "path"), [one for one in OPERATIONS if one[0] == "POST"], ids=lambda part: part
)
def test_nonsense_is_refused_as_the_document_says(room: Room, method: str, path: str) -> None:
    """Whatever does not fit is refused with a problem, never with a fault of ours."""
    asked_of(room, method, path, schemathesis.GenerationMode.NEGATIVE)


NO_BODY: dict[str, Any] = {"content": {JSON: {"schema": {}}}}


def blanks(schema: dict[str, Any], where: str = "") -> Iterator[tuple[str, Any]]:
    """Yield where this schema takes a free text, and a value that has spaces there and nothing else."""
    parts: dict[str, Any] = DOCUMENT["components"]["schemas"] | schema.get("$defs", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        yield from blanks(parts[name], where)
    for one in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        yield from blanks(one, where)
    match schema:
        case {"type": "string"} if not {"enum", "const", "format", "pattern"} & set(schema):
            yield where, " \t"
        case {"type": "array", "items": items}:
            yield from ((below, [value]) for below, value in blanks(items, f"{where}/0"))
        case {"type": "object", "properties": properties}:
            for key, part in properties.items():
                for below, value in blanks(part, f"{where}/{key}"):
                    yield below, {key: value}
        case _:
            pass


def refused(address: str, body: Any, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Return the status and the problem with which this command is refused."""
    sent = Request(address, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})  # noqa: S310 - our own room
    with pytest.raises(HTTPError) as met:
        urlopen(sent, timeout=10)  # noqa: S310 - the same
    with met.value as answer:
        return answer.code, json.loads(answer.read())


def test_a_text_of_spaces_alone_is_refused_wherever_a_command_takes_one(room: Room) -> None:
    """Each text of each command has to say something; the refusal names the place."""
    asked = 0
    for path, methods in DOCUMENT["paths"].items():
        body_of = methods.get("post", {}).get("requestBody", NO_BODY)
        address = room.address + re.sub(r"\{\w+\}", "x", path.replace("{unit}", "MR-01"))
        headers = room.of_a_crew if path.startswith("/api/v1/crew/") else room.headers
        for where, body in blanks(body_of["content"][JSON]["schema"]):
            status, told = refused(address, body, headers)
            assert status == 400, (path, where)
            assert where in {fault["pointer"] for fault in told["errors"] if fault["detail"] == BLANK}, path
            asked += 1
    assert asked > 60

"""Every example of `docs/api.md` is asked of a running console, and answered as the page says."""

import asyncio
import json
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from controlroom.access.permissions import Role
from controlroom.access.registry import make_token
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import QUICK
from tests.integration.console.served import served

GUIDE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```console\n(curl .*)\n```\n\n```(http|text)\n(.*?)```", re.DOTALL)
EXAMPLES = [
    (found[1], found[2], found[3])
    for part in GUIDE.split("\n\n```console\n")
    for found in [re.match(EXAMPLE, "```console\n" + part)]
    if found is not None
]
ANY = "…"


def sent(line: str, known: dict[str, str]) -> tuple[str, str, dict[str, str], bytes | None]:
    """Return method, address, headers and body of a curl command; no option is passed over."""
    words = [re.sub(r"\$([A-Z]+)", lambda name: known[name[1]], word) for word in shlex.split(line)][1:]
    headers: dict[str, str] = {}
    body, address = None, ""
    while words:
        match words.pop(0):
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "--json":
                body = words.pop(0).encode()
                headers |= {"Content-Type": "application/json", "Accept": "application/json"}
            case "-N":
                pass
            case word:
                assert not word.startswith("-"), word
                address = word
    return "POST" if body is not None else "GET", address, headers, body


def unlike(shown: Any, told: Any, where: str = "") -> list[str]:
    """Return where an answer is not as it is shown; what is not shown may be there."""
    if shown == ANY:
        return []
    if isinstance(shown, dict) and isinstance(told, dict):
        return [
            fault
            for name, part in shown.items()
            for fault in (
                unlike(part, told[name], f"{where}/{name}")
                if name in told
                else ([] if part is None else [f"{where}/{name} is missing"])
            )
        ]
    if isinstance(shown, list) and isinstance(told, list) and len(shown) == len(told):
        pairs = enumerate(zip(shown, told, strict=True))
        return [fault for at, (one, other) in pairs for fault in unlike(one, other, f"{where}/{at}")]
    return [] if shown == told else [f"{where}: {shown!r} is shown, {told!r} came"]


async def answered(answer: aiohttp.ClientResponse, shown: str) -> Any:
    """Compare status, headers and body of an answer with what is shown; return the body."""
    head, _, body = shown.partition("\n\n")
    first, *headers = head.splitlines()
    assert first == f"HTTP/1.1 {answer.status} {answer.reason}", await answer.text()
    for line in headers:
        name, _, value = line.partition(": ")
        assert answer.headers[name].partition(";")[0] == value, name
    told = await answer.json(content_type=None)
    assert unlike(json.loads(body), told) == []
    return told


async def followed(answer: aiohttp.ClientResponse, shown: str) -> None:
    """Compare the lines of a stream with what is shown."""
    assert answer.status == 200
    for line in shown.splitlines():
        came = ""
        while not came:
            came = (await answer.content.readline()).decode().strip()
        name, _, value = line.partition(": ")
        kind, _, told = came.partition(": ")
        assert kind == name, (line, came)
        if name == "data":
            assert unlike(json.loads(value), json.loads(told)) == [], line
        else:
            assert value in {ANY, told}, (line, came)


async def test_every_example_is_answered_as_the_page_says() -> None:
    """From the first command to the last, in the order of the page, of one room."""
    room = SmallRoom()
    async with served(room, pace=QUICK) as server, aiohttp.ClientSession() as session:
        room.happens(
            signal(Kind.ARC_ALARM, "a1", event="other"),
            signal(Kind.HELP_POINT, "h1"),
            signal(Kind.GUARD, "g1"),
        )
        made, lasts = ("sam", server.room.desk.now()), timedelta(days=90)
        token = await make_token(server.room.desk.book, "wallboard", (Role.OPERATOR,), lasts, made)
        known = {"ROOM": server.address, "TOKEN": token}
        assert len(EXAMPLES) == GUIDE.count("```console\ncurl") > 10
        for line, kind, shown in EXAMPLES:
            method, address, headers, body = sent(line, known)
            async with (
                asyncio.timeout(30),
                session.request(method, address, headers=headers, data=body) as answer,
            ):
                if kind == "text":
                    await followed(answer, shown)
                    continue
                told = await answered(answer, shown)
                known["NEXT"] = str(told.get("next", ""))


@pytest.mark.parametrize(
    ("shown", "told", "same"),
    [({"a": 1}, {"a": 1, "b": 2}, True), ({"a": 1}, {"a": 2}, False), ({"a": [1]}, {"a": [1, 2]}, False)],
)
def test_what_is_compared_is_compared(shown: Any, told: Any, *, same: bool) -> None:
    """An answer that says something else than the page is found out."""
    assert (unlike(shown, told) == []) is same

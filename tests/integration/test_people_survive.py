"""People, tokens and repeated commands of the real room: the commands of the document, and a kill."""

import asyncio
import re
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from controlroom.cli.app import app
from controlroom.journal.answers import ValkeyAnswers
from controlroom.journal.valkey import Address, Link
from tests.integration.demo.serving import CONFIG, Instance
from tests.integration.demo.stage import PROJECT
from tests.integration.journal.conftest import own_valkey, short_folder
from tests.integration.journal.stage import ValkeyServer
from tests.ports import free_port

__all__ = ("own_valkey", "short_folder")

BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
ROOM = "leeds"
ENTRY = {
    "happened_at": "2026-03-02T12:00:00Z",
    "entry": {"kind": "asb_case", "reference": "A-1", "text": "stones", "resolved_by_cctv": True},
    "area": "inner-east",
}


class Room(Instance):
    """A room, asked by the command line and over the API."""

    async def typed(self, line: str, folder: Path) -> str:
        """Return what a line of the document says, and put it where the line wants it."""
        line, _, file = line.partition(" > ")
        words = [*shlex.split(line)[1:], "--config", str(CONFIG)]
        environment = {f"CONTROLROOM_{name}": value for name, value in self._settings.items()}
        done = await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)
        assert done.exit_code == 0, (line, done.output)
        if file:
            (folder / file).write_text(done.output, encoding="utf-8")
        return done.output

    @asynccontextmanager
    async def asked(self, token: str, path: str, **more: Any) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask as a machine does."""
        headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.request(
                "POST" if "json" in more else "GET", f"http://127.0.0.1:{self.console}{path}", **more
            ) as answer,
        ):
            yield answer

    async def shuts(self, token: str) -> None:
        """Return once this token opens nothing: what is typed beside a room is felt in its next round."""
        async with asyncio.timeout(60):
            while True:
                async with self.asked(token, "/api/v1/me") as answer:
                    if answer.status == 401:
                        return

    async def writes(self, token: str, key: str) -> tuple[int, Any]:
        """Write the entry under this key."""
        headers = {"Idempotency-Key": key}
        async with self.asked(token, "/api/v1/log-entries", json=ENTRY, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def room(own_valkey: ValkeyServer, tmp_path: Path) -> AsyncIterator[Room]:
    """A room without a broker."""
    made = Room(tmp_path, own_valkey.port, free_port())
    await made.answering(503)
    yield made
    made.clear()


async def forget_an_answer(port: int) -> None:
    """Leave behind what a process leaves that dies between the journal's write and its answer's."""
    link = Link(Address(port=port))
    [names] = await link.call((b"KEYS", f"controlroom:{{{ROOM}}}:answers:*".encode()))
    assert isinstance(names, list)
    name = names[0]
    assert isinstance(name, bytes)
    answers = ValkeyAnswers(ROOM, link)
    kept = await answers.read(name.rpartition(b":")[2])
    assert kept is not None
    await answers.keep(name.rpartition(b":")[2], replace(kept, answer=None))
    await link.close()


async def test_people_and_repeated_commands_survive_a_kill(
    room: Room, own_valkey: ValkeyServer, tmp_path: Path
) -> None:
    """Each command of `docs/people.md` does what it says, and is felt by the room at once.

    A command that was sent under a key before a kill is answered the same after it, and happened once: where
    the answer was kept, and where the process died before it was.
    """
    document = (PROJECT / "docs" / "people.md").read_text("utf-8")
    lines = [line for block in BLOCK.findall(document) for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("controlroom ")]
    assert len(commands) > 10
    for line in commands:
        said = await room.typed(line, tmp_path)
        if line.startswith("controlroom tokens add"):
            [curl] = [other for other in lines if other.startswith("curl ")]
            assert f"$(cat {line.partition(' > ')[2]})" in curl
            token = (tmp_path / "reporter.token").read_text("utf-8").strip()
            async with room.asked(token, "/" + curl.rpartition(":8080/")[2]) as answer:
                assert (await answer.json())["name"] == "token:reporter"
        if line == "controlroom users list":
            assert "jo" in said
    await room.shuts(token)  # the last of the commands revoked it

    token = (await room.typed("controlroom tokens add bot --role operator", tmp_path)).strip()
    first = await room.writes(token, "one")
    await forget_an_answer(own_valkey.port)
    second = await room.writes(token, "two")
    assert (first[0], second[0]) == (201, 201)
    assert room.program is not None
    room.program.process.kill()
    await room.program.ended()
    await room.answering(503)
    assert [await room.writes(token, key) for key in ("one", "two")] == [first, second]
    async with room.asked(token, "/api/v1/log-entries") as answer:
        assert len((await answer.json())["entries"]) == 2

"""What nobody means to ask, and a store that is away: each has its own answer, and is no fault of ours."""

import asyncio

import aiohttp
import pytest

from controlroom.access.permissions import Role
from controlroom.journal.store import StoreAway
from tests.integration.console.served import MOST, Served, served
from tests.integration.console.test_api import V1, asked, waiting_room
from tests.integration.console.test_problem_pages import BROWSER, got

DEEP = '{"version": 1, "text": ' + "[" * 15_000


def faults(server: Served) -> int:
    """Return how many answers were a fault of the console's own."""
    return server.console.refusals.counts()["failed"]


async def first_line_of(server: Served, path: bytes, headers: dict[str, str]) -> bytes:
    """Return the first line of the answer to a path of any bytes, which no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    writer.write(head + told.encode() + b"\r\n")
    line = await reader.readline()
    writer.close()
    return line


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audit?first=9999-12-31&last=9999-12-31", 400),
        ("/audit?last=0001-01-01", 400),
        ("/audit.csv?last=9999-12-31", 400),
        ("/audit?last=2026-01-01", 200),
        (f"{V1}/past?at=0001-01-01T00:00Z", 400),
        (f"{V1}/past?at=9999-12-31T23:59:59Z", 400),
    ],
)
async def test_the_ends_of_the_calendar_are_no_fault(path: str, status: int) -> None:
    """A day that no day comes after or before is refused like any other that is none of the room's."""
    async with served(waiting_room()) as server:
        who = await server.cookies("ana", *MOST, Role.AUDITOR)
        assert ((await got(server, path, who))[0], faults(server)) == (status, 0)


async def test_a_body_that_is_nothing_but_brackets_is_not_valid() -> None:
    """Whether its version stands in it or in the header."""
    async with served(waiting_room()) as server:
        for headers in ({}, {"If-Match": '"1"'}):
            sent = headers | {"Content-Type": "application/json"}
            path = f"{V1}/incidents/INC-1/note"
            assert (await asked(server.address, path, DEEP, headers=sent))[0] == 400
        assert faults(server) == 0


@pytest.mark.parametrize(
    "path", [b"/api/v1/incidents/\xff", b"/\xc3\x28", b"/people?\xff=1", b"/%ff", b"/help?%ff"]
)
async def test_an_address_may_hold_any_bytes(path: bytes) -> None:
    """Signed in or not, as a page or not: there is an answer, and it is no fault of ours."""
    async with served() as server:
        who = await server.cookies("ana", Role.ENGINEER)
        for headers in ({}, BROWSER, who, who | BROWSER):
            line = await first_line_of(server, path, headers)
            assert line.split()[1][:1] in {b"2", b"3", b"4"}, (path, headers, line)
        assert faults(server) == 0


async def test_a_store_that_is_away_is_said_to_be_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing out, a new password, an own session that is ended: not now, and nothing is said to be done."""

    async def away(*_: object) -> None:
        raise StoreAway("no line")

    async with served() as server:
        who = await server.cookies("ana", Role.OPERATOR)
        _, me, _ = await asked(server.address, f"{V1}/me", headers=who)
        _, known, _ = await asked(server.address, f"{V1}/sessions", headers=who)
        monkeypatch.setattr(server.room.vault, "write", away)
        form = {"form": me["form"], "name": known["sessions"][0]["id"]}
        async with aiohttp.ClientSession(headers=who | BROWSER) as session:
            for path in ("/sign-out", "/account"):
                async with session.post(server.address + path, data=form, allow_redirects=False) as told:
                    assert (told.status, "no line" in await told.text()) == (503, True), path
        assert (faults(server), (await asked(server.address, f"{V1}/me", headers=who))[0]) == (0, 200)

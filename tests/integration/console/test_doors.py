"""Every door by every role, asked of the running console: every route that it has, so none is forgotten."""

import asyncio
import re
from typing import Any

import aiohttp
import pytest

from controlroom.access.permissions import TABLE, Permission, Role
from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryWritten
from controlroom.console.app import Console
from controlroom.console.pages.navigation import API
from controlroom.console.routes import Declared, RouteUndeclared, declare, get
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import EPOCH, SmallRoom, doubtful, garbage
from tests.integration.console.looks import QUICK
from tests.integration.console.served import Served, messages, served

NOBODY = "nobody"
WHO = (NOBODY, *(role.value for role in Role))
FOR_WHO_READS = (Permission.OPEN, Permission.OWN_ACCOUNT, Permission.SEE, Permission.READ_LOG)
COMMANDS_ON_READING = {
    *("POST /sign-in", "POST /sign-out", "POST /password", "POST /account"),
    "POST /api/v1/desk/muted",
}
"""Forms of one's own account, and the word that one's own loudspeaker is silent; the room's work stays."""


def doors(console: Console) -> list[Declared]:
    """Return every route once, as it was declared."""
    return sorted(set(console.declarations.values()), key=lambda one: (one.path, one.method))


def address(declared: Declared) -> str:
    """Return an address that this route answers, about something that is not there."""
    return re.sub(r"\{[^}]*\}", "none", declared.path)


async def turned_away(session: aiohttp.ClientSession, server: Served, door: Declared) -> str:
    """Return how this door answers: "in", or why not."""
    sent: dict[str, Any] = {"json": {}} if door.method == "POST" else {}
    async with session.request(
        door.method, server.address + address(door), allow_redirects=False, **sent
    ) as answer:
        if answer.status == 303 and answer.headers["Location"].startswith("/sign-in?next="):
            return "sign in"
        if answer.status == 303 and door.path == "/":
            return "no"  # led to the first page of their own
        if answer.status in {401, 403} and answer.content_type == "application/problem+json":
            kind = str((await answer.json(content_type=None))["type"]).rpartition(":")[2]
            return {"not-signed-in": "sign in", "not-allowed": "no"}.get(kind, "in")
        return "in"


async def headers_of(server: Served, who: str) -> dict[str, str]:
    """Return what a browser of somebody with this one role sends."""
    if who == NOBODY:
        return {}
    unit = "MR-01" if who == Role.CREW else None
    return await server.cookies(f"the {who}", Role(who), unit=unit)


@pytest.mark.parametrize("who", WHO)
async def test_every_door_opens_to_whom_the_table_says(who: str) -> None:
    """Each route answers those whose role has its permission, and turns all others away."""
    async with served(pace=QUICK) as server:
        headers = await headers_of(server, who)
        found, wanted = {}, {}
        for door in doors(server.console):
            if door.path == "/sign-out" and who != NOBODY:
                continue  # it would end the session that the rest is asked with; test_sign_in looks at it
            async with aiohttp.ClientSession(headers=headers) as session:
                name = f"{door.method} {door.path}"
                found[name] = await turned_away(session, server, door)
                if door.permission is Permission.OPEN:
                    wanted[name] = "in"
                elif who == NOBODY:
                    wanted[name] = "sign in"
                elif door.permission is Permission.OWN_ACCOUNT or Role(who) in TABLE[door.permission]:
                    wanted[name] = "in"
                else:
                    wanted[name] = "no"
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{server.address}{API}navigation") as answer,
        ):
            told = await answer.json()
        assert len(found) > 60
        assert found == wanted
        sent = {f"POST {API}{one}" for one in told["commands"]}
        assert sent == {name for name, how in found.items() if how == "in" and name.startswith(f"POST {API}")}


def test_whoever_only_reads_finds_no_door_that_changes_something() -> None:
    """No route that changes the room asks for a permission to look; what is looked at is asked by GET."""
    wrong = [
        f"{door.method} {door.path}"
        for door in doors(SmallRoom().console())
        if door.method == "POST" and door.permission in FOR_WHO_READS
    ]
    own = {one for one in wrong if one.startswith("POST /api/v1/sessions/") or one in COMMANDS_ON_READING}
    assert set(wrong) - own == set()


def test_a_crew_finds_no_door_into_the_room() -> None:
    """What a crew may open is open to all, its own account, or its own page."""
    allowed = {Permission.OPEN, Permission.OWN_ACCOUNT, Permission.CREW_PAGE}
    for door in doors(SmallRoom().console()):
        assert (Role.CREW in TABLE[door.permission]) is (door.permission in allowed), door.path


async def test_a_route_without_a_permission_keeps_the_console_from_starting() -> None:
    """A route that came in by another way than a declaration is named and refused."""
    console = SmallRoom().console()
    handler = doors(console)[0].handler
    app = aiohttp.web.Application()
    app.router.add_get("/forgotten", handler)
    with pytest.raises(RouteUndeclared, match="/forgotten: declare it"):
        declare(app, [get("/declared", handler, Permission.SEE)])


async def told_to(server: Served, headers: dict[str, str], last: int) -> list[Any]:
    """Return the deltas of the stream up to this position, as this person's page hears them."""
    heard: list[Any] = []
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        place = {"Last-Event-ID": f"{EPOCH}-0"}
        async for event, _, data in messages(session, server.address, **headers, **place):
            if event == "batch":
                heard += data["deltas"]
                if data["through"] >= last:
                    break
    return heard


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CREW])
async def test_the_stream_and_the_snapshot_tell_each_role_what_it_may_see(role: Role) -> None:
    """Signals and incidents are for all, quarantine for who may open it, what is restricted for nobody."""
    room = SmallRoom()
    async with served(room, pace=QUICK) as server:
        secret = EntryWritten(
            "ana", room.now, Radio(Channel.AIRWAVE, "LK1", "a secret operation"), None, None, ("ana",)
        )
        room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"), garbage(b"raw"), doubtful("d1"), secret)
        headers = await server.cookies(f"the {role}", role)
        heard = await told_to(server, headers, 4)
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{server.address}/api/v1/snapshot") as answer,
        ):
            start = await answer.json()
        opens = role in TABLE[Permission.QUARANTINE]
        assert [one["p"] for one in heard if "signal" in one] == [1, 3]
        assert [one["p"] for one in heard if "quarantine" in one] == ([2, 3] if opens else [])
        assert len(start["quarantine"]) == (2 if opens else 0)
        assert [one["p"] for one in start["recent"] if "quarantine" in one] == ([3] if opens else [])
        assert len(start["incidents"]) == 2
        assert "secret" not in str(heard) + str(start)

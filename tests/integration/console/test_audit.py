"""The audit's page, its file and its address for programs: who did what, and what was refused."""

import csv
import io
import re
from typing import Any

import aiohttp
import pytest

from controlroom.access import registry
from controlroom.access.accounts import AccessRefused
from controlroom.access.front_desk import Caller
from controlroom.access.permissions import Role
from controlroom.journal.acts import ActPage, TrailBusy, Wanted
from controlroom.journal.store import StoreAway, Undecodable
from tests.console.small_room import SmallRoom
from tests.integration.console.served import Served, served
from tests.integration.console.test_api import V1, asked, waiting_room
from tests.integration.console.test_problem_pages import BROWSER, got

THERE = Caller("192.0.2.66", "a browser")


async def busy_day(server: Served) -> None:
    """Let people work, be refused, and have their roles changed; then take the notes into the journal."""
    address = server.address
    await asked(address, f"{V1}/incidents/INC-1/own", {"version": 1})
    await asked(address, f"{V1}/incidents/INC-1/note", {"version": 2, "text": "=cmd|' /C calc'!A0"})
    desk = server.room.desk
    await server.let_in("kim", Role.OPERATOR)
    await registry.set_roles(desk.book, "kim", (Role.ENGINEER, Role.AUDITOR), "sam", desk.now())
    for name in ("kim", "hunter2hunter2"):
        with pytest.raises(AccessRefused):
            await desk.enter(name, "wrong", THERE)
    nosy = await server.cookies("mia", Role.MANAGER)
    assert (await got(server, "/people", BROWSER | nosy))[0] == 403
    await journalled(server)


async def journalled(server: Served) -> None:
    """Take the notes into the journal, as the clerk of a real room does."""
    book = server.room.desk.book
    server.room.happens(*book.notes)
    await book.journalled(len(book.notes))


async def acts(server: Served, query: str = "") -> list[dict[str, Any]]:
    """Return what an auditor's programme is answered."""
    status, said, _ = await asked(server.address, f"{V1}/audit{query}", headers=await auditor(server))
    assert status == 200
    return list(said["acts"])


async def auditor(server: Served) -> dict[str, str]:
    """Return the headers of an auditor."""
    return await server.cookies("the auditor", Role.AUDITOR)


async def test_who_did_what_is_told_in_order_and_by_sort() -> None:
    """Commands with who gave them, roles before and after, refusals at the doors; no name that nobody has."""
    async with served(waiting_room()) as server:
        await busy_day(server)
        refused = await acts(server, "?kind=refused")
        assert [(one["author"], one["said"]) for one in refused] == [
            ("mia", "mia: turned_away mia may not manage_people: GET /people"),
            ("?", "?: sign_in_refused ? wrong password from 192.0.2.66"),
            ("?", "?: sign_in_refused kim wrong password from 192.0.2.66"),
        ]
        [changed] = await acts(server, "?author=sam")
        assert changed["said"].endswith("operator -> engineer, auditor")
        work = await acts(server, "?kind=work&author=desk%20one")
        assert [one["came"] for one in work] == ["taken", "taken"]
        assert "hunter2" not in str(await acts(server))
        _, first, _ = await asked(server.address, f"{V1}/audit?limit=1", headers=await auditor(server))
        assert (first["next"], first["seen"]) == (
            str(first["acts"][0]["position"]),
            first["acts"][0]["position"],
        )
        assert (await acts(server, f"?cursor={first['next']}"))[0]["position"] < first["seen"]


async def test_the_page_shows_it_and_the_file_is_an_act_itself() -> None:
    """The same acts, filtered, in a table without scripts and as CSV that no spreadsheet calculates with."""
    async with served(waiting_room()) as server:
        await busy_day(server)
        who = await auditor(server)
        status, _, text = await got(server, "/audit?kind=refused", BROWSER | who)
        assert (status, text.count("<tr class"), "nobody known" in text) == (200, 4, True)
        async with (
            aiohttp.ClientSession(headers=BROWSER | who) as session,
            session.get(f"{server.address}/audit.csv?kind=&author=&about=&first=2026-03-01&last=") as answer,
        ):
            assert (answer.status, answer.content_type) == (200, "text/csv")
            assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-2026-03-01.csv"'
            head, *rows = csv.reader(io.StringIO(await answer.text()))
        assert head == ["position", "at", "author", "kind", "what", "came"]
        assert len(rows) == len(await acts(server))
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert any("=cmd" in row[4] for row in rows)
        await journalled(server)
        [taken] = await acts(server, "?kind=export")
        assert taken["author"] == "the auditor"
        assert "/audit.csv?kind=&author=&about=&first=2026-03-01&last=" in taken["said"]


async def test_older_pages_are_reached_by_a_link() -> None:
    """A hundred acts a page; the link keeps what was asked for."""
    async with served(waiting_room()) as server:
        for number in range(103):
            await asked(server.address, f"{V1}/incidents/INC-1/note", {"version": number + 1, "text": "x"})
        who = BROWSER | await auditor(server)
        _, _, first = await got(server, "/audit?kind=work", who)
        assert first.count("notes on INC-1") == 100
        older = re.search(r'rel="next" href="([^"]+)"', first)
        assert older is not None
        _, _, rest = await got(server, older[1].replace("&amp;", "&"), who)
        assert rest.count("notes on INC-1") == 3
        assert 'rel="next"' not in rest


class Unreadable(SmallRoom):
    """A room whose journal cannot be read, for this reason."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> ActPage:
        """Fail, whatever is asked."""
        del wanted, before, limit
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "status"), [(TrailBusy(), 503), (StoreAway("gone"), 503), (Undecodable("position 7"), 500)]
)
async def test_an_audit_that_cannot_be_read_says_so(fault: Exception, status: int) -> None:
    """A page, a file and an answer for programs are problems then, and no empty table."""
    async with served(Unreadable(fault)) as server:
        who = await auditor(server)
        for path in ("/audit", "/audit.csv", f"{V1}/audit"):
            assert (await got(server, path, BROWSER | who))[0] == status, path

"""What somebody sees whose browser asked for what they may not open, or for what is not there."""

import re
from typing import Any

import aiohttp
import pytest

from controlroom.access.permissions import Role
from controlroom.console.pages.navigation import ENTRIES, Where
from controlroom.console.problems import CONTENT_TYPE
from controlroom.console.refusals import Refusal, refusal_of
from tests.console.small_room import NoLab, SmallRoom
from tests.integration.console.served import Served, served

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def got(
    server: Served, path: str, headers: dict[str, str], method: str = "GET", **more: Any
) -> tuple[int, str, str]:
    """Return status, kind and text of an answer."""
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, server.address + path, allow_redirects=False, **more) as answer,
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.status, answer.content_type, await answer.text()


@pytest.mark.parametrize("role", list(Role))
async def test_a_page_for_others_is_a_page_that_says_so(role: Role) -> None:
    """It has status 403, the name of who asks, why, and leads to everything that this role may open."""
    async with served() as server:
        unit = "MR-01" if role is Role.CREW else None
        who = BROWSER | await server.cookies("ana", role, unit=unit)
        shut = "/people" if role is not Role.SUPERVISOR else "/crew"
        status, kind, text = await got(server, shut, who)
        assert (status, kind) == (403, "text/html")
        assert f"ana ({role}) may not: {'crew page' if shut == '/crew' else 'manage people'}" in text
        _, _, nav = await got(server, "/api/v1/navigation", who)
        opens = [entry.href for entry in ENTRIES if f'"{entry.href}"' in nav and entry.where is Where.TOP]
        assert len(opens) > 1
        assert [href for href in opens if f'<li><a class="govuk-link" href="{href}">' not in text] == []


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nothing", 404, "There is no such page"),
        ("/people", 403, "Your role does not open this"),
    ],
)
async def test_a_browser_gets_a_page_and_a_program_json(path: str, status: int, heading: str) -> None:
    """The same problem in two dresses, by what is accepted; who is signed in is named on the page."""
    async with served() as server:
        who = await server.cookies("mia", Role.MANAGER)
        found, kind, text = await got(server, path, BROWSER | who)
        assert (found, kind) == (status, "text/html")
        assert heading in text
        assert "Signed in as <b>mia</b>" in text
        for accepts in ("*/*", "application/json"):
            found, kind, _ = await got(server, path, {"Accept": accepts} | who)
            assert (found, kind) == (status, CONTENT_TYPE)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/incidents/INC-9", "/static/none/none.js"])
async def test_the_api_and_files_never_answer_with_a_page(path: str) -> None:
    """Whatever a browser says that it would like to have."""
    async with served() as server:
        status, kind, _ = await got(server, path, BROWSER | await server.cookies())
        assert (status, kind) == (404, CONTENT_TYPE)


async def test_a_form_of_nobody_is_led_to_the_sign_in() -> None:
    """Who was signed out meanwhile sees that nothing was taken, and where to sign in."""
    async with served() as server:
        status, kind, text = await got(server, "/people", BROWSER, "POST", data={"do": "add"})
        assert (status, kind) == (401, "text/html")
        assert '<a class="govuk-link" href="/sign-in">Sign in</a>' in text
        assert "What you may open" not in text
        status, kind, _ = await got(server, "/people", {}, "POST", data={"do": "add"})
        assert (status, kind) == (401, CONTENT_TYPE)
        assert server.console.refusals.counts()["not_signed_in"] == 2


class BrokenLab(NoLab):
    """A lab with a fault."""

    async def explain(self, position: int) -> dict[str, tuple[str, ...]]:
        """Fail, and say something that is nobody's business."""
        raise RuntimeError(f"a secret word {position}")


async def test_a_fault_of_our_own_says_nothing_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """A page, or JSON, with a reference under which the log has the trace, and nothing of the fault."""
    room = SmallRoom()
    room.lab = BrokenLab()
    async with served(room) as server:
        who = await server.cookies()
        for accepts, kind in ((BROWSER, "text/html"), ({}, CONTENT_TYPE)):
            status, found, text = await got(server, "/engineering/explain/7", accepts | who)
            assert (status, found, "secret" in text) == (500, kind, False)
            reference = re.search("reference ([0-9a-f]{8})", text)
            assert reference is not None
            logged = capsys.readouterr().out
            assert f"reference={reference[1]}" in logged
            assert "a secret word 7" in logged
        assert server.console.refusals.counts()["failed"] == 2


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (403, "not-allowed", Refusal.NOT_ALLOWED),
        (403, "foreign-page", Refusal.FOREIGN_PAGE),
        (418, "teapot", Refusal.NOT_VALID),
        (502, "no-such-type", Refusal.FAILED),
    ],
)
def test_every_problem_counts_under_a_reason(status: int, kind: str, reason: Refusal) -> None:
    """By its type where that says more than its status; what is new is not lost."""
    assert refusal_of(status, kind) is reason

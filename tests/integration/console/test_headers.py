"""What every answer carries, and what every command is refused without: asked of each route that there is."""

import re
from typing import Any

import aiohttp
import pytest

from controlroom.access.permissions import Permission, Role
from controlroom.console.files import load
from controlroom.console.routes import Declared
from tests.console.small_room import ROOM
from tests.integration.console.looks import QUICK
from tests.integration.console.served import Served, served
from tests.integration.console.test_doors import address, doors
from tests.integration.console.test_problem_pages import BROWSER
from tests.integration.console.test_sign_in import with_password

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
POLICY = ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")
KEPT_BY_BROWSERS = {
    "/": "no-cache",
    "/wall": "no-cache",
    "/crew": "no-cache",
    "/past": "no-cache",
    "/api/v1/map": "private, no-cache",
}
"""What changes seldom and is large: asked for each time, by its tag."""

FOREIGN = (
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
)
"""What a browser says of a command that another page, or no page of ours, sends."""

PAGE_CSS = "/static/{digest}/css/page.css"
BY_FORM = {"/sign-in", "/sign-out", "/password", "/account", "/people"}


def places(server: Served) -> list[tuple[Declared, str]]:
    """Return every route with an address of it; a file that is there for the files."""
    found = []
    for door in doors(server.console):
        path = address(door)
        if door.path.startswith("/static/"):
            path = PAGE_CSS.format(digest=load().digest)
        if door.path != "/api/v1/stream":
            found.append((door, path))
    return found


async def asked(
    session: aiohttp.ClientSession,
    server: Served,
    place: tuple[str, str],
    headers: dict[str, str],
    **more: Any,
) -> tuple[int, Any]:
    """Return status and headers of an answer."""
    method, path = place
    async with session.request(
        method, server.address + path, headers=headers, allow_redirects=False, **more
    ) as answer:
        await answer.read()
        return answer.status, answer.headers


def faults(path: str, headers: Any, *, published: bool) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    wrong = [name for name, value in HEADERS.items() if headers.get(name) != value]
    csp = headers.get("Content-Security-Policy", "")
    wrong += [part for part in POLICY if part not in csp]
    wrong += [word for word in ("unsafe-inline", "unsafe-eval", "http:", "*") if word in csp]
    wrong += [] if ("Strict-Transport-Security" in headers) is published else ["Strict-Transport-Security"]
    keeping = headers.get("Cache-Control", "")
    if path.startswith("/static/"):
        wrong += [] if "immutable" in keeping else [f"Cache-Control: {keeping}"]
    elif keeping != "no-store" and KEPT_BY_BROWSERS.get(path) != keeping:
        wrong.append(f"Cache-Control: {keeping}")
    for cookie in headers.getall("Set-Cookie", ()):
        needed = ["HttpOnly", "Path=/", "SameSite="] + (["Secure"] if published else [])
        wrong += [f"{cookie}: {flag}" for flag in needed if flag not in cookie]
        wrong += [cookie] if published and not cookie.startswith("__Host-") else []
    return wrong


@pytest.mark.parametrize("host", ["127.0.0.1", "room.example"])
async def test_every_answer_carries_what_keeps_others_out(host: str) -> None:
    """Pages, JSON, files, problems and redirects; known and unknown people; with TLS in front and without."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        key = await server.let_in()
        published = host != "127.0.0.1"
        cookie = f"{'__Host-' if published else ''}{ROOM}-session={key}"
        found = {}
        for door, path in places(server):
            if door.path == "/sign-out":
                continue  # asked last, by the test of forms
            for who in ({}, {"Cookie": cookie}):
                for accepts in ({}, BROWSER):
                    sent: dict[str, Any] = {"json": {}} if door.method == "POST" else {}
                    headers = {"Host": host, **who, **accepts}
                    _, answered = await asked(session, server, (door.method, path), headers, **sent)
                    name = f"{door.method} {path} {bool(who)} {bool(accepts)}"
                    found[name] = faults(path, answered, published=published)
        for path in ("/nothing", "/api/v1/nothing", "/static/x/y.js"):
            _, answered = await asked(session, server, ("GET", path), {"Host": host, **BROWSER})
            found[path] = faults("", answered, published=published)
        found = {place: wrong for place, wrong in found.items() if wrong}
        assert found == {}


async def test_no_command_is_taken_from_a_page_of_somebody_else() -> None:
    """Every route that changes something refuses it, whoever is signed in, before anything is read."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        who = await server.cookies("sam", Role.SUPERVISOR)
        taken = []
        commands = [(door, path) for door, path in places(server) if door.method == "POST"]
        assert len(commands) > 60
        for door, path in commands:
            for foreign in FOREIGN:
                status, _ = await asked(session, server, ("POST", path), {**who, **foreign}, json={})
                if status != 403:
                    taken.append((door.path, foreign, status))
        assert taken == []
        assert server.console.refusals.counts()["foreign_page"] == len(commands) * len(FOREIGN)


async def test_no_form_is_taken_without_the_word_that_only_our_page_has() -> None:
    """Of a browser that names no origin: a form without the token, or with another session's, is refused."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        who = await server.cookies("sam", Role.SUPERVISOR, Role.MANAGER, Role.ENGINEER)
        other = await server.let_in("ana", Role.SUPERVISOR)
        badge = server.room.desk.known(other)
        assert badge is not None
        assert badge.session is not None
        forms = [door for door in doors(server.console) if door.method == "POST" and "/api/" not in door.path]
        assert {door.path for door in forms} >= BY_FORM
        for door in forms:
            for data in ({"do": "add"}, {"do": "add", "form": badge.session.form}, {"form": "é"}):
                status, _ = await asked(
                    session, server, ("POST", address(door)), {**who, **BROWSER}, data=data
                )
                assert status == 403, (door.path, data)


async def test_a_command_of_the_api_takes_no_form() -> None:
    """A form is what another site's page can send without asking: no route for programs reads one."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        who = await server.cookies()
        for door, path in places(server):
            if door.method == "POST" and door.path.startswith("/api/") and door.permission in open_to_most():
                status, _ = await asked(session, server, ("POST", path), who, data={"version": "1"})
                assert status in {404, 415}, door.path


def open_to_most() -> set[Permission]:
    """Return what the person of these tests may ask for."""
    return set(Permission) - {Permission.CREW_PAGE, Permission.AUDIT}


async def test_a_session_that_somebody_planted_opens_nothing() -> None:
    """Signing in makes a new key whatever the browser came with, and the one that it had is over."""
    async with served(pace=QUICK) as server, aiohttp.ClientSession() as session:
        password = await with_password(server, "ana", Role.OPERATOR)
        before = (await server.cookies("ana", Role.OPERATOR))["Cookie"].partition("=")[2]
        for planted, known in (("planted-by-somebody", False), (before, True)):
            cookies = {f"{ROOM}-session": planted}
            async with session.get(f"{server.address}/sign-in", cookies=cookies) as page:
                found = re.search('name="form" value="([^"]+)"', await page.text())
                cookies |= {name: morsel.value for name, morsel in page.cookies.items()}
            assert found is not None
            form = {"form": found[1], "name": "ana", "password": password, "next": "/"}
            async with session.post(
                f"{server.address}/sign-in", data=form, cookies=cookies, allow_redirects=False
            ) as answer:
                assert answer.status == 303
                key = answer.cookies[f"{ROOM}-session"].value
            assert key != planted
            assert server.room.desk.known(key) is not None
            assert server.room.desk.known(planted) is None, known

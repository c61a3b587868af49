"""Signing in through the council's service: there and back, and every way in which it is not believed."""

import html
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from joserfc.jwk import ECKey, KeySet, OctKey
from playwright.async_api import Browser, expect
from yarl import URL

from controlroom.access import registry
from controlroom.access.council import Council
from controlroom.access.permissions import Role
from controlroom.commands.access import AccessStep
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import QUICK
from tests.integration.console.provider import CLIENT, SECRET, Provider, provider
from tests.integration.console.served import Served, served

ROLES = {"cctv-operators": Role.OPERATOR, "cctv-leads": Role.SUPERVISOR}
Lie = Callable[[dict[str, Any]], dict[str, Any]]


@asynccontextmanager
async def council() -> AsyncIterator[tuple[Served, Provider]]:
    """Serve a room that knows a council's service."""
    room = SmallRoom()
    async with provider(lambda: room.now.timestamp()) as there:  # noqa: PLW0108 - `now` moves
        room.council = Council(
            there.issuer, CLIENT, SECRET, "the council", "openid", "preferred_username", "groups", ROLES
        )
        async with served(room, pace=QUICK) as server:
            yield server, there


async def signs_in(server: Served) -> tuple[int, str]:
    """Go there and back as a browser does; return status and text of where it ends."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with (
        aiohttp.ClientSession(cookie_jar=jar) as session,
        session.get(f"{server.address}/sign-in/council?next=/help") as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.browser
async def test_somebody_comes_in_by_the_councils_account(browser: Browser) -> None:
    """One press on the sign-in page, there and back, and the console is live under the council's name."""
    async with council() as (server, _):
        context = await browser.new_context()
        page = await context.new_page()
        await page.goto(server.address)
        await page.get_by_role("link", name="Sign in with the council").click()
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")
        await expect(page.locator(".desk", has_text="jo.ames")).to_be_visible()
        account = server.room.desk.book.accounts["jo.ames"]
        assert (account.shown, account.roles, account.password) == ("Jo Ames", (Role.OPERATOR,), "")
        await context.close()


async def test_the_service_says_each_time_what_somebody_may() -> None:
    """Roles follow the claim; the person stays the same one, also under another name there."""
    async with council() as (server, there):
        assert (await signs_in(server))[0] == 200
        there.person |= {"groups": ["cctv-leads"], "preferred_username": "jo.married"}
        assert (await signs_in(server))[0] == 200
        accounts, notes = server.room.desk.book.accounts, server.room.desk.book.notes
        assert [(one.name, one.roles) for one in accounts.values()] == [("jo.ames", (Role.SUPERVISOR,))]
        assert [note.step for note in notes] == [
            AccessStep.ADDED,
            AccessStep.SIGNED_IN,
            AccessStep.CHANGED,
            AccessStep.SIGNED_IN,
        ]
        assert there.asked.count("keys") == there.asked.count("description") == 1


@pytest.mark.parametrize(
    "lie",
    [
        lambda said: {**said, "nonce": "of another sign-in"},
        lambda said: {**said, "aud": "another console"},
        lambda said: {**said, "aud": [CLIENT, "another"], "azp": "another"},
        lambda said: {**said, "iss": "https://elsewhere.example"},
        lambda said: {**said, "exp": said["iat"] - 3_600, "iat": said["iat"] - 7_200},
        lambda said: {name: value for name, value in said.items() if name != "nonce"},
        lambda said: {name: value for name, value in said.items() if name != "exp"},
        lambda said: {**said, "groups": ["staff"]},
        lambda said: {**said, "preferred_username": "../../x"},
    ],
    ids=["nonce", "audience", "party", "issuer", "expired", "no nonce", "no end", "no role", "no name"],
)
async def test_what_is_not_as_it_should_be_lets_nobody_in(lie: Lie) -> None:
    """Whatever is wrong with a token, or missing in it: nobody is let in."""
    async with council() as (server, there):
        there.lie = lie
        status, text = await signs_in(server)
        assert status == 403
        assert "Nobody was signed in" in text
        assert (server.room.desk.book.accounts, server.room.desk.book.sessions) == ({}, {})


@pytest.mark.parametrize("how", ["another key", "shared secret"])
async def test_a_signature_that_is_not_the_services_lets_nobody_in(how: str) -> None:
    """Neither a key that the service does not show, nor an algorithm that anybody could sign with."""
    async with council() as (server, there):
        if how == "another key":
            there.key = ECKey.generate_key("P-256", parameters={"kid": "one"})
        else:
            there.key, there.algorithm = OctKey.import_key(SECRET * 3), "HS256"
        assert (await signs_in(server))[0] == 403


@pytest.mark.parametrize(
    ("promised", "names", "status"),
    [
        (True, "itself", 200),
        (True, None, 403),
        (True, "https://elsewhere.example", 403),
        (False, None, 200),
        (False, "https://elsewhere.example", 403),
    ],
)
async def test_the_answer_of_another_service_is_none(
    names: str | None, status: int, *, promised: bool
) -> None:
    """A service that names itself in its answer is held to it (RFC 9207): no code of another one is taken."""
    async with council() as (server, there):
        there.more["authorization_response_iss_parameter_supported"] = promised
        there.names = there.issuer if names == "itself" else names
        assert (await signs_in(server))[0] == status


@pytest.mark.parametrize(("apart_s", "status"), [(50, 200), (-50, 200), (70, 403), (-370, 403)])
async def test_two_clocks_may_be_a_minute_apart(apart_s: int, status: int) -> None:
    """A token from up to a minute ahead is believed, and one that ended up to a minute ago; no further."""
    async with council() as (server, there):
        there.lie = lambda said: {**said, "iat": said["iat"] + apart_s, "exp": said["exp"] + apart_s}
        assert (await signs_in(server))[0] == status


async def test_the_question_says_what_protects_it() -> None:
    """Code flow with state, nonce and a challenge by S256; the password is asked for again."""
    async with council() as (server, _), aiohttp.ClientSession() as session:
        async with session.get(f"{server.address}/sign-in/council", allow_redirects=False) as answer:
            asked = URL(answer.headers["Location"]).query
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["prompt"] == "login"
        words = {asked[name] for name in ("state", "nonce", "code_challenge")}
        assert len(words) == 3
        assert all(len(word) == 43 for word in words)


async def test_an_address_without_tls_is_none() -> None:
    """A service with TLS that names an address without is not gone on with."""
    async with council() as (server, there):
        there.more["token_endpoint"] = "https" + there.issuer.removeprefix("http") + "/token"
        status, text = await signs_in(server)
        assert (status, "names an address without TLS" in text) == (403, True)


@pytest.mark.parametrize("has", [True, False])
async def test_who_leaves_is_led_on_to_leave_the_service_too(*, has: bool) -> None:
    """By a page, since a form may lead to nobody else; where the service has no such address it says so."""
    async with council() as (server, there):
        if has:
            there.more["end_session_endpoint"] = f"{there.issuer}/end"
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session:
            async with session.get(f"{server.address}/sign-in/council"):
                pass
            async with session.get(f"{server.address}/api/v1/me") as answer:
                form = (await answer.json())["form"]
            async with session.post(f"{server.address}/sign-out", data={"form": form}) as answer:
                assert (answer.status, answer.url.path) == (200, "/sign-in/council/out")
                text = html.unescape(await answer.text())
        assert "You are signed out here" in text
        end = f"{there.issuer}/end?client_id={CLIENT}&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1"
        assert (f'content="0; url={end}' in text) is has
        assert ("Close the browser" in text) is not has
        assert server.room.desk.book.sessions == {}


async def test_new_keys_of_the_service_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a signature fits none of the keys we know, they are asked for again, not too often."""
    monkeypatch.setattr("controlroom.console.council_link.KEYS_ANEW_S", 0.0)
    async with council() as (server, there):
        assert (await signs_in(server))[0] == 200
        there.key = ECKey.generate_key("P-256", parameters={"kid": "one"})
        there.shown = KeySet([there.key])
        assert (await signs_in(server))[0] == 200


async def test_only_the_browser_that_began_can_finish() -> None:
    """The way back without the cookie, with another's word, twice or too late leads to the form."""
    async with council() as (server, _):
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser, aiohttp.ClientSession() as other:
            async with browser.get(f"{server.address}/sign-in/council", allow_redirects=False) as there:
                away = there.headers["Location"]
            async with browser.get(away, allow_redirects=False) as sent:
                back = URL(sent.headers["Location"], encoded=True)
            for session, wanted in ((other, 403), (browser, 403)):  # the first attempt uses the word up
                async with session.get(back) as answer:
                    assert answer.status == wanted
            async with browser.get(f"{server.address}/sign-in/council/back?state=made-up&code=x") as answer:
                assert answer.status == 403


async def test_a_local_name_is_not_taken_over() -> None:
    """Who is called like a local account there is not that person here; a disabled one stays out."""
    async with council() as (server, there):
        await server.let_in("jo.ames", Role.OPERATOR)
        status, text = await signs_in(server)
        assert (status, "is a local account here" in text) == (403, True)
        there.person["preferred_username"] = "other"
        assert (await signs_in(server))[0] == 200
        await registry.disable(server.room.desk.book, "other", "sam", server.room.now)
        assert (await signs_in(server))[0] == 403


async def test_a_service_that_is_away_says_so_on_the_form() -> None:
    """Nobody waits for ever: the form says that it does not answer, and local accounts go on."""
    room = SmallRoom()
    room.council = Council(
        "http://127.0.0.1:9", CLIENT, SECRET, "the council", "openid", "name", "groups", ROLES
    )
    async with served(room) as server:
        status, text = await signs_in(server)
        assert (status, "it does not answer; use a local account meanwhile" in text) == (403, True)


async def test_an_answer_in_pieces_is_read_whole_and_one_without_end_is_not() -> None:
    """The keys come in five pieces; past the bound the sign-in says what is wrong."""
    async with council() as (server, there):
        there.padding = 40_000
        assert (await signs_in(server))[0] == 200
    async with council() as (server, there):
        there.padding = 400_000
        status, text = await signs_in(server)
        assert status == 403
        assert "larger than 256 KiB" in text

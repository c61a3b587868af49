"""Signing in by the page, without JavaScript and with; handing a desk over; what stands in the way."""

import asyncio
import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.access import registry
from controlroom.access.front_desk import Caller
from controlroom.access.permissions import Role
from controlroom.commands.access import AccessStep
from controlroom.console.pulses import Pace
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import QUICK_PASSWORDS, ROOM
from tests.integration.console.looks import violations
from tests.integration.console.served import Served, served
from tests.integration.console.test_api import V1, asked
from tests.integration.waiting import until

QUICK = Pace(pulse_s=0.02, beat_s=0.2)


async def with_password(server: Served, name: str, *roles: Role) -> str:
    """Return the password of somebody who has changed the initial one."""
    await server.let_in(name, *roles)
    password = await registry.reset(server.room.desk.book, QUICK_PASSWORDS, name, "a test")
    key = await server.room.desk.enter(name, password, Caller("192.0.2.1"))
    badge = server.room.desk.known(key)
    assert badge is not None
    await server.room.desk.new_password(badge, password, f"the own one of {len(name)} letters")
    return f"the own one of {len(name)} letters"


async def type_in(page: Page, name: str, password: str) -> None:
    """Fill the form and send it."""
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()


@pytest.mark.browser
async def test_somebody_signs_in_without_javascript_and_out_again(browser: Browser) -> None:
    """A page that asks for somebody leads to the form, the form leads back, signing out shuts the door."""
    async with served(pace=QUICK) as server:
        password = await with_password(server, "ana", Role.SUPERVISOR)
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(server.address + "/people?x=1")
        await expect(page).to_have_url(re.compile(r"/sign-in\?next=/people"))
        await type_in(page, "ana", "not the password")
        await expect(page.get_by_role("alert")).to_contain_text("name or password is not right")
        await type_in(page, "ANA", password)
        await expect(page).to_have_url(server.address + "/people?x=1")
        await page.goto(server.address + "/account")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page).to_have_url(server.address + "/sign-in")
        await page.goto(server.address + "/people")
        await expect(page).to_have_url(re.compile("/sign-in"))
        steps = [note.step for note in server.room.desk.book.notes]
        assert steps[-2:] == [AccessStep.SIGNED_IN, AccessStep.SIGNED_OUT]
        await context.close()


@pytest.mark.browser
async def test_a_desk_is_handed_over_by_a_password_alone(browser: Browser) -> None:
    """The page offers who was here; the session before ends, and every tab goes on under the new name."""
    async with served(pace=QUICK) as server:
        first, second = (
            await with_password(server, "ana", Role.OPERATOR),
            await with_password(server, "benjamin", Role.OPERATOR),
        )
        context = await browser.new_context()
        page, other_tab = await context.new_page(), await context.new_page()
        await page.goto(server.address)
        await type_in(page, "ana", first)
        await expect(page.locator(".desk", has_text="ana")).to_be_visible()
        await other_tab.goto(server.address)
        await expect(other_tab.locator(".desk", has_text="ana")).to_be_visible()
        await page.get_by_role("link", name="Switch user").click()
        await type_in(page, "benjamin", second)
        await expect(page.locator(".desk", has_text="benjamin")).to_be_visible()
        await expect(other_tab.locator(".desk", has_text="benjamin")).to_be_visible()
        await page.get_by_role("link", name="Switch user").click()
        await page.get_by_role("link", name="ana", exact=True).click()
        await page.get_by_label("Password").fill(first)
        await page.keyboard.press("Enter")
        await expect(page.locator(".desk", has_text="ana")).to_be_visible()
        browsers = [one for one in server.room.desk.standing_sessions() if "Chrome" in one.agent]
        assert [one.account for one in browsers] == ["ana"]
        await context.close()


@pytest.mark.browser
async def test_an_initial_password_leads_to_the_page_that_changes_it(page: Page) -> None:
    """Nothing else opens, wherever one wanted to go; then it does."""
    async with served(pace=QUICK) as server:
        await server.let_in("ana", Role.OPERATOR)
        initial = await registry.reset(server.room.desk.book, QUICK_PASSWORDS, "ana", "a test")
        await page.goto(server.address)
        await type_in(page, "ana", initial)
        await expect(page).to_have_url(server.address + "/password")
        await page.get_by_label("Present password").fill(initial)
        await page.get_by_label("New password", exact=True).fill("three good words")
        await page.get_by_label("New password once more").fill("three good words")
        await page.get_by_role("button", name="Change password").click()
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")


@pytest.mark.browser
async def test_a_link_signs_in_one_time(page: Page) -> None:
    """It leads to the console; the second time it leads to the form, with a sentence."""
    async with served(pace=QUICK) as server:
        await server.let_in("ana", Role.SUPERVISOR)
        desk = server.room.desk
        key = await registry.make_link(desk.book, "ana", "a test", desk.now())
        await page.goto(f"{server.address}/sign-in/once/{key}")
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")
        await page.goto(f"{server.address}/sign-in/once/{key}")
        await expect(page.get_by_role("alert")).to_contain_text("used before")


@pytest.mark.browser
async def test_a_session_that_is_revoked_ends_the_open_page(page: Page) -> None:
    """The page asks who is there, and leads back to what was looked at; so does its address on the way in."""
    async with served(pace=QUICK) as server:
        server.room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
        password = await with_password(server, "ana", Role.OPERATOR)
        looked_at = f"{server.address}/#/queue/unowned/INC-1"
        await page.goto(looked_at)
        await type_in(page, "ana", password)
        await expect(page).to_have_url(looked_at)
        await expect(page.locator("#panel-title")).to_contain_text("INC-1")
        await server.room.desk.end_sessions("ana")
        await expect(page).to_have_url(re.compile("/sign-in"))
        await page.get_by_role("link", name="ana", exact=True).click()
        await page.get_by_label("Password").fill(password)
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(looked_at)
        await expect(page.locator("#panel-title")).to_contain_text("INC-1")


@pytest.mark.browser
async def test_the_forms_shut_nobody_out(browser: Browser, axe: str) -> None:
    """Axe finds nothing on the sign-in page, with a fault and with names, nor where a password is changed."""
    async with served() as server:
        context = await browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
        page = await context.new_page()
        await page.goto(server.address + "/sign-in")
        assert await violations(page, axe) == []
        await type_in(page, "ana", "wrong")
        await expect(page.get_by_role("alert")).to_contain_text("name or password is not right")
        assert await violations(page, axe) == []
        await server.sign_in(context)
        for path in ("/sign-in", "/password", "/account", "/people", "/crew", "/no-such-page"):
            await page.goto(server.address + path)
            assert await violations(page, axe) == [], path
        await context.close()


async def test_a_form_without_our_token_changes_nothing() -> None:
    """A form that our page did not make is refused, also with the session's cookie."""
    async with served() as server, aiohttp.ClientSession(headers=await server.cookies()) as session:
        for form in ({}, {"form": "guessed"}):
            async with session.post(server.address + "/sign-out", data=form) as answer:
                assert answer.status == 403
        async with session.get(f"{server.address}{V1}/me") as answer:
            form = {"form": (await answer.json())["form"]}
        async with session.post(
            server.address + "/sign-out", data=form, headers={"Origin": "http://elsewhere.example"}
        ) as answer:
            assert answer.status == 403
        async with session.post(server.address + "/sign-out", data=form, allow_redirects=False) as answer:
            assert answer.status == 303


@pytest.mark.parametrize("onward", ["//elsewhere.example/", "https://elsewhere.example", "/\\elsewhere", ""])
async def test_the_way_on_leads_to_no_other_host(onward: str) -> None:
    """What the address says comes next is used only where it is ours."""
    async with served() as server, aiohttp.ClientSession() as session:
        password = await with_password(server, "ana", Role.OPERATOR)
        async with session.get(f"{server.address}/sign-in", params={"next": onward}) as page:
            token = page.cookies["form"].value
            assert 'name="next" value="/"' in await page.text()
        form = {"form": token, "name": "ana", "password": password, "next": onward}
        async with session.post(
            f"{server.address}/sign-in", data=form, cookies={"form": token}, allow_redirects=False
        ) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.cookies[f"{ROOM}-session"]
            assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", "")


async def test_under_a_published_name_the_cookie_is_for_tls_alone() -> None:
    """Under a name that is not loopback's the cookie is `Secure` and bound to its host."""
    async with served() as server:
        for host, name in (("127.0.0.1", "form"), ("room.example", "__Host-form")):
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{server.address}/sign-in", headers={"Host": host}) as page,
            ):
                published = host == "room.example"
                assert page.status == 200
                assert bool(page.cookies[name]["secure"]) is published
                assert ("Strict-Transport-Security" in page.headers) is published


async def test_who_is_not_signed_in_is_told_how() -> None:
    """The API answers with a problem, and a token that opens nothing is told so."""
    async with served() as server, aiohttp.ClientSession() as session:
        async with session.get(f"{server.address}{V1}/incidents") as answer:
            told: Any = await answer.json(content_type=None)
            assert (answer.status, told["type"]) == (401, "urn:controlroom:problem:not-signed-in")
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        headers = {"Authorization": "Bearer crt_made-up"}
        async with session.get(f"{server.address}{V1}/incidents", headers=headers) as answer:
            assert answer.status == 401
        async with session.get(f"{server.address}/no-such-page") as answer:
            assert answer.status == 404


async def test_people_are_managed_over_the_api() -> None:
    """Each thing that can be done to accounts, sessions and tokens is done, and noted."""
    async with served() as server:
        address = server.address
        status, made, _ = await asked(address, f"{V1}/accounts", {"name": "kim", "roles": ["operator"]})
        assert (status, len(made["password"])) == (201, 23)
        status, told, _ = await asked(address, f"{V1}/accounts", {"name": "kim", "roles": ["operator"]})
        assert (status, told["type"]) == (409, "urn:controlroom:problem:not-possible-now")
        _, account, _ = await asked(address, f"{V1}/accounts/kim/roles", {"roles": ["engineer", "auditor"]})
        assert account["roles"] == ["engineer", "auditor"]
        assert (await asked(address, f"{V1}/accounts/kim/reset", {}))[0] == 200
        assert (await asked(address, f"{V1}/accounts/kim/disable", {}))[1]["disabled"]
        assert not (await asked(address, f"{V1}/accounts/kim/enable", {}))[1]["disabled"]
        _, listed, _ = await asked(address, f"{V1}/accounts")
        assert [one["name"] for one in listed["accounts"]] == ["desk one", "kim"]
        assert "password" not in str(listed)
        status, token, _ = await asked(address, f"{V1}/tokens", {"name": "bot", "roles": ["manager"]})
        headers = {"Authorization": f"Bearer {token['token']}"}
        _, me, _ = await asked(address, f"{V1}/me", headers=headers)
        assert (me["name"], me["form"], "work" in me["permissions"]) == ("token:bot", None, False)
        assert (await asked(address, f"{V1}/tokens/bot/revoke", {}))[0] == 200
        assert (await asked(address, f"{V1}/me", headers=headers))[0] == 401
        _, sessions, _ = await asked(address, f"{V1}/sessions")
        assert [one["here"] for one in sessions["sessions"]] == [True]
        await until(lambda: len(server.room.desk.book.notes) >= 8, "the notes")


async def test_the_own_sessions_are_ones_own() -> None:
    """Who manages nobody sees and ends only the own ones."""
    async with served() as server:
        boss = await server.cookies("sam", Role.SUPERVISOR)
        plain = await server.cookies("ana", Role.OPERATOR)
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{server.address}{V1}/sessions", headers=boss) as answer:
                everybody = (await answer.json())["sessions"]
            async with session.get(f"{server.address}{V1}/sessions", headers=plain) as answer:
                own = (await answer.json())["sessions"]
            assert ({one["account"] for one in everybody}, len(own)) == ({"sam", "ana"}, 1)
            foreign = next(one["id"] for one in everybody if one["account"] == "sam")
            path = f"{server.address}{V1}/sessions/{foreign}/revoke"
            async with session.post(path, headers=plain, json={}) as answer:
                assert answer.status == 404
            async with session.post(path, headers=boss, json={}) as answer:
                assert answer.status == 200
            async with session.get(f"{server.address}{V1}/me", headers=boss) as answer:
                assert answer.status == 401


async def test_a_look_at_a_link_uses_nothing_up() -> None:
    """A program that asks with HEAD what a link leads to leaves it to the person."""
    async with served() as server, aiohttp.ClientSession() as session:
        await server.let_in("ana", Role.SUPERVISOR)
        desk = server.room.desk
        key = await registry.make_link(desk.book, "ana", "a test", desk.now())
        link = f"{server.address}/sign-in/once/{key}"
        for ask, cookies in ((session.head, 0), (session.get, 1)):
            async with ask(link) as answer:
                assert (answer.status, f"{ROOM}-session" in answer.cookies) == (200, bool(cookies))


async def test_a_tab_of_somebody_who_has_left_commands_nothing() -> None:
    """A command names the account that its page showed; under another sign-in it is refused, and says so."""
    async with served(pace=QUICK) as server:
        for claimed, status in (("ana", 412), ("desk one", 200)):
            said, told, _ = await asked(
                server.address, f"{V1}/desk/muted", {"seconds": 60}, headers={"X-Account": claimed}
            )
            assert said == status
            if status == 412:
                assert "made by ana, and desk one has signed in here now" in told["detail"]
        assert len(server.room.journal) == 1


@pytest.mark.parametrize(("path", "status"), [("/", 303), ("/api/v1/me", 401), ("/sign-in", 200)])
async def test_a_cookie_that_is_no_text_is_nobodys(path: str, status: int) -> None:
    """Bytes above 127 in cookies and in the browser's name are no error: nobody has signed in."""
    async with served() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        cookies = b"Cookie: " + ROOM.encode() + b"-session=\xff; form=\xff\r\nUser-Agent: \xff\r\n"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n"
        writer.write(head.encode() + cookies + b"\r\n")
        line = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        assert int(line.split()[1]) == status

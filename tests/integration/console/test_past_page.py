"""The page of the past in a browser: unmistakable, without a command, and stepped through by keyboard."""

import pytest
from playwright.async_api import Browser, Page, Request, expect

from controlroom.access.permissions import Role
from controlroom.commands.access import AccessStep
from controlroom.events import Owned
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import QUICK, THEMES, drawn, violations
from tests.integration.console.served import served

pytestmark = pytest.mark.browser


def a_night() -> SmallRoom:
    """Return a room where a panic was owned after a minute, and a second alarm came."""
    room = SmallRoom()
    for event in (
        signal(Kind.ARC_ALARM, "a1", event="panic"),
        signal(Kind.GUARD, "g1"),
        Owned("INC-1", 1, "ana"),
        signal(Kind.ARC_ALARM, "a2", event="other"),
        signal(Kind.LONE_WORKER, "w1", event="booked_on"),
    ):
        room.happens(event)
        room.passes(30)
    return room


async def test_a_supervisor_looks_at_the_night_again(browser: Browser, axe: str) -> None:
    """Each step says what it changed; nothing can be done, nothing comes by itself; axe finds nothing."""
    async with served(a_night(), pace=QUICK) as server:
        context = await browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        asked: list[Request] = []
        page.on("request", lambda one: asked.extend([one]))
        await server.sign_in(context, "sue", Role.SUPERVISOR)
        await page.goto(f"{server.address}/past?at=2026-03-02T12:00:40")
        await expect(page.locator(".past-moment time")).to_have_text("Monday, 2 March 2026 at 12:00:40")
        await _steps(page)
        await _has_no_command(page)
        for theme in THEMES:
            await page.get_by_label("Theme").select_option(theme)
            assert await violations(page, axe) == []
        for part, title in (("map", "Places"), ("log", "Log"), ("handover", "Sheet, as the room stood")):
            await page.evaluate(f"location.hash = '#/{part}'")
            await expect(page.get_by_role("heading", name=title).first).to_be_visible()
            assert await violations(page, axe, whole=False) == []
        await page.evaluate("location.hash = '#/queue/alarms'")
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await page.set_viewport_size({"width": 1440, "height": 900})
        await page.keyboard.press("?")
        await expect(page.get_by_role("dialog")).to_contain_text("One event on")
        assert await violations(page, axe) == []
        await page.keyboard.press("Escape")
        await _finds_its_way(page)
        assert {one.method for one in asked} == {"GET"}
        assert not [one.url for one in asked if "stream" in one.url or one.url.endswith("/snapshot")]
        assert {(note.author, note.step) for note in server.room.desk.book.notes} >= {
            ("sue", AccessStep.LOOKED_BACK)
        }
        await _comes_back(page)
        await context.close()


async def _steps(page: Page) -> None:
    """Go on and back by events, records, an incident's events and minutes."""
    said, row = page.locator(".past-said"), page.locator("[data-incident='INC-1']")
    await expect(row).not_to_contain_text("ana")
    await expect(page.locator(".past-books")).to_contain_text("The journal does not say which estate")
    await expect(row).to_contain_text("in 0:20")  # as of then, whatever the clock shows now
    await page.keyboard.press(".")
    await expect(said).to_have_text("12:01:00 INC-1 is dispatched, with ana.")
    await expect(row).to_contain_text("ana")
    await expect(row).to_contain_text("changed")
    await page.keyboard.press(".")
    await expect(said).to_contain_text("opened INC-4")
    await row.get_by_role("button").focus()
    await page.keyboard.press("[")
    await expect(said).to_contain_text("12:01:00 INC-1 is dispatched")
    await page.keyboard.press("<")
    await expect(said).to_contain_text("12:00:30")
    await expect(page.locator("[data-incident='INC-4']")).to_have_count(0)
    await page.get_by_role("button", name="1 min on").click()
    await expect(page.locator("[data-incident='INC-4']")).to_contain_text("changed")
    await expect(said).to_contain_text("otherwise than before")


async def _has_no_command(page: Page) -> None:
    """Find every button of the page, its panel and its boards: none does anything but look."""
    await page.get_by_role("button", name="at Library of S1").first.click()
    await expect(page.get_by_role("region", name="All about INC-1")).to_contain_text("ana")
    await expect(page.locator(".timeline")).to_contain_text("Owned by ana")
    for part in (
        "queue/alarms/INC-1",
        "queue/test",
        "queue/due",
        "boards/people",
        "boards/cameras",
        "log",
        "handover",
    ):
        await page.evaluate(f"location.hash = '#/{part}'")
        await drawn(page)
        await expect(page.locator("main .panel").first).to_be_visible()
        assert await page.locator("button:not([data-look])").count() == 0
        assert await page.locator("main form, main input:not(#find)").count() == 0
    await page.get_by_role("link", name="Map").click()
    await expect(page.locator("[data-point='site:S1']")).to_contain_text("INC-1")
    assert await page.locator("button:not([data-look])").count() == 0
    assert await page.get_by_role("button", name="Own", exact=True).count() == 0
    await page.evaluate("location.hash = '#/queue/alarms'")


async def _finds_its_way(page: Page) -> None:
    """Go to a moment by the field, and hear why another one is not there."""
    await page.get_by_label("Moment, by the clock in Leeds").fill("2026-03-02T12:00:00")
    await page.get_by_role("button", name="Go there").click()
    await expect(page).to_have_title("PAST Monday, 2 March 2026 at 12:00:00 - Leedswatch control room")
    await page.get_by_label("Moment, by the clock in Leeds").fill("2019-03-02T12:00:00")
    await page.get_by_role("button", name="Go there").click()
    await expect(page.get_by_role("alert").last).to_contain_text("reaches from 02 March 2026 12:00:00 GMT")
    await page.get_by_role("button", name="Where it ends").click()
    await expect(page.locator(".past-moment time")).to_have_text("Monday, 2 March 2026 at 12:02:00")


async def _comes_back(page: Page) -> None:
    """Go back to now, and from a line of an incident's timeline to how it was then."""
    await page.get_by_role("link", name="Back to now").click()
    await expect(page.locator("html")).to_have_attribute("data-connection", "live")
    await page.goto(page.url.split("#")[0] + "#/queue/alarms/INC-1")
    await page.get_by_role("link", name="As it was then").first.click()
    await expect(page.locator(".past-moment time")).to_have_text("Monday, 2 March 2026 at 12:00:00")
    await expect(page.get_by_role("region", name="All about INC-1")).to_contain_text("nobody")

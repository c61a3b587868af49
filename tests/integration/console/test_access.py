"""Whom the live console would shut out: nobody, in any theme, on any part, in any state."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.console.parts import RoomStatus
from controlroom.events import Owned
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom, garbage
from tests.integration.console.looks import QUICK, THEMES, focused, opened, violations
from tests.integration.console.served import served

pytestmark = pytest.mark.browser

PARTS = ("queue/alarms/INC-6", "queue/test", "queue/due", "queue/closed")


def busy(room: SmallRoom) -> None:
    """Fill every list, and let the store be away."""
    room.status = RoomStatus(demonstration=True, degraded="the store does not answer")
    room.happens(*room.signals(5), signal(Kind.ARC_ALARM, "a1", event="panic"), garbage(b"\xff{"))
    room.happens(signal(Kind.ARC_ALARM, "a2", event="other"), signal(Kind.HELP_POINT, "h1"))
    room.happens(Owned("INC-8", 1, "desk one"))


@pytest.mark.parametrize("theme", THEMES)
async def test_nothing_on_the_page_shuts_anybody_out(browser: Browser, axe: str, theme: str) -> None:
    """Axe finds no violation: lists filled, an incident open, a question, the keys, a stale line."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        context = await browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
        await context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        page = await context.new_page()
        await page.clock.install()
        busy(room)
        await opened(page, server, operator="desk one")
        await page.locator("[data-quarantine='7'] button").click()
        assert await violations(page, axe) == []
        for part in PARTS:
            await page.goto(f"{server.address}/#/{part}")
            await expect(page.locator("h2").first).to_be_visible()
            assert await violations(page, axe) == [], part
        await page.goto(f"{server.address}/#/queue/alarms")
        for key, title in (("c", "Close INC-"), ("p", "Park INC-"), ("?", "Keys")):
            await page.locator(".row-open-button").last.focus()
            await page.keyboard.press(key)
            await expect(page.get_by_role("dialog")).to_contain_text(title)
            assert await violations(page, axe) == [], title
            await page.keyboard.press("Escape")
        await server.stop()
        await page.clock.run_for(12_000)
        await expect(page.locator("[data-line='stale']")).to_be_visible()
        assert await violations(page, axe) == []
        await context.close()


async def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    """Tab goes through header, lists, rows and panels in the order of the page, with a focus that is seen."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        room.happens(signal(Kind.ARC_ALARM, "a1", event="other"), garbage(b"{"))
        await opened(page, server)
        await expect(page.get_by_role("link", name="Help")).to_be_visible()
        walked: list[Any] = []
        for _ in range(60):
            await page.keyboard.press("Tab")
            at = await focused(page)
            if walked and (at[0].startswith("Skip") or at[0] == "BODY"):
                break  # it begins anew
            walked.append(at)
        names = [name.split(" ")[0] for name, _ in walked]
        wanted = ["Skip", "Queue", "Boards", "Switch", "Dark", "Keys", "Alarms", "My", "Closed", "search"]
        wanted += ["Alarms", "checkbox", "Other", "Own", "Send", "Close", "Routed", "Quarantined", "Help"]
        places = [names.index(name) for name in wanted if name != "Alarms"]
        assert places == sorted(places), names
        assert [one for one in walked if one[1] != "solid"] == []


async def test_at_twice_the_size_the_page_is_one_column(browser: Browser) -> None:
    """At 200 % (half the pixels) nothing scrolls sideways but the tables inside their frames."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        busy(room)
        context = await browser.new_context(viewport={"width": 640, "height": 400}, reduced_motion="reduce")
        page = await context.new_page()
        await opened(page, server, "queue/alarms/INC-6")
        await expect(page.get_by_role("region", name="All about INC-6")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        moving = "document.getAnimations().filter((one) => one.playState === 'running').length"
        assert await page.evaluate(moving) == 0
        await context.close()

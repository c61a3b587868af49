"""Whom the live console would shut out: nobody, in any theme, on any part, in any state."""

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.console.parts import RoomStatus
from controlroom.events import Owned
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom, garbage
from tests.integration.console.looks import QUICK, focused, opened
from tests.integration.console.served import served

pytestmark = pytest.mark.browser


def busy(room: SmallRoom) -> None:
    """Fill every list, and let the store be away."""
    room.status = RoomStatus(demonstration=True, degraded="the store does not answer")
    room.happens(*room.signals(5), signal(Kind.ARC_ALARM, "a1", event="panic"), garbage(b"\xff{"))
    room.happens(signal(Kind.ARC_ALARM, "a2", event="other"), signal(Kind.HELP_POINT, "h1"))
    room.happens(Owned("INC-8", 1, "desk one"))


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

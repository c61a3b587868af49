"""Whom the console would shut out: nobody, in any theme, on any page, in any state of the table."""

import pytest
from playwright.async_api import Browser, expect

from controlroom.console.parts import RoomStatus
from tests.console.night_room import NightRoom, live_through
from tests.integration.console.looks import QUICK, cut_off, opened, violations
from tests.integration.console.served import served
from tests.integration.console.states import CONSOLE, named, reach

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


async def test_no_state_of_the_console_shuts_anybody_out(browser: Browser, axe: str) -> None:
    """Axe finds nothing and nothing scrolls sideways: each list, panel, question, board; degraded, stale."""
    room = NightRoom()
    async with served(room, QUICK) as server:
        live_through(room)
        context = await browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
        page = await context.new_page()
        await page.clock.install()
        await opened(page, server)
        found = {}
        for width in (1280, 1440, 1920):
            assert await cut_off(page, width) == [[], 1], width
        await page.set_viewport_size({"width": 1440, "height": 900})
        for state in CONSOLE:
            await reach(page, server.address, state, named(room, "desk one"))
            found[state.name] = await violations(page, axe, whole=state.asked_whole)
        room.status = RoomStatus(demonstration=True, degraded="the store does not answer")
        await expect(page.get_by_text("Nothing can be stored")).to_be_visible()
        found["degraded"] = await violations(page, axe)
        await server.stop()
        await page.clock.run_for(12_000)
        await expect(page.locator("[data-line='stale']")).to_be_visible()
        found["stale"] = await violations(page, axe)
        assert {state: what for state, what in found.items() if what} == {}

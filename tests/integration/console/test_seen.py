"""Whether a person sees what is there: the focus, marks in the system's colours, a wall from four metres."""

import math
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.console.night_room import NightRoom, live_through
from tests.integration.console.eyes import lost_marks, read_aloud, smallest_capital_px, walked
from tests.integration.console.looks import QUICK, opened, violations
from tests.integration.console.served import Served, served
from tests.integration.console.states import CONSOLE, named, reach

pytestmark = pytest.mark.browser

WALKED = ("boards-people", "quarantine-open", "log", "handover", "refer")
"""Walked in the light theme alone, whose ring has the least to stand out by."""

FORCED = ("incident", "close", "due", "boards-signals", "log")
RUNNING = "document.getAnimations().filter((one) => one.playState === 'running').length"
STATES = {state.name: state for state in CONSOLE}

SCREEN_MM = 55 * 25.4 * 9 / math.hypot(16, 9)
"""How high a screen of 55 inches is, at 1080 lines."""

LINES = 1080
AWAY_MM = 4_000
ARC_MINUTES = 16
"""How large a capital must look at least. ISO 9241-303 prefers 20 to 22; to be confirmed against it."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[Served]:
    """A console over the night; nobody here does anything but look, so one serves all."""
    room = NightRoom()
    async with served(room, QUICK) as running:
        live_through(room)
        yield running


async def test_the_focus_is_seen_at_every_stop(browser: Browser, server: Served) -> None:
    """Each stop has a line of 3 to 1 against what is under it, in each theme, and no frame cuts it off."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    names = named(server.room, "desk one")
    await opened(page, server)
    await reach(page, server.address, STATES["incident"], names)
    stops, faults = await walked(page)
    wanted = ["Skip to main content", "Queue", "Switch user", "Keys ?", "Own", "Alarms", "Closed", "find"]
    wanted += ["Send", "Close panel Esc", "Recall", "Done", "Pass over", "Why: rule panic", "Help"]
    places = [stops.index(name) for name in wanted]
    assert places == sorted(places), stops
    for name in WALKED:
        await reach(page, server.address, STATES[name], names)
        if await page.get_by_role("dialog").count() == 0:
            await page.focus("main")
        faults += (await walked(page, 32, ("light",)))[1]
    assert faults == []


async def test_at_twice_the_size_nothing_scrolls_sideways(browser: Browser, server: Served) -> None:
    """At 200 % (640 pixels are left) every page is one column but for tables in frames; nothing moves."""
    page = await browser.new_page(viewport={"width": 640, "height": 400}, reduced_motion="reduce")
    await opened(page, server)
    wide, moving = [], 0
    for state in (state for state in CONSOLE if state.picture):
        deeds = () if state.part.startswith("map") else state.deeds  # there the list stands alone
        await reach(page, server.address, state._replace(deeds=deeds), named(server.room, "desk one"))
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(state.name)
        moving += await page.evaluate(RUNNING)
    assert (wide, moving) == ([], 0)


async def test_in_the_systems_own_colours_nothing_is_lost(browser: Browser, server: Served) -> None:
    """Marks, edges, what is chosen and the focus stand out in a dark and a light contrast theme."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, forced_colors="active")
    await opened(page, server)
    for name in FORCED:
        await reach(page, server.address, STATES[name], named(server.room, "desk one"))
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert await lost_marks(page) == [], (name, scheme)
    await reach(page, server.address, STATES["incident"], named(server.room, "desk one"))
    await page.focus("main")
    stops, faults = await walked(page, 40, themes=("",))
    assert len(stops) > 30
    assert faults == []


async def test_the_wall_is_read_from_four_metres(browser: Browser, server: Served, axe: str) -> None:
    """On 55 inches no capital is under 16 minutes of arc at four metres, and all of it fits the screen."""
    page = await browser.new_page(viewport={"width": 1920, "height": LINES}, bypass_csp=True)
    await server.sign_in(page.context)
    await page.goto(f"{server.address}/wall")
    await expect(page.locator(".wall-list li")).to_have_count(8)
    high_mm = await smallest_capital_px(page) * SCREEN_MM / LINES
    assert math.degrees(2 * math.atan(high_mm / 2 / AWAY_MM)) * 60 >= ARC_MINUTES
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert await violations(page, axe) == []


async def test_read_aloud_the_page_makes_sense(browser: Browser, server: Served) -> None:
    """Without its looks the page is: where one is, what is urgent, the list, the incident, the rest."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    await opened(page, server)
    await reach(page, server.address, STATES["incident"], named(server.room, "desk one"))
    said = await read_aloud(page)
    order = [
        "link Skip to main content",
        "banner",
        "navigation Parts of the console",
        "region Notices",
        "region Priority 1",
        "button Own",
        "main",
        "heading 1 Live event console",
        "navigation Lists",
        "heading 2 Alarms",
        "searchbox Find in Alarms",
        "table Alarms",
        "columnheader Pr.",
        "row",
        "heading 2 Panic",
        "region All about",
        "group Commands about",
        "heading 3 Action plan",
        "heading 3 Keyholders",
        "heading 3 Site",
        "heading 3 Timeline",
        "contentinfo",
    ]
    at = -1
    for wanted in order:
        at = next((place for place in range(at + 1, len(said)) if said[place].startswith(wanted)), -2)
        assert at >= 0, f"{wanted} in {'|'.join(said)}"

"""Whole pieces of a shift, in a real browser, while the field does not stop talking."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from playwright.async_api import Browser, Page, Route, expect

from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import QUICK, opened, store
from tests.integration.console.served import served

pytestmark = pytest.mark.browser

PAUSE_S = 0.05
AT_ONCE = 10  # 200 a second


@asynccontextmanager
async def talking(room: SmallRoom) -> AsyncIterator[None]:
    """Let signals come, 200 a second, every tenth of them one for an open incident, until the block ends."""
    over = asyncio.Event()

    async def talk() -> None:
        number = 0
        while not over.is_set():
            number += 1
            room.happens(
                *room.signals(AT_ONCE - 1), signal(Kind.ARC_ALARM, f"busy{number}", event="intruder")
            )
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), PAUSE_S)

    task = asyncio.create_task(talk(), name="talking")
    try:
        yield
    finally:
        over.set()
        await task


async def test_a_panic_is_worked_by_keyboard_alone_from_ring_to_close(page: Page) -> None:
    """B opens it, A owns it, its plan is worked through, C closes it; the field talks 200 times a second."""
    async with served(pace=QUICK) as server:
        room = server.room
        await opened(page, server)
        async with talking(room):
            await page.keyboard.press("ArrowDown")
            room.happens(signal(Kind.ARC_ALARM, "ring", event="panic"))
            urgent = page.get_by_role("region", name="Priority 1, nobody has it")
            await expect(urgent).to_be_visible()
            name = next(one.id for one in room.state.incidents.values() if one.event == "panic")
            while await page.locator(f"section[aria-label='All about {name}']").count() == 0:
                await page.keyboard.press("b")  # the first due comes first; own what is before it
                about = page.locator(".panel-body")
                await expect(about).to_be_visible()
                if await about.get_attribute("aria-label") == f"All about {name}":
                    break
                await page.keyboard.press("a")
                await page.keyboard.press("Escape")
            await page.keyboard.press("a")
            await expect(page.locator(".facts").first).to_contain_text("desk one")
            await page.locator("[data-step='go'] button").first.focus()
            await page.keyboard.press("Enter")
            await expect(page.locator("[data-step='go']")).to_contain_text("Done by desk one")
            await page.keyboard.press("c")
            await expect(page.get_by_role("dialog")).to_be_visible()
            await page.keyboard.press("Space")
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("dialog")).to_have_count(0)
        closed = room.state.closed[name]
        assert (closed.owner, closed.outcome, closed.steps[0].author) == ("desk one", "genuine", "desk one")
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")


async def test_two_operators_race_for_one_incident(browser: Browser) -> None:
    """Both press the same key at the same moment: one has it, and the other is told who, in words."""
    async with served(pace=QUICK) as server:
        server.room.happens(signal(Kind.ARC_ALARM, "a1", event="other"))
        pages = []
        for operator in ("desk one", "desk two"):
            page = await (await browser.new_context()).new_page()
            await opened(page, server, operator=operator)
            await page.keyboard.press("ArrowDown")
            pages.append(page)
        first, second = pages
        taken = asyncio.Event()

        async def late(route: Route) -> None:
            await taken.wait()
            await route.continue_()

        await second.route("**/own", late)  # pressed before it could see what the other did
        await second.keyboard.press("a")
        await first.keyboard.press("a")
        await expect(first.locator("[data-incident='INC-1']")).to_contain_text("you")
        taken.set()
        await expect(second.locator(".notice")).to_contain_text("owned by desk one 0 s ago")
        assert server.room.state.incidents["INC-1"].owner == "desk one"
        for page in pages:
            await page.context.close()


async def test_no_position_is_missed_or_seen_twice_while_the_line_breaks(page: Page) -> None:
    """The line is cut three times under 200 signals a second; every position is folded exactly once."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        async with talking(server.room):
            for _ in range(3):
                await server.unplug()
                await expect(page.locator("html")).to_have_attribute("data-connection", "reconnecting")
                await server.plug_in()
                await expect(page.locator("html")).to_have_attribute(
                    "data-connection", "live", timeout=15_000
                )
        last = server.room.state.position
        await page.wait_for_function(
            "([src, last]) => import(src).then(({ store }) => store.position >= last)",
            arg=[await page.get_attribute("script[type=module]", "src"), last],
        )
        seen = await store(page, "store.signals.map((row) => row.p)")
        assert seen == list(range(last - len(seen) + 1, last + 1))
        assert await store(page, "store.restarts") == 1

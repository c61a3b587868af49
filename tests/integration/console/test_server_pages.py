"""The server-rendered pages in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from controlroom.console.pages.navigation import ENTRIES
from tests.integration.console.looks import violations
from tests.integration.console.served import served

pytestmark = pytest.mark.browser


async def test_every_page_of_the_navigation_shuts_nobody_out(browser: Browser, axe: str) -> None:
    """Axe finds nothing on any of them, in any theme, nor does one scroll sideways at 320 pixels."""
    async with served() as server:
        context = await browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
        await context.add_init_script("localStorage.setItem('theme', 'dim')")
        await server.sign_in(context)
        page = await context.new_page()
        for entry in ENTRIES:
            if entry.href in {"/", "/wall", "/crew", "/past"}:  # pages that no template shows
                continue
            answer = await page.goto(server.address + entry.href)
            assert answer is not None
            assert answer.status == 200
            await expect(page.locator("html")).to_have_attribute("data-theme", "dim")
            await expect(page.locator("h1")).to_have_count(1)
            await expect(page.locator("[aria-current=page]")).to_have_attribute("href", entry.href)
            assert await violations(page, axe) == []
        await context.close()


async def test_a_page_works_without_javascript(browser: Browser) -> None:
    """Whoever has no scripts reads the page, and the skip link comes first."""
    async with served() as server:
        context = await browser.new_context(java_script_enabled=False)
        page = await context.new_page()
        await page.goto(server.address + "/help")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_text("Skip to main content")
        await context.close()

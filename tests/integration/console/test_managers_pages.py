"""The manager's pages in a real browser, without JavaScript: figures, their events, paper, signing."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from controlroom.access.permissions import Role
from tests.console.managed_room import TODAY, ManagedRoom, with_a_past
from tests.integration.console.looks import violations
from tests.integration.console.served import Served, served

pytestmark = pytest.mark.browser

PAGES = (
    "/managers",
    "/managers?area=inner-south&outside=true",
    "/managers/areas",
    "/managers/answering",
    "/managers/load",
    "/managers/cameras?cost=650",
    "/managers/income",
    "/managers/measures/lone_worker_checks",
)
LAST_QUARTER = "2026Q2"


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[Served]:
    """A console over a room with twenty months behind it."""
    async with served(with_a_past()) as running:
        yield running


async def tab(browser: Browser, server: Served, role: Role = Role.MANAGER, *, scripts: bool = False) -> Page:
    """Return a tab of somebody in this role who has signed in; without JavaScript unless it is asked for."""
    context = await browser.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=scripts, bypass_csp=scripts
    )
    await server.sign_in(context, "manager", role)
    return await context.new_page()


async def test_every_figure_opens_onto_as_many_events(browser: Browser, server: Served) -> None:
    """From each figure of the scorecard that can be opened, the list behind it adds up to that figure."""
    page = await tab(browser, server)
    await page.goto(f"{server.address}/managers?quarter={LAST_QUARTER}")
    links = await page.locator(".managers-figure a").all()
    figures = {await link.get_attribute("href"): await link.inner_text() for link in links}
    counted = {href: int(text.replace(",", "")) for href, text in figures.items() if href is not None}
    assert sum(figure > 0 for figure in counted.values()) > 5
    for href, figure in counted.items():
        if not figure:
            continue
        await page.goto(server.address + href)
        await expect(page.locator("#total")).to_have_text(f"{figure:,}")
        total = 0
        while True:
            cells = await page.locator("#events tbody tr td:last-child").all_inner_texts()
            total += sum(int(cell) for cell in cells)
            following = page.locator("a[rel=next]")
            if not await following.count():
                break
            async with page.expect_navigation():  # and the whole of the next page is there
                await following.click()
        assert total == figure, href


async def test_the_area_narrows_the_figure_and_its_events(browser: Browser, server: Served) -> None:
    """The choice of a Community Committee is in the figure, in its link and in the list behind it."""
    page = await tab(browser, server)
    await page.goto(f"{server.address}/managers?quarter={LAST_QUARTER}")
    await page.get_by_label("Community Committee").select_option("inner-east")
    await page.get_by_role("button", name="Show").click()
    await expect(page).to_have_url(re.compile("area=inner-east"))  # the old page has such a link too
    async with page.expect_navigation():
        await page.locator("#fpns_issued .managers-figure a").click()

    await expect(page.get_by_text("Inner East:")).to_be_visible()
    areas = await page.locator("#events tbody tr td:nth-child(2)").all_inner_texts()
    assert areas == ["Inner East"] * len(areas)
    await expect(page.locator("#total")).to_have_text(str(len(areas)))


async def test_the_pages_shut_nobody_out(browser: Browser, server: Served, axe: str) -> None:
    """Axe finds nothing on any page in any theme, and none scrolls sideways at 320 pixels."""
    page = await tab(browser, server, scripts=True)
    for path in PAGES:
        await page.set_viewport_size({"width": 1280, "height": 900})
        answer = await page.goto(server.address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert await violations(page, axe) == [], path
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_figures_are_reached_by_keyboard(browser: Browser, server: Served) -> None:
    """From the top of the page the first figure is some presses of Tab away, and Enter opens its events."""
    page = await tab(browser, server)
    await page.goto(f"{server.address}/managers?quarter={LAST_QUARTER}")
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.locator(".managers-figure a:focus").count():
            break
    await page.keyboard.press("Enter")

    await expect(page.locator("#total")).to_be_visible()


async def test_small_numbers_are_not_shown_to_who_is_outside(browser: Browser, server: Served) -> None:
    """An auditor, who does not answer for the plan, sees "fewer than 5" and no way behind it."""
    page = await tab(browser, server, Role.AUDITOR)
    await page.goto(f"{server.address}/managers?quarter=2026Q3&outside=false")
    row = page.locator("#cse_intelligence")

    await expect(row.locator(".managers-figure")).to_have_text("fewer than 5")
    assert await row.locator(".managers-figure a").count() == 0
    answer = await page.goto(f"{server.address}/managers/measures/cse_intelligence")
    assert answer is not None
    assert answer.status == 403


async def test_an_operator_sees_none_of_it(browser: Browser, server: Served) -> None:
    """Who may not read the plan is told so, on every page, and finds no entry in the navigation."""
    page = await tab(browser, server, Role.OPERATOR)
    for path in PAGES:
        answer = await page.goto(server.address + path)
        assert answer is not None
        assert answer.status == 403, path


async def test_a_quarter_is_explained_and_signed_and_stays(browser: Browser, server: Served) -> None:
    """A narrative stands beside its figure; a signed quarter names who signed it and is signed once."""
    page = await tab(browser, server)
    await page.goto(f"{server.address}/managers?quarter={LAST_QUARTER}")
    await page.get_by_label("Measure", exact=True).select_option("fpns_issued")
    await page.get_by_label("What stands behind it").fill("A new team in the city centre.")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.locator("#fpns_issued")).to_contain_text("A new team in the city centre.")

    await page.get_by_label(re.compile("I answer for these figures")).check()
    await page.get_by_role("button", name="Sign", exact=True).click()
    await expect(page.get_by_text("Signed by manager", exact=False)).to_be_visible()
    assert await page.get_by_role("button", name="Sign", exact=True).count() == 0


async def test_a_quarter_that_runs_cannot_be_signed(browser: Browser) -> None:
    """Nobody answers for figures that are still being counted."""
    async with served(ManagedRoom(TODAY)) as server:
        page = await tab(browser, server)
        await page.goto(f"{server.address}/managers")
        await expect(page.get_by_text("It can be signed when it is over.")).to_be_visible()


async def test_the_scorecard_prints(browser: Browser, server: Served, tmp_path: Path) -> None:
    """On paper it is a few landscape pages, with every measure, without navigation and forms."""
    page = await tab(browser, server)
    await page.goto(f"{server.address}/managers?quarter={LAST_QUARTER}")
    await page.emulate_media(media="print")
    await expect(page.locator("nav").first).to_be_hidden()
    await expect(page.get_by_role("button", name="Show")).to_be_hidden()
    printed = await page.pdf(prefer_css_page_size=True, path=tmp_path / "card.pdf")

    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 4

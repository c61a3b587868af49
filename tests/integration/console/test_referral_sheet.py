"""The sheet of a referral in a real browser: on screen, on paper, without scripts, with hostile words."""

import pytest
from playwright.async_api import Browser, expect

from controlroom.commands.referrals import Referred
from controlroom.estate.partners import Category
from tests.integration.console.looks import violations
from tests.integration.console.served import served
from tests.integration.console.test_referrals_api import room_with_partners

pytestmark = pytest.mark.browser

LONG = "<b>four</b> of them\n" * 20 + "W" * 1_600
SHEET = "/referrals/REF-2/sheet"


def pages_of(pdf: bytes) -> int:
    """Return how many pages a PDF has, as its page objects say."""
    return pdf.count(b"/Type /Page\n")


async def test_the_longest_referral_fits_on_one_sheet(browser: Browser) -> None:
    """Two thousand wide letters of reason, a reference, all lines to sign: one side of A4, no scripts."""
    room = room_with_partners()
    room.happens(Referred("INC-1", 1, "desk one", "lasbt", Category.ASB, LONG, "WY-1234567"))
    async with served(room) as server:
        context = await browser.new_context(java_script_enabled=False)
        await server.sign_in(context)
        page = await context.new_page()
        await page.goto(server.address + SHEET)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Referral to the ASB team")
        await expect(page.locator(".sheet-reason")).to_contain_text("<b>four</b> of them <b>four</b>")
        await expect(page.locator(".sheet-mark")).to_have_count(0)
        pdf = await page.pdf(prefer_css_page_size=True)
        assert pages_of(pdf) == 1
        await context.close()


async def test_the_sheet_shuts_nobody_out(browser: Browser, axe: str) -> None:
    """Axe finds nothing in any theme, nor does the page scroll sideways at 320 pixels."""
    room = room_with_partners()
    room.happens(Referred("INC-1", 1, "desk one", "lasbt", Category.ASB, "a" * 300))
    async with served(room) as server:
        context = await browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
        await server.sign_in(context)
        page = await context.new_page()
        await page.goto(server.address + SHEET)
        assert await violations(page, axe) == []
        await context.close()

"""How the console in a real browser is opened and looked at, also for those whom it would shut out."""

from typing import Any

from playwright.async_api import Page, expect

from controlroom.console.live import Pace
from tests.integration.console.served import Served

THEMES = ("dark", "dim", "light")

QUICK = Pace(pulse_s=0.02, beat_s=0.2)
"""A stream that a test need not wait for."""

_RUN = (
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>"
    " [id, nodes.map(({ html, failureSummary }) => html + failureSummary)]))"
)


async def violations(page: Page, axe: str) -> Any:
    """Return what axe finds on the page as it is now; the context has to bypass the security policy."""
    await page.evaluate(axe)
    return await page.evaluate(_RUN)


_CUT_OFF = """() => {
  const over = (box, frame) => box.right > frame.right + 1 || box.left < frame.left - 1;
  const box = (one) => one.getBoundingClientRect();
  const words = [...document.querySelectorAll(".cell .btn, .cell .due")];
  const whole = (one) => !over(box(one), box(one.closest(".cell"))) && one.scrollWidth <= one.clientWidth + 1;
  const cut = words.filter((one) => !whole(one));
  return [cut.map((one) => one.textContent), Math.floor(document.querySelector(".top").clientHeight / 30)];
}"""


async def cut_off(page: Page, width: int) -> Any:
    """Return the words in rows that do not fit at this width, and the lines of the header, 30 px each."""
    await page.set_viewport_size({"width": width, "height": 900})
    return await page.evaluate(_CUT_OFF)


async def opened(page: Page, server: Served, part: str = "", operator: str = "desk one") -> None:
    """Open the console at this part (`queue/mine`), as this operator, and wait until it is live."""
    await server.sign_in(page.context, operator)
    await page.goto(f"{server.address}/#/{part}")
    await expect(page.locator("html")).to_have_attribute("data-connection", "live")


async def store(page: Page, expression: str) -> Any:
    """Return what an expression over the page's own store says."""
    script = "src => import(src).then(({ store }) => " + expression + ")"
    main = await page.get_attribute("script[type=module]", "src")
    return await page.evaluate(script, main)


async def focused(page: Page) -> Any:
    """Return what has the focus, in words, and the style of the line around it."""
    return await page.evaluate(
        "(({ ariaLabel, innerText, type, tagName }, style) =>"
        " [(ariaLabel || innerText || type || tagName).split('\\n')[0].trim(), style.outlineStyle])"
        "(document.activeElement, getComputedStyle(document.activeElement))"
    )

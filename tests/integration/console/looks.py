"""How the console in a real browser is opened and looked at, also for those whom it would shut out."""

from typing import Any

from playwright.async_api import Page, expect

from controlroom.console.pulses import Pace
from tests.integration.console.served import Served

THEMES = ("dark", "dim", "light")

QUICK = Pace(pulse_s=0.02, beat_s=0.2)
"""A stream that a test need not wait for."""

_RUN = """async ([themes, whole]) => {
  const root = document.documentElement, before = root.dataset.theme, found = [];
  const parts = ["dialog[open]", ".side-panel", ".panel-incidents", ".board"];
  const part = parts.map((one) => root.querySelector(one)).find((one) => one !== null) ?? document;
  const exclude = [["tbody tr:nth-child(n+20)"]];  // rows are made alike, and some lists are long
  const here = { include: part, exclude };
  const colours = { runOnly: ["color-contrast", "link-in-text-block"] };
  for (const theme of themes) {
    root.dataset.theme = theme;
    const first = theme === themes[0];
    const { violations } = await axe.run(first && whole ? { exclude } : here, first ? {} : colours);
    for (const { id, nodes } of violations)
      found.push([theme, id, nodes.map(({ html, failureSummary }) => html + failureSummary)]);
  }
  if (before === undefined) delete root.dataset.theme; else root.dataset.theme = before;
  if (root.scrollWidth > innerWidth) found.push(["", "scrolls sideways", root.scrollWidth]);
  return found;
}"""


async def violations(page: Page, axe: str, *, whole: bool = True) -> Any:
    """Return what axe finds on the page as it is now, in every theme, and whether it scrolls sideways.

    Every rule is asked in the first theme, those about colours in the others: a theme sets nothing else, as
    `tests/console/test_themes.py` holds. Only the first time it is asked about the `whole` page; else, and of
    the colours, about the question, the panel, the list or the part that is shown. The context has to bypass
    the security policy.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(axe)
    return await page.evaluate(_RUN, [THEMES, whole])


_CUT_OFF = """() => {
  const over = (box, frame) => box.right > frame.right + 1 || box.left < frame.left - 1;
  const box = (one) => one.getBoundingClientRect();
  const words = [...document.querySelectorAll(".cell .btn, .cell .due")];
  const whole = (one) => !over(box(one), box(one.closest(".cell"))) && one.scrollWidth <= one.clientWidth + 1;
  const cut = words.filter((one) => !whole(one));
  const foot = (one) => box(one.closest(".cell")).bottom + 1;
  for (const one of document.querySelectorAll(".table-incidents .place .foreign"))
    if (over(box(one), box(one.closest(".place"))) || box(one).bottom > foot(one)) cut.push(one);
  for (const one of document.querySelectorAll(".table-incidents .whom")) {
    const lines = box(one.closest(".sub"));
    if (over(box(one), lines) || box(one).bottom > lines.bottom + 1) cut.push(one);
  }
  for (const one of document.querySelectorAll(".panel-incidents .scroll"))
    if (one.scrollWidth > one.clientWidth) cut.push(one.querySelector("[role=columnheader]:last-child"));
  return [cut.map((one) => one.textContent), Math.floor(document.querySelector(".top").clientHeight / 30)];
}"""


async def cut_off(page: Page, width: int) -> Any:
    """Return the words in rows that do not fit at this width, and the lines of the header, 30 px each.

    Words are buttons, moments, names of places, who was told of an escalation; where rows scroll
    sideways, the last column is one.
    """
    await page.set_viewport_size({"width": width, "height": 900})
    return await page.evaluate(_CUT_OFF)


async def opened(page: Page, server: Served, part: str = "", operator: str = "desk one") -> None:
    """Open the console at this part (`queue/mine`); wait until it is live and knows who this operator is."""
    await server.sign_in(page.context, operator)
    await page.goto(f"{server.address}/#/{part}")
    await expect(page.locator("html")).to_have_attribute("data-connection", "live")
    await expect(page.locator(".desk-name")).to_have_text(operator)


async def drawn(page: Page) -> None:
    """Wait until what was asked to be drawn is drawn, and what follows from that is done."""
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


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

"""How a page in a real browser is looked at: for those whom it would shut out."""

from typing import Any

from playwright.async_api import Page

THEMES = ("dark", "dim", "light")

_RUN = (
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>"
    " [id, nodes.map(({ html, failureSummary }) => html + failureSummary)]))"
)


async def violations(page: Page, axe: str) -> Any:
    """Return what axe finds on the page as it is now; the context has to bypass the security policy."""
    await page.evaluate(axe)
    return await page.evaluate(_RUN)

"""A real Chromium for the tests of the page, and the accessibility checker that is put into it.

One Chromium serves every test of a worker, as a desk's does a whole shift; each test has contexts of its own,
which end with it. For that the tests that are marked `browser` share one event loop.
"""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

HERE = Path(__file__).parent
AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
UNWANTED = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    *("TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"),
    *("SpareRendererForSitePerProcess", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup"),
)
"""Features of Chromium that no test is about. Those of the last line start two processes for each new tab:
one for suggestions below an address bar that nobody sees, one for a page that may be opened next; that was
more than a quarter of what opening the console takes. The others are Playwright's own: of two lists the last
one counts."""

QUIET = [
    f"--disable-features={','.join(UNWANTED)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Flags of a browser that talks to nobody but the page under test."""

expect.set_options(timeout=30_000)
"""What a page has to show is waited for this long (ms). Playwright's own five seconds are few where two
workers, their brokers and stores share two processors; nothing waits longer than it must."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let all tests with a browser run in the loop in which it was started."""
    for item in items:
        if item.get_closest_marker("browser") is not None and HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium without a window."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("no chromium on this machine; install it with: apt-get install chromium")
    async with async_playwright() as play:
        started = await play.chromium.launch(executable_path=chromium, args=QUIET, timeout=120_000)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The worker's Chromium, with nothing open before the test and nothing after it."""
    yield chromium
    for context in list(chromium.contexts):
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty tab; the test fails when the page reports an error or breaks its own security policy."""
    tab = await browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if _is_fault(said.text) else None)
    yield tab
    await tab.close()
    assert not faults


def _is_fault(text: str) -> bool:
    return "Content Security Policy" in text or "Trusted" in text


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's own code."""
    if not AXE.exists():
        pytest.fail("no axe-core in node_modules; install it with: npm ci --ignore-scripts")
    return AXE.read_text(encoding="utf-8")

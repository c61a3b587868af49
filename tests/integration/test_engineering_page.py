"""The engineer's page over a running room: a trial in its own process, a candidate up to its promotion."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.wiring.books import read_estate
from tests.chaos.house import ROOT
from tests.integration.console.conftest import QUIET
from tests.integration.test_engineers_tour import SLOW, open_shell, slow_down
from tests.integration.test_rules_reload_page import Shell

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PASSWORD = "a long enough sentence"  # noqa: S105 - of a room that lives for this test


@pytest.fixture
async def shell(tmp_path: Path) -> AsyncIterator[Shell]:
    """An open room with a feed in its folder, and a candidate that gives callers more time."""
    async with open_shell(tmp_path) as shell:
        feeds = tmp_path / "var" / "feeds"
        feeds.mkdir(parents=True, exist_ok=True)
        estate = read_estate(ROOT / "config" / "estate")
        write_feed(feeds / "morning.jsonl.zst", estate, "", Wanted(0.1, 3.0, beats=False))
        shutil.copytree(tmp_path / "config", tmp_path / "new")
        rules = tmp_path / "new" / "rules" / "help-point.yaml"
        slow_down(rules)
        yield shell


@pytest.fixture
async def page(shell: Shell) -> AsyncIterator[Page]:
    """A tab without scripts of ours, in which an engineer has signed in."""
    added = await shell.run("controlroom users add eve --role engineer")
    initial = re.search(r"initial password: (\S+)", added)
    assert initial is not None
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        tab = await browser.new_page(java_script_enabled=False, viewport={"width": 1280, "height": 900})
        await tab.goto(f"http://127.0.0.1:{shell.port}/sign-in?next=/engineering")
        await tab.fill("[name=name]", "eve")
        await tab.fill("[name=password]", initial[1])
        await tab.click("button[type=submit] >> text=Sign in")
        await tab.fill("#old", initial[1])
        await tab.fill("#new", PASSWORD)
        await tab.fill("#again", PASSWORD)
        await tab.click("text=Change password")
        await tab.goto(f"http://127.0.0.1:{shell.port}/engineering")
        yield tab
        await browser.close()


async def test_a_candidate_goes_from_a_trial_to_its_promotion(shell: Shell, page: Page) -> None:
    """Without a script: replay and report, shadow, a refused promotion, review one by one and by group."""
    await page.select_option("#replay-feed", "morning.jsonl.zst")
    await page.click("button >> text=Replay")
    await expect(page.get_by_text("The trial has begun")).to_be_visible()
    while await page.get_by_text("decisions differ").count() == 0:  # the page has no script, so it is asked
        assert await page.get_by_text("ended with").count() == 0, await page.inner_text("main")
        await page.goto(f"http://127.0.0.1:{shell.port}/engineering")
    await page.click("text=report >> nth=0")
    await expect(page.get_by_role("heading", name="What differs")).to_be_visible()
    await page.go_back()

    await page.fill("#start-why", "45 s")
    await page.click("text=Let it run beside")
    await expect(page.get_by_text("The candidate runs beside.")).to_be_visible()
    broker = f"--broker 127.0.0.1:{shell.house.broker.port}"
    await shell.run(f"controlroom feed play var/feeds/morning.jsonl.zst --speed max {broker}")
    while await page.get_by_text("for a review: no promotion before").count() == 0:
        await page.goto(f"http://127.0.0.1:{shell.port}/engineering")
    await page.fill("#promote-why", "looked at")
    await page.click("button >> text=Promote")
    await expect(page.get_by_role("alert").get_by_text("wait for a review")).to_be_visible()
    await _shown(page, f"http://127.0.0.1:{shell.port}/engineering")
    await page.click("a:has-text('explain') >> nth=0")
    await expect(page.get_by_role("heading", name="The candidate")).to_be_visible()
    await page.goto(f"http://127.0.0.1:{shell.port}/engineering?life=1&find=call#differences")
    await _led_on(page, "button:text-matches('^Accept event') >> nth=0")
    await expect(page.get_by_text("Accepted as meant.")).to_be_visible()
    for why in await page.locator("input[id^=why-]").all():
        await why.fill("every call is answered in 20 s")
    await _led_on(page, "text=Accept all of these")
    while await page.locator("text=Accept all of these").count():
        await page.fill("input[id^=why-]", "meant")
        await _led_on(page, "text=Accept all of these")
    await page.fill("#promote-why", "reviewed")
    await page.click("button >> text=Promote")
    await expect(page.get_by_text("Done, at position")).to_be_visible()

    assert SLOW in (shell.folder / "config" / "rules" / "help-point.yaml").read_text()
    await expect(page.get_by_text("by eve: reviewed")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^Help point [0-9]"))
    heard = await row.get_by_role("cell").first.inner_text()
    assert int(heard.replace(",", "")) > 0


async def _led_on(page: Page, button: str) -> None:
    """Press a button, and wait for the whole of the page that it leads to: what stands there is counted."""
    async with page.expect_navigation():
        await page.click(button)


async def _shown(page: Page, address: str) -> None:
    """Keep how the page looks, light and dark, in the folder that `SHOTS` names; without it do nothing."""
    folder = os.environ.get("SHOTS")
    if folder is None or page.context.browser is None:
        return
    for theme in ("light", "dark"):
        context = await page.context.browser.new_context(
            storage_state=await page.context.storage_state(), viewport={"width": 1280, "height": 1100}
        )
        await context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
        tab = await context.new_page()
        await tab.goto(address)
        await tab.screenshot(path=f"{folder}/engineering-{theme}.png")
        await context.close()

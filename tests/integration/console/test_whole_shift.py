"""A whole shift over the real room: broker, store, shipped rules and estate, real people, Debian's Chromium.

One room and one browser for all of it, in the order of a shift. The field speaks to the broker 200 times a
second while an operator takes a panic from its ring to its close by keyboard alone.
"""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.access.permissions import Role
from tests.integration.console.a_shift import PASSWORD, Shift, live, shift
from tests.integration.console.eyes import told_once
from tests.integration.console.looks import store

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

UPDATES = 60
"""So many must have come to the page while nothing on it moves."""


@asynccontextmanager
async def broken(page: Page) -> AsyncIterator[None]:
    """Hold that the page says its line is broken after what is done here, however soon it is whole again."""
    await page.evaluate("lines.length = 0")
    yield
    await page.wait_for_function("() => lines.some((one) => one === 'reconnecting' || one === 'stale')")


LOOK = """() => {
  const one = document.activeElement, { x, y } = one.getBoundingClientRect();
  const title = document.getElementById("panel-title")?.textContent ?? "";
  return [one === window.heldOne, x, y, title, one.value ?? "", one.selectionStart ?? 0];
}"""
LABEL = """(({ labels, ariaLabel, innerText }) =>
  labels?.[0]?.innerText || ariaLabel || innerText)(document.activeElement)"""


@asynccontextmanager
async def unmoved(page: Page) -> AsyncIterator[None]:
    """Hold that focus, place, panel and what is typed stay as they are, through many updates."""
    await page.evaluate("window.heldOne = document.activeElement")
    before, folded = await page.evaluate(LOOK), await store(page, "store.folded")
    yield
    main = await page.get_attribute("script[type=module]", "src")
    await page.wait_for_function(
        "([src, least]) => import(src).then(({ store }) => store.folded >= least)",
        arg=[main, folded + UPDATES],
    )
    assert await page.evaluate(LOOK) == before


async def tab_to(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(80):
        await page.keyboard.press("Tab")
        if str(await page.evaluate(LABEL)).startswith(name):
            return
    raise AssertionError(f"{name} is not reached by Tab")


async def keys(page: Page, *pressed: str) -> None:
    """Press keys, or type what is longer than a key's name."""
    for one in pressed:
        await (page.keyboard.type(one) if " " in one else page.keyboard.press(one))


async def comes_in(page: Page, at: Shift, initial: str) -> None:
    """Sign in for the first time, by keyboard, and choose a password."""
    await page.goto(at.address)
    await expect(page.get_by_label("Name")).to_be_focused()  # by itself, once the page is there
    await page.keyboard.type("sam")
    await keys(page, "Tab")
    await page.keyboard.type(initial)
    await keys(page, "Enter")
    await expect(page.get_by_role("heading", name="Choose your own password")).to_be_visible()
    await tab_to(page, "Present password")
    await page.keyboard.type(initial)
    await keys(page, "Tab", PASSWORD, "Tab", PASSWORD, "Enter")
    await live(page)


async def works_a_panic(page: Page, at: Shift) -> str:
    """From the ring to the close, by keyboard alone; returns the incident."""
    dialog = page.get_by_role("dialog")
    await expect(page.locator("[data-incident]").first).to_be_visible()
    await keys(page, "ArrowDown")
    async with unmoved(page):
        await at.field.says(at.field.quiet, "panic")
        await expect(page.get_by_role("region", name="Priority 1")).to_contain_text("Panic")
    await keys(page, "b")
    panel = page.locator(".side-panel")
    await expect(panel.locator("#panel-title")).to_be_focused()
    await expect(panel.locator("#panel-title")).to_contain_text("Panic")
    incident = re.search(r"INC-\d+", await panel.locator("h2").inner_text())
    assert incident is not None
    async with unmoved(page):
        await keys(page, "a")
        await expect(panel.locator(".facts").first).to_contain_text("sam")
    await tab_to(page, "Recall")
    await keys(page, "Enter", "They are needed elsewhere.", "Tab", "Enter")
    await expect(dialog).to_have_count(0)
    await expect(panel.get_by_role("button", name="Send", exact=True)).to_be_visible()
    await keys(page, "d")
    await expect(dialog.locator("input:checked")).to_be_focused()
    async with unmoved(page):
        pass
    await keys(page, "Enter")
    await expect(dialog).to_have_count(0)
    await expect(panel.locator(".facts").first).to_contain_text("MR-")
    for left in range(await panel.locator("[data-step]").count() - 1, -1, -1):
        await tab_to(page, "Done")
        await keys(page, "Enter")
        await expect(panel.locator("[data-step]:not(.step-done)")).to_have_count(left)
        assert await page.evaluate("document.activeElement !== document.body")
    await keys(page, "w", "Nobody hurt, ")
    async with unmoved(page):
        pass
    await keys(page, "a chair fell on the button.", "Tab", "Enter")
    await expect(dialog).to_have_count(0)
    await keys(page, "c")
    await expect(dialog).to_be_visible()
    await keys(page, "ArrowDown", "Enter")
    await expect(dialog).to_have_count(0)
    await expect(panel).to_have_count(0)
    assert await page.evaluate("document.activeElement !== document.body")
    return incident[0]


HELD_BACK = """() => {
  const send = window.fetch; window.heldBack = null;
  window.fetch = (at, how) => !at.endsWith("/own") ? send(at, how) : new Promise((gone) => {
    window.heldBack = () => gone((window.fetch = send)(at, { ...how, signal: null }));
  });
}"""  # lets a page's owning wait on its way out until `heldBack` is called, however long that takes


async def owns(page: Page) -> None:
    """Press the key until the room takes it: what a signal or a clock has just changed is asked anew."""
    status = 409
    while status == 409:
        async with page.expect_response("**/own") as answer:
            await keys(page, "a")
        status = (await answer.value).status
    assert status == 200


async def races(winner: Page, loser: Page, at: Shift) -> None:
    """Both press the same key for the same row; who is later reads who did what, and when."""
    for page in (winner, loser):
        await page.goto(f"{at.address}/#/queue/unowned")
        await expect(page.locator(".lists a[aria-current][href='#/queue/unowned']")).to_be_visible()
        await agreed(page, at)
        await expect(page.locator("[data-incident]").first).to_be_visible()
        await keys(page, "Home")
    first = await winner.locator(".row-current").get_attribute("data-incident")
    await loser.locator(f"[data-incident='{first}'] .row-open-button").focus()  # it may stand elsewhere there
    await loser.evaluate(HELD_BACK)  # pressed before it could see what the other did
    await keys(loser, "a")
    await loser.wait_for_function("() => heldBack !== null")
    await owns(winner)
    await loser.evaluate("heldBack()")
    await expect(loser.locator(".notice")).to_contain_text(re.compile(f"{first}: .*owned by sam \\d+ s ago"))


async def hands_over(page: Page, at: Shift) -> None:
    """One signs; the next signs in at the same desk, signs too, and owns in one step what the first had."""
    _, before = await agreed(page, at)
    taken = {incident for incident, (_, _, owner) in before["rows"].items() if owner == "sam"}
    assert taken
    await page.goto(f"{at.address}/#/handover")
    await page.get_by_label("What should the next shift expect?").fill("The panel is being repaired.")
    await page.get_by_role("button", name="Sign and hand over").click()
    await expect(page.locator("[data-handover]")).to_contain_text("nobody has taken it yet")
    await page.get_by_role("link", name="Switch user").click()
    await page.get_by_label("Name").fill("robin")
    await page.get_by_label("Password").fill(PASSWORD)
    await keys(page, "Enter")
    await live(page)
    await page.goto(f"{at.address}/#/handover")
    await page.get_by_role("button", name="Sign and take over").click()
    await expect(page.locator("[data-handover]")).to_contain_text("taken by robin")
    await page.goto(f"{at.address}/#/queue/mine")
    await expect(page.locator(f"[data-incident='{min(taken)}']")).to_contain_text("you")
    _, after = await agreed(page, at)
    assert {incident for incident, (_, _, owner) in after["rows"].items() if owner == "robin"} >= taken


async def comes_back(page: Page, at: Shift) -> None:
    """The line is cut twice and the room killed once, while a note is half written; it is sent after.

    It is about an incident that is owned first: what nobody answers is escalated meanwhile. Its site says
    no more: a command about what a signal has just changed is refused, and asked again.
    """
    for name in ("alarms", "unowned"):  # what was held still under the hand is not shown any more
        await page.goto(f"{at.address}/#/queue/{name}")
        await expect(page.locator(f".lists a[aria-current][href='#/queue/{name}']")).to_be_visible()
    await keys(page, "Home", "Enter")
    await expect(page.locator("#panel-title")).to_be_focused()
    incident = re.search(r"INC-\d+", page.url)
    assert incident is not None
    at.field.spared.add(await store(page, f"store.incidents.get('{incident[0]}').site"))
    await owns(page)
    await expect(page.locator(".side-panel .facts").first).to_contain_text("alex")
    await keys(page, "w", "Half of a ")
    for _ in range(2):
        async with broken(page):
            at.link.reset()
        await live(page)
    async with broken(page):
        await at.house.room.end(signal.SIGKILL)
    await at.house.open_room()
    await live(page)
    await keys(page, "note, and the rest.", "Tab", "Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def folded_truly(page: Page, at: Shift) -> None:
    """What the page folded is what it was told, each position once, and it shows what the room says."""
    told, shown = await agreed(page, at)
    position, positions, wrong = told_once(shown["heard"])
    assert wrong == []
    assert (shown["position"], shown["folded"]) == (position, len(positions))
    stands = {one["id"]: [one["version"], one["status"]] for one in told["incidents"]}
    rows = {name: [version, status] for name, (version, status, _) in shown["rows"].items()}
    assert rows == {name: one for name, one in stands.items() if one[1] != "closed"}


VIEW = """{
  position: store.position,
  folded: store.folded,
  heard: window.heard,
  rows: Object.fromEntries(
    store.queue().map(({ id, version, status, owner }) => [id, [version, status, owner ?? null]]),
  ),
}"""
"""What a page stands at and shows, all of one moment: watches go on running out while a test looks."""


async def agreed(page: Page, at: Shift) -> tuple[Any, Any]:
    """Return what the room says and what the page has, once both stand at the same position."""
    main = await page.get_attribute("script[type=module]", "src")
    has = "([src, position]) => import(src).then(({ store }) => store.position >= position)"
    async with asyncio.timeout(60):
        while True:
            told = await (await page.request.get(f"{at.address}/api/v1/snapshot")).json()
            await page.wait_for_function(has, arg=[main, told["position"]])
            shown = await store(page, f"({VIEW})")
            if shown["position"] == told["position"]:
                return told, shown


async def test_a_whole_shift(browser: Browser, tmp_path: Path) -> None:
    """A panic by keyboard alone, a race, a handover at a shared desk, a line that breaks, a room killed."""
    async with shift(tmp_path) as at:
        initial = await at.people(sam=Role.OPERATOR, alex=Role.OPERATOR, robin=Role.SUPERVISOR)
        sam = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
        await comes_in(sam, at, initial)
        alex = await at.page(browser, "alex")
        async with at.field.talking():
            panic = await works_a_panic(sam, at)
        told: Any = await (await sam.request.get(f"{at.address}/api/v1/incidents/{panic}")).json()
        assert (told["status"], told["owner"], told["outcome"]) == ("closed", "sam", "false_alarm")
        assert told["notes"][0]["text"] == "Nobody hurt, a chair fell on the button."
        assert {step["author"] for step in told["steps"]} == {"sam"}
        await races(sam, alex, at)
        await hands_over(sam, at)
        async with at.field.talking():
            await comes_back(alex, at)
        await folded_truly(alex, at)

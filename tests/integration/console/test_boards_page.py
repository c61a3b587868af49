"""The boards, the log, the wall and the sound, in a real browser."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.access.permissions import Role
from controlroom.commands.access import AccessNoted, AccessStep
from controlroom.commands.entries import FootageRequest, Income, Misper
from controlroom.commands.entry_words import IncomeFrom, Requester
from controlroom.commands.log_book import EntryWritten
from controlroom.estate.areas import Area
from controlroom.events import Owned
from controlroom.rules.problems import Findings
from controlroom.rules.template_file import read_templates
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom, garbage
from tests.integration.console.looks import QUICK, opened, violations
from tests.integration.console.served import served
from tests.rules.test_template_file import SHIPPED

pytestmark = pytest.mark.browser


def lived(room: SmallRoom) -> None:
    """Let something happen for every board."""
    room.happens(signal(Kind.LONE_WORKER, "w1", event="booked_on"), signal(Kind.HELP_POINT, "h1"))
    room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"), garbage(b"\xff{"))
    room.happens(signal(Kind.CAMERA_FAULT, "c1", fault="signal_loss"))


MOMENTS = """async () => {
  const words = document.querySelector("script[type=module]").src.replace("main.js", "words.js");
  const { moment } = await import(words), now = Date.parse("2026-11-29T12:00:00Z");
  const said = ["2026-11-29T23:59:58Z", "2026-11-28T23:44:00Z", "2027-01-01T00:30:00Z"];
  return said.map((at) => moment(at, now));
}"""


PRINTED = """() => {
  window.print = () => {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const paper = rules.filter((rule) => rule.media?.mediaText === "print");
    for (const rule of paper) rule.media.mediaText = "screen";
    window.paper = document.body.innerText;
    for (const rule of paper) rule.media.mediaText = "print";
  };
}"""
"""Keeps what would stand on the paper."""


async def test_boards_show_how_things_are_now(page: Page) -> None:
    """Who is out with what, which point calls, what could not be read and what to do about it."""
    async with served(pace=QUICK) as server:
        for state, hours in (("raised", 30), ("cleared", 20)):
            server.room.happens(signal(Kind.CAMERA_FAULT, state, fault="signal_loss", state=state))
            server.room.now += timedelta(hours=hours)
        lived(server.room)
        await opened(page, server, "boards/crews")
        await expect(page.locator("main")).to_contain_text("ordered, not accepted")
        await expect(page.get_by_role("link", name="Panic at Library of S1")).to_be_visible()
        await page.goto(f"{server.address}/#/queue/due")
        await expect(page.get_by_role("link", name="Panic at Library of S1")).to_be_visible()
        await page.goto(f"{server.address}/#/handover")
        await expect(page.locator("main")).to_contain_text("priority 1, panic at Library of S1, dispatched")
        await expect(page.get_by_label("What should the next shift expect?")).to_be_in_viewport()
        await page.get_by_label("What should the next shift expect?").fill("The barrier sticks.")
        await page.get_by_role("button", name="Sign and hand over").click()
        await page.evaluate(PRINTED)
        await page.get_by_role("button", name="Print HO-").click()
        paper = str(await page.evaluate("paper"))
        assert "The barrier sticks." in paper
        assert "Nothing stands under: overdue, parked, on test, muted" in paper
        assert "What should the next shift expect?" not in paper
        assert await page.evaluate(MOMENTS) == ["23:59:58", "28 Nov 23:44", "1 Jan 2027 00:30"]
        await page.goto(f"{server.address}/#/boards/help")
        await expect(page.locator("main")).to_contain_text("Calling")
        await page.goto(f"{server.address}/#/boards/quarantine")
        await page.locator(".item-head").click()
        await expect(page.locator(".item-body")).to_contain_text("What to do: Find the device")
        await page.goto(f"{server.address}/#/boards/cameras")
        row = page.get_by_role("region", name="Availability").get_by_role("row", name="Inner East")
        await expect(row.get_by_role("cell")).to_have_text(["83.3 %", "not yet", "not yet", "40.0 %"])


async def test_an_entry_is_written_from_a_template_and_found(page: Page, axe: str) -> None:
    """A template fills the form and leads to its gaps; what was written is found, opened and left again."""
    room = SmallRoom()
    room.templates = read_templates("t", SHIPPED.read_text("utf-8"), Findings())
    async with served(room, pace=QUICK) as server:
        lived(server.room)
        await opened(page, server, "log")
        form = page.locator(".side-panel")
        await form.get_by_label("Area").select_option("inner-east")
        await form.get_by_label("When").select_option("5")
        await form.get_by_label("Kind").select_option("briefing")
        await expect(form.get_by_label("Area")).to_have_value("inner-east")  # what is shown is what is sent
        await page.get_by_label("Template").select_option("radio-shop-watch")
        await expect(page.get_by_label("Call sign")).to_be_focused()
        await page.keyboard.type("LW-7")
        write = page.get_by_role("button", name="Write it down")
        await expect(write).to_be_disabled()
        await expect(page.locator("main")).to_contain_text(
            "Still to fill: [shop] [what] [number] [call sign]"
        )
        await page.get_by_label("Text").fill("Group with paint at the viaduct.")
        await page.get_by_role("link", name="Queue").click()
        await page.get_by_role("link", name="Log").click()
        await expect(page.get_by_label("Text")).to_have_value("Group with paint at the viaduct.")
        await write.click()
        await expect(form.get_by_label("When")).to_have_value("0")  # the next entry is of now again
        await expect(page.locator("main table")).to_contain_text("Group with paint at the viaduct.")
        await expect(page.locator("main table")).to_contain_text("Channel BACIL, call sign LW-7.")

        await page.keyboard.press("/")
        await page.keyboard.type("VIADUCT pai*")
        await page.keyboard.press("Enter")
        await expect(page.locator(".found mark")).to_have_text(["paint", "viaduct"])
        await expect(page.locator(".reach")).to_contain_text("Everything kept was searched.")
        await page.get_by_label("Search everything").fill("panic")
        await page.keyboard.press("Enter")
        await expect(page.locator(".found-sort")).to_have_text(["Incidents", "Signals"])
        assert await violations(page, axe) == []
        await page.get_by_label("Search everything").focus()
        await page.keyboard.press("Tab")
        await page.locator("#found").focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".found a").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#panel-title")).to_contain_text("INC-")
        await page.go_back()
        await expect(page.locator(".found-sort").first).to_have_text("Incidents")
        await page.get_by_label("Search everything").fill("viaduct elephants")
        await page.keyboard.press("Enter")
        await expect(page.locator("main")).to_contain_text("Nothing holds all these words.")


async def test_what_an_entry_leaves_open_is_said_at_its_end(page: Page, axe: str) -> None:
    """How a search ended, how footage was answered, that an entry should read otherwise, or not be at all."""
    room = SmallRoom()
    for said in (
        Misper("MP-1", "Last seen at the weir."),
        FootageRequest(Requester.SOLICITOR, "FR-1", "One hour of the square.", cameras=("ST-001",)),
        Income(IncomeFrom.FOOTAGE, 51_200, "Invoice paid"),
    ):
        room.happens(EntryWritten("sam", room.now, said, Area.INNER_WEST, None, ()))
    async with served(room, pace=QUICK) as server:
        await opened(page, server, "log")
        log, main = page.locator("main table"), page.locator("main")
        await expect(log).to_contain_text("Source footage, £512.00.")
        await page.get_by_role("button", name="Open matters only").click()
        await expect(log.get_by_role("link")).to_have_text(["LOG-1", "LOG-2"])
        await log.get_by_role("link", name="LOG-1").click()
        await expect(page.locator("#one-entry")).to_be_focused()
        await page.get_by_role("button", name="Say how it ended").click()
        await expect(page.get_by_role("button", name="Write it down").last).to_be_disabled()
        await page.get_by_label("What became of the person?").select_option("found_safe")
        await page.get_by_label("Did CCTV or security contribute").select_option("yes")
        assert await violations(page, axe) == []
        await page.get_by_role("button", name="Write it down").last.click()
        await expect(main).to_contain_text("outcome found safe, contributed")
        await expect(log.get_by_role("link")).to_have_text(["LOG-2"])
        await log.get_by_role("link", name="LOG-2").click()
        await page.get_by_role("button", name="Say how it was answered").click()
        await page.get_by_label("Was footage handed over").select_option("yes")
        await page.get_by_label("Does it concern theft").select_option("no")
        await page.get_by_label("Income in pounds").fill("85.50")
        await page.get_by_role("button", name="Write it down").last.click()
        await expect(main).to_contain_text("cameras ST-001, footage handed over")
        await expect(main).to_contain_text("income £85.50")
        await page.get_by_role("button", name="Correct").click()
        await expect(page.get_by_label("Text")).to_have_value("One hour of the square.")
        await page.get_by_label("Text").fill("Two hours of the square.")
        await page.get_by_label("Why is it corrected?").fill("They asked for more.")
        await page.get_by_role("button", name="Write it down").click()
        await expect(main).to_contain_text("They asked for more.")
        kept = server.room.state.log_book.entry("LOG-2")
        assert kept is not None
        assert isinstance(kept.said, FootageRequest)
        assert (kept.said.text, kept.area) == ("Two hours of the square.", Area.INNER_WEST)
        assert kept.said.fulfilled is not None, "a correction of the words leaves the answer as it was"
        await page.get_by_role("button", name="Withdraw").click()
        await page.get_by_label("Why?", exact=True).fill("Written twice.")
        await page.get_by_role("button", name="Withdraw it").click()
        await expect(main).to_contain_text("withdrawn")
        await expect(page.get_by_role("button", name="Correct")).to_have_count(0)


async def test_what_is_restricted_is_found_by_nobody_else(browser: Browser) -> None:
    """A restricted entry and an incident that becomes restricted are on no page of who is not named."""
    page, other = [await (await browser.new_context()).new_page() for _ in range(2)]
    async with served(pace=QUICK) as server:
        server.room.happens(*(signal(Kind.ARC_ALARM, f"a{one}", event="other") for one in range(2)))
        server.room.happens(garbage(b"\xff{"))
        await server.sign_in(other.context, "max", Role.MANAGER)
        await other.goto(f"{server.address}/#/boards/quarantine")
        await expect(other.locator("main")).to_contain_text("None of these can be shown to you here.")
        await other.goto(f"{server.address}/#/queue/alarms/INC-1")
        await expect(other.locator("#panel-title")).to_contain_text("INC-1")
        await opened(page, server, "queue/alarms/INC-1")
        await page.get_by_role("button", name="Restrict").click()
        await page.get_by_label("Names of accounts").fill("nan, desk two")
        await page.get_by_label("Why?").fill("covert")
        await page.get_by_role("button", name="Say who may see it").click()
        await expect(page.get_by_role("dialog")).to_contain_text("nan: no account")
        await page.get_by_label("Names of accounts").fill("max@nobody, desk one")
        await server.let_in("max@nobody", Role.OPERATOR)
        await page.get_by_role("button", name="Say who may see it").click()
        await expect(page.locator("#panel-title")).to_contain_text("restricted")
        await expect(other.locator("[data-incident=INC-2]")).to_be_visible()
        await expect(other.locator("[data-incident=INC-1]")).to_have_count(0)
        await expect(other.locator("main")).to_contain_text("The room has no such incident any more")
        await expect(other.get_by_role("button", name="Restrict")).to_have_count(0)
        await page.goto(f"{server.address}/#/log")
        await page.get_by_label("Channel").select_option("airwave")
        await page.get_by_label("Call sign").fill("LW-7")
        await page.get_by_label("Text").fill("Operation heron.")
        await page.get_by_label("Only for these people").fill("max@nobody")
        await page.get_by_role("button", name="Write it down").click()
        await expect(page.locator("main table")).to_contain_text("Operation heron.")
        await server.sign_in(page.context, "desk two", Role.SUPERVISOR)
        for path in ("/api/v1/search?words=heron", "/api/v1/log-entries"):
            answer = await page.request.get(server.address + path)
            assert answer.ok
            assert "heron" not in await answer.text()
        await page.goto("about:blank")  # a console that is open would load itself again
        for name in ("desk one", "max@nobody"):
            await server.room.desk.end_sessions(name)
        await page.goto(f"{server.address}/#/queue/alarms")
        banner = page.get_by_role("region", name="Notices")
        await expect(banner).to_contain_text("Something restricted is open, and nobody who has signed in")
        await expect(other.locator("main")).to_be_visible()
        await expect(other.get_by_role("region", name="Notices")).not_to_contain_text("restricted")
        await banner.get_by_role("button", name="Let me in…").click()
        await banner.get_by_label("Why do you have to see it?").fill("Its phone rings.")
        await banner.get_by_role("button", name="Let me in", exact=True).click()
        await expect(page.locator("#panel-title")).to_contain_text("INC-1 restricted")
        await expect(banner).not_to_contain_text("restricted")


async def test_sound_is_for_what_is_new_and_a_mute_never_silences_a_life(page: Page) -> None:
    """Many at once are one tone; a mute is written down; priority 1 sounds through it, until owned."""
    sounds = (
        "src => import(src).then(({ sound }) => sound.played.filter((one) => one.priority > 0)"
        ".map((one) => [one.priority, one.count]))"  # not the tone of a line that a quick clock loses
    )
    async with served(pace=QUICK) as server:
        room = server.room
        room.happens(signal(Kind.ARC_ALARM, "a0", event="other"))
        await page.clock.install()
        await opened(page, server)
        main = await page.get_attribute("script[type=module]", "src")
        room.happens(*(signal(Kind.ARC_ALARM, f"a{number}", event="other") for number in range(1, 12)))
        await expect(page.locator("[data-incident]").nth(8)).to_be_visible()
        await page.clock.run_for(1_000)
        assert await page.evaluate(sounds, main) == [[2, 11]]
        await page.keyboard.press("s")
        await expect(page.get_by_text("not priority 1")).to_be_visible()
        room.happens(signal(Kind.ARC_ALARM, "b1", event="other"))
        await page.clock.run_for(4_000)
        assert await page.evaluate(sounds, main) == [[2, 11]]
        room.happens(signal(Kind.HELP_POINT, "h1"))
        await expect(page.get_by_role("region", name="Priority 1, nobody has it")).to_be_visible()
        await page.clock.run_for(3_000)
        assert (await page.evaluate(sounds, main))[1:] == [[1, 1]]
        await page.keyboard.press("s")
        for number in range(7):  # what else sounds puts off nothing
            room.happens(signal(Kind.ARC_ALARM, f"c{number}", event="other"))
            await expect(page.locator("#incidents .count")).to_have_text(str(len(room.state.incidents)))
            await page.clock.run_for(3_000)
        again = await page.evaluate(sounds, main)
        assert [priority for priority, _ in again].count(1) == 2
        urgent = next(one for one in room.state.incidents.values() if one.priority == 1)
        room.happens(Owned(urgent.id, urgent.version, "desk two"))
        await expect(page.get_by_role("region", name="Priority 1, nobody has it")).to_have_count(0)
        await page.clock.run_for(30_000)
        assert await page.evaluate(sounds, main) == again
        notes = [record.event for record in room.journal.values() if isinstance(record.event, AccessNoted)]
        assert [note.detail for note in notes if note.step is AccessStep.MUTED] == ["for 300 s"]

"""One incident in hand, in a real browser: its plan, its timeline, and what keeps it from being closed."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from controlroom.access.permissions import Role
from controlroom.events import Owned, PersonChecked
from controlroom.rules.compile import Compiled
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.fundamentals.shipped_room import shipped_rules
from tests.integration.console.looks import QUICK, opened
from tests.integration.console.served import served
from tests.integration.console.test_keyholders_api import room_with_keys

pytestmark = pytest.mark.browser


async def test_an_incident_is_opened_noted_and_left_by_keyboard(page: Page) -> None:
    """Enter opens the panel beside the list, Escape goes back to the row, and what is new stands in both."""
    async with served(pace=QUICK) as server:
        room = server.room
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"))
        await opened(page, server, operator="desk one")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        panel = page.get_by_role("region", name="All about INC-1")
        await expect(panel).to_contain_text("Do not ring the site")
        await expect(panel).to_contain_text("Action plan: Go and see")
        await page.keyboard.press("w")
        await page.get_by_label("What happened?").fill("Police told.")
        await page.get_by_role("button", name="Write it down").click()
        await expect(panel).to_contain_text("Police told.")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.keyboard.press("Escape")
        await expect(panel).to_have_count(0)
        await expect(page.locator("[data-incident='INC-1'] .row-open-button")).to_be_focused()


async def test_a_required_step_keeps_an_incident_open(page: Page) -> None:
    """The closing says what is not done, and is taken with a reason or when it is done; both are kept."""
    async with served(pace=QUICK) as server:
        room = server.room
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"), signal(Kind.ARC_ALARM, "p2", event="panic"))
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        await expect(page.locator("[data-step='go']")).to_contain_text("Go.")
        await page.keyboard.press("c")
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("The plan is not done")
        await page.set_viewport_size({"width": 1280, "height": 640})
        await expect(dialog.get_by_role("button", name="Close incident")).to_be_in_viewport(ratio=1)
        await page.set_viewport_size({"width": 1440, "height": 900})
        await dialog.get_by_label("Genuine").check()
        await expect(dialog.get_by_role("button", name="Close incident")).to_be_disabled()
        await page.keyboard.press("Escape")
        await page.locator("[data-step='go']").get_by_role("button", name="Done").click()
        await expect(page.locator("[data-step='go']")).to_contain_text("Done by desk one")
        await page.keyboard.press("c")
        await dialog.get_by_label("Genuine").check()
        await expect(dialog).not_to_contain_text("The plan is not done")
        await dialog.get_by_role("button", name="Close incident").click()
        await expect(page.get_by_role("region", name="All about INC-1")).to_have_count(0)
        assert room.state.closed["INC-1"].steps[0].author == "desk one"


async def test_keyholders_are_called_in_their_order_from_the_panel(page: Page) -> None:
    """Danger stands first; H and Enter call the next one; what is awaited counts down."""
    room = room_with_keys()
    room.happens(*(signal(Kind.LONE_WORKER, word, event=word) for word in ("booked_on", "sos")))
    async with served(room, QUICK) as server:
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        panel = page.get_by_role("region", name="All about INC-1")
        danger = "Danger: violent person marker, dogs. Two go in."
        await expect(panel.locator("p").nth(1)).to_contain_text(danger)
        await expect(panel).to_contain_text("Review overdue since 28 Feb 2026")
        holders = panel.locator(".keyholders li")
        await expect(holders.first).to_contain_text("next")
        await expect(holders.first.get_by_role("link", name="07700 900123")).to_have_attribute(
            "href", "tel:+447700900123"
        )
        await expect(holders.last).to_contain_text("no number in the estate")
        await page.keyboard.press("h")
        await page.keyboard.press("Enter")
        await expect(holders.first).to_contain_text("Calling")
        await expect(panel).to_contain_text("it rings, an answer in 0:")
        await holders.first.get_by_role("button", name="No answer").click()
        await expect(holders.last).to_contain_text("next")
        await page.keyboard.press("h")
        await page.keyboard.press("Enter")
        await holders.last.get_by_role("button", name="On the way").click()
        await expect(panel).to_contain_text("there in 19:")
        calls = [f"{call.keyholder} {call.result}" for call in room.state.incidents["INC-1"].calls]
        assert calls == ["KH-1 calling", "KH-1 no_answer", "KH-2 calling", "KH-2 on_the_way"]
        await page.goto(f"{server.address}/#/queue/alarms/{max(room.state.incidents)}")
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await page.get_by_role("button", name="Heard by telephone").click()
        await page.goto(f"{server.address}/#/boards/parks")
        await page.locator("tr", has_text="R1").get_by_role("button", name="Visited").click()
        await expect(page.locator("tr", has_text="R1")).to_contain_text("12:00:00")
        told = [record.event for record in room.journal.values()]
        assert [one.author for one in told if isinstance(one, PersonChecked)] == ["desk one"]
        room.happens(signal(Kind.GUARD, "g1", event="on_duty"))
        room.now += timedelta(minutes=1)
        await page.goto(f"{server.address}/#/boards/people")
        people = page.locator("main tbody tr")
        await expect(people).to_have_count(2)
        before = await people.locator("td:nth-child(2)").all_inner_texts()
        await people.first.get_by_role("button", name="Heard").click()
        await expect(people.first.locator("td:nth-child(6)")).to_contain_text(":01:00")
        assert (
            await people.locator("td:nth-child(2)").all_inner_texts() == before
        )  # none comes under the hand
        await page.mouse.move(5, 5)
        await page.get_by_role("link", name="Boards").focus()
        await expect(people.last.locator("td:nth-child(2)")).to_have_text(before[0])


async def test_the_timeline_tells_who_did_what_and_by_which_rule(page: Page) -> None:
    """Signals, orders and people stand in order; facts and counter-example are one click away."""
    async with served(pace=QUICK) as server:
        rules = server.room.rule_set = shipped_rules()
        server.room.handbook = replace(server.room.handbook, rules=Compiled(rules))
        server.room.happens(signal(Kind.GUARD, "g1"), signal(Kind.ARC_ALARM, "p1", event="hold_up"))
        await opened(page, server, "queue/alarms/INC-2", operator="desk one")
        lines = page.locator(".timeline li")
        await expect(lines.first).to_contain_text("Opened by Hold up")
        await lines.first.get_by_text("Why: rule hold-up").click()
        await expect(lines.first).to_contain_text("Decided: by rule")
        await expect(lines.first).to_contain_text("Yes: event is hold_up it is hold_up")
        otherwise = "On test were true instead of false: an operator looks first, priority 1"
        await expect(lines.first).to_contain_text(otherwise)
        await page.keyboard.press("a")
        await expect(page.locator(".timeline")).to_contain_text("Owned by desk one")


async def test_whose_incident_is_taken_over_reads_why(browser: Browser) -> None:
    """A reason is chosen by keyboard; one of life has its own, and Enter takes it. Whose it was is told."""
    async with served(pace=QUICK) as server:
        server.room.happens(signal(Kind.ARC_ALARM, "p1", event="other"), Owned("INC-1", 1, "desk one"))
        server.room.happens(signal(Kind.ARC_ALARM, "p2", event="panic"), Owned("INC-3", 1, "desk one"))
        theirs = [one.id for one in server.room.state.incidents.values() if one.owner == "desk one"]
        pages = []
        for operator in ("desk one", "desk two"):
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            pages.append(await context.new_page())
            await opened(pages[-1], server, operator=operator)
        told, takes = pages
        reasons = dict.fromkeys(theirs, "They do not answer")
        for name in theirs:
            await takes.goto(f"{server.address}/#/queue/alarms/{name}")
            await expect(takes.locator("#panel-title")).to_contain_text(name)
            await takes.keyboard.press("a")
            button = takes.get_by_role("button", name="Take it over")
            if server.room.state.incidents[name].priority == 1:
                reasons[name] = "Priority 1: I act on it now"
            else:
                await expect(button).to_be_disabled()
                await takes.keyboard.press("Space")
            await expect(button).to_be_enabled()
            await takes.keyboard.press("Enter")
            why = f"{name}: desk two has it now. Taken over from desk one: {reasons[name]}"
            await expect(told.locator(".notice")).to_contain_text(why)
        assert len(theirs) == len(set(reasons.values()))


async def test_each_sees_what_their_roles_may_do(browser: Browser) -> None:
    """By role in one room: buttons for what the room would take, and a key for anything else says why not."""
    async with served(pace=QUICK) as server:
        server.room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"))
        server.room.happens(signal(Kind.ARC_ALARM, "p2", event="other"))
        shown, marks = {}, {}
        for role in (Role.MANAGER, Role.PARKSWATCH, Role.SUPERVISOR):
            context = await browser.new_context(viewport={"width": 1440, "height": 900})
            await server.sign_in(context, f"the-{role}", role)
            page = await context.new_page()
            await page.goto(f"{server.address}/#/queue/alarms/INC-1")
            await expect(page.locator(".desk-name")).to_have_text(f"the-{role}")
            group = page.get_by_role("group", name="Commands about INC-1")
            await expect(page.locator("[data-step='go']")).to_be_visible()
            shown[role] = await group.get_by_role("button").all_inner_texts()
            shown[role] += (
                await page.locator(".urgent, [data-step='go']").get_by_role("button").all_inner_texts()
            )
            await expect(page.locator("[data-incident='INC-2']")).to_be_visible()
            marks[role] = await page.get_by_role("checkbox", name="Mark INC-2").count()
            if role is not Role.SUPERVISOR:
                await page.keyboard.press("e")
                told = "INC-1: your roles do not let you do this (escalate)"
                await expect(page.locator(".notice")).to_contain_text(told)
                assert await page.get_by_role("dialog").count() == 0
            await page.goto(f"{server.address}/#/log")
            await expect(page.get_by_role("heading", name="Write an entry")).to_have_count(
                int(role is not Role.MANAGER)
            )
            await context.close()
        assert marks == {Role.MANAGER: 0, Role.PARKSWATCH: 0, Role.SUPERVISOR: 1}
        assert [one for one in shown[Role.MANAGER] if "Open" not in one] == []
        assert [one for one in shown[Role.PARKSWATCH] if "Open" not in one] == ["Note"]
        assert {"Own", "Note", "Restrict", "Close"} <= set(shown[Role.SUPERVISOR])

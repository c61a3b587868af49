"""The queue in a real browser: lists, what is new, what breaks through, and work by keyboard."""

import re
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Page, Route, expect

from controlroom.commands.crews import CrewWordTaken
from controlroom.commands.work import EscalatedByHand
from controlroom.events import CrewSent, Owned
from controlroom.signals.dispatch_messages import CrewWord
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.incidents.test_decide import OneSite
from tests.integration.console.looks import QUICK, cut_off, focused, opened, store
from tests.integration.console.served import served

pytestmark = pytest.mark.browser

PRESSED = """(key) => {
  const ends = [...document.querySelectorAll("dialog button")];
  ends.find((one) => ["Go back", "Done"].includes(one.innerText)).click();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
}"""

HEARD = """([key, modifierCapsLock]) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", { key, modifierCapsLock, bubbles: true, cancelable: true }))"""
"""Presses a key; false where it was one of the console's."""


def looks(room: SmallRoom, *identifiers: str) -> None:
    """Let so many alarms come that a person looks at first, of priority 2."""
    for identifier in identifiers:
        room.happens(signal(Kind.ARC_ALARM, identifier, event="other"))


async def test_focus_and_place_survive_every_update(page: Page) -> None:
    """While the keyboard is in the list nothing moves, the focus stays, and N shows what is new."""
    async with served(pace=QUICK) as server:
        looks(server.room, "a1", "a2", "a3")
        await opened(page, server, operator="desk one")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("j")
        assert (await focused(page))[0].startswith("Other")
        row = page.locator("[data-incident='INC-2']")
        await expect(row.locator(".row-open-button")).to_be_focused()
        place = await row.bounding_box()
        for number in range(20):
            server.room.happens(signal(Kind.ARC_ALARM, f"p{number}", event="panic"))
        server.room.happens(Owned("INC-2", 1, "desk two"))
        await expect(row).to_contain_text("Owned")
        await expect(row.locator(".row-open-button")).to_be_focused()
        assert await row.bounding_box() == place
        await expect(page.get_by_role("button", name="20 new, show")).to_be_visible()
        assert await page.locator("[data-incident]").count() == 3
        await page.keyboard.press("n")
        await expect(page.locator("[data-incident='INC-23']")).to_be_visible()
        await expect(row.locator(".row-open-button")).to_be_focused()


async def test_priority_1_breaks_through(page: Page) -> None:
    """Whatever list is shown and held, an unowned matter of life stands above it until somebody has it."""
    async with served(pace=QUICK) as server:
        room = server.room
        looks(room, "a1")
        await opened(page, server, "queue/parked", operator="desk one")
        await page.get_by_label("Find in Parked").focus()
        room.happens(signal(Kind.HELP_POINT, "h1"))
        banner = page.get_by_role("region", name="Priority 1, nobody has it")
        await expect(banner).to_contain_text("Call started at Library of H1")
        await expect(page.locator("[role=alert]", has_text="Priority 1, nobody has it")).to_have_count(1)
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"))
        await expect(banner).to_contain_text("and 1 more")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="Keys").click()
        await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Library of H1")
        await page.keyboard.press("Escape")
        await expect(page).to_have_title(re.compile(r"^\(!\) Priority 1 waits"))
        await banner.get_by_role("button", name="Own").click()
        await expect(banner).to_contain_text("INC-3")
        await banner.get_by_role("button", name="Own").click()  # as of a double click: meant for the first
        await expect(page.locator(".notice")).to_contain_text("INC-3: it has just come to stand")
        assert [one.owner for one in room.state.incidents.values()] == [None, "desk one", None]


async def test_a_life_is_heard_where_somebody_had_the_site(page: Page) -> None:
    """An alarm for a life that joins an owned incident sounds and stands above all until it is taken anew."""
    async with served(pace=QUICK) as server:
        room = server.room
        room.handbook = replace(room.handbook, rules=OneSite())
        room.happens(signal(Kind.ARC_ALARM, "a1", event="tamper"), Owned("INC-1", 1, "desk one"))
        await opened(page, server, "queue/mine", operator="desk one")
        await expect(page.locator("[data-incident='INC-1']")).to_contain_text("you")
        heard = "store.newcomers.push((row) => (window.heard ??= []).push(row.priority))"
        await store(page, heard)
        room.happens(signal(Kind.ARC_ALARM, "a2", event="gas"))
        assert (room.state.incidents["INC-1"].priority, room.state.incidents["INC-1"].owner) == (
            1,
            "desk one",
        )
        banner = page.get_by_role("region", name="Priority 1, waits again though desk one had it")
        await expect(banner).to_contain_text("Library of S1")
        assert await page.evaluate("window.heard") == [1]
        await banner.get_by_role("button", name="Own").click()
        await expect(banner).to_have_count(0)
        assert room.state.incidents["INC-1"].status == "owned"


async def test_a_second_crew_is_sent_where_the_first_keeps_silent(page: Page) -> None:
    """While a crew that says nothing has the order, another can be sent; the owner can take it anew."""
    async with served(pace=QUICK) as server:
        room = server.room
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"), Owned("INC-1", 1, "desk one"))
        room.happens(EscalatedByHand("INC-1", 2, "desk one", "No word from the crew."))
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        panel = page.get_by_role("region", name="All about INC-1")
        await panel.get_by_role("button", name="Own", exact=True).click()
        await expect(panel.locator(".facts").first).to_contain_text("Owned")
        await panel.get_by_role("button", name="Reassign", exact=True).click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Why?").fill("They do not answer.")
        await expect(dialog.get_by_label("MR-01")).to_have_count(0)
        await expect(dialog.get_by_label("MR-02")).to_be_checked()
        await dialog.get_by_role("button", name="Send another").click()
        await expect(panel).to_contain_text("MR-02")
        assert room.state.orders[room.state.incidents["INC-1"].order or ""].order.unit == "MR-02"


async def test_who_goes_is_recommended_with_reasons_and_never_swapped_under_the_hand(page: Page) -> None:
    """The best crew is chosen before a key is pressed; what changes is said; another one needs a reason."""
    async with served(pace=QUICK) as server:
        room = server.room
        looks(room, "a1")
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        await page.keyboard.press("d")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label("MR-01")).to_be_focused()
        await expect(dialog.get_by_label("MR-01")).to_be_checked()
        await expect(dialog).to_contain_text("recommended")
        await expect(dialog).to_contain_text("about 10 min, nothing in hand")
        room.happens(CrewWordTaken("MR-01", CrewWord.BOOKED_OFF, "desk two", b"1"))
        await expect(dialog.get_by_role("status").last).to_contain_text("MR-02 is recommended")
        await expect(dialog.get_by_label("MR-01")).to_be_checked()
        await page.keyboard.press("ArrowDown")
        await expect(dialog.get_by_label("MR-02")).to_be_checked()
        await expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_disabled()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")  # show them as they are now: the second is the best one
        await expect(dialog.get_by_label("Why this one?")).to_have_count(0)
        await expect(dialog).to_contain_text("off duty")
        await dialog.get_by_label("MR-02").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await page.keyboard.type("They are at the gate.")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(dialog).to_have_count(0)
        order = room.state.orders[room.state.incidents["INC-1"].order or ""].order
        assert (order.unit, order.because) == ("MR-01", "chosen by desk one: They are at the gate.")
        await expect(page.locator(".timeline")).to_contain_text("(chosen by desk one: They are at the gate.)")


async def without_an_answer(route: Route) -> None:
    """Let the room have it, and lose what it answers."""
    await route.fetch()
    await route.abort()


async def test_what_was_typed_outlives_a_refusal(page: Page) -> None:
    """A question stays open with its words until the room has taken them, and says why it has not.

    Where only the answer was lost, the same question sent again is done once, and said to have been.
    """
    async with served(pace=QUICK) as server:
        looks(server.room, "a1")
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        await page.route("**/note", without_an_answer, times=1)
        await page.route("**/note", lambda route: route.abort(), times=1)
        await page.keyboard.press("w")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("What happened?").fill("Police told.")
        await dialog.get_by_role("button", name="Write it down").click()
        await expect(dialog.get_by_role("alert")).to_contain_text("the room cannot be reached")
        await expect(dialog.get_by_label("What happened?")).to_have_value("Police told.")
        await expect(dialog.get_by_role("button", name="Write it down")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(dialog.get_by_role("status")).to_contain_text("It has changed since you asked")
        await expect(dialog.get_by_role("alert")).to_contain_text("it will be done once")
        await dialog.get_by_role("button", name="Write it down").click()
        await expect(dialog).to_have_count(0)
        await expect(page.locator(".notice")).to_contain_text("this had been taken the first time")
        assert [note.text for note in server.room.state.incidents["INC-1"].notes] == ["Police told."]


async def test_lists_part_the_work(page: Page) -> None:
    """Each list shows its own: what is mine, what nobody has, who is out; faults never stand among alarms."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        looks(room, "a1", "a2")
        room.happens(
            signal(Kind.CAMERA_FAULT, "c1", fault="signal_loss"), signal(Kind.ARC_ALARM, "p1", event="panic")
        )
        room.happens(Owned("INC-1", 1, "desk one"))
        await opened(page, server, operator="desk one")
        listed = {}
        for name in ("alarms", "mine", "unowned", "dispatched", "parked", "closed"):
            await page.goto(f"{server.address}/#/queue/{name}")
            await expect(page.locator(f".lists a[aria-current][href='#/queue/{name}']")).to_be_visible()
            listed[name] = await page.locator("[data-incident]").evaluate_all(
                "rows => rows.map(row => row.dataset.incident)"
            )
        assert listed["mine"] == ["INC-1"]
        assert listed["unowned"] == ["INC-2"]
        assert listed["dispatched"] == ["INC-4"]
        assert sorted(listed["alarms"]) == ["INC-1", "INC-2", "INC-4"]
        assert listed["parked"] == listed["closed"] == []


async def test_another_order_is_for_a_while_and_the_due_list_goes_on(page: Page) -> None:
    """A list in another order says so; priority 1 ends it and moves no row under the hand; O ends it too."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        looks(room, *(f"a{number}" for number in range(20)))
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"), Owned("INC-1", 1, "desk one"))
        await page.route("**/watches?*", _in_small_pages)
        await opened(page, server, "queue/due")
        await expect(page.locator("#incidents")).to_contain_text("8+")
        for shown in ("16+", "21"):
            await page.get_by_role("button", name="Show 200 more").click()
            await expect(page.locator("#incidents")).to_contain_text(shown)
        await page.goto(f"{server.address}/#/queue/alarms")
        first = page.locator("[data-incident]").first
        await expect(first).to_have_attribute("data-incident", "INC-21")
        await page.keyboard.press("o")
        await page.locator("#order").select_option("with")
        sorted_by = page.get_by_text("Not in queue order: by who has it.")
        await expect(sorted_by).to_be_visible()
        await expect(first).to_have_attribute("data-incident", "INC-2")
        room.happens(signal(Kind.HELP_POINT, "h1"))
        await expect(page.locator(".notice")).to_contain_text("Queue order again: priority 1, INC-23")
        await expect(sorted_by).to_have_count(0)
        await expect(first).to_have_attribute("data-incident", "INC-2")
        await page.locator("#incidents").focus()
        await page.keyboard.press("n")
        await expect(first).not_to_have_attribute("data-incident", "INC-2")
        await page.locator("#order").select_option("with")
        await page.locator("#incidents").focus()
        await page.keyboard.press("o")
        await expect(sorted_by).to_have_count(0)


async def test_an_operator_owns_an_incident_and_loses_a_race(page: Page) -> None:
    """Own is one key; when somebody was faster, the page says who did what when."""
    async with served(pace=QUICK) as server:
        room = server.room
        looks(room, "a1")
        await opened(page, server, operator="desk one")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("a")
        row = page.locator("[data-incident='INC-1']")
        await expect(row).to_contain_text("Owned")
        await expect(row).to_contain_text("you")
        await page.route("**/close", lambda route: _after_a_rival(route, room))
        await page.keyboard.press("c")
        await page.get_by_label("No trace").check()
        await page.keyboard.press("Enter")
        await expect(page.locator(".notice")).to_contain_text("crew sent by desk two")
        looks(room, "a2")
        await expect(page.locator("#incidents .count")).to_have_text("2")
        await page.get_by_role("dialog").get_by_role("button", name="Go back").click()
        await page.keyboard.press("n")
        await page.get_by_role("button", name="Own INC-5").click()
        await expect(page.locator("[data-incident='INC-5']")).to_contain_text("you")
        await expect(page.locator(".notice")).to_contain_text("crew sent by desk two")


async def test_many_are_closed_with_one_note_but_never_a_life(page: Page) -> None:
    """Marked incidents are owned and closed together; what is of priority 1 has no mark to set."""
    async with served(pace=QUICK) as server:
        room = server.room
        looks(room, "a1", "a2", "a3")
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"))
        await opened(page, server, operator="desk one")
        await expect(page.locator("[data-incident='INC-4'] input")).to_have_count(0)
        await page.get_by_label("Mark INC-2").check()
        await page.get_by_role("link", name="Unowned").click()
        await expect(page.get_by_role("button", name="Close all")).to_have_count(0)
        await page.get_by_role("link", name="Alarms").click()
        for number in (1, 2, 3):
            await page.get_by_label(f"Mark INC-{number}").check()
        await page.get_by_role("button", name="Close all").click()
        await store(page, "void store.put({ ...store.incidents.get('INC-2'), priority: 1 })")
        await page.get_by_label("False alarm").check()
        await expect(page.get_by_role("button", name="Close all").last).to_be_disabled()
        await page.get_by_label("One note for all of them").fill("Fitter on site.")
        await page.get_by_role("dialog").get_by_role("button", name="Close all").click()
        told = page.locator(".notice")
        await expect(told).to_contain_text("Done for all 2. Left alone, as priority 1 now: INC-2.")
        closed = room.state.closed
        assert {name: closed[name].notes[-1].text for name in closed} == dict.fromkeys(
            ["INC-1", "INC-3"], "Fitter on site."
        )
        assert set(room.state.incidents) == {"INC-2", "INC-4"}
        room.happens(Owned("INC-2", 1, "desk two"))
        await expect(page.get_by_role("button", name="Take over INC-2")).to_be_visible()
        for width in (1280, 1440, 1920):
            assert await cut_off(page, width) == [[], 1], width


async def test_keys_are_never_taken_from_a_field_and_can_be_changed(page: Page) -> None:
    """What is typed into a field is text; a key can be another one, and held down it is given once."""
    async with served(pace=QUICK) as server:
        looks(server.room, "a1")
        await opened(page, server, operator="desk one")
        await page.keyboard.press("/")
        await page.keyboard.type("aj?")
        await expect(page.get_by_label("Find in Alarms")).to_have_value("aj?")
        await page.keyboard.press("Escape")
        await page.keyboard.press("?")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("Own it, or take it over").fill("j")
        await page.keyboard.press("Tab")
        await expect(dialog.get_by_role("status")).to_contain_text("is taken: Next row")
        await dialog.get_by_label("Own it, or take it over").fill("y")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Escape")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("a")
        await page.keyboard.press("y")
        await expect(page.locator("[data-incident='INC-1']")).to_contain_text("Owned")
        assert server.room.state.incidents["INC-1"].version == 2
        for _ in range(2):
            await page.keyboard.down("s")
        await expect(page.get_by_text("not priority 1")).to_be_visible()
        assert await page.evaluate(HEARD, ["W", True]) is False  # a note, though Caps Lock is on
        await dialog.get_by_role("heading", name="Note on INC-1").click()
        await page.keyboard.press("r")
        await expect(dialog.get_by_role("heading")).to_have_text("Note on INC-1")
        await page.keyboard.press("Escape")
        await page.get_by_role("link", name="Boards").click()  # no row is shown there, and none is in hand
        assert await page.evaluate(HEARD, ["ArrowDown", False]) is True
        await page.keyboard.press("r")
        await expect(page.locator(".notice")).to_contain_text("Choose an incident first")


async def test_keys_that_come_at_once_mean_what_the_key_before_has_opened(page: Page) -> None:
    """B and A without a pause own what B opened, not what was open before; W and words are a whole note."""
    async with served(pace=QUICK) as server:
        room = server.room
        looks(room, "a1")
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        room.happens(signal(Kind.ARC_ALARM, "p1", event="panic"))
        await expect(page.get_by_role("region", name="Priority 1, nobody has it")).to_be_visible()
        at_once = "(keys) => keys.forEach((key) => document.body.dispatchEvent(new KeyboardEvent('keydown',"
        await page.evaluate(at_once + " { key, bubbles: true })))", ["b", "a"])
        await expect(page.locator(".facts").first).to_contain_text("desk one")
        assert [one.owner for one in room.state.incidents.values()] == [None, "desk one"]
        await page.keyboard.press("w")
        await page.keyboard.type("Nobody answers.")
        await expect(page.get_by_label("What happened?")).to_have_value("Nobody answers.")


async def test_a_key_that_comes_with_the_end_of_a_question_asks_the_next_one(page: Page) -> None:
    """The browser tells of a closed dialog later than the next key may come; what that key asks stands."""
    async with served(pace=QUICK) as server:
        looks(server.room, "a1")
        await opened(page, server, "queue/alarms/INC-1", operator="desk one")
        dialog = page.get_by_role("dialog")
        note, keys = ("w", "Note on INC-1"), ("?", "Keys")
        for before, (key, says) in ((note, ("c", "Close INC-1")), (note, note), (keys, keys), (keys, note)):
            await page.keyboard.press(before[0])
            await expect(dialog).to_contain_text(before[1])
            await page.evaluate(PRESSED, key)
            await page.evaluate("new Promise((done) => setTimeout(done))")  # the browser has told
            await expect(dialog).to_contain_text(says)
            await page.keyboard.press("Escape")
            await expect(dialog).to_have_count(0)


async def _after_a_rival(route: Any, room: SmallRoom) -> None:
    """Let the other desk be faster by one command."""
    room.happens(CrewSent("INC-1", 2, "desk two", "MR-02"))
    await route.continue_()


async def _in_small_pages(route: Any) -> None:
    """Let the room answer with eight at a time."""
    await route.continue_(url=route.request.url.replace("limit=200", "limit=8"))

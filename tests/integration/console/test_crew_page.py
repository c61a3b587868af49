"""The crew's page on a telephone 360 pixels wide: a job by the thumb, with the network cut and restored."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, BrowserContext, Page, Route, ViewportSize, expect

from controlroom.access import registry
from controlroom.access.permissions import Role
from controlroom.commands.crews import CrewWordTaken, StepTaken
from controlroom.events import Closed
from controlroom.incidents.record import Record
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.incidents.crews.test_raising import AnOpenDoor
from tests.integration.console.looks import QUICK, drawn, violations
from tests.integration.console.served import Served, served
from tests.integration.waiting import until

pytestmark = pytest.mark.browser

TELEPHONE: ViewportSize = {"width": 360, "height": 740}
LOOKS = "void dispatchEvent(new Event('online'))"
"""Has the page ask the room at once."""
TARGET_PX = 48
"""The least height of what a gloved thumb has to hit."""


TOUCHED = """async (one) => {
  const point = (what) => one.dispatchEvent(new PointerEvent(what, { bubbles: true }));
  point("pointerdown");
  await new Promise((done) => setTimeout(done));
  point("pointerup");
  one.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
}"""
"""A touch that is short by the page's own clock: from outside, a busy machine may make a second of it."""


class Errand:
    """A room whose first unit has an order, that unit's telephone, and what the room was told."""

    def __init__(self, server: Served, context: BrowserContext, page: Page, told: list[Record]) -> None:
        self.server = server
        self.context = context
        self.page = page
        self._told = told

    def steps(self) -> list[Step]:
        """Return every step that the room has heard of, doubles included."""
        return [one.event.step for one in self._told if isinstance(one.event, StepTaken)]

    def counted(self) -> list[Step]:
        """Return the steps that changed something: a press that comes twice does so once."""
        steps = [one for one in self._told if isinstance(one.event, StepTaken) and one.decision.changes]
        return [one.event.step for one in steps if isinstance(one.event, StepTaken)]

    def words(self) -> list[CrewWord]:
        """Return every word of the crew about itself."""
        return [one.event.word for one in self._told if isinstance(one.event, CrewWordTaken)]

    async def tap(self, name: str) -> None:
        """Press a button."""
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def looks(self) -> None:
        """Let the telephone send what it keeps and ask how things stand now, not after its own wait."""
        await self.page.evaluate("dispatchEvent(new Event('online'))")

    async def kept(self) -> list[str]:
        """Return the steps that the telephone keeps."""
        text = await self.page.evaluate("localStorage.getItem('crew-pressed:mr-01') ?? '[]'")
        return [one["body"]["step"] for one in json.loads(text)]


@asynccontextmanager
async def errand(browser: Browser, *, job: bool = True, **more: Any) -> AsyncIterator[Errand]:
    """Open the page as the crew of MR-01."""
    told: list[Record] = []
    room = SmallRoom(told.extend)
    if job:
        room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    async with served(room, pace=QUICK) as server:
        context = await browser.new_context(viewport=TELEPHONE, has_touch=True, **more)
        await server.sign_in(context, "mr-01", Role.CREW, unit="MR-01")
        page = await context.new_page()
        await page.goto(server.address)  # leads a crew to its own page
        await expect(page).to_have_url(re.compile("/crew$"))
        await expect(page.locator("html")).to_have_attribute("data-line", "live")
        yield Errand(server, context, page, told)
        await context.close()


async def test_a_job_is_worked_by_the_thumb(browser: Browser) -> None:
    """From the offer to what was found: one large button a step, and the room hears each of them once."""
    async with errand(browser) as at:
        await expect(at.page.get_by_role("heading", name="Library of S1")).to_be_visible()
        await at.tap("Accept")
        await at.tap("On the way")
        await at.tap("On scene")
        await until(lambda: len(at.steps()) == 3, "the step")
        asked, answered = asyncio.Event(), asyncio.Event()

        async def late(route: Route) -> None:
            answer = await route.fetch()
            asked.set()
            await answered.wait()
            await route.fulfill(response=answer)

        await at.page.route("**/crew/current", late, times=1)
        await at.page.evaluate(LOOKS)
        await asked.wait()
        await at.tap("Cleared")
        await at.tap("False alarm")
        await at.tap("Animal")
        await expect(at.page.get_by_role("heading", name="No job for you now")).to_be_visible()
        async with at.page.expect_response("**/crew/current"):
            answered.set()  # what was true before it was cleared
        async with at.page.expect_response("**/crew/current"):
            await at.page.evaluate(LOOKS)
        await expect(at.page.get_by_role("heading", name="No job for you now")).to_be_visible()
        await expect(at.page.get_by_role("alert")).to_have_count(0)
        await until(lambda: len(at.steps()) == 4, "the last step")
        assert at.steps() == [Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE, Step.CLEARED]
        incident = at.server.room.state.closed["INC-1"]
        assert (incident.status, incident.outcome) == ("closed", "false_alarm")


async def test_a_refusal_says_why(browser: Browser) -> None:
    """Refusing is two presses, the second is the reason."""
    async with errand(browser) as at:
        await at.tap("Refuse")
        await at.tap("Back")
        await at.tap("Refuse")
        await at.tap("Vehicle off the road")
        await expect(at.page.get_by_role("heading", name="No job for you now")).to_be_visible()
        await until(lambda: at.steps() == [Step.REFUSED], "the refusal")  # it is shown before it is heard


async def test_with_the_network_cut_no_press_is_lost_and_none_doubled(browser: Browser) -> None:
    """What is pressed in a hole is shown as kept, and goes in order as soon as there is a line."""
    async with errand(browser) as at:
        await at.context.set_offline(True)
        await expect(at.page.get_by_text("No connection")).to_be_visible()
        await at.tap("Accept")
        await at.tap("On the way")
        await at.tap("On scene")
        await expect(at.page.get_by_role("status")).to_contain_text("Accepted, On the way, On scene")
        assert (at.steps(), await at.kept()) == ([], ["accepted", "en_route", "on_scene"])
        await at.context.set_offline(False)
        await expect(at.page.get_by_role("status")).to_be_empty()
        assert at.steps() == [Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE]
        assert await at.kept() == []


async def test_an_answer_that_is_lost_doubles_nothing(browser: Browser) -> None:
    """The room took it, the line broke before it said so: sent again under its name, it counts once."""
    async with errand(browser) as at:
        lost: list[str] = []
        seen = asyncio.Event()

        async def swallow(route: Route) -> None:
            if len(lost) < 2:
                lost.append((await route.fetch()).status_text)
                await route.abort()
            else:
                await seen.wait()  # that the page says so
                await route.continue_()

        await at.page.route("**/api/v1/crew/reports", swallow)
        await at.tap("Accept")
        await expect(at.page.get_by_role("status")).to_contain_text("not sent yet")
        seen.set()
        await expect(at.page.get_by_role("status")).to_be_empty()
        order = at.server.room.state.orders["ORD-1"]
        assert (len(lost), order.step) == (2, Step.ACCEPTED)
        assert at.counted() == [Step.ACCEPTED]


async def test_what_is_kept_outlives_the_page(browser: Browser) -> None:
    """The telephone was put away in a hole: the page that is opened next sends what was pressed."""
    async with errand(browser) as at:
        await at.context.set_offline(True)
        await at.tap("Accept")
        assert await at.kept() == ["accepted"]
        await at.page.close()
        await at.context.set_offline(False)
        again = await at.context.new_page()
        await again.goto(at.server.address + "/crew")
        await until(lambda: at.counted() == [Step.ACCEPTED], "the step")  # the page that goes may say it too
        await expect(again.get_by_role("status")).to_be_empty()


async def test_a_session_that_ended_keeps_the_presses(browser: Browser, axe: str) -> None:
    """Signed out in the middle of a job, the crew is told so; after signing in again the press goes."""
    async with errand(browser, bypass_csp=True) as at:
        await registry.end_sessions(at.server.room.desk.book, "mr-01")
        await at.tap("Accept")
        await expect(at.page.get_by_role("status")).to_contain_text("You are signed out")
        await looked_at(at.page, axe, "signed out")
        assert (at.steps(), await at.kept()) == ([], ["accepted"])
        at.server._keys.clear()
        await at.server.sign_in(at.context, "mr-01", Role.CREW, unit="MR-01")
        await at.looks()
        await expect(at.page.get_by_role("status")).to_be_empty()
        assert at.steps() == [Step.ACCEPTED]


async def test_a_job_that_is_over_is_said(browser: Browser) -> None:
    """The desk closed it while the crew was on its way: the page says so until that is understood."""
    async with errand(browser) as at:
        await at.tap("Accept")
        await until(lambda: at.steps() == [Step.ACCEPTED], "the step")
        room = at.server.room
        version = room.state.incidents["INC-1"].version
        room.happens(Closed("INC-1", version, "desk one", Outcome.NO_TRACE))
        await at.looks()
        await expect(at.page.get_by_role("alert")).to_contain_text("is over. Stand down.")
        await at.tap("Understood")
        await expect(at.page.get_by_role("alert")).to_have_count(0)


async def test_a_crew_that_was_there_says_that_it_is_away(browser: Browser, axe: str) -> None:
    """Closed while they are on scene: the check stays in sight, also on a new page, until they are away."""
    async with errand(browser, bypass_csp=True) as at:
        for name in ("Accept", "On the way", "On scene"):
            await at.tap(name)
        await until(lambda: Step.ON_SCENE in at.steps(), "the step")
        room = at.server.room
        room.happens(Closed("INC-1", room.state.incidents["INC-1"].version, "desk one", Outcome.NO_TRACE))
        await at.looks()
        await expect(at.page.get_by_role("alert")).to_contain_text("is over. Stand down.")
        await looked_at(at.page, axe, "over")
        await at.page.reload()
        await expect(at.page.get_by_text("Say that you are all right")).to_be_visible()
        assert room.state.duties
        await at.tap("We are away")
        await expect(at.page.get_by_role("alert")).to_have_count(0)
        await until(lambda: at.steps()[-1] == Step.STOOD_DOWN, "the step")
        await expect(at.page.get_by_text("Say that you are all right")).to_have_count(0)
        assert not room.state.duties


async def test_sos_goes_before_what_waits(browser: Browser) -> None:
    """What was pressed in a hole is sent after it, and a press that hangs on its way holds nothing up."""
    async with errand(browser) as at:
        await at.context.set_offline(True)
        await at.tap("Accept")
        await at.tap("On the way")
        await at.page.locator("button.sos").focus()
        await at.page.keyboard.press("Enter")
        await at.page.keyboard.press("Enter")
        await expect(at.page.get_by_role("status")).to_contain_text("SOS, Accepted, On the way")
        await at.context.set_offline(False)
        await until(lambda: len(at.steps()) == 2, "the steps")
        told = [one.event for one in at._told if isinstance(one.event, CrewWordTaken | StepTaken)]
        assert isinstance(told[0], CrewWordTaken)
        assert told[0].word is CrewWord.SOS

        hangs, goes_on = asyncio.Event(), asyncio.Event()
        given_up: list[str] = []
        at.page.on("requestfailed", lambda request: given_up.append(request.url))

        async def hold(route: Route) -> None:
            hangs.set()
            await goes_on.wait()
            await route.continue_()

        await at.page.route("**/api/v1/crew/reports", hold)
        await at.tap("On scene")
        await hangs.wait()
        await at.page.locator("button.sos").focus()
        await at.page.keyboard.press("Enter")
        await at.page.keyboard.press("Enter")
        await until(lambda: at.words() == [CrewWord.SOS, CrewWord.SOS], "the second call for help")
        assert (len(at.steps()), given_up) == (2, [])
        goes_on.set()
        await until(lambda: at.steps()[-1] == Step.ON_SCENE, "the step that hung")


async def test_a_crew_is_told_what_became_worse_and_says_that_it_knows(browser: Browser, axe: str) -> None:
    """Somebody needs help where the crew goes: it stands there until the crew has pressed *Understood*."""
    async with errand(browser, job=False, bypass_csp=True) as at:
        room = at.server.room
        room.handbook = replace(room.handbook, rules=AnOpenDoor())
        room.happens(signal(Kind.ARC_ALARM, "a1"))
        await at.looks()
        await at.tap("Accept")
        await until(lambda: at.steps() == [Step.ACCEPTED], "the step")
        room.happens(signal(Kind.ARC_ALARM, "a2", event="duress"))
        await at.looks()
        await expect(at.page.get_by_role("alert")).to_contain_text("now priority 1: duress")
        await looked_at(at.page, axe, "worse")
        await at.tap("Understood")
        await expect(at.page.get_by_role("alert")).to_have_count(0)
        await until(lambda: room.state.orders["ORD-1"].unheard is None, "the word that the crew knows")


async def test_sos_is_held_and_not_touched(browser: Browser, axe: str) -> None:
    """A second of holding calls for help, a touch does not; by keyboard it is pressed twice.

    A telephone that can keep nothing any more calls all the same.
    """
    async with errand(browser, job=False, bypass_csp=True) as at:
        button = at.page.locator("button.sos")
        await button.evaluate(TOUCHED)
        await expect(button).to_have_text("SOS: hold to call for help")
        assert at.words() == []
        await button.hover()
        await at.page.mouse.down()
        await until(lambda: at.words() == [CrewWord.SOS], "the call for help")
        await at.page.mouse.up()
        await button.focus()
        await at.page.keyboard.press("Enter")
        await expect(button).to_have_text("Press once more")
        assert at.words() == [CrewWord.SOS]
        await at.page.keyboard.press("Enter")
        await until(lambda: at.words() == [CrewWord.SOS, CrewWord.SOS], "the second call")
        await at.page.evaluate("void (Storage.prototype.setItem = () => { throw new DOMException('full') })")
        await at.page.keyboard.press("Enter")
        await expect(button).to_have_text("Press once more")
        await at.page.keyboard.press("Enter")
        await until(lambda: len(at.words()) == 3, "the call from a telephone that keeps nothing")
        await at.page.keyboard.press("Enter")
        await expect(button).to_have_text("Press once more")
        await looked_at(at.page, axe, "SOS pressed once")  # it may take longer than that stands there
        assert len(at.words()) == 3


async def test_another_crew_on_the_telephone_sends_nothing_of_the_first(browser: Browser) -> None:
    """What one crew pressed is sent as that crew's or not at all."""
    async with errand(browser) as at:
        await at.context.set_offline(True)
        await at.tap("Accept")
        await at.context.clear_cookies()
        await at.server.sign_in(at.context, "mr-02", Role.CREW, unit="MR-02")
        await at.page.close()
        await at.context.set_offline(False)
        other = await at.context.new_page()
        await other.goto(at.server.address + "/crew")
        await expect(other.get_by_role("heading", name="MR-02")).to_be_visible()
        assert at.steps() == []


async def test_an_open_page_says_nothing_under_another_sign_in(browser: Browser) -> None:
    """Signed in as another crew in the same browser, a press waits for its own account, and goes then."""
    async with errand(browser) as at:
        await at.server.sign_in(at.context, "mr-02", Role.CREW, unit="MR-02")
        await at.tap("Accept")
        await expect(at.page.get_by_role("status")).to_contain_text("Kept for mr-01")
        assert (at.steps(), await at.kept()) == ([], ["accepted"])
        async with at.page.expect_response("**/api/v1/crew/current"):
            await at.looks()  # the other crew has no job: that ends none of ours
        await drawn(at.page)
        await expect(at.page.get_by_role("heading", name="Library of S1")).to_be_visible()
        assert await at.page.get_by_role("alert").count() == 0
        await at.server.sign_in(at.context, "mr-01", Role.CREW, unit="MR-01")
        await at.looks()
        await expect(at.page.get_by_role("status")).to_be_empty()
        assert at.steps() == [Step.ACCEPTED]


async def test_every_state_shuts_nobody_out(browser: Browser, axe: str) -> None:
    """Axe finds nothing in any state; what is pressed is 48 px high and more; nothing scrolls sideways."""
    async with errand(browser, bypass_csp=True) as at:
        for button in ("", "Refuse", "Back", "Accept", "On the way", "On scene", "Cleared", "False alarm"):
            if button:
                await at.tap(button)
            await looked_at(at.page, axe, button)
        await at.context.set_offline(True)
        await at.tap("We cannot tell")
        await expect(at.page.get_by_role("status")).to_contain_text("not sent yet")
        await looked_at(at.page, axe, "offline")


async def looked_at(page: Page, axe: str, state: str) -> None:
    """See that a state can be seen, read and hit."""
    assert await violations(page, axe) == [], state
    small = await page.evaluate(
        "least => [...document.querySelectorAll('button, a')].map((one) => [one.innerText,"
        " one.getBoundingClientRect().height]).filter(([, height]) => height < least)",
        TARGET_PX,
    )
    assert small == [], state

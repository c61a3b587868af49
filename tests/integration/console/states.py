"""Every page and every state of the console, one line each: where it is, and what has to be done to be there.

Whoever adds a page, a dialog or a state adds its line here. Axe is then asked about it in every theme; where
`picture` says so, `make pictures` keeps a picture of it.
"""

from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from playwright.async_api import Page, expect

from controlroom.incidents.incident import Incident
from tests.console.night_room import SILENT
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import drawn

Deed = Callable[[Page], Awaitable[None]]


class State(NamedTuple):
    """What is on the screen: its name, the part of the console, the deeds that lead there from that part.

    In `part` a word in braces stands for the incident that `named` finds for it. A `picture` is kept of it.
    """

    name: str
    part: str
    deeds: tuple[Deed, ...] = ()
    picture: bool = False
    whole: bool = False

    @property
    def asked_whole(self) -> bool:
        """Whether axe is asked about the whole page and not only about what is new on it."""
        return self.picture or self.whole


def press(*keys: str) -> Deed:
    """Press keys, one after the other."""

    async def deed(page: Page) -> None:
        for key in keys:
            await page.keyboard.press(key)

    return deed


def click(name: str, role: Literal["button", "link", "checkbox"] = "button") -> Deed:
    """Press the first button of this name."""

    async def deed(page: Page) -> None:
        await page.get_by_role(role, name=name).first.click()

    return deed


def at(selector: str) -> Deed:
    """Press the first thing that is found so."""

    async def deed(page: Page) -> None:
        await page.locator(selector).first.click()

    return deed


def write(label: str, text: str, then: str = "Tab") -> Deed:
    """Fill a field and go on."""

    async def deed(page: Page) -> None:
        await page.get_by_label(label).fill(text)
        await page.keyboard.press(then)

    return deed


def choose(label: str, option: str) -> Deed:
    """Choose an option of a list."""

    async def deed(page: Page) -> None:
        await page.get_by_label(label).select_option(option)

    return deed


def shows(text: str) -> Deed:
    """Wait until this stands on the page."""

    async def deed(page: Page) -> None:
        await expect(page.get_by_text(text).first).to_be_visible()

    return deed


def asks(verb: str, title: str) -> Deed:
    """Press a command of the incident's panel, and wait for its question."""

    async def deed(page: Page) -> None:
        group = page.get_by_role("group", name="Commands about")
        await group.get_by_role("button", name=verb, exact=True).click()
        await expect(page.get_by_role("dialog")).to_contain_text(title)

    return deed


async def sent(page: Page) -> None:
    """Wait until the room has heard what was pressed."""
    await expect(page.get_by_role("status")).to_be_empty()


async def sign_out(page: Page) -> None:
    """Let the browser have no session any more."""
    await page.context.clear_cookies()
    await page.reload()


async def nobody_attends(page: Page) -> None:
    """Let the room say that something restricted waits for somebody who may see it."""
    await page.route("**/api/v1/unattended", lambda route: route.fulfill(json={"unattended": 1}))
    await page.reload()


RESTRICT = """async () => {
  const { incidents } = await (await fetch("/api/v1/incidents")).json();
  const one = incidents.find((one) => one.priority > 1);
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ version: one.version, readers: ["desk one"], reason: "covert" });
  return (await fetch(`/api/v1/incidents/${one.id}/readers`, { method: "POST", headers, body })).status;
}"""


async def restrict_one(page: Page) -> None:
    """Keep an incident to whoever is signed in here."""
    assert await page.evaluate(RESTRICT) == 200


MARK = ".mark input:not(:checked)"
PANEL = "queue/alarms/{silent}"

CONSOLE = (
    State("queue", "queue/alarms", (press("ArrowDown"),), picture=True),
    State(
        "incident",
        PANEL,
        (shows("Action plan"), shows("Opened by"), shows("The council holds")),
        picture=True,
    ),
    State("why", PANEL, (at(".timeline summary"),)),
    State("why-told", "queue/alarms/{joined}", (at(".timeline summary"), shows("The facts cannot be told"))),
    State("pass-over", PANEL, (click("Pass over"),)),
    State("send", "queue/mine/{mine}", (asks("Send", "Send a crew"),)),
    State("refer", PANEL, (asks("Refer", "to a partner"),)),
    State("merge", PANEL, (asks("Merge", "Merge another"),)),
    State("split", "queue/alarms/{joined}", (asks("Split", "Split"),)),
    State("recall", PANEL, (asks("Recall", "Recall"),)),
    State("reassign", PANEL, (asks("Reassign", "Send another"),)),
    State("escalate", PANEL, (asks("Escalate", "Escalate"),)),
    State("note", PANEL, (asks("Note", "Note on"),)),
    State("close", PANEL, (asks("Close", "The plan is not done"),), picture=True),
    State("park-life", "queue/alarms/{life}", (asks("Park", "two persons"),)),
    State("take-over", "queue/alarms/{theirs}", (asks("Take over", "will read why you take it over"),)),
    State("mine", "queue/mine"),
    State("unowned", "queue/unowned"),
    State("dispatched", "queue/dispatched"),
    State("parked", "queue/parked"),
    State("closed", "queue/closed"),
    State("faults", "queue/faults"),
    State("on-test", "queue/test", (shows("Yearly service"),), picture=True),
    State("put-on-test", "queue/test", (click("Put something on test"), shows("Who answers for it"))),
    State("due", "queue/due", (shows("What is expected"),), picture=True),
    State("marked", "queue/faults", (at(MARK), at(MARK), shows("2 marked"))),
    State("close-many", "queue/faults", (click("Close all"), shows("One note"))),
    State(
        "nothing-found", "queue/alarms", (write("Find in Alarms", "nobody", "Enter"), shows("Nothing here"))
    ),
    State("other-order", "queue/alarms", (choose("Order of the list", "place"), shows("Not in queue order"))),
    State("keys", "queue/alarms", (press("?"), shows("Own it, or take it over"))),
    State("muted", "queue/alarms", (press("s"), shows("not priority 1")), whole=True),
    State("boards-people", "boards/people", picture=True),
    State("boards-crews", "boards/crews", picture=True),
    State("boards-cameras", "boards/cameras", picture=True),
    State("boards-help", "boards/help", picture=True),
    State("boards-parks", "boards/parks", picture=True),
    State("boards-silent", "boards/silent", picture=True),
    State("boards-signals", "boards/signals", picture=True),
    State("quarantine-open", "boards/quarantine", (at(".item-head"), shows("What to do")), picture=True),
    State("map", "map", (shows("Legend"), shows("5 km")), picture=True),
    State("map-incident", "map/at/{silent}", (shows("Action plan"),), picture=True),
    State("map-place", "map/camera:ST-005", (shows("Nearest cameras"),)),
    State("log", "log", (shows("Group with paint"),), picture=True),
    State("log-entry", "log", (at("main table a"), shows("Withdraw"))),
    State("log-correct", "log", (at("main table a"), click("Correct"), shows("Why is it corrected?"))),
    State(
        "search",
        "log",
        (write("Search everything", "paint", "Enter"), shows("Everything kept")),
        picture=True,
    ),
    State(
        "search-nothing", "log", (write("Search everything", "elephants", "Enter"), shows("Nothing holds"))
    ),
    State("handover", "handover", (shows("nobody has taken it yet"),), picture=True),
    State(
        "unattended",
        "queue/alarms",
        (
            nobody_attends,
            shows("nobody who has signed in can see it"),
            click("Let me in…"),
            shows("Why do you"),
        ),
        picture=True,
    ),  # the last one: from here on the page is told so
)
"""The live console. It is left open between two states, as at a desk."""


PAGES = (
    State("wall", "/wall", (shows("Unowned"),), picture=True),
    State("past", "/past?at=2026-11-29T01:30", (shows("at 01:30"),), picture=True),
    State("past-map", "", (click("Map", "link"), shows("5 km"))),
    State("past-log", "", (click("Log", "link"), shows("Open matters only"))),
    State("past-handover", "", (click("Handover", "link"), shows("as the room stood"))),
    State("engineering", "/engineering", picture=True),
    State("accounts", "/people", picture=True),
    State("account", "/account", picture=True),
    State("audit", "/audit", picture=True),
    State("help", "/help", picture=True),
    State("accessibility", "/accessibility", picture=True),
    State("no-such-page", "/no-such-page", picture=True),
    State(
        "sign-out-alone",
        "/account",
        (restrict_one, click("Sign out"), shows("Before you sign out")),
        whole=True,
    ),
    State("sign-in", "/sign-in", (sign_out,), picture=True),
    State(
        "sign-in-refused", "", (write("Name", "sam"), write("Password", "no", "Enter"), shows("not right"))
    ),
)
"""Pages with an address of their own, over the same night; an empty one goes on from the line before."""

MANAGERS = (
    State("plan-on-a-page", "/managers?quarter=2026Q2", picture=True),
    State("managers-answering", "/managers/answering", picture=True),
    State("managers-load", "/managers/load", picture=True),
    State("managers-cameras", "/managers/cameras?cost=650", picture=True),
)
"""The manager's pages, over twenty months."""

CREW = (
    State("crew-order", "/crew", (shows("Library of S1"),), picture=True),
    State("crew-on-scene", "", (click("Accept"), click("On the way"), click("On scene"), sent), picture=True),
    State("crew-found", "", (click("Cleared"), shows("False alarm")), picture=True),
)
"""The crew's page on a telephone, from one line to the next."""


def named(room: SmallRoom, operator: str) -> dict[str, str]:
    """Return the incidents that the table speaks of."""
    every = list(room.state.incidents.values())
    wanted: dict[str, Callable[[Incident], bool]] = {
        "silent": lambda one: one.site == SILENT and one.event == "panic",
        "mine": lambda one: one.owner == operator and one.order is None and one.priority > 1,
        "joined": lambda one: one.signals > 1,
        "life": lambda one: one.priority == 1 and one.order is None,
        "theirs": lambda one: one.owner not in {None, operator} and one.status == "owned",
    }
    return {word: next(one.id for one in every if is_it(one)) for word, is_it in wanted.items()}


async def reach(page: Page, address: str, state: State, names: dict[str, str]) -> None:
    """Bring the page to this state; a question that is open is given up first."""
    if await page.get_by_role("dialog").count():
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.goto(f"{address}/#/{state.part.format(**names)}")
    await expect(page.locator("#panel-title")).to_have_count(1 if "{" in state.part else 0)  # it is drawn
    await expect(page.locator("main h2:visible").first).to_be_visible()
    await drawn(page)  # and nothing of the state before is left
    for deed in state.deeds:
        await deed(page)

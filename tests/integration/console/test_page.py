"""The page in a real browser, over a room that really decides."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, expect

from controlroom.console.parts import RoomStatus
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import EPOCH, SmallRoom, garbage
from tests.integration.console.looks import QUICK, opened, store
from tests.integration.console.served import served

pytestmark = pytest.mark.browser

HOSTILE = '<img src=x onerror="document.title=`owned`"><script>document.title="owned"</script>\u202egnp\x00'


async def test_a_routed_signal_appears_on_the_page(page: Page) -> None:
    """What the room decides stands on the screen: in the feed, in the counts, and as an incident."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        server.room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
        row = page.locator("[data-position='1']")
        await expect(row).to_contain_text("Panic")
        await expect(row).to_contain_text("MR-01")
        incident = page.locator("[data-incident='INC-1']")
        await expect(incident).to_contain_text("Library of S1")
        await expect(incident).to_contain_text("Dispatched")
        await expect(page.locator(".tally-kind").first).to_contain_text(re.compile(r"Mobile response\s*1"))
        await expect(page.get_by_text("Demonstration", exact=True)).to_be_visible()


async def test_a_lost_line_recovers_without_a_gap_or_a_repeat(page: Page) -> None:
    """The line breaks under load and comes back: every position is on the page exactly once."""
    async with served(pace=QUICK) as server:
        room = server.room
        await opened(page, server)
        room.happens(*room.signals(30))
        await page.wait_for_selector("[data-position='30']")
        await server.unplug()
        room.happens(*room.signals(20))
        await expect(page.locator("html")).to_have_attribute("data-connection", "reconnecting")
        await server.plug_in()
        room.happens(*room.signals(10))
        await page.wait_for_selector("[data-position='60']")
        assert await store(page, "store.signals.map((row) => row.p)") == list(range(1, 61))
        assert await store(page, "store.restarts") == 1


async def test_a_sixth_page_of_a_browser_says_why_it_does_not_follow(browser: Browser) -> None:
    """Five pages hold a line each, the sixth connection is for commands; where one ends, the next goes on."""
    async with served(pace=QUICK) as server:
        context = await browser.new_context()
        first, page, other = [await context.new_page() for _ in range(3)]
        await opened(first, server)  # the next page comes from the browser's own store then
        await other.goto(f"{server.address}/help")
        hold = "navigator.locks.request(`controlroom-line-${one}`, () => new Promise(() => {}))"
        await other.evaluate(f"() => {{ for (const one of [2, 3, 4, 5]) void {hold} }}")
        await page.goto(server.address)
        await expect(page.get_by_text("Close one of them")).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("data-connection", "opening")
        await other.close()
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")
        await expect(page.get_by_text("Close one of them")).to_have_count(0)


async def test_a_new_epoch_makes_the_page_start_over(page: Page) -> None:
    """When another writer opens the room, the page takes a new snapshot; what is new in it is heard."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        server.room.happens(*server.room.signals(3))
        await page.wait_for_selector("[data-position='3']")
        await store(page, "void store.newcomers.push((row) => (window.heard ??= []).push(row.id))")
        server.room.decided(
            signal(Kind.ARC_ALARM, "a1", event="other")
        )  # told to nobody, as by another writer
        server.console.hub.opened(EPOCH + 1, 4)
        server.room.happens(*server.room.signals(1))
        await page.wait_for_selector("[data-position='5']")
        assert await store(page, "[store.epoch, store.restarts]") == [EPOCH + 1, 2]
        assert await page.evaluate("window.heard") == ["INC-4"]
        assert server.meter.reasons == ["other_epoch"]


async def test_hostile_bytes_lie_still(page: Page) -> None:
    """A payload full of markup and control characters is text on the page and nothing else."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        server.room.happens(garbage(HOSTILE.encode(), HOSTILE, topic=f"leedswatch/{HOSTILE}"))
        await page.locator("[data-quarantine='1'] button").click()
        body = page.locator(".item-body")
        await expect(body).to_contain_text("<script>document.title")
        await expect(body).to_contain_text(r"\u202egnp\x00")
        await expect(body).to_contain_text("3c 69 6d 67")
        assert await page.title() == "Control room: live events"
        assert await page.locator("main img, main script").count() == 0
        assert "\u202e" not in await page.locator("main").inner_text()


async def test_a_page_without_a_room_says_that_it_shows_the_past(browser: Browser) -> None:
    """Ten seconds after the last word of the room the page is grey and says how long it has heard nothing."""
    async with served(pace=QUICK) as server:
        context = await browser.new_context()
        page = await context.new_page()
        await page.clock.install()
        await page.route("**/api/v1/snapshot", lambda route: route.abort(), times=1)
        await server.sign_in(context)
        await page.goto(server.address)
        await expect(page.locator("main")).to_contain_text("nothing is known of what is open")
        assert "No priority 1" not in await page.inner_text("body")
        await page.clock.run_for(2_000)
        await expect(page.locator("html")).to_have_attribute("data-connection", "live")
        await server.stop()
        await expect(page.locator("html")).to_have_attribute("data-connection", "reconnecting")
        await page.clock.run_for(12_000)
        await expect(page.locator("[data-line='stale']")).to_contain_text("Stale for")
        await expect(page.get_by_role("region", name="Notices")).to_contain_text(
            "Nothing has been heard from the room"
        )
        await expect(page.locator(".board")).to_have_class(re.compile("board-stale"))
        await context.close()


async def test_a_machine_that_slept_and_a_line_that_hangs_start_over(browser: Browser) -> None:
    """Neither the browser's word that the line is open, nor a try that nobody answers, is waited for."""
    async with served(pace=QUICK) as server:
        context = await browser.new_context()
        page = await context.new_page()
        await page.clock.install()
        await opened(page, server, "queue/%E0%A4%A")  # nor does an address that nobody made shut anybody out
        await page.clock.run_for(1_000)
        await page.evaluate("Date.now = ((was) => () => was() + 3_600_000)(Date.now)")
        await page.clock.run_for(1_000)
        await comes_to(page, "store.restarts >= 2")
        server.room.happens(*server.room.signals(1))
        await comes_to(page, "store.position === 1")  # the line is open before it is cut
        await page.route("**/api/v1/stream*", lambda _: asyncio.sleep(0))  # asked, and never answered
        server.console.hub.opened(EPOCH + 1, 1)
        await comes_to(page, "store.restarts >= 3")
        await page.clock.run_for(12_000)
        await comes_to(page, "store.restarts >= 4")
        await context.close()


async def comes_to(page: Page, expression: str) -> None:
    """Wait until this is true of the page's store."""
    async with asyncio.timeout(60):
        while not await store(page, expression):
            pass  # each look is a turn of the page's own loop


async def test_what_is_not_stored_is_marked_until_it_is(page: Page) -> None:
    """While the store is away the page says DEGRADED and marks what is only decided; then the mark goes."""
    async with served(pace=QUICK) as server:
        room = server.room
        await opened(page, server)
        room.status = RoomStatus(demonstration=True, degraded="the store does not answer")
        records = room.decided(signal(Kind.ARC_ALARM, "a1", event="panic"))
        server.console.hub.provisional(records)
        await expect(page.get_by_role("region", name="Notices")).to_contain_text("the store does not answer")
        await expect(page.locator("[data-position='1']")).to_contain_text("not stored")
        server.console.hub.released(records)
        await expect(page.locator("[data-position='1']")).not_to_contain_text("not stored")


async def test_a_list_stays_still_under_the_hand(page: Page) -> None:
    """With the pointer in the feed nothing moves; what is new is counted and shown on request."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        server.room.happens(*server.room.signals(3))
        first = page.locator("[data-position='3']")
        await first.hover()
        place = await first.bounding_box()
        server.room.happens(*server.room.signals(2))
        fresh = page.get_by_role("button", name="2 new, show")
        await expect(fresh).to_be_visible()
        assert await first.bounding_box() == place
        await fresh.click()
        await expect(page.locator("[data-position='5']")).to_be_visible()


async def test_the_list_costs_the_same_with_thousands_of_rows(page: Page) -> None:
    """Only what is visible exists in the page, however long the list; its true length is told."""
    room = SmallRoom()
    async with served(room, QUICK) as server:
        for number in range(600):
            room.happens(signal(Kind.ARC_ALARM, f"a{number}", event="panic"))
        await opened(page, server)
        table = page.get_by_role("table", name="Alarms")
        await expect(table).to_have_attribute("aria-rowcount", "601")
        assert await page.locator("[data-incident]").count() < 60
        await page.keyboard.press("ArrowDown")
        place = page.locator(".panel-incidents .scroll")
        await place.evaluate("place => place.scrollTo(0, place.scrollHeight)")
        await expect(page.locator("[data-incident='INC-600']")).to_be_visible()
        await expect(page.locator("[data-incident='INC-1'] .row-open-button")).to_be_focused()
        places = await page.evaluate(READ)
        assert (places[0], places) == (2, sorted(places))


async def test_the_queue_is_kept_in_order_by_what_changed(page: Page) -> None:
    """However many incidents come, move and end between two looks, the list is as sorting them all gives."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        assert await page.evaluate(ORDER) == []


READ = """() => [...document.querySelectorAll("[data-incident]")].map((row) => Number(row.ariaRowIndex))"""
"""The places of the rows in the order in which they are read aloud."""


async def test_the_page_knows_what_it_lacks_and_what_a_clock_means(page: Page) -> None:
    """What was left off is missed once it moves; open again is news; a typed time is one in Leeds."""
    async with served(pace=QUICK) as server:
        await opened(page, server)
        assert await page.evaluate(LACKS) == {
            "lacks": [False, False, True, False],
            "heard": ["A", "B", "A"],
            "kept": True,
            "asked": [False, "heard out", 2],
            "told": ["New: 2 of priority 2.", "New: 2 of priority 2.", "New: 1 of priority 3."],
            "times": ["2026-06-01T13:00:00.000Z", "2026-12-01T14:00:00.000Z", "2026-10-25T00:30:00.000Z"],
        }


LACKS = """async () => {
  const folder = new URL(document.querySelector("script[type=module]").src).pathname.replace(/main.js$/, "");
  const [{ Store }, { Arrivals }, { momentOf }] = await Promise.all(
    ["store.js", "arrivals.js", "words.js"].map((name) => import(folder + name)));
  const now = "2026-11-28T12:00:00Z";
  const one = (id, more) => ({ id, priority: 2, status: "new", opened_at: now, version: 1, ...more });
  const snapshot = (count, left_off) => ({
    epoch: 1, position: 5, as_of: 5, left_off, units: [], recent: [], quarantine: [],
    incidents: Array.from({ length: count }, (_, at) => one(`INC-${at}`)), status: { now, counts: {} },
  });
  const batch = (p, ...steps) => ({ after: p - 1, through: p, stored: p, deltas: [{ p, at: "", steps }] });
  const lacks = [], heard = [], store = new Store();
  store.newcomers.push((row) => heard.push(row.id));
  store.reset(snapshot(4000, 0));
  lacks.push(store.wanting);
  store.reset(snapshot(4000, 9));
  heard.length = 0;
  lacks.push(store.wanting);
  store.fold(batch(6, { do: "joined", id: "LEFT-OFF", priority: 1 }));
  lacks.push(store.wanting);
  store.reset(snapshot(4000, 9));
  lacks.push(store.wanting);
  store.fold(batch(6, { do: "opened", incident: one("A") }, { do: "opened", incident: one("B") }));
  store.fold(batch(7, { do: "closed", id: "A", at: "2026-11-28T13:00:00Z", outcome: "genuine" }));
  store.fold(batch(8, { do: "opened", incident: one("A", { version: 3 }) }));
  for (let at = 0; at < 1199; at += 1) store.put(one(`C-${at}`, { closed_at: String(at), status: "closed" }));
  const kept = store.closed().length < 600 && store.queue().length === 4002;
  const arrivals = new Arrivals(), told = [];
  for (const [at, ...priorities] of [[0, 2, 1, 2], [9_000, 2, 2], [10_000], [20_000, 3]]) {
    for (const priority of priorities) arrivals.heard({ priority });
    arrivals.tick(at);
    if (at !== 9_000) told.push(arrivals.said.trim());
  }
  const times = ["2026-06-01T14:00", "2026-12-01T14:00", "2026-10-25T01:30"].map(momentOf);
  return { lacks, heard, kept, told, times, asked: await asks() };

  async function asks() {
  const [{ h, render }, { usePolled }] = await Promise.all([import("preact"), import(folder + "polled.js")]);
  const calls = [], fetched = window.fetch;
  const held = ({ signal }) => new Promise((answer, fail) => {
    calls.push({ answer, signal });
    signal.addEventListener("abort", () => fail(signal.reason));
  });
  window.fetch = (address, more) => (address === "/slow" ? held(more) : fetched(address, more));
  let polled;
  const turn = () => new Promise((done) => setTimeout(done, 150));
  render(h(() => ((polled = usePolled("/slow", 1e6)), null)), document.createElement("div"));
  await turn();
  polled.again();
  await turn();
  calls[0].answer(new Response(JSON.stringify("heard out")));
  await turn();
  window.fetch = fetched;
  return [calls[0].signal.aborted, polled.told, calls.length];
  }
}"""
"""Asks the page's own parts; `asks` has a slow room asked again before it has answered."""


ORDER = """async () => {
  const folder = new URL(document.querySelector("script[type=module]").src).pathname.replace(/main.js$/, "");
  const { Queue } = await import(`${folder}ordered.js`);
  const { byUrgency } = await import(`${folder}steps.js`);
  let seed = 7;
  const dice = (sides) => ((seed = (seed * 48271) % 2147483647) % sides);
  const queue = new Queue(), rows = new Map(), wrong = [];
  for (let look = 0; look < 300; look += 1) {
    for (let change = dice(look % 10 === 0 ? 200 : 12); change > 0; change -= 1) {
      const id = `INC-${dice(400)}`;
      const status = dice(5) ? "new" : "closed";
      const row = { id, priority: 1 + dice(4), dueMs: dice(50), openedMs: dice(50), status };
      queue.put(rows.get(id), row);
      rows.set(id, row);
    }
    const truth = [...rows.values()].filter((row) => row.status !== "closed").sort(byUrgency);
    const told = queue.rows();
    if (told.length !== truth.length || told.some((row, at) => row !== truth[at])) wrong.push(look);
  }
  return wrong;
}"""
"""Changes at random, few and many; returns the looks at which the kept list was not the sorted one."""

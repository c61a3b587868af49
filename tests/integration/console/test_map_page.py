"""The map in a real browser: the list is its equal, it follows the stream, and it asks nobody but the room.

One room, one page and one map file serve every look; the file is the tiny one of `tests.console.tiny_tiles`.
"""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace
from multidict import CIMultiDictProxy
from playwright.async_api import Page, expect

from controlroom.access.permissions import Role
from controlroom.commands.crews import CrewWordTaken
from controlroom.console.map_answers import TILES
from controlroom.console.map_tiles import CONTENT_TYPE, read_tiles
from controlroom.console.parts import Parts
from controlroom.events import Closed
from controlroom.signals.dispatch_messages import CrewWord, Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.console.spread_city import CAMERAS, spread_city
from tests.console.tiny_tiles import archive
from tests.integration.console.looks import QUICK, drawn, focused, opened
from tests.integration.console.served import Served, served

POINTS = 4 + 1 + len(CAMERAS) + 1 + 2  # sites, cameras, help point, crews
FOLDED = """([items, groups]) => Promise.all([import(items), import(groups)]).then(([, { grouped }]) => {
  const item = (id, state, x) => ({ id, state, x });
  const many = [...Array(2000).keys()].map((at) => item(`c${at}`, "fine", at % 20));
  const urgent = [item("i1", "incident", 3), item("f1", "fault", 3)];
  const place = ({ x }) => ({ x, y: 0 });
  const drawn = grouped([...urgent, ...many], place, new Set(["c7"]), false);
  const sizes = (marks) => marks.map((mark) => mark.items.length);
  return {
    marks: drawn.map((mark) => mark.id),
    sizes: sizes(drawn),
    close: sizes(grouped(many, place, new Set(), true)),
  };
})"""
NAMED = """([items]) => import(items).then(({ itemsOf }) => {
  const at = { area: "a", latitude: 1, longitude: 1 };
  const point = (kind, key) => ({ ...at, id: `${kind}:${key}`, kind, key, name: key });
  const row = (key, event, status, priority) => ({
    id: `INC-${key}`, kind: "arc-alarm", source: `l/a/arc-alarm/${key}`, site: key, event, status, priority,
  });
  const crew = (key, status) => ({ id: `crew:${key}`, status, latitude: 1, longitude: 1, reported: true });
  const points = [..."ABCDE"].map((key) => point("site", key));
  points.push(point("camera", "F"), point("crew", "G"), point("crew", "H"));
  const now = {
    down: [], silent: ["camera:F"], stuck: [], untested: [], sites: { unset: ["site:D", "site:A"] },
    owing: ["site:C"], on_test: ["site:A", "site:C"], crews: [crew("G", "en_route"), crew("H", "off_duty")],
    incidents: [],
  };
  const open = [row("A", "panic", "new", 1), row("B", "mains_fault", "owned", 3)];
  return itemsOf(points, now, open).items.map((item) => [item.id, item.state, item.word]);
})"""


class MappedRoom(SmallRoom):
    """A room that looks after the spread city, with a map file of its own."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        file.write_bytes(archive())
        self.tiles = read_tiles(file)
        self.handbook = replace(self.handbook, estate=spread_city())

    def parts(self, *args: Any) -> Parts:
        """Return what its console is given: the map file as well."""
        return replace(super().parts(*args), tiles=self.tiles)


async def got(server: Served, path: str, **headers: str) -> tuple[int, bytes, CIMultiDictProxy[str]]:
    """Return status, content and headers of an answer."""
    headers |= await server.cookies()
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.address + path, headers=headers) as answer,
    ):
        return answer.status, await answer.read(), answer.headers


@pytest.mark.browser
async def test_the_map_and_its_list_show_the_same_and_follow_the_room(page: Page, tmp_path: Path) -> None:
    """By keyboard alone: from the queue to the map, to a point, to its incident, and back."""
    asked: list[str] = []
    await page.set_viewport_size({"width": 1440, "height": 1800})  # every row of the list exists
    page.on("request", lambda request: asked.append(request.url))
    room = MappedRoom(tmp_path / "leeds.pmtiles")
    async with served(room, QUICK) as server:
        room.happens(signal(Kind.HELP_POINT, "h1", step="started"))
        await opened(page, server, "queue/alarms/INC-1")
        await expect(page.get_by_role("link", name="Show on the map")).to_be_visible()
        await page.keyboard.press("v")
        places = page.get_by_role("region", name="Places", exact=True)
        rows = page.locator("[data-point]")
        await expect(rows).to_have_count(POINTS)
        answer = await (await page.request.get(f"{server.address}/api/v1/map")).json()
        ids = [await row.get_attribute("data-point") for row in await rows.all()]
        assert sorted(map(str, ids)) == sorted(point["id"] for point in answer["points"])
        assert ids[0] == "help_point:H1", "what needs somebody stands first"
        await expect(page.get_by_role("region", name="All about INC-1")).to_be_visible()
        await expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
        await the_stream_changes_the_map(page, room)
        await the_keyboard_does_everything(page, places)
        await filters_hold_for_both(page)
        await marks_are_folded_and_named(page)
        await server.sign_in(page.context, "the crew", Role.CREW)
        for path in ("/api/v1/map", "/api/v1/map/now", TILES):
            assert (await page.request.get(server.address + path)).status == 403
        assert {url.split("/")[2] for url in asked} == {f"127.0.0.1:{server.port}"}
        assert any(f"{TILES}?" in url for url in asked)


async def the_stream_changes_the_map(page: Page, room: SmallRoom) -> None:
    """A fault shows at its camera, and what was closed is gone from its point, without a reload."""
    camera = page.locator("[data-point='camera:C1']")
    await expect(camera).to_have_attribute("data-state", "silent")
    nowhere, based = (page.locator(f"[data-point='crew:MR-0{number}']") for number in (1, 2))
    await expect(nowhere).to_contain_text("place not known")
    await expect(based).to_contain_text("not reported, shown where it waits")
    room.passes(1)  # an answer is given again for half a second
    room.happens(CrewWordTaken("MR-02", CrewWord.CHECK_IN, "desk two", b"", 53.81, -1.52))
    await expect(based).to_contain_text("was there 2 Mar 2026 12:00:01")
    room.passes(1)
    room.happens(signal(Kind.CAMERA_FAULT, "c1", fault="offline", state="raised"))
    await expect(camera).to_have_attribute("data-state", "fault")
    room.happens(Closed("INC-1", room.state.incidents["INC-1"].version, "desk two", Outcome.GENUINE))
    await expect(page.locator("[data-point='help_point:H1']")).to_have_attribute("data-state", "fine")
    room.passes(1)
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"), signal(Kind.TELECARE, "t1", event="panic"))
    await expect(page.locator("[data-point='site:S1']")).to_contain_text("Panic")
    home = page.locator("[data-point^='spot:']")
    await expect(home).to_contain_text("Panic")
    await expect(home).to_contain_text("Incident elsewhere")


async def the_keyboard_does_everything(page: Page, places: Any) -> None:
    """Down the list, into a point, into its incident, out again; the focus is where the work is."""
    await page.keyboard.press("Escape")
    await page.locator("#places").focus()
    await page.keyboard.press("j")
    await expect(places.locator(":focus")).to_have_count(1)
    first = await page.locator("[data-point]").first.get_attribute("data-point")
    await page.keyboard.press("Enter")
    await expect(page.locator("#card-title")).to_be_focused()
    assert str(first).split(":")[1] in page.url or "spot" in page.url
    await page.get_by_role("link", name="INC-", exact=False).filter(has_text="Panic").first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="All about INC-")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#card-title")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#card-title")).to_have_count(0)
    await page.get_by_role("link", name="To the list of the same places").focus()
    await page.keyboard.press("Enter")
    assert (await focused(page))[0].startswith("Places")
    await page.goto(page.url.split("#")[0] + "#/map/help_point:H1")
    near = page.locator(".map-near li")
    await expect(near).to_have_count(len(CAMERAS))
    await expect(near.first).to_contain_text("C2")
    await drawn(page)  # the map has gone there
    await page.mouse.click(*await middle_of_the_map(page))
    several = page.get_by_role("region", name="At this place", exact=True)
    await expect(several.last).to_contain_text("C2")
    await several.last.get_by_role("button", name="H1").click()
    await expect(page.locator("#card-title")).to_contain_text("H1")
    await page.locator(".map-place").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("+")


async def middle_of_the_map(page: Page) -> tuple[float, float]:
    """Return where the point in hand stands on the screen: in the middle of the map."""
    box = await page.locator(".map-place").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def filters_hold_for_both(page: Page) -> None:
    """A kind that is not wanted, a state, words: the list has fewer rows, and says how many."""
    await page.keyboard.press("Escape")
    await expect(page.locator("#card-title")).to_have_count(0)
    await page.get_by_role("checkbox", name="Cameras").uncheck()
    await expect(page.locator("[data-point^='camera:']")).to_have_count(0)
    await page.get_by_label("State").select_option("needs")
    others = "".join(f":not([data-state='{state}'])" for state in ("incident", "fault", "test", "out"))
    await expect(page.locator(f"[data-point]{others}")).to_have_count(0)
    await page.get_by_label("State").select_option("any")
    scale = await page.locator(".map-scale").inner_text()
    count = await page.locator("#places .count").inner_text()
    await page.get_by_label("Area").select_option("inner-east")
    await expect(page.locator("#places .count")).not_to_have_text(count)
    await expect(page.locator("#places .count")).not_to_have_text("0")
    await expect(page.locator(".map-list .cell-3", has_not_text="Inner East")).to_have_count(0)
    await expect(page.locator(".map-scale")).not_to_have_text(scale)
    await page.get_by_label("Area").select_option("")
    await expect(page.locator("#places .count")).to_have_text(count)
    await page.get_by_label("Find in Places").fill("k1")
    await expect(page.locator("[data-point]")).to_have_count(1)
    await expect(page.locator("#places .count")).to_have_text("1")


async def marks_are_folded_and_named(page: Page) -> None:
    """Two thousand points in one corner are a few marks; what needs somebody stands alone, and above.

    A state's word is its kind's own, an incident goes before a test, a test before a fault, and what was
    never told is not in order.
    """
    main = str(await page.get_attribute("script[type=module]", "src")).removesuffix("main.js")
    files = [f"{main}map/items.js", f"{main}map/groups.js"]
    assert await page.evaluate(NAMED, files) == [
        ["site:A", "incident", "Panic, new"],
        ["site:B", "fault", "Mains fault, owned"],
        ["site:C", "test", "On test"],
        ["crew:G", "out", "En route"],
        ["site:E", "silent", "Unknown, set or unset"],
        ["camera:F", "silent", "Silent"],
        ["site:D", "unset", "Unset"],
        ["crew:H", "off", "Off duty"],
    ]
    told = await page.evaluate(FOLDED, files)
    assert told["marks"][1:] == ["c7", "f1", "i1"]
    assert told["sizes"] == [1999, 1, 1, 1]
    assert told["close"] == [400] * 5


async def test_points_are_told_once_and_the_map_file_by_ranges(tmp_path: Path) -> None:
    """A page that knows them is told so; a range is a part; without a file there is none."""
    async with served(MappedRoom(tmp_path / "leeds.pmtiles")) as server:
        status, points, headers = await got(server, "/api/v1/map")
        assert (status, headers["Cache-Control"]) == (200, "private, no-cache")
        assert (await got(server, "/api/v1/map", **{"If-None-Match": headers["ETag"]}))[:2] == (304, b"")
        status, _, headers = await got(server, "/api/v1/map/now")
        assert (status, headers["Cache-Control"]) == (200, "no-store")
        status, content, headers = await got(server, TILES, Range="bytes=0-6")
        assert (status, content, headers["Content-Type"]) == (206, b"PMTiles", CONTENT_TYPE)
        assert (await got(server, TILES))[:2] == (200, archive())
        assert b"telecare" not in points
    async with served(SmallRoom()) as server:
        status, content, _ = await got(server, TILES)
        assert (status, json.loads(content)["type"]) == (404, "urn:controlroom:problem:no-map-file")
        assert json.loads((await got(server, "/api/v1/map"))[1])["tiles"] is None

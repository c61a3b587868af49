"""What the map costs: the page that shows it beside the page that does not, and the room that answers it.

`python -m benchmarks.map --times 3`. The demonstration estate is taken so many times over; signals from its
panels and cameras come at a steady pace into a room without a journal. The same page shows the queue first,
then the map, which is dragged all the while. Frames and long tasks are the browser's own; `frames_ratio` is
formed within this one run. Prints one JSON object.

Limit: room, feed and browser share this machine's cores, which a control room's do not.
"""

import argparse
import asyncio
import json
import random
import shutil
import time
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from playwright.async_api import Page, async_playwright

from controlroom.console.city_map import now_of, points_of
from controlroom.console.pulses import Pace
from controlroom.estate.load import load
from controlroom.estate.model import CREW_TAG, Estate, Place
from controlroom.events import Event, SignalReceived
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import signal
from tests.console.small_room import SmallRoom
from tests.integration.console.looks import opened
from tests.integration.console.served import served

WATCH = """() => {
  window.seen = { frames: 0, long: [] };
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.long.push(one.duration); })
    .observe({ type: "longtask" });
  const look = () => { seen.frames += 1; requestAnimationFrame(look); };
  requestAnimationFrame(look);
}"""
MIDDLE = "(it) => (({ x, y, width, height }) => [x + width / 2, y + height / 2])(it.getBoundingClientRect())"
PULSE_S = 0.05
KINDS = (Kind.ARC_ALARM, Kind.CAMERA_FAULT)
SEED = 2015


def estate(times: int) -> Estate:
    """Return the demonstration estate, each place so many times over, a hundred metres apart."""
    files = {file.name: file.read_text("utf-8") for file in Path("config/estate").glob("*.csv")}
    once, places = load(files), {}
    for place in once.places.values():
        for at in range(times if CREW_TAG not in place.tags else 1):
            name = f"x{at}" if at else ""
            moved = {"latitude": place.latitude + at * 0.0007, "longitude": place.longitude + at * 0.0009}
            topic = place.topic + name
            places[topic] = replace(place, topic=topic, site=place.site + name, **moved)
    return Estate(places, once.crews)


def said(place: Place, number: int, dice: random.Random) -> Event:
    """Return what this place says: an alarm, or that its picture went or came back."""
    data: dict[str, Any] = {"fault": "offline", "state": dice.choice(("raised", "cleared"))}
    if place.kind == Kind.ARC_ALARM:
        data = {"event": dice.choice(("panic", "intruder", "other", "opened"))}
    known = signal(Kind(place.kind), f"q{number}", **data)
    moved = known.signal.model_copy(update={"source": place.topic})
    return SignalReceived(moved, Wire(place.topic, known.wire.payload), f"q{number}".encode())


async def feed(room: SmallRoom, rate: float, seconds: float) -> int:
    """Let so many signals a second happen; return how many came."""
    dice, ends, count = random.Random(SEED), time.perf_counter() + seconds, len(room.journal)
    places = [place for place in room.handbook.estate.places.values() if place.kind in KINDS]
    while time.perf_counter() < ends:
        some = range(count, count + round(rate * PULSE_S))
        room.happens(*(said(dice.choice(places), number, dice) for number in some))
        room.passes(PULSE_S)
        count = some.stop
        await asyncio.sleep(PULSE_S)
    return count


async def drag(page: Page, seconds: float) -> None:
    """Pull the map to and fro."""
    x, y = await page.locator(".map-place").evaluate(MIDDLE)
    way, ends = 1, time.perf_counter() + seconds
    while time.perf_counter() < ends:
        await page.mouse.move(x, y)
        await page.mouse.down()
        for step in range(20):
            await page.mouse.move(x + way * step * 6, y + step)
        await page.mouse.up()
        way = -way


async def seen(page: Page, room: SmallRoom, rate: float, seconds: float, *, dragged: bool) -> dict[str, Any]:
    """Return frames a second and the longest task of the page while signals come."""
    await page.evaluate("Object.assign(seen, { frames: 0, long: [] })")
    began = time.perf_counter()
    hand = drag(page, seconds) if dragged else asyncio.sleep(seconds)
    before = len(room.journal)
    await asyncio.gather(feed(room, rate, seconds), hand)
    took, told = time.perf_counter() - began, await page.evaluate("seen")
    return {
        "signals_a_s": round((len(room.journal) - before) / took),
        "frames_a_s": round(told["frames"] / took, 1),
        "long_tasks": len(told["long"]),
        "longest_ms": round(max(told["long"], default=0)),
    }


async def measured(times: int, rate: float, seconds: float) -> dict[str, Any]:
    """Return everything that was measured."""
    room = SmallRoom()
    room.handbook = replace(room.handbook, estate=estate(times))
    began = time.perf_counter()
    for _ in range(20):
        now_of(room.handbook, room.state, room.now)
    now_ms = (time.perf_counter() - began) / 20 * 1000
    async with served(room, Pace(pulse_s=PULSE_S, beat_s=2.0)) as server, async_playwright() as play:
        browser = await play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.add_init_script(f"({WATCH})()")
        await opened(page, server, "queue/alarms")
        queue = await seen(page, room, rate, seconds, dragged=False)
        await page.keyboard.press("v")
        await page.locator(".map-scale:not(:empty)").wait_for()
        shown = await seen(page, room, rate, seconds, dragged=True)
        await browser.close()
    ratio = shown["frames_a_s"] / queue["frames_a_s"]
    points = len(points_of(room.handbook.estate))
    now = {"now_ms": round(now_ms, 2)}
    return {"points": points, **now, "queue": queue, "map": shown, "frames_ratio": round(ratio, 2)}


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1, help="how often the estate is there")
    parser.add_argument("--rate", type=float, default=200.0, help="signals a second")
    parser.add_argument("--seconds", type=float, default=8.0)
    asked = parser.parse_args()
    print(json.dumps(asyncio.run(measured(asked.times, asked.rate, asked.seconds))))


if __name__ == "__main__":
    main()

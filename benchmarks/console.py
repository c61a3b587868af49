"""How long a signal takes to the screen, on real parts: broker, room, store that fsyncs, Chromium.

`python -m benchmarks.console`. Signals come at a steady pace. `--drawn` consoles are pages in a Chromium,
the rest of `--consoles` follow the stream as a page does and draw nothing: in a control room each console has
a computer of its own, here all share this one. The last page is looked at, frame by frame: from
the moment a signal was due to leave its sender to the beginning of the frame after the first one whose list
of signals holds it, or a later one (at 500 a second more go by than the list has rows). Long tasks and the
heap are the browser's own.

Then the load once more with nobody looking, and with clients that do harm: one that stalls, one that
connects in a loop, so many that read. The readers come three times: beside the room as equals; giving way to
it (`nice`), as they would from other machines; and, as a control, at a relay, where the room has one page to
write to and only the machine is busy with them. The ratios are of the ages of orders, formed within this one
run; with each stands what the room used of a core, and how long it was ready and waited for one.

Prints one JSON object last. Limit: broker, load, store, clients and browser take from the room's own cores.
"""

import argparse
import asyncio
import json
import shutil
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.console_harm import ordered_beside_a_relay, ordered_with
from benchmarks.console_room import clients, fresh, load

WATCH = """src => import(src).then(({ store }) => {
  const seen = { frames: [], long: [], heap: [], rows: [], keys: [] };
  seen.p = seen.drawn = store.position;
  window.seen = seen;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.long.push(one.duration); })
    .observe({ type: "longtask" });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === "keydown") seen.keys.push(one.duration);
  }).observe({ type: "event", durationThreshold: 16 });
  const look = () => {
    for (let at = store.signals.length - 1; at >= 0 && store.signals[at].p > seen.p; at -= 1)
      seen.rows.push([store.signals[at].p, store.signals[at].source]);
    seen.p = store.position;
    const top = Number(document.querySelector(".table-signals .body [data-position]")?.dataset.position ?? 0);
    if (top > seen.drawn) seen.frames.push([seen.drawn = top, Date.now()]);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  setInterval(() => seen.heap.push(performance.memory?.usedJSHeapSize ?? 0), 1000);
})"""
"""Notes, in the page, every signal that was folded, and of each frame the newest that stands in the list.

Also each key that took 16 ms or more from its press to the frame that shows what it did."""

KEY_EVERY_S = 0.25
"""The operator goes through the list at this pace: the row after the one that has the focus."""

BEFORE_RATE = 1_000.0
"""How fast the signals come that are there before anybody looks."""


def ages_ms(due: list[tuple[float, str]], seen: dict[str, Any]) -> list[float]:
    """Return how old each signal was on the screen. The n-th row is the n-th signal sent, by its source."""
    rows = sorted((int(position), source) for position, source in seen["rows"])
    if [source for _, source in rows] != [source for _, source in due[: len(rows)]]:
        raise SystemExit("the page shows other signals, or another order, than were sent")
    ages: list[float] = []
    frames = iter(seen["frames"])
    newest, moment = 0, 0.0
    for (position, _), (left, _) in zip(rows, due, strict=False):
        while newest < position:
            found = next(frames, None)
            if found is None:
                return ages
            newest, moment = found
        ages.append(moment - left)
    return ages


def percentile(values: list[float], share: float) -> float:
    """Return this percentile; 0 for none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0


async def opened(browser: Browser, address: str, token: str) -> Page:
    """Open one console and wait until it is live."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    await context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("html[data-connection='live']")
    return page


async def pressed(page: Page) -> None:
    """Go down the list by keyboard, a row at a time, until cancelled."""
    await page.evaluate("window.pressed = 0")
    while True:
        await page.keyboard.press("ArrowDown")
        await page.evaluate("window.pressed += 1")
        await asyncio.sleep(KEY_EVERY_S)


async def watched_by(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the load saw, and what the console that is looked at saw, with so many open."""
    chromium = shutil.which("chromium") or "chromium"
    flags = ["--no-sandbox", "--disable-gpu"]
    others = max(0, arguments.consoles - arguments.drawn)
    async with fresh() as (parts, address, token, _), async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium, args=flags)
        if arguments.before:
            await load(parts, BEFORE_RATE, arguments.before / BEFORE_RATE)
        pages = [await opened(browser, address, token) for _ in range(arguments.drawn)]
        main = await pages[-1].get_attribute("script[type=module]", "src")
        await pages[-1].evaluate(WATCH, main)
        async with clients(address, token, follow=others) as followed:
            keys = asyncio.create_task(pressed(pages[-1]), name="keys")
            words = ("--due", "--first", str(arguments.before))
            load_saw = await load(parts, arguments.rate, arguments.seconds, *words)
            keys.cancel()
        page_saw: dict[str, Any] = await pages[-1].evaluate("window.seen")
        page_saw["open"] = await pages[-1].locator("#incidents .count").inner_text()
        page_saw["pressed"] = await pages[-1].evaluate("window.pressed")
        await browser.close()
    return load_saw, page_saw | {"gaps": followed["gaps"]}


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    runs = {"alone": await ordered_with(arguments)}
    runs["with_consoles"], seen = await watched_by(arguments)
    runs["stalled_and_looping"] = await ordered_with(arguments, stall=1, again=1)
    harm = {"stall": 1, "again": 1, "read": arguments.readers}
    runs["and_readers"] = await ordered_with(arguments, **harm)
    runs["and_readers_that_give_way"] = await ordered_with(arguments, give_way=True, **harm)
    runs["readers_of_a_relay"] = await ordered_beside_a_relay(arguments)
    runs["alone_again"] = await ordered_with(arguments)
    ages = ages_ms(runs["with_consoles"]["due"], seen)
    heap = seen["heap"] or [0]
    keys = seen["keys"] + [0.0] * (
        seen["pressed"] - len(seen["keys"])
    )  # what took less than 16 ms is not told
    return {
        "rate": arguments.rate,
        "consoles": arguments.consoles,
        "drawn": arguments.drawn,
        "signals_on_screen": len(ages),
        "frames_with_news": len(seen["frames"]),
        "wire_to_screen_ms": {name: percentile(ages, share) for name, share in SHARES.items()},
        "long_tasks_over_50_ms": len(seen["long"]),
        "longest_task_ms": round(max(seen["long"], default=0.0), 1),
        "incidents_open": seen["open"],
        "keys_pressed": seen["pressed"],
        "key_to_frame_ms": {name: percentile(keys, share) for name, share in SHARES.items()},
        "heap_mb": {"first": round(heap[0] / 1e6, 1), "last": round(heap[-1] / 1e6, 1)},
        "gaps": seen["gaps"],
        "order_p50_ms": {name: run["p50_ms"] for name, run in runs.items()},
        "order_p99_ms": {name: run["p99_ms"] for name, run in runs.items()},
        "to_alone": {name: round(run["p50_ms"] / runs["alone"]["p50_ms"], 2) for name, run in runs.items()},
        "room_used_of_a_core": {name: run["room_used"] for name, run in runs.items() if "room_used" in run},
        "room_waited_for_a_core": {
            name: run["room_waited"] for name, run in runs.items() if "room_waited" in run
        },
        "lost": sum(run["lost"] for run in runs.values()),
    }


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def main() -> int:
    """Measure and report; 1 when a signal's order was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--consoles", type=int, default=20)
    parser.add_argument("--before", type=int, default=12_000, help="signals sent before anybody looks")
    parser.add_argument("--drawn", type=int, default=1, help="how many of them are pages that are drawn")
    parser.add_argument("--readers", type=int, default=200)
    found = asyncio.run(measured(parser.parse_args()))
    print(json.dumps(found))
    return 1 if found["lost"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How long a signal takes to the screen, on real parts: broker, room, store that fsyncs, Chromium.

`python -m benchmarks.console`. Signals come at a steady pace; so many consoles are open, one is looked at.
Measured in the page, frame by frame: from the moment the room stamped a signal's arrival to the frame in
which its row stands there (both clocks are this machine's). Long tasks and the heap are the browser's own.
Then the same load once more while one client does not read, another connects again and again, and 200 read;
the ratio is that of the medians of signal to order, formed within this one run.

Prints one JSON object last. Limit: all consoles share one Chromium and this machine's cores.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Browser, Page, async_playwright

from benchmarks.broker import Servers, free_port, servers
from benchmarks.route import settings

WATCH = """src => import(src).then(({ store }) => {
  const seen = { ages: [], long: [], p: store.position, heap: [] };
  window.seen = seen;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) seen.long.push(one.duration); })
    .observe({ type: "longtask" });
  const look = () => {
    for (let at = store.signals.length - 1; at >= 0 && store.signals[at].p > seen.p; at -= 1)
      seen.ages.push(Date.now() - Date.parse(store.signals[at].at));
    seen.p = store.position;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  setInterval(() => seen.heap.push(performance.memory?.usedJSHeapSize ?? 0), 1000);
})"""
"""Notes, in the page, how old each signal is in the frame after it was folded."""


def percentile(values: list[float], share: float) -> float:
    """Return this percentile; 0 for none."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0


@asynccontextmanager
async def room(parts: Servers, folder: Path) -> AsyncIterator[tuple[str, str]]:
    """Run the real room; give the console's address and a token that opens it."""
    port = free_port()
    environment = os.environ | settings(parts, str(folder), port)
    command = [sys.executable, "-m", "controlroom"]
    config = ["--config", "config/demo.toml"]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, "serve", *config, env=environment, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        await _answers(address)
        words = [*command, "tokens", "add", "bench", "--role", "operator", "--days", "1", *config]
        made = subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True)  # noqa: ASYNC221 - nothing else runs yet
        yield address, made.stdout.decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


async def _answers(address: str) -> None:
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{address}/livez") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.2)


async def opened(browser: Browser, address: str, token: str) -> Page:
    """Open one console and wait until it is live."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    await context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_selector("html[data-connection='live']")
    return page


async def load(parts: Servers, rate: float, seconds: float) -> dict[str, Any]:
    """Send signals at this pace; return what the load saw of orders."""
    words = ["--port", str(parts.broker_port), "--rate", str(rate), "--seconds", str(seconds)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", *words, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    seen: dict[str, Any] = json.loads(out)
    return seen


async def disturbed(address: str, token: str, readers: int) -> None:
    """Let one client not read, one connect again and again, and so many read, until cancelled."""
    headers = {"Authorization": f"Bearer {token}"}
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(headers=headers, connector=connector, timeout=timeout) as session:
        stalled = await session.get(f"{address}/api/v1/stream")

        async def again() -> None:
            while True:
                async with session.get(f"{address}/api/v1/stream") as answer:
                    await answer.content.readany()

        async def reads() -> None:
            async with session.get(f"{address}/api/v1/stream") as answer:
                async for _ in answer.content.iter_any():
                    pass

        async with asyncio.TaskGroup() as group:
            group.create_task(again(), name="again")
            for _ in range(readers):
                group.create_task(reads(), name="reads")
        stalled.close()


@asynccontextmanager
async def fresh() -> AsyncIterator[tuple[Servers, str, str]]:
    """Give fresh servers and a room: the load's signals are the same each time, and decided once."""
    with servers() as parts, tempfile.TemporaryDirectory() as folder:
        async with room(parts, Path(folder)) as (address, token):
            yield parts, address, token


async def watched_by(arguments: argparse.Namespace) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the load saw, and what the console that is looked at saw, with so many open."""
    chromium = shutil.which("chromium") or "chromium"
    flags = ["--no-sandbox", "--disable-gpu"]
    async with fresh() as (parts, address, token), async_playwright() as play:
        browser = await play.chromium.launch(executable_path=chromium, args=flags)
        pages = [await opened(browser, address, token) for _ in range(arguments.consoles)]
        main = await pages[-1].get_attribute("script[type=module]", "src")
        await pages[-1].evaluate(WATCH, main)
        load_saw = await load(parts, arguments.rate, arguments.seconds)
        page_saw: dict[str, Any] = await pages[-1].evaluate("window.seen")
        await browser.close()
    return load_saw, page_saw


async def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    async with fresh() as (parts, _, _):
        alone = await load(parts, arguments.rate, arguments.seconds)
    watched, seen = await watched_by(arguments)
    async with fresh() as (parts, address, token):
        harm = asyncio.create_task(disturbed(address, token, arguments.readers), name="harm")
        hurt = await load(parts, arguments.rate, arguments.seconds)
        harm.cancel()
        with suppress(asyncio.CancelledError):
            await harm
    heap = seen["heap"] or [0]
    return {
        "rate": arguments.rate,
        "consoles": arguments.consoles,
        "signals_drawn": len(seen["ages"]),
        "to_screen_ms": {name: percentile(seen["ages"], share) for name, share in SHARES.items()},
        "long_tasks_over_50_ms": len(seen["long"]),
        "longest_task_ms": round(max(seen["long"], default=0.0), 1),
        "heap_mb": {"first": round(heap[0] / 1e6, 1), "last": round(heap[-1] / 1e6, 1)},
        "order_p50_ms": {
            "alone": alone["p50_ms"],
            "with_consoles": watched["p50_ms"],
            "disturbed": hurt["p50_ms"],
        },
        "order_p99_ms": {
            "alone": alone["p99_ms"],
            "with_consoles": watched["p99_ms"],
            "disturbed": hurt["p99_ms"],
        },
        "disturbed_to_alone": round(hurt["p50_ms"] / max(0.001, alone["p50_ms"]), 2),
        "lost": alone["lost"] + watched["lost"] + hurt["lost"],
    }


SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def main() -> int:
    """Measure and report; 1 when a signal's order was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--consoles", type=int, default=20)
    parser.add_argument("--readers", type=int, default=200)
    found = asyncio.run(measured(parser.parse_args()))
    print(json.dumps(found))
    return 1 if found["lost"] else 0


if __name__ == "__main__":
    raise SystemExit(main())

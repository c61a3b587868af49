"""A page that is open for a whole shift holds no more at its end than after its first hour.

One hour of 7,500 signals and 60 incidents that are owned, noted and closed, as a shift has eight of them;
in between the operator looks at an incident, a board and the log, and comes back. `make shift` plays all
eight. An hour is played in seconds: what a page holds follows from what it is told, not from the wait. The
bounds are the page's own: 600 closed incidents and 1,000 signals, which the first two hours fill.
"""

import asyncio
import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from playwright.async_api import CDPSession, Page, expect

from controlroom.commands.work import Noted
from controlroom.estate.model import Estate
from controlroom.events import Closed, Owned, SignalReceived
from controlroom.incidents.changes import IncidentOpened
from controlroom.ingest.decode import decode
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import LIMITS, NOON, estate, topic_of, wire
from tests.console.small_room import EPOCH, SmallRoom
from tests.integration.console.looks import QUICK, opened, store
from tests.integration.console.served import served

pytestmark = pytest.mark.browser

PARTS = round(float(os.environ.get("SHIFT_HOURS", "2.1")) * 10)
"""Tenths of an hour that are played at least; a shift has eighty. The walk has seven, and is ended whole.

A page that was left may be held until another one is: once for each, at a moment of the browser's own. So it
is played on, up to twice as long, until a walk held no more than the one before. A leak grows on.
"""

SIGNALS = 750
INCIDENTS = 6
SITES = [f"S{number}" for number in range(100, 160)]
"""More than one: thirty alarms of one source in an hour are a runaway, which is rolled up."""

MAY_GROW = 1_000_000
"""Bytes the page may hold more at its end: a leak of 100 bytes a signal is four times that over a shift."""

WALK = ("boards/crews", "log", "queue/closed", "boards/cameras", "handover", "queue/due", "queue/alarms")


def city() -> Estate:
    """Return the test city with these sites."""
    small = estate()
    alarm = small.places[topic_of(Kind.ARC_ALARM)]
    more = [replace(alarm, topic=topic_of(Kind.ARC_ALARM, site), site=site) for site in SITES]
    return Estate({**small.places, **{place.topic: place for place in more}}, small.crews)


def alarm(room: SmallRoom, number: int) -> SignalReceived:
    """Return an alarm that a person looks at first, of the next site."""
    sent = wire(Kind.ARC_ALARM, f"x{number}", source=SITES[number % len(SITES)], event="other")
    event = decode(sent, room.handbook.estate, LIMITS, NOON)
    assert isinstance(event, SignalReceived), event
    return event


def a_tenth_of_an_hour(room: SmallRoom, part: int) -> None:
    """Let so many signals come, and so many incidents be opened, owned, noted and closed."""
    for number in range(INCIDENTS):
        room.passes(360 / INCIDENTS)
        changes = room.happens(alarm(room, part * INCIDENTS + number))[0].decision.changes
        name = next(change.incident.id for change in changes if isinstance(change, IncidentOpened))
        room.happens(*room.signals(SIGNALS // INCIDENTS))
        room.happens(Owned(name, 1, "desk one"), Noted(name, 2, "desk one", "Looked at; a fox."))
        if number > 0:  # one is left to be looked at
            room.happens(Closed(name, 3, "desk one", Outcome.FALSE_ALARM))
    looked_at = [one for one in room.state.incidents if one != name]
    for old in looked_at[:-1]:
        room.happens(Closed(old, 3, "desk one", Outcome.FALSE_ALARM))


async def held(cdp: CDPSession) -> dict[str, int]:
    """Return what the page holds after a collection: bytes of heap, nodes of its document, listeners."""
    await cdp.send("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in (await cdp.send("Performance.getMetrics"))["metrics"]}
    return {name: int(metrics[name]) for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners")}


def _most(seen: list[dict[str, int]]) -> dict[str, int]:
    """Return the most that the page held of each."""
    return {name: max(one[name] for one in seen) for name in seen[0]}


def grown(seen: list[dict[str, int]]) -> list[str]:
    """Return what the last walk held more of than the one before; what is left open differs in between."""
    first, last = _most(seen[-2 * len(WALK) : -len(WALK)]), _most(seen[-len(WALK) :])
    may_grow = {name: held * 0.2 for name, held in first.items()} | {"JSHeapUsedSize": MAY_GROW}
    return [name for name, held in last.items() if held - first[name] > may_grow[name]]


async def walked(page: Page, room: SmallRoom, part: int) -> None:
    """Look at an incident and at another part of the console, and come back to the queue."""
    name = next(iter(room.state.incidents))
    await page.evaluate(f"location.hash = '#/queue/alarms/{name}'")
    await expect(page.get_by_role("region", name=f"All about {name}")).to_be_visible()
    for place in (WALK[part % len(WALK)], "queue/alarms"):
        await page.evaluate(f"location.hash = '#/{place}'")
        await expect(page.locator(f"a[aria-current][href='#/{place}']").last).to_be_visible()
    await expect(page.locator(f"[data-incident='{name}']")).to_be_visible()


async def test_a_shift_leaves_nothing_behind(page: Page, tmp_path: Path) -> None:
    """Heap, nodes and listeners after the last tenth are those after the page's own bounds were filled."""
    room = SmallRoom()
    room.handbook = replace(room.handbook, estate=city())
    async with served(room, QUICK) as server:
        await opened(page, server)
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Performance.enable")
        seen = []
        for part in range(2 * PARTS):
            a_tenth_of_an_hour(room, part)
            await asyncio.sleep(0)
            await walked(page, room, part)
            position = room.state.position
            await expect(page.locator(".foot b").first).to_have_text(f"{EPOCH}-{position}")
            seen.append(await held(cdp))
            if part + 1 >= PARTS and len(seen) % len(WALK) == 0 and grown(seen) == []:
                break
        told = f"{seen[-2 * len(WALK) :]} after {room.state.position} positions"
        assert grown(seen) == [], told
        assert await store(page, "store.restarts") == 1
        (tmp_path / "held").write_text(told)

"""The house in which a whole shift is worked: the real room, its field, a line that can be cut, people.

The field speaks 200 times a second. Its limits: that pace is asked for and not measured, and nobody on the
other side of an order says anything.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from controlroom.access.accounts import Account
from controlroom.access.permissions import Role
from controlroom.access.registry import add
from controlroom.clock import wall_clock
from controlroom.estate.model import Place
from controlroom.settings import load
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.access import offstage
from controlroom.wiring.books import read_estate
from simulators.publisher import Broker as BrokerAt
from simulators.publisher import Publisher
from tests.build import body
from tests.chaos.house import ROOT, House
from tests.console.night_room import SILENT
from tests.integration.console.eyes import WATCHED
from tests.integration.faulty_link import FaultyLink
from tests.ports import free_port

ALARM = Kind.ARC_ALARM.value
AT_ONCE, PAUSE_S = 10, 0.05
"""200 a second."""

OPENS = 10
"""One in so many signals of the load opens an incident at another site."""

PASSWORD = "four words of a shift"  # noqa: S105 - of people who live for this test


class Field:
    """What is connected to the broker: the panels of the shipped estate."""

    def __init__(self, line: Publisher) -> None:
        panels = [one for one in read_estate(ROOT / "config" / "estate").places.values() if one.kind == ALARM]
        self._line = line
        self._now = wall_clock()
        self._numbers = itertools.count()
        self.quiet = next(place for place in panels if place.site == SILENT)
        self.others = [place for place in panels if place.site != SILENT]
        self.spared: set[str] = set()
        """Sites that say nothing any more."""

    async def says(self, place: Place, event: str) -> None:
        """Let a panel say this."""
        data = {"site": place.site, "event": event, "zone": "1", "set_state": "set"}
        sent = body(Kind.ARC_ALARM, f"shift-{next(self._numbers)}") | {
            "source": place.topic,
            "time": self._now().isoformat(),
            "data": data,
        }
        await self._line.send(Wire(place.topic, json.dumps(sent).encode(), STRUCTURED))

    @asynccontextmanager
    async def talking(self) -> AsyncIterator[None]:
        """Let other sites speak until the block ends: most of it for the log, some of it new work."""
        over = asyncio.Event()

        async def talk() -> None:
            for place in itertools.cycle(self.others):
                if place.site in self.spared:
                    continue
                event = "tamper" if next(self._numbers) % OPENS == 0 else "test"
                await self.says(place, event)
                if next(self._numbers) % AT_ONCE == 0:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(over.wait(), PAUSE_S)
                if over.is_set():
                    return

        task = asyncio.create_task(talk(), name="the field")
        try:
            yield
        finally:
            over.set()
            await task


class Shift:
    """The house, its field, a line that can be cut, and who works here."""

    def __init__(self, house: House, field: Field, link: FaultyLink) -> None:
        self.house = house
        self.field = field
        self.link = link
        self.address = f"http://127.0.0.1:{link.port}"

    async def people(self, **roles: Role) -> str:
        """Add these people, the first with an initial password, which is returned; the others chose."""
        initial = ""
        ours = {key: value for key, value in self.house.environment.items() if key.startswith("CONTROLROOM_")}
        async with offstage(load(self.house.config, ours)) as at:
            for name, role in roles.items():
                given = await add(at.book, at.passwords, Account(name, name, (role,)), "a test", at.now())
                initial = initial or given
                if given != initial:
                    chosen = replace(
                        at.book.accounts[name],
                        password=await at.passwords.digest(PASSWORD),
                        must_change=False,
                    )
                    await at.book.keep({name: chosen})
        return initial

    async def page(self, browser: Browser, name: str) -> Page:
        """Return a tab in which somebody has signed in."""
        page = await (await browser.new_context(viewport={"width": 1440, "height": 900})).new_page()
        await page.add_init_script(WATCHED)
        await page.goto(self.address)
        await page.get_by_label("Name").fill(name)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await live(page)
        return page


@asynccontextmanager
async def shift(folder: Path) -> AsyncIterator[Shift]:
    """Open the room with what is shipped."""
    port = free_port()
    settings = {
        "CONSOLE__PORT": str(port),
        "RULES__DIRECTORY": str(ROOT / "config" / "rules"),
    }
    async with House(folder, settings) as house, FaultyLink(port) as link:
        await house.open_room()
        line = Publisher(BrokerAt("127.0.0.1", house.broker.port, "the-field"))
        running = asyncio.create_task(line.run(), name="the line of the field")
        try:
            yield Shift(house, Field(line), link)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def live(page: Page) -> None:
    """Wait until the console is true; it tries again after at most twenty-two seconds."""
    await expect(page.locator("html")).to_have_attribute("data-connection", "live", timeout=60_000)

"""`make pictures`: every page in every theme into docs/console, of one fixed night; then one JSON object.

python -m tests.pictures [NAME ...]

Without names it makes them all and takes away those that no line of a table makes any more. The night is of a
seed (`tests/console/night_room.py`), the clock of the browser stands still at its end, nothing moves: another
run on the same machine and browser writes the same bytes. Its fonts are used. Each picture has at most 128
colours, which a console in neutral greys does with. The list in docs/console.md is written anew.
"""

import argparse
import asyncio
import io
import json
import shutil
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.utils import format_datetime
from pathlib import Path
from time import perf_counter

from PIL import Image
from playwright.async_api import Browser, Page, Route, ViewportSize, async_playwright

from controlroom.access.permissions import Role
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal
from tests.console.managed_room import with_a_past
from tests.console.night_room import NightRoom, live_through
from tests.console.small_room import SmallRoom
from tests.integration.console.conftest import QUIET
from tests.integration.console.looks import QUICK, THEMES, opened
from tests.integration.console.served import Served, served
from tests.integration.console.states import CONSOLE, CREW, MANAGERS, PAGES, State, named, reach
from tests.pictures.listing import FOLDER, put_down

DESK: ViewportSize = {"width": 1440, "height": 900}
WALL: ViewportSize = {"width": 1920, "height": 1080}
TELEPHONE: ViewportSize = {"width": 360, "height": 740}
COLOURS = 128
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
MOST_BYTES = 6_000_000
"""What all pictures together may weigh in the repository."""


def main() -> int:
    """Make the pictures; return 0 when all of them together are small enough."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.pictures", description="Take every page's picture."
    )
    parser.add_argument("names", nargs="*", help="states of the tables; all without one")
    names = parser.parse_args().names
    began_s = perf_counter()
    made = asyncio.run(_taken(names))
    if not names:
        for left in set(FOLDER.glob("*-*.png")) - set(made):
            left.unlink()
        put_down()
    size = sum(picture.stat().st_size for picture in FOLDER.glob("*.png"))
    said = {"pictures": len(made), "bytes": size, "seconds": round(perf_counter() - began_s, 1)}
    sys.stdout.write(json.dumps(said) + "\n")
    return 0 if size <= MOST_BYTES else 1


async def _taken(names: Sequence[str]) -> list[Path]:
    made: list[Path] = []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        for theme in THEMES:
            made += await _of_the_night(browser, theme, names)
            made += await _of_the_managers(browser, theme, names)
            made += await _of_a_crew(browser, theme, names)
        await browser.close()
    return made


async def _of_the_night(browser: Browser, theme: str, names: Sequence[str]) -> list[Path]:
    made = []
    room = NightRoom()
    async with served(room, QUICK) as server:
        live_through(room)
        async with _tab(browser, server, theme, DESK) as page:
            await opened(page, server)
            for state in _wanted(CONSOLE, names):
                await reach(page, server.address, state, named(room, "desk one"))
                made.append(await _picture(page, state, theme))
            for state in _wanted(PAGES, names):
                await page.set_viewport_size(WALL if state.name == "wall" else DESK)
                made.append(await _of_a_page(page, server, state, theme))
    return made


async def _of_the_managers(browser: Browser, theme: str, names: Sequence[str]) -> list[Path]:
    if not (states := _wanted(MANAGERS, names)):
        return []
    async with served(with_a_past()) as server, _tab(browser, server, theme, DESK, Role.MANAGER) as page:
        return [await _of_a_page(page, server, state, theme) for state in states]


async def _of_a_crew(browser: Browser, theme: str, names: Sequence[str]) -> list[Path]:
    if not (states := _wanted(CREW, names)):
        return []
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    async with served(room, QUICK) as server, _tab(browser, server, theme, TELEPHONE, Role.CREW) as page:
        await page.route("**/api/v1/crew/current", _at_noon)
        return [await _of_a_page(page, server, state, theme) for state in states]


async def _at_noon(route: Route) -> None:
    """Let the server's clock, by which the telephone counts, stand where the room's does."""
    answer = await route.fetch()
    headers = answer.headers | {"date": format_datetime(NOON, usegmt=True)}
    await route.fulfill(response=answer, headers=headers)


def _wanted(states: Sequence[State], names: Sequence[str]) -> list[State]:
    return [state for state in states if state.picture and (not names or state.name in names)]


@asynccontextmanager
async def _tab(
    browser: Browser, server: Served, theme: str, size: ViewportSize, role: Role | None = None
) -> AsyncIterator[Page]:
    """Open a tab in this theme, in which somebody has signed in and the clock stands still."""
    context = await browser.new_context(viewport=size, locale="en-GB", timezone_id="Europe/London")
    await context.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    name, unit = ("mr-01", "MR-01") if role is Role.CREW else ("desk one", None)
    await server.sign_in(context, name, *([role] if role else []), unit=unit)
    page = await context.new_page()
    await page.clock.set_fixed_time(server.room.now)
    yield page
    await context.close()


async def _of_a_page(page: Page, server: Served, state: State, theme: str) -> Path:
    if state.part:
        await page.goto(server.address + state.part)
    for deed in state.deeds:
        await deed(page)
    return await _picture(page, state, theme)


async def _picture(page: Page, state: State, theme: str) -> Path:
    """Keep what is on the screen in few colours; return where."""
    await page.mouse.move(0, 0)
    await page.evaluate(TWO_FRAMES)
    taken = Image.open(io.BytesIO(await page.screenshot(animations="disabled", caret="hide")))
    few = taken.convert("RGB").quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    path = FOLDER / f"{state.name}-{theme}.png"
    few.save(path, optimize=True)
    return path


if __name__ == "__main__":
    sys.exit(main())

"""Simulated days as journals to replay: crashes, outages, operators and crews, all of it in the frames."""

import asyncio
from typing import Any

from controlroom.incidents.state import State
from controlroom.journal.memory import MemoryStore
from controlroom.replay.load import Assumptions
from controlroom.replay.report import Report
from controlroom.wiring.replay_books import ReplayBook
from controlroom.wiring.replaying import Books, Span, replay_journal
from controlroom.wiring.rule_book import RuleBook
from tests.journal.virtual_time import VirtualLoop
from tests.simulation.day import World
from tests.simulation.fate import fate_of
from tests.simulation.house import LIMITS
from tests.simulation.plants import Plant
from tests.simulation.streets import handbook


def lived(seed: int) -> World:
    """Return the world at the end of this day."""

    async def through(loop: asyncio.AbstractEventLoop) -> World:
        world = World(fate_of(seed), Plant(), loop)
        await world.lives()
        return world

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.get_loop().set_exception_handler(lambda *_: None)
        return runner.run(through(runner.get_loop()))


def book(rules: Any = None) -> ReplayBook:
    """Return the simulation's own handbook as a book to replay by, with other rules if asked."""
    held = handbook()
    judge: Any = rules if rules is not None else held.rules
    return ReplayBook("the day's rules", held, RuleBook(judge, {}, {}), (), "")


def replayed(world: World, span: Span, against: ReplayBook | None = None) -> tuple[Report, State]:
    """Return the report of this part of the day's journal and the state at its end."""
    books = Books(book(), against, LIMITS, Assumptions())
    frames = MemoryStore(world.shelves.frames).frames(0)
    return asyncio.run(replay_journal(frames, span, books, lambda *_: None))

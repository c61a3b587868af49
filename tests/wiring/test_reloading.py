"""The reloader: requests in turn, sets loaded beside the room, and what is remembered of them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from controlroom.console.rule_desk import DeskBusy, Reloaded, ReloadResult
from controlroom.events import RulesRefused, RulesSwapped
from controlroom.incidents.record import Record, Ruling
from controlroom.incidents.state import State
from controlroom.room import Room
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load
from controlroom.rules.plans import Plan
from controlroom.wiring.folders import BooksRefused
from controlroom.wiring.reloading import (
    ASKED_MAX,
    BY_SIGNAL,
    PROBLEM_CHARACTERS,
    PROBLEMS_KEPT,
    SETS_REMEMBERED,
    Bell,
    Reloader,
)
from controlroom.wiring.rule_book import RuleBook
from tests.build import NOON, handbook

WITHIN_S = 20.0


def book(why: str) -> RuleBook:
    """Return a rule set of one rule, told from others by its sentence."""
    rule = f"{{id: all, when: {{}}, then: {{route: log, priority: 4}}, why: {why}}}"
    rules = load({"guard.yaml": f"table: guard\nrules: [{rule}]\n"})
    table = next(iter(rules.tables))
    return RuleBook(Compiled(rules), {table: 1}, {(str(table), "all"): why}, (f"warned of {why}",))


class Folder:
    """What the loader finds: a set, a refusal or a fault of the loader. `gate` holds it up."""

    def __init__(self) -> None:
        self.found: RuleBook | Exception = book("First.")
        self.gate = threading.Event()
        self.gate.set()
        self.loads = 0

    def load(self) -> RuleBook:
        """Return or raise what is found."""
        self.gate.wait(WITHIN_S)
        self.loads += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


class AtOnce:
    """A journal that has everything as soon as it is submitted; it keeps the records."""

    def __init__(self, room: Room) -> None:
        self.records: list[Record] = []
        self.room_left, self.pending = 10_000, 0
        self._room = room

    def submit(self, records: Sequence[Record], position: int | None = None) -> None:
        """Release them."""
        del position
        self.records += records
        self._room.released(records, records[-1].position)


class Desk:
    """A room with a reloader over a folder."""

    def __init__(self) -> None:
        self.folder, self.bell = Folder(), Bell()
        first = self.folder.load()
        cover = handbook()
        cover = type(cover)(first.judge, cover.estate, cover.house)
        self.room = Room(cover, State(), lambda: NOON)
        self.journal = AtOnce(self.room)
        self.room.attach(self.journal)
        self.reloader = Reloader(self.room, first, NOON, self.bell, self.folder.load)

    async def reload(self, found: RuleBook | Exception, author: str = "desk one") -> Reloaded:
        """Return what becomes of this set."""
        self.folder.found = found
        async with asyncio.timeout(WITHIN_S):
            return await self.reloader.reload(author)


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    """Run a desk until the block ends."""
    made = Desk()
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(made.room.run(), name="desk.room"),
            tasks.create_task(made.reloader.run(), name="desk.rules"),
        ]
        yield made
        for task in running:
            task.cancel()


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds."""
    async with asyncio.timeout(WITHIN_S):
        while not holds():  # noqa: ASYNC110 - any condition, so no Event
            await asyncio.sleep(0)


async def test_a_reload_swaps_the_set_and_says_so() -> None:
    """The new set is in force, its author and moment are known, and the swap is one record."""
    async with desk() as at:
        second = book("Second.")
        reloaded = await at.reload(second)
        assert (reloaded.result, reloaded.position) == (ReloadResult.SWAPPED, 1)
        standing = at.reloader.standing()
        assert (standing.version, standing.loaded_by, standing.loaded_at) == (
            second.version,
            "desk one",
            NOON,
        )
        assert standing.warnings == ("warned of Second.",)
        assert at.room.handbook.rules is second.judge
        event = at.journal.records[0].event
        assert event == RulesSwapped("desk one", second.version, book("First.").version)


async def test_the_same_files_again_change_nothing_but_leave_a_record() -> None:
    """A reload of an unchanged folder answers so, keeps the judge that decides, and is on record."""
    async with desk() as at:
        judge = at.room.handbook.rules
        reloaded = await at.reload(book("First."))
        assert reloaded.result is ReloadResult.UNCHANGED
        assert at.room.handbook.rules is judge
        assert at.reloader.standing().loaded_by == "start"
        assert len(at.journal.records) == 1


async def test_another_plan_is_shown_though_no_verdict_changes() -> None:
    """Plans are no part of the version: the reload says unchanged, and what people do is the new text."""
    step = {"id": "go", "do": "Go there.", "required": True}
    plan = Plan.model_validate({"title": "Go", "steps": [step]})
    async with desk() as at:
        assert at.reloader.plan("guard", "all") is None
        with_plan = replace(book("First."), plans={("guard", "all"): plan})
        assert (await at.reload(with_plan)).result is ReloadResult.UNCHANGED
        assert at.reloader.plan("guard", "all") == plan
        assert at.reloader.plan("guard", "gone") is None
        await at.reload(BooksRefused(["a.yaml:1:2: bad"]))
        assert at.reloader.plan("guard", "all") == plan
        assert (await at.reload(book("Second."))).result is ReloadResult.SWAPPED
        assert at.reloader.plan("guard", "all") is None


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (BooksRefused(["a.yaml:1:2: bad"]), "a.yaml:1:2: bad"),
        (
            RecursionError("too deep"),
            "the loader failed on it (RecursionError: too deep); please report these files",
        ),
    ],
)
async def test_a_refused_set_leaves_the_old_one(fault: Exception, problem: str) -> None:
    """A set that cannot be loaded, and even a fault of the loader, is a record; the old set decides on."""
    async with desk() as at:
        judge = at.room.handbook.rules
        reloaded = await at.reload(fault)
        assert reloaded.result is ReloadResult.REFUSED
        assert at.room.handbook.rules is judge
        assert at.journal.records[0].event == RulesRefused("desk one", (problem,), 1)
        refused = at.reloader.standing().refused
        assert refused is not None
        assert (refused.by, refused.problems, refused.found) == ("desk one", (problem,), 1)
        assert (await at.reload(book("Third."))).result is ReloadResult.SWAPPED
        assert at.reloader.standing().refused == refused
        assert dict(at.reloader.counts) == dict.fromkeys(map(str, ReloadResult), 0) | {
            "swapped": 1,
            "refused": 1,
        }


async def test_a_flood_of_problems_is_cut_and_counted() -> None:
    """However many and long the problems are, the record stays small and says how many there were."""
    async with desk() as at:
        await at.reload(BooksRefused([f"{number} " + "x" * 10_000 for number in range(5_000)]))
        event = at.journal.records[0].event
        assert isinstance(event, RulesRefused)
        assert (len(event.problems), event.found) == (PROBLEMS_KEPT, 5_000)
        assert {len(problem) for problem in event.problems} == {PROBLEM_CHARACTERS}


async def test_requests_wait_for_each_other_and_are_bounded() -> None:
    """While one set loads others wait in turn; past the bound an author is told, and a signal is merged."""
    async with desk() as at:
        at.folder.gate.clear()
        at.bell.ring()
        await until(lambda: at.bell.waiting == 0)
        waiting = [at.bell.ask(f"desk {number}") for number in range(ASKED_MAX)]
        with pytest.raises(DeskBusy):
            at.bell.ask("one too many")
        at.bell.ring()
        at.folder.gate.set()
        async with asyncio.timeout(WITHIN_S):
            await asyncio.gather(*waiting)
        authors = [record.event.author for record in at.journal.records]  # type: ignore[union-attr] # all have one
        assert authors == [BY_SIGNAL, *(f"desk {number}" for number in range(ASKED_MAX))]


async def test_whoever_gives_up_waiting_does_not_take_the_reload_back() -> None:
    """A page that closes while its set loads loses the answer; the swap takes place all the same."""
    async with desk() as at:
        at.folder.gate.clear()
        at.folder.found = second = book("Second.")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await at.reloader.reload("gone")
        at.folder.gate.set()
        await until(lambda: at.reloader.standing().version == second.version)
        assert at.reloader.standing().loaded_by == "gone"


async def test_sentences_of_earlier_sets_are_remembered_for_a_while() -> None:
    """A rule's sentence is known for the sets of the last swaps, each in its own words, then forgotten."""
    async with desk() as at:
        first = at.reloader.standing().version
        assert at.reloader.why(Ruling("guard", "all", first)) == "First."
        versions = [
            (await at.reload(book(f"Set {number}."))).standing.version for number in range(SETS_REMEMBERED)
        ]
        assert at.reloader.why(Ruling("guard", "all", first)) is None
        for number, version in enumerate(versions):
            assert at.reloader.why(Ruling("guard", "all", version)) == f"Set {number}."
        assert at.reloader.why(Ruling("guard", "gone", versions[-1])) is None

"""A swap of rule sets in a running room, on virtual time over the journal's in-memory twin."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from controlroom.events import RulesSwapped
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.memory import MemoryStore
from controlroom.journal.open import open_journal
from controlroom.journal.records import decode_frame, encode_frame
from controlroom.journal.snapshot import MemorySnapshots
from controlroom.journal.writer import Chain, Writer
from controlroom.room import BATCH_MAX, Room, Settled
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, OneWordJudge, handbook, signal
from tests.journal.stage import KEY
from tests.journal.virtual_time import passes, run


class SecondJudge(OneWordJudge):
    """The other rule set: an intruder goes to the log."""

    version = "set-2"
    urgent = frozenset({"fire"})


class Stage:
    """A room and its writer, and everything that was released or settled, in order."""

    def __init__(self, store: MemoryStore) -> None:
        loop = asyncio.get_running_loop()
        self.store = store
        self.room = Room(handbook(), State(), lambda: NOON + timedelta(seconds=loop.time()))
        self.records: list[Record] = []
        self.settled: list[Settled] = []
        self.room.settle_with(self.settled.extend)

    def released(self, records: Sequence[Record], last_position: int) -> None:
        """Remember them and let the room know."""
        self.records += records
        self.room.released(records, last_position)

    def degraded(self, because: str) -> None:
        """Pass it on."""
        self.room.degraded(because)

    def recovered(self) -> None:
        """Pass it on."""
        self.room.recovered()

    def intruders(self, first: int, last: int) -> None:
        """Tell the room of intruders with these numbers."""
        for number in range(first, last + 1):
            self.room.tell(signal(Kind.ARC_ALARM, f"i{number}"), number)

    def offer(self, judge: OneWordJudge, previous: str = "test-rules") -> None:
        """Offer a rule set."""
        self.room.offer_rules(RulesSwapped("desk one", judge.version, previous), judge, judge.version)

    def sets(self) -> list[str]:
        """Return the rule set that decided each released signal, a swap as its reason."""
        return [
            record.decision.ruling.rule_set if record.decision.ruling else record.decision.reasons[0]
            for record in self.records
        ]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Run a room until the block ends."""
    made = Stage(MemoryStore())
    opening = await open_journal(made.store, MemorySnapshots(), KEY, schema=1)
    async for _ in opening.frames():
        pass
    writer: Writer[Record] = Writer(
        made.store, Chain(KEY, opening.head), lambda records: encode_frame("w", records), made, lambda: 1.0
    )
    made.room.attach(writer)
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(part(), name=f"stage.{name}")
            for name, part in (("room", made.room.run), ("writer", writer.run))
        ]
        yield made
        for task in running:
            task.cancel()


async def until(holds: Callable[[], bool]) -> None:
    """Return once it holds; on virtual time this can only hang by the test's limit."""
    while not holds():
        await passes(0.001)


def test_what_is_told_before_a_swap_is_decided_by_the_old_set_and_what_is_told_after_by_the_new() -> None:
    """In a queue of several batches the swap stands between two events, and every verdict is of its side."""

    async def story() -> None:
        async with stage() as at:
            before, after = BATCH_MAX + 7, 2 * BATCH_MAX + 3
            at.intruders(1, before)
            at.offer(SecondJudge())
            at.intruders(before + 1, before + after)
            await until(lambda: len(at.records) == before + 1 + after)
            assert at.sets() == ["test-rules"] * before + [Reason.RULES_SWAPPED] + ["set-2"] * after
            assert [item.told.token for item in at.settled] == [
                *range(1, before + 1),
                "set-2",
                *range(before + 1, before + after + 1),
            ]
            orders = [record.position for record in at.records if record.decision.orders]
            assert orders == [1], "the first opened an incident, the others of the old set joined it"
            assert at.room.handbook.rules.version == "set-2"

    run(story())


def test_a_set_offered_against_another_one_decides_nothing() -> None:
    """Of two sets offered against the same one the first decides and the second stays out, both on record."""

    async def story() -> None:
        async with stage() as at:
            third = SecondJudge()
            third.version = "set-3"
            at.offer(SecondJudge())
            at.offer(third)
            at.intruders(1, 2)
            await until(lambda: len(at.records) == 4)
            assert at.sets() == [Reason.RULES_SWAPPED, Reason.RULES_STALE, "set-2", "set-2"]

    run(story())


def test_a_swap_is_answered_only_when_it_is_stored() -> None:
    """While the store is away the new set decides already, and nobody is told that it is in force."""

    async def story() -> None:
        async with stage() as at:
            at.store.away = True
            at.offer(SecondJudge())
            at.intruders(1, 3)
            await until(lambda: at.room.state.position == 4)
            assert (at.settled, at.records) == ([], [])
            assert at.room.handbook.rules.version == "set-2"
            at.store.away = False
            await until(lambda: len(at.settled) == 4)
            assert at.sets() == [Reason.RULES_SWAPPED, *["set-2"] * 3]
            stored = [record for frame in at.store.shelf.frames for record in decode_frame(frame.body)]
            assert stored[0].event == RulesSwapped("desk one", "set-2", "test-rules")

    run(story())

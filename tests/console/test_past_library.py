"""States along the journal; a reader that is asked too much, or not there: a look is quick, or says why."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from controlroom.access.permissions import Person, Role
from controlroom.console.past import answers, fold, library
from controlroom.console.past.desk import PastAsked, PastTold
from controlroom.console.past.fold import Kept
from controlroom.console.past.library import Library
from controlroom.console.past.line import PastLine
from controlroom.console.past.scene import PastView
from controlroom.events import RoomOpened, Tick
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.journal.stored import Head
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.past_marks import MarkShelf
from tests.build import NOON, signal
from tests.console.small_past import SmallJournal, no_snapshots
from tests.console.small_room import EPOCH, SmallRoom

KEY = bytes(range(32))
ANA = Person("ana", "Ana", frozenset({Role.OPERATOR}))


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a state be left each ten records, and few records be held."""
    for where, name, few in (
        (fold, "STEPS_BACK", 3),
        (fold, "SHOWN_BEFORE", 5),
        (fold, "STRETCH", 12),
        (fold, "MARK_EVERY", 10),
        (fold, "TURN_RECORDS", 1),
        (library, "READ_ON", 2),
    ):
        monkeypatch.setattr(where, name, few)


def a_life(records: int) -> tuple[SmallRoom, SmallJournal, dict[int, Kept]]:
    """Return a room of so many records, its journal, and its state at each of them."""
    room, states = SmallRoom(), {}
    for number in range(records):
        room.happens(signal(Kind.ARC_ALARM if number % 7 == 0 else Kind.GUARD, f"n{number}"))
        states[number + 1] = fold.kept(from_bytes(to_bytes(room.state)))
    return room, SmallJournal(lambda: list(room.journal.values()), EPOCH), states


@pytest.mark.usefixtures("often")
async def test_states_are_left_along_the_journal_and_outlive_the_reader(tmp_path: Path) -> None:
    """The next reader, or the one after a restart, folds no further than from one to the next."""
    _, journal, states = a_life(95)
    shelf = MarkShelf(tmp_path, "r", KEY, journal)
    await Library(journal, no_snapshots, shelf).fill()
    assert list(shelf.positions()) == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    again = MarkShelf(tmp_path, "r", KEY, journal)
    assert list(again.positions()) == list(shelf.positions())
    held = Library(journal, no_snapshots, again)
    for position in (94, 8, 57, 23):
        start = await held._start(position, again)
        assert position - start.position <= 12 + fold.STEPS_BACK
        async with held.at(position) as past:
            assert fold.kept(past.state) == states[position]
    await held.fill()  # there is nothing left to do
    assert list(again.positions()) == list(shelf.positions())


@pytest.mark.usefixtures("often")
async def test_the_newest_stretch_is_filled_first_and_a_fold_goes_before(tmp_path: Path) -> None:
    """Between what the room saved and the end first; while somebody waits for a fold, nothing is filled."""
    _, journal, states = a_life(95)

    async def saved() -> Sequence[Kept]:
        return [states[60]]

    came: list[int] = []

    class Remembering(MarkShelf):
        """Remembers in which order states came."""

        async def put(self, kept: Kept, head: Head) -> None:
            came.append(kept.position)
            await super().put(kept, head)

    shelf = Remembering(tmp_path, "r", KEY, journal)
    held = Library(journal, saved, shelf)
    held._free.clear()
    filling = asyncio.create_task(held.fill())
    await asyncio.sleep(0)
    async with held.at(94):
        pass  # its end lets the filling go on
    await filling
    assert came[:3] == [70, 80, 90]  # by the fold, which left them on its way
    assert came[-5:] == [10, 20, 30, 40, 50]
    assert list(shelf.positions()) == [10, 20, 30, 40, 50, 70, 80, 90]


@pytest.mark.usefixtures("often")
async def test_a_state_that_is_not_of_this_journal_is_not_believed(tmp_path: Path) -> None:
    """Damaged, sealed by another key, or of a journal that was begun anew: it goes, and is folded again."""
    _, journal, _ = a_life(40)
    await Library(journal, no_snapshots, MarkShelf(tmp_path, "r", KEY, journal)).fill()
    files = {int(file.stem): file for file in (tmp_path / "past" / "r").iterdir()}
    assert sorted(files) == [10, 20, 30]
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}
    files[30].write_bytes(files[30].read_bytes()[:-9])
    files[20].write_bytes(files[10].read_bytes())
    shelf = MarkShelf(tmp_path, "r", KEY, journal)
    found = await shelf.before(35)
    assert found is not None
    assert (found.position, list(shelf.positions())) == (10, [10])
    assert await MarkShelf(tmp_path, "r", bytes(32), journal).before(35) is None
    await Library(journal, no_snapshots, MarkShelf(tmp_path, "r", KEY, journal)).fill()
    anew = SmallRoom()
    for number in range(40):
        anew.happens(signal(Kind.GUARD, f"other{number}"))
    other = SmallJournal(lambda: list(anew.journal.values()), EPOCH + 1)
    assert await MarkShelf(tmp_path, "r", KEY, other).before(35) is None


async def test_a_gap_after_a_kill_is_said() -> None:
    """Between the last record and the start after it nobody was there; a quiet minute is no gap."""
    room = SmallRoom()
    room.happens(signal(Kind.ARC_ALARM, "a1", event="panic"))
    room.passes(600)
    room.happens(RoomOpened("w", 2, "test-rules", demonstration=True))
    room.passes(600)
    room.happens(Tick())
    try:
        for asked, position, opened in (
            ("12:05:00", 1, "12:10:00"),
            ("12:00:30", 1, ""),
            ("12:15:00", 2, ""),
        ):
            told = await room.past.ask(PastAsked(f"/api/v1/past?at=2026-03-02T{asked}", ANA))
            view = msgspec.json.decode(told.body, type=PastView)
            assert view.position == position
            assert (f"{view.opened:%H:%M:%S}" if view.opened else "") == opened
            assert view.moment == NOON + timedelta(
                hours=int(asked[:2]) - 12, minutes=int(asked[3:5]), seconds=int(asked[6:])
            )
    finally:
        await room.past.close()


class Counting:
    """A reader that answers when it is told to, and counts who is with it."""

    def __init__(self) -> None:
        self.now, self.most = 0, 0
        self.go = asyncio.Event()

    async def ask(self, question: PastAsked) -> PastTold:
        """Wait, and answer."""
        del question
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1
        return PastTold(200, b"{}", "application/json")


async def test_ten_people_wait_their_turn() -> None:
    """What ten pages ask at once is answered, so many at a time; only far more is put off."""
    room, reader = SmallRoom(), Counting()
    room.past = reader  # type: ignore[assignment]  # stands in for it
    doors = answers.PastAnswers(room.parts(), room.desk.witness)
    asking = [asyncio.create_task(doors._in_turn(PastAsked("/x", ANA))) for _ in range(50)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert reader.now == answers.AT_ONCE
    reader.go.set()
    assert {told.status for told in await asyncio.gather(*asking)} == {200}
    assert reader.most == answers.AT_ONCE


@pytest.mark.usefixtures("often")
async def test_ten_people_at_ten_nights_fold_once_each() -> None:
    """Each past is held while its page draws its boards: nobody's look throws out somebody else's."""
    _, journal, states = a_life(200)
    held = Library(journal, no_snapshots)
    nights = range(20, 200, 18)
    for _ in range(3):
        for position in nights:
            async with held.at(position) as past:
                assert fold.kept(from_bytes(to_bytes(past.state))) == states[position]
    assert held.folds == len(nights) == 10


async def test_a_line_knows_whether_the_reader_lives(tmp_path: Path) -> None:
    """Whoever does not answer within the time does not; nor does whoever is not there."""
    line = PastLine(tmp_path / "line")
    try:
        assert not await line.lives(1.0)
        stuck = asyncio.Event()

        async def hangs(_: web.Request) -> web.Response:
            await stuck.wait()
            return web.Response()

        app = web.Application()
        app.router.add_get("/lives", hangs)
        runner = web.AppRunner(app, shutdown_timeout=0)
        await runner.setup()
        await web.UnixSite(runner, str(tmp_path / "line")).start()
        assert not await line.lives(0.01)
        stuck.set()
        assert await line.lives(5.0)
        await runner.cleanup()
    finally:
        await line.close()

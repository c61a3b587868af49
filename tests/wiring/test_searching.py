"""Tests of how the index is fed: from the room while it follows, from the journal where it cannot."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from controlroom.commands.entries import Radio
from controlroom.commands.entry_words import Channel
from controlroom.commands.log_book import EntryWritten
from controlroom.estate.model import Place
from controlroom.events import Event
from controlroom.incidents.record import Record
from controlroom.journal.chain import seal
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import EMPTY, head_of
from controlroom.search.index import IndexAway
from controlroom.search.pieces import What
from controlroom.search.question import Question
from controlroom.signals.vocabulary import Kind
from controlroom.wiring.searching import FILE, WAITING_MAX, Searcher, Tempo
from tests.build import signal
from tests.console.small_room import SmallRoom

QUICK = Tempo(together_s=0.0, again_s=0.0, waiting_max=3)
ALL = tuple(What)


class Kept:
    """A room whose records go into a journal, and from there to whoever follows."""

    def __init__(self) -> None:
        self.room = SmallRoom()
        self.store = MemoryStore()
        self._head = EMPTY

    async def writes(self, *texts: str) -> Sequence[Record]:
        """Store an entry for each text, as one frame."""
        radio = [Radio(Channel.AIRWAVE, "LK1", text) for text in texts]
        return await self.takes(*(EntryWritten("ana", self.room.now, said) for said in radio))

    async def takes(self, *events: Event) -> Sequence[Record]:
        """Store what came of these, as one frame."""
        records = self.room.happens(*events)
        frame = seal(b"k" * 32, self._head, 1, len(records), encode_frame("a test", records))
        await self.store.append(frame, self._head)
        self._head = head_of(frame)
        return records


@asynccontextmanager
async def running(searcher: Searcher) -> AsyncIterator[Searcher]:
    """Let it run until the block ends."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(searcher.run(), name="search")
        yield searcher
        task.cancel()


async def comes_to(searcher: Searcher, position: int) -> None:
    """Wait until the index has everything up to here."""
    async with asyncio.timeout(60):
        while searcher.reach.through < position:  # noqa: ASYNC110 - the index is on a thread of its own
            await asyncio.sleep(0.005)


async def keys(searcher: Searcher, words: str) -> list[str]:
    """Return what is found."""
    return [one.id for one in (await searcher.find(Question(words, None, ALL))).found]


async def test_what_was_before_is_read_from_the_journal_and_what_comes_is_followed(tmp_path: Path) -> None:
    """A new index reads the whole journal, then follows; a second start goes on and reads nothing again."""
    kept = Kept()
    await kept.writes("heron", "egret")
    place = kept.room.handbook.estate.place
    async with running(Searcher(kept.store, tmp_path / FILE, place, QUICK)) as searcher:
        await comes_to(searcher, 2)
        searcher.released(await kept.writes("heron again"))
        await comes_to(searcher, 3)
        assert await keys(searcher, "heron") == ["LOG-3", "LOG-1"]
    await kept.writes("heron while nobody looked")
    async with running(Searcher(kept.store, tmp_path / FILE, place, QUICK)) as searcher:
        await comes_to(searcher, 4)
        assert (len(await keys(searcher, "heron")), searcher.rebuilt) == (3, 0)


async def test_what_did_not_fit_is_read_from_the_journal() -> None:
    """More than may wait, and records that nobody handed over, leave no hole: the journal has them."""
    kept = Kept()
    await kept.writes("first")
    async with running(Searcher(kept.store, None, kept.room.handbook.estate.place, QUICK)) as searcher:
        await comes_to(searcher, 1)
        searcher.released(await kept.writes(*(f"heron {number}" for number in range(9))))
        await comes_to(searcher, 10)
        await kept.writes("lost on the way")
        searcher.released(await kept.writes("heron"))
        await comes_to(searcher, 12)
        assert len(await keys(searcher, "heron")) == 10
        assert await keys(searcher, "lost") == ["LOG-11"]


async def test_a_store_that_is_away_is_asked_again(tmp_path: Path) -> None:
    """Before there is an index a question is refused; when the store is back it is made."""
    kept = Kept()
    await kept.writes("heron")
    kept.store.away = True
    async with running(
        Searcher(kept.store, tmp_path / FILE, kept.room.handbook.estate.place, QUICK)
    ) as searcher:
        with pytest.raises(IndexAway, match="being opened"):
            await keys(searcher, "heron")
        kept.store.away = False
        await comes_to(searcher, 1)
        assert await keys(searcher, "heron") == ["LOG-1"]


async def test_a_damaged_index_is_made_anew_while_the_room_goes_on(tmp_path: Path) -> None:
    """The file is damaged under a running index: it is thrown away and read from the journal again."""
    kept = Kept()
    await kept.writes(*(f"heron {number}" for number in range(50)))
    file = tmp_path / FILE
    async with running(Searcher(kept.store, file, kept.room.handbook.estate.place, QUICK)) as searcher:
        await comes_to(searcher, 50)
    with file.open("r+b") as damaged:
        damaged.seek(4_096)
        damaged.write(b"\xff" * 20_000)
    async with running(Searcher(kept.store, file, kept.room.handbook.estate.place, QUICK)) as searcher:
        await comes_to(searcher, 50)
        assert len(await keys(searcher, "heron")) == 50
        assert searcher.rebuilt == 1


async def test_a_record_that_the_index_cannot_read_ends_neither_the_search_nor_the_room() -> None:
    """A fault of ours in what only helps to look is in the log, and tried again; what was found stays."""
    kept = Kept()
    await kept.writes("heron")
    faulty = True

    def place_of(topic: str) -> Place | None:
        if faulty:
            raise KeyError(topic)
        return kept.room.handbook.estate.place(topic)

    async with running(Searcher(kept.store, None, place_of, QUICK)) as searcher:
        await comes_to(searcher, 1)
        searcher.released(await kept.takes(signal(Kind.ARC_ALARM, "a1", event="panic")))
        with capture_logs() as said:
            async with asyncio.timeout(20):
                while not said:  # noqa: ASYNC110 - the index is on a thread of its own
                    await asyncio.sleep(0.005)
        assert (said[0]["event"], "KeyError" in said[0]["error"]) == ("search_not_fed", True)
        assert await keys(searcher, "heron") == ["LOG-1"]
        faulty = False
        await comes_to(searcher, 2)
        assert "INC-2" in await keys(searcher, "panic")


async def test_an_index_that_cannot_be_made_anew_yet_ends_no_room(tmp_path: Path) -> None:
    """It is damaged and the disk does not take another one: it is tried again until there is one."""
    kept = Kept()
    await kept.writes("heron")
    folder, faulty = tmp_path / "data", False
    folder.mkdir()

    def place_of(topic: str) -> Place | None:
        if faulty:
            raise sqlite3.DatabaseError("the image is malformed")
        return kept.room.handbook.estate.place(topic)

    async with running(Searcher(kept.store, folder / FILE, place_of, QUICK)) as searcher:
        await comes_to(searcher, 1)
        shutil.rmtree(folder)
        folder.write_text("in the way")
        faulty = True
        with capture_logs() as said:
            searcher.released(await kept.takes(signal(Kind.ARC_ALARM, "a1", event="panic")))
            async with asyncio.timeout(20):
                while len(said) < 2:  # noqa: ASYNC110 - the index is on a thread of its own
                    await asyncio.sleep(0.005)
        assert said[1]["event"] == "search_not_mended"
        folder.unlink()
        faulty = False
        await comes_to(searcher, 2)
        assert await keys(searcher, "heron") == ["LOG-1"]


async def test_more_questions_than_can_be_answered_soon_are_told_to_come_again() -> None:
    """One is answered at a time; whoever comes while many wait hears so at once."""
    kept = Kept()
    await kept.writes("heron")
    async with running(Searcher(kept.store, None, kept.room.handbook.estate.place, QUICK)) as searcher:
        await comes_to(searcher, 1)
        asks = [keys(searcher, "heron") for _ in range(WAITING_MAX + 5)]
        ends = await asyncio.gather(*asks, return_exceptions=True)
        assert sum(isinstance(one, IndexAway) for one in ends) == 5
        assert await keys(searcher, "heron") == ["LOG-1"]

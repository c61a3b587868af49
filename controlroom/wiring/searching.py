"""Feeds the index of the search from the journal, and asks it: both on threads of their own.

What is durable is handed over as it comes, by reference, and waits in a list with a bound. A thread takes it
from there in batches, a little at a time, and rests in between for many times as long: what is searched can
wait, a signal cannot. What did not fit into the list, and everything from before this start, is
read from the journal: the index knows how far it has come, and goes on from there.

An index that is damaged, of another journal or not there is made anew, while the room goes on. How far behind
it is is a gauge, and stands in every answer.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import msgspec
import structlog

from controlroom.clock import monotonic_s
from controlroom.incidents.record import Record
from controlroom.journal.records import decode_frame
from controlroom.journal.store import JournalError, Store
from controlroom.metrics import RoomMetrics
from controlroom.room import Room
from controlroom.search.index import Index, IndexAway
from controlroom.search.pieces import Piece, PlaceOf
from controlroom.search.question import Page, Question, Reach
from controlroom.search.reading import pieces_of

FILE = "search.sqlite3"
"""In the data folder; it may be deleted whenever the room is stopped."""

BATCH_RECORDS = 1_000
"""Records taken in one go, and read from the journal before the thread has them."""

AT_ONCE = 10
"""Records that are read before the interpreter is let go: half a millisecond, which no signal notices."""

REST = 9
"""For how many times as long it is let go while the room is busy: a tenth of its interpreter, which is some
hundred records a second. A flood is searched some minutes late."""

REST_CALM = 1
"""The same while little comes in, as at a start that has the whole journal to read."""

BUSY_RECORDS_S = 100
"""Records a second from which on the room is busy: ten times a city's evening."""

REST_MOST_S = 0.1
"""The longest rest, on a machine that is so busy that ten records took long."""


class Tempo(msgspec.Struct, frozen=True):
    """How the index keeps up, in seconds and records."""

    together_s: float = 0.5
    """How long records are gathered before they are taken: what was said is found within a second."""
    again_s: float = 5.0
    """After a fault of the store or the disk."""
    waiting_max: int = 20_000
    """Records that wait: some seconds of the flat-out rate. The console's feed holds as many already, so they
    cost little; what does not fit is read from the journal."""


DEFAULT_TEMPO = Tempo()

WAITING_MAX = 32
"""Questions that may wait, one of which is answered at a time: a room's desks, twice over."""

_EXPECTED = (JournalError, OSError, ValueError, sqlite3.Error)
"""Faults of the store and the disk; any other is ours, and its trace is in the log."""

Result = TypeVar("Result")


class Searcher:
    """The index of one room: a follower that feeds it, and the desk at which it is asked."""

    def __init__(
        self, store: Store, file: Path | None, place_of: PlaceOf, tempo: Tempo = DEFAULT_TEMPO
    ) -> None:
        self._store = store
        self._file = file
        self._place_of = place_of
        self._tempo = tempo
        self._index: Index | None = None
        self._waiting: deque[Record] = deque()
        self._came = asyncio.Event()
        self._rest = threading.Event()
        self._taking = ThreadPoolExecutor(1, thread_name_prefix="search-taking")
        self._asking = ThreadPoolExecutor(1, thread_name_prefix="search-asking")
        self._log = structlog.get_logger("search")
        self._asked = 0
        self._durable = 0
        self._counted = (0, 0.0)
        self._busy = False

    @property
    def reach(self) -> Reach:
        """How far the index has come."""
        return self._index.reach if self._index is not None else Reach(0)

    @property
    def rebuilt(self) -> int:
        """How often the index was made anew because it could not be used, since the start."""
        return self._index.rebuilt if self._index is not None else 0

    def released(self, records: Sequence[Record]) -> None:
        """Note what is durable; O(records) and without a look at any of them."""
        if len(self._waiting) + len(records) > self._tempo.waiting_max:
            self._waiting.clear()  # the journal has them
        else:
            self._waiting.extend(records)
        if records:
            self._durable = records[-1].position
        self._came.set()

    async def find(self, question: Question) -> Page:
        """Return what is found; raises NothingAsked, and IndexAway without an index or with many who ask."""
        index = self._index
        if index is None:
            raise IndexAway("it is being opened")
        if self._asked >= WAITING_MAX:
            raise IndexAway(f"{WAITING_MAX} others are asking; ask again in a moment")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._asking, index.find, question)
        finally:
            self._asked -= 1

    async def run(self) -> None:
        """Feed the index for ever; a store that is away or a disk that is full is tried again."""
        said = ""
        try:
            while True:
                try:
                    await self._feed()
                except Exception as fault:  # noqa: BLE001 - what only helps to look ends no room
                    if repr(fault) != said:
                        said, expected = repr(fault), isinstance(fault, _EXPECTED)
                        advice = "the room goes on; it is tried again"
                        trace = None if expected else fault
                        self._log.warning("search_not_fed", error=said, advice=advice, exc_info=trace)
                    await self._mend(fault)
                    await asyncio.sleep(self._tempo.again_s)
        finally:
            self._rest.set()
            self._taking.shutdown()
            self._asking.shutdown()
            if self._index is not None:
                self._index.close()

    async def _feed(self) -> None:
        if self._index is None:
            journal = await self._identity()
            self._index = await self._in_thread(Index, self._file, journal)
        while True:
            await self._from_journal(self._index)
            while await self._from_the_room(self._index):
                pass

    async def _mend(self, fault: Exception) -> None:
        """Make an index anew that turned out to be damaged."""
        damaged = isinstance(fault, sqlite3.DatabaseError) and not isinstance(fault, sqlite3.OperationalError)
        if damaged and self._index is not None:
            try:
                await self._in_thread(self._index.begin_again)
            except _EXPECTED as still:  # a disk that is full or gone: the next fault comes here again
                self._log.warning("search_not_mended", error=repr(still))

    async def _identity(self) -> str:
        """Return what names this journal and no other: what its first frame is sealed with."""
        async for frame in self._store.frames(0):
            return frame.mac.hex()
        return ""

    async def _from_journal(self, index: Index) -> None:
        """Take everything that the journal has behind the index."""
        bodies: list[bytes] = []
        count = 0
        async for frame in self._store.frames(index.reach.through):
            bodies.append(frame.body)
            count += frame.count
            if count >= BATCH_RECORDS:
                await self._in_thread(self._take_frames, index, bodies)
                bodies, count = [], 0
        if bodies:
            await self._in_thread(self._take_frames, index, bodies)

    async def _from_the_room(self, index: Index) -> bool:
        """Take what has come since; return False where something between is missing and has to be read."""
        await self._came.wait()
        await asyncio.sleep(self._tempo.together_s)
        self._came.clear()
        while self._waiting and self._waiting[0].position <= index.reach.through:
            self._waiting.popleft()
        while self._waiting:
            if self._waiting[0].position != index.reach.through + 1:
                return False
            some = [self._waiting.popleft() for _ in range(min(BATCH_RECORDS, len(self._waiting)))]
            await self._in_thread(self._take, index, some)
        return index.reach.through >= self._durable

    def _take_frames(self, index: Index, bodies: list[bytes]) -> None:
        records: list[Record] = []
        for body in bodies:
            since = monotonic_s()
            records += [one for one in decode_frame(body) if one.position > index.reach.through]
            self._let_go(since)
        self._take(index, records)

    def _take(self, index: Index, records: list[Record]) -> None:
        if records:
            index.take(self._pieces(records), records[-1].position, records[-1].now)

    def _pieces(self, records: list[Record]) -> Iterator[Piece]:
        """Yield what the records give; the index puts each piece away before it asks for the next."""
        since = monotonic_s()
        for number, record in enumerate(records, 1):
            yield from pieces_of(record, self._place_of)
            if number % AT_ONCE == 0:
                self._let_go(since)
                since = monotonic_s()

    def _let_go(self, since_s: float) -> None:
        """Leave the interpreter to the room for a multiple of the time since then; a stop ends every rest."""
        now_s, (before, counted_s) = monotonic_s(), self._counted
        if now_s - counted_s >= 1.0:
            self._busy = self._durable - before > BUSY_RECORDS_S * (now_s - counted_s)
            self._counted = self._durable, now_s
        times = REST if self._busy else REST_CALM
        self._rest.wait(min(REST_MOST_S, times * (now_s - since_s)))

    async def _in_thread(self, work: Callable[..., Result], *given: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._taking, work, *given)


def follow_search(metrics: RoomMetrics, searcher: Searcher, room: Room) -> None:
    """Let the search follow the room; publish how far it is behind, and how often its index was made anew."""
    room.follow(searcher)
    metrics.gauge(
        "controlroom_search_behind",
        "Records of the journal that a search does not look at yet.",
        lambda: max(0, room.state.position - searcher.reach.through),
    )
    metrics.gauge(
        "controlroom_search_rebuilt",
        "Times since the start that the index of the search was made anew.",
        lambda: searcher.rebuilt,
    )

"""The past of a small room: the real reader behind the real line, over what the room has decided so far."""

import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from controlroom.console.past.desk import PastAsked, PastTold
from controlroom.console.past.fold import Kept
from controlroom.console.past.library import Library
from controlroom.console.past.line import PastLine, PastSite
from controlroom.console.past.reader import Known, Reader
from controlroom.incidents.record import Record
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import Head, StoredFrame, reaches_past


class SmallJournal:
    """A store of these records, one a frame, in the epoch that they were decided in."""

    def __init__(self, records: Callable[[], Sequence[Record]], epoch: int) -> None:
        self._records = records
        self._epoch = epoch
        self._frames: list[StoredFrame] = []
        self.reads = 0

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """Nobody writes here."""
        raise NotImplementedError

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As `Store.frames` says."""
        self.reads += 1
        for frame in self._whole():
            if reaches_past(frame, after_position):
                yield frame

    async def last(self) -> StoredFrame | None:
        """As `Store.last` says."""
        whole = self._whole()
        return whole[-1] if whole else None

    def _whole(self) -> list[StoredFrame]:
        for record in self._records()[len(self._frames) :]:
            body = encode_frame("a test", [record])
            self._frames.append(StoredFrame(self._epoch, record.position, 1, body, b""))
        return self._frames


async def no_snapshots() -> Sequence[Kept]:
    """Return none."""
    return ()


class SmallPast:
    """Answers about the past of a small room. `close` it where it was asked."""

    def __init__(self, known: Known, journal: SmallJournal) -> None:
        self.library = Library(journal, no_snapshots)
        self._reader = Reader(self.library, known)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._site: PastSite | None = None
        self._line: PastLine | None = None

    async def ask(self, question: PastAsked) -> PastTold:
        """As `PastReader.ask` says."""
        if self._line is None:
            self._folder = tempfile.TemporaryDirectory(prefix="past-")
            socket = Path(self._folder.name) / "line"
            self._site = PastSite(self._reader.app)
            await self._site.open(socket)
            self._line = PastLine(socket)
        return await self._line.ask(question)

    async def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            await self._line.close()
        if self._site is not None:
            await self._site.close()
        if self._folder is not None:
            self._folder.cleanup()
        self._line = None

"""The process that reads the past: started by the room's, for it alone, and over when it is.

It is told the settings on its standard input, which stays open: its end is the end of the room's process, and
of this one. It only reads: the store, the archive and the books, with connections of its own, standing back
behind the room for the processor.

Limit: the chain's seals are not proved again here; `controlroom audit verify` does that.
"""

import asyncio
import gc
import os
import pickle
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import uvloop

from controlroom import restore
from controlroom.console.past.fold import Kept, kept
from controlroom.console.past.library import Library
from controlroom.console.past.line import PastSite
from controlroom.console.past.reader import Reader
from controlroom.journal.archive import ArchivedStore
from controlroom.journal.snapshot import sound
from controlroom.journal.store import JournalError
from controlroom.journal.valkey import Link
from controlroom.journal.valkey_snapshots import ValkeySnapshots
from controlroom.journal.valkey_store import ValkeyStore
from controlroom.settings import Settings
from controlroom.wiring.books import read_books
from controlroom.wiring.memory import address, journal_key
from controlroom.wiring.past_books import known_of
from controlroom.wiring.past_marks import MarkShelf

READY = b"ready\n"
"""What is said on standard output, once questions are answered."""

NICE = 10
"""How far this process stands back behind the room."""

COLLECT_AFTER = 50_000
"""Objects after which cycles are looked for: records hold none, and looking often is a tenth of a fold."""


def main() -> None:
    """Answer until standard input ends."""
    os.nice(NICE)
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    settings, socket = pickle.load(sys.stdin.buffer)  # noqa: S301 - the room's own process wrote it
    uvloop.run(_serve(settings, Path(socket)))


async def _serve(settings: Settings, socket: Path) -> None:
    link = Link(address(settings))
    store = ArchivedStore(ValkeyStore(settings.room.name, link, link), settings.archive_dir)
    books = read_books(settings)
    saved = Saved(ValkeySnapshots(settings.room.name, link), journal_key(settings))
    shelf = MarkShelf(settings.service.data_dir, settings.room.name, journal_key(settings), store)
    library = Library(store, saved.states, shelf)
    reader = Reader(library, known_of(settings, books))
    site = PastSite(reader.app)
    await site.open(socket)
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    try:
        async with asyncio.TaskGroup() as tasks:
            filling = tasks.create_task(_fill(library), name="states along the journal")
            await asyncio.to_thread(sys.stdin.buffer.read)  # nothing more is ever said: it returns at the end
            filling.cancel()
    finally:
        await site.close()
        await link.close()


async def _fill(library: Library) -> None:
    """Leave states along the journal; why that cannot be done, the next question is told."""
    with suppress(JournalError, OSError):
        await library.fill()


class Saved:
    """The states in the room's own snapshots, each opened once."""

    def __init__(self, snapshots: ValkeySnapshots, key: bytes) -> None:
        self._snapshots = snapshots
        self._key = key
        self._opened: dict[int, Kept] = {}

    async def states(self) -> Sequence[Kept]:
        """Return what is saved now; one that another version wrote is left out."""
        found: dict[int, Kept] = {}
        for snapshot in sound(self._key, await self._snapshots.latest(), restore.SCHEMA):
            at = snapshot.position
            if at not in self._opened:
                try:
                    self._opened[at] = kept(restore.from_bytes(snapshot.body).state)
                except msgspec.DecodeError:
                    continue
            found[at] = self._opened[at]
        self._opened = found
        return tuple(found.values())


if __name__ == "__main__":
    main()

"""States along the journal, kept as files for the reader of the past: a jump folds a stretch, not a year.

They lie in the data folder, sealed with the journal's key as the room's own snapshots are. One that is
damaged, of another schema or of another journal is taken away and folded anew; they are never the truth.

Limit: of more than `FILES_MOST` the oldest go.
"""

import asyncio
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import msgspec

from controlroom.console.past.fold import Kept
from controlroom.incidents.state import from_bytes
from controlroom.journal.snapshot import Snapshot, seal_snapshot, sound
from controlroom.journal.store import Store
from controlroom.journal.stored import Head, is_head
from controlroom.restore import SCHEMA

FOLDER = "past"
"""The folder of the states, in the data folder."""

FILES_MOST = 2_000
"""A hundred million records at one each fifty thousand: some hundred kilobytes each in a city."""

SUFFIX = ".state"
LEVEL = 1
"""Of compression: a state shrinks to a sixth in some milliseconds; more takes longer than it saves."""

DAMAGED = (OSError, zlib.error)


class MarkShelf:
    """The files of one room. Satisfies `library.Shelf`."""

    def __init__(self, data_dir: Path, room: str, key: bytes, store: Store) -> None:
        self._folder = data_dir / FOLDER / room
        self._key = key
        self._store = store
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # all that the room knew lies here
        names = (file.stem for file in self._folder.glob(f"*{SUFFIX}"))
        self._positions = sorted(int(name) for name in names if name.isdigit())

    def positions(self) -> Sequence[int]:
        """As `Shelf.positions` says."""
        return self._positions

    async def before(self, position: int) -> Kept | None:
        """As `Shelf.before` says."""
        while (at := bisect_right(self._positions, position)) > 0:
            place = self._positions[at - 1]
            found = await asyncio.to_thread(self._read, place)
            if found is not None and await self._is_ours(found.head):
                return Kept(place, found.body)
            await asyncio.to_thread(self._drop, place)
        return None

    async def put(self, kept: Kept, head: Head) -> None:
        """As `Shelf.put` says."""
        if kept.position not in self._positions:
            await asyncio.to_thread(self._write, kept, head)
        while len(self._positions) > FILES_MOST:
            await asyncio.to_thread(self._drop, self._positions[0])

    async def _is_ours(self, head: Head) -> bool:
        """Return whether the journal has this very frame: it may have been begun anew since."""
        async for frame in self._store.frames(head.last_position - 1):
            return is_head(frame, head)
        return False

    def _read(self, position: int) -> Snapshot | None:
        try:
            sealed = zlib.decompress(self._file(position).read_bytes())
        except DAMAGED:
            return None
        found = sound(self._key, (sealed,), SCHEMA)
        if not found or found[0].position != position:
            return None
        try:
            from_bytes(found[0].body)
        except msgspec.DecodeError:  # another version wrote it
            return None
        return found[0]

    def _write(self, kept: Kept, head: Head) -> None:
        sealed = seal_snapshot(self._key, Snapshot(head, SCHEMA, kept.body))
        file = self._file(kept.position)
        beside = file.with_suffix(".part")
        try:
            beside.touch(mode=0o600)
            beside.write_bytes(zlib.compress(sealed, LEVEL))
            beside.replace(file)
        except OSError:  # a full disk: the next fold is longer, nothing else
            beside.unlink(missing_ok=True)
            return
        self._positions.insert(bisect_right(self._positions, kept.position), kept.position)

    def _drop(self, position: int) -> None:
        self._positions.remove(position)
        self._file(position).unlink(missing_ok=True)

    def _file(self, position: int) -> Path:
        return self._folder / f"{position}{SUFFIX}"

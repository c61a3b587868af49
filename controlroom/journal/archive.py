"""Old frames move from the store's memory to compressed files, and reading still sees one journal.

A roll writes a file (temporary name, fsync, rename, fsync of the folder) and only then trims the stream.
A crash before the rename leaves a temporary file that nobody reads; a crash after it leaves frames in
both places, which reading takes once and the next roll trims. A file is named after the positions it
holds and the hash of its bytes: `zcat` opens it, and a file that was touched no longer fits its name.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from controlroom.journal.archive_file import Name, encode, parse_name, read
from controlroom.journal.store import Trimmable, Undecodable
from controlroom.journal.stored import Head, StoredFrame, reaches_past

FILE_BYTES = 16 * 1024 * 1024
"""Bytes of bodies a file at most (a frame more, for it is never split): a reader holds one file in memory."""

KEEP_RECORDS = 100_000
"""Records that stay in the store: the console's and a standby's reach back without touching files. At
700 bytes a record that is about 70 MB of the store's memory."""

_TEMPORARY = ".part"


def archivable(snapshot_position: int, last_position: int, keep_records: int = KEEP_RECORDS) -> int:
    """Up to which position frames may leave the store: covered by the snapshot and older than the bound."""
    return max(0, min(snapshot_position, last_position - keep_records))


class Rolled(msgspec.Struct, frozen=True):
    """What a roll did: files written, frames in them, and the last position that is now archived."""

    files: int
    frames: int
    through_position: int


class ArchivedStore:
    """A `Store` whose frames lie in files first and in `store` after that. One roller at a time."""

    def __init__(self, store: Trimmable, folder: Path, file_bytes: int = FILE_BYTES) -> None:
        self._store = store
        self._folder = folder
        self._file_bytes = file_bytes

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """As `Store.append` says: new frames go to the store alone."""
        await self._store.append(frame, after)

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As `Store.frames` says, archived frames first, each once.

        Where a roll moves frames from the store to a file while they are read, the reading goes back to
        the files: what was moved is no hole.
        """
        seen = after_position
        moved = True
        while moved:
            async for frame in self._archived(seen):
                seen = max(seen, frame.last_position)
                yield frame
            moved = False
            async for frame in self._store.frames(seen):
                if frame.position > seen + 1 and await self._reaches_past(seen):
                    moved = True
                    break
                seen = max(seen, frame.last_position)
                yield frame

    async def _archived(self, after_position: int) -> AsyncIterator[StoredFrame]:
        seen = after_position
        for path in await asyncio.to_thread(archive_files, self._folder):
            name = parse_name(path.name)
            if name is None or name.last <= seen:
                continue
            frames, problem = await asyncio.to_thread(read, path, name)
            for frame in frames:
                if reaches_past(frame, seen):
                    seen = max(seen, frame.last_position)
                    yield frame
            if problem is not None:
                raise Undecodable(f"archive file {path.name}: {problem}")

    async def _reaches_past(self, position: int) -> bool:
        """Whether the files hold, by now, a record after `position`."""
        names = map(parse_name, (path.name for path in await asyncio.to_thread(archive_files, self._folder)))
        return any(name is not None and name.last > position for name in names)

    async def last(self) -> StoredFrame | None:
        """As `Store.last` says. The store keeps its last frame whatever is trimmed."""
        return await self._store.last()

    async def roll(self, through_position: int) -> Rolled:
        """Every frame that ends at or before `through_position` lies in a file and no longer in the store.

        Raises OSError when the folder cannot be written (nothing is trimmed then), and what `frames` raises.
        """
        names = await asyncio.to_thread(_tidy, self._folder)
        archived = max((name.last for name in names), default=0)
        rolled = Rolled(0, 0, archived)
        batch: list[StoredFrame] = []
        size = 0
        async for frame in self._store.frames(archived):
            if frame.last_position > through_position:
                break
            batch.append(frame)
            size += len(frame.body)
            if size >= self._file_bytes:
                rolled = await self._write(batch, rolled)
                batch, size = [], 0
        if batch:
            rolled = await self._write(batch, rolled)
        await self._store.trim(rolled.through_position)
        return rolled

    async def _write(self, frames: list[StoredFrame], before: Rolled) -> Rolled:
        await asyncio.to_thread(_write_file, self._folder, tuple(frames))
        return Rolled(before.files + 1, before.frames + len(frames), frames[-1].last_position)


def archive_files(folder: Path) -> list[Path]:
    """The archive files of `folder`, oldest first; none when there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if parse_name(path.name) is not None)


def _tidy(folder: Path) -> list[Name]:
    """The folder is there and free of files that a crash left half written."""
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob(f"*{_TEMPORARY}"):
        left_over.unlink()
    names = (parse_name(path.name) for path in archive_files(folder))
    return [name for name in names if name is not None]


def _write_file(folder: Path, frames: tuple[StoredFrame, ...]) -> None:
    name, content = encode(frames)
    temporary = folder / f"{name}{_TEMPORARY}"
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

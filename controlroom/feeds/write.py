"""Writing a feed: line by line into a zstd stream, with an end line that vouches for what stands before it.

A feed appears whole or not at all: it grows under a name of its own beside its place (`.part`) and is moved
there by `close`. What ends before that leaves the `.part` file, whose readable beginning is still a feed
without an end: `read` says so.
"""

import hashlib
import hmac
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec
import zstandard

from controlroom.feeds.model import Cut, End, Entry, Header, Spoken

LEVEL = 6
"""A day of the city is a few megabytes, and writing it costs less than making it."""

SYNC_EVERY = 2_000
"""Messages between two syncs of a live recording: what a power cut can take from it."""


class OutOfOrderError(Exception):
    """An entry is earlier than the one before it; a feed is written in the order of its time."""


class FeedWriter:
    """A feed that grows. Use it in a `with`: leaving that by an exception leaves the `.part` file.

    `key` signs it. `durable` syncs to the disk every `SYNC_EVERY` messages and at the end. Raises OSError.
    """

    def __init__(
        self, path: Path, header: Header, *, key: bytes | None = None, durable: bool = False
    ) -> None:
        self.path = path
        self.part = path.with_name(path.name + ".part")
        self.messages = 0
        self._last_us = 0
        self._durable = durable
        self._sha256 = hashlib.sha256()
        self._hmac = hmac.new(key, digestmod="sha256") if key is not None else None
        self._encode = msgspec.json.Encoder().encode
        self._file: IO[bytes] = self.part.open("wb")
        self._zstd = zstandard.ZstdCompressor(level=LEVEL).stream_writer(self._file, closefd=False)
        self._line(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and not self._file.closed:
            self.close()
        elif not self._file.closed:
            self._zstd.close()  # type: ignore[no-untyped-call]  # its stub leaves it untyped
            self._file.close()

    def add(self, entry: Entry) -> None:
        """Write one message or cut; raises `OutOfOrderError`."""
        if entry.at_us < self._last_us:
            raise OutOfOrderError(f"{entry.at_us} us comes after {self._last_us} us")
        self._last_us = entry.at_us
        self._line(entry)
        self.messages += isinstance(entry, Spoken)
        if self._durable and isinstance(entry, Spoken) and self.messages % SYNC_EVERY == 0:
            self.sync()

    def sync(self) -> None:
        """Bring what was added so far to the disk."""
        self._zstd.flush(zstandard.FLUSH_BLOCK)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> End:
        """Write the end, bring it all to the disk, and put the feed in its place."""
        end = End(
            self.messages,
            self._sha256.hexdigest(),
            self._hmac.hexdigest() if self._hmac is not None else None,
        )
        self._zstd.write(self._encode(end) + b"\n")
        self._zstd.close()  # type: ignore[no-untyped-call]  # its stub leaves it untyped
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self.part.replace(self.path)
        return end

    def _line(self, line: Header | Spoken | Cut) -> None:
        raw = self._encode(line) + b"\n"
        self._sha256.update(raw)
        if self._hmac is not None:
            self._hmac.update(raw)
        self._zstd.write(raw)

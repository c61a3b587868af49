"""Reading a feed as a stream: bounded memory whatever its size, and every fault with its file and line.

A feed vouches for itself at its end, so a reader that must not act on half of one reads it twice: `verify`
first. Who reads once gets every message up to the fault, and then the fault.
"""

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path

import msgspec
import zstandard

from controlroom.feeds.model import FORM, End, Entry, Header, Line, Spoken

CHUNK_BYTES = 128 * 1024
LONGEST_LINE_BYTES = 2 * 1024 * 1024
"""More than any message that a broker of ours lets through, base64 and all."""

LARGEST_WINDOW_BYTES = 32 * 1024 * 1024
"""Memory that a stranger's file may ask the decompressor for."""


class FeedError(Exception):
    """A feed cannot be read: where, what is wrong, and what to do, as `file:line: ...`."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.line = line


class Feed:
    """An opened feed: its header, and its entries as often as they are asked for, each time from the start.

    `key` is what it should be signed with; None asks for no signature. Raises `FeedError` for what is
    no feed, and OSError.
    """

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self.path = path
        self._key = key
        self.header = self._header()

    def __iter__(self) -> Iterator[Entry]:
        """Yield messages and cuts in the order of their time; raises `FeedError` where they stop being right.

        The end is checked when it is reached: a file that was cut off or changed raises after its last entry.
        """
        return self._entries(_Check(self.path, self._key))

    def _entries(self, check: "_Check") -> Iterator[Entry]:
        last_us = 0
        for number, raw in self._lines():
            line = self._line(number, raw)
            if isinstance(line, End):
                check.end(number, line)
                continue
            if check.said is not None:
                raise FeedError(self.path, number, "something stands behind the end line")
            check.line(raw)
            if isinstance(line, Header):
                if number != 1:
                    raise FeedError(self.path, number, "a second header; two feeds were joined, play each")
                continue
            if line.at_us < last_us:
                what = f"at_us {line.at_us} is before {last_us} of the line before; a feed is in order"
                raise FeedError(self.path, number, what)
            last_us = line.at_us
            check.messages += isinstance(line, Spoken)
            yield line
        check.finish()

    def messages(self) -> Iterator[Spoken]:
        """Yield the messages alone."""
        return (entry for entry in self if isinstance(entry, Spoken))

    def verify(self) -> End:
        """Return the end line of a feed that is whole, in order and unchanged; raises `FeedError`."""
        check = _Check(self.path, self._key)
        for _ in self._entries(check):
            pass
        return check.finish()

    def _header(self) -> Header:
        first = next(self._lines(), None)
        if first is None:
            raise FeedError(self.path, 1, "an empty feed; its first line should be its header")
        header = self._line(*first)
        if not isinstance(header, Header):
            raise FeedError(self.path, 1, "the first line is no header; is this a feed from its beginning?")
        if header.feed != FORM:
            raise FeedError(self.path, 1, f"form {header.feed} of a feed; this version reads form {FORM}")
        if header.begins.tzinfo is None:
            raise FeedError(self.path, 1, "`begins` has no time zone")
        return header

    def _line(self, number: int, raw: bytes) -> Line:
        try:
            return _decode(raw)
        except (msgspec.DecodeError, ValueError) as fault:
            raise FeedError(self.path, number, f"no line of a feed: {fault}") from fault

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield the lines with their number from 1, each with its line feed."""
        number = 0
        for number, raw in enumerate(self._split(), 1):
            if not raw.endswith(b"\n"):
                raise FeedError(self.path, number, "cut off in the middle of this line")
            yield number, raw

    def _split(self) -> Iterator[bytes]:
        rest = b""
        seen = 0
        try:
            for chunk in self._chunks():
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    seen += 1
                    yield line + b"\n"
                if len(rest) > LONGEST_LINE_BYTES:
                    raise FeedError(self.path, seen + 1, f"longer than {LONGEST_LINE_BYTES} bytes")
        except zstandard.ZstdError as fault:
            what = f"not zstd, or damaged here ({fault}); a feed is made by `controlroom feed`"
            raise FeedError(self.path, seen + 1, what) from fault
        if rest:
            yield rest

    def _chunks(self) -> Iterator[bytes]:
        engine = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW_BYTES)
        with self.path.open("rb") as file, engine.stream_reader(file) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk


class _Check:
    """The digests of one reading, held against the end line."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.messages = 0
        self.said: End | None = None
        self._path = path
        self._sha256 = hashlib.sha256()
        self._hmac = hmac.new(key, digestmod="sha256") if key is not None else None
        self._number = 0

    def line(self, raw: bytes) -> None:
        """Take one line before the end into account."""
        self._number += 1
        self._sha256.update(raw)
        if self._hmac is not None:
            self._hmac.update(raw)

    def end(self, number: int, said: End) -> None:
        """Hold the end line to what was read; raises `FeedError`."""
        if self.said is not None:
            raise FeedError(self._path, number, "a second end line")
        self.said = said
        if said.messages != self.messages:
            what = f"the end speaks of {said.messages} messages, {self.messages} are there"
            raise FeedError(self._path, number, what)
        if not hmac.compare_digest(said.sha256, self._sha256.hexdigest()):
            raise FeedError(self._path, number, "the feed was changed after it was written (sha256)")
        if self._hmac is None:
            return
        if said.hmac is None:
            raise FeedError(self._path, number, "the feed is not signed, and a key was given")
        if not hmac.compare_digest(said.hmac, self._hmac.hexdigest()):
            raise FeedError(self._path, number, "the signature is not by this key")

    def finish(self) -> End:
        """Return the end line, now that the file has ended; raises `FeedError` when it never came."""
        if self.said is None:
            what = "the feed stops here without an end line; it was cut off, or is still being written"
            raise FeedError(self._path, self._number + 1, what)
        return self.said


_decode = msgspec.json.Decoder(Line).decode


def read_feed(path: Path, key: bytes | None = None) -> Feed:
    """Return the feed of this file, its header read; iterate it for its entries. Raises as `Feed` does."""
    return Feed(path, key)

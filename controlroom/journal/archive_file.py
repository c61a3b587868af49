"""One archive file: gzip over length-prefixed frames, named after what it holds.

Name: `<first position>-<last position>-<hash>.frames.gz`, positions with leading zeros so that names sort
as positions do. The hash stands in the name because gzip's own check leaves header and padding bits out.
"""

import gzip
import hashlib
import re
import struct
import zlib
from pathlib import Path

import msgspec

from controlroom.journal.stored import StoredFrame

_LENGTH = struct.Struct(">I")
"""Bytes of the frame that follows."""

_NAME = re.compile(r"(?P<first>\d{20})-(?P<last>\d{20})-(?P<digest>[0-9a-f]{16})\.frames\.gz")

_DIGEST_DIGITS = 16
"""64 bits of SHA-256 find any accident; against intent stands the frames' own chain of macs."""

_CHUNK_BYTES = 4096
"""Decompressed piece by piece, so that a file damaged in its middle still yields what comes before."""

_GZIP = 31
"""zlib's way of saying: a gzip header and trailer around a window of 32 KiB."""


class Name(msgspec.Struct, frozen=True):
    """What a file's name promises."""

    first: int
    last: int
    digest: str


def parse_name(name: str) -> Name | None:
    """The promise of `name`; None when it is no archive file's name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    return Name(int(found["first"]), int(found["last"]), found["digest"])


def encode(frames: tuple[StoredFrame, ...]) -> tuple[str, bytes]:
    """The file's name and its bytes. The same frames give the same file (no time of writing inside)."""
    encoder = msgspec.msgpack.Encoder()
    encoded = [encoder.encode(frame) for frame in frames]
    content = gzip.compress(b"".join(_LENGTH.pack(len(raw)) + raw for raw in encoded), mtime=0)
    first, last = frames[0].position, frames[-1].last_position
    return f"{first:020}-{last:020}-{_digest(content)}.frames.gz", content


def read(path: Path, name: Name) -> tuple[list[StoredFrame], str | None]:
    """The frames up to the first that cannot be read, and what is wrong with the file; None if nothing is."""
    content = path.read_bytes()
    plain, problem = _decompress(content)
    frames, undecodable = _split(plain)
    problem = problem or undecodable
    if problem is None and _digest(content) != name.digest:
        problem = "its bytes do not fit the hash in its name"
    if problem is None and _range(frames) != (name.first, name.last):
        problem = "it does not hold the positions that its name says"
    return frames, problem


def _decompress(content: bytes) -> tuple[bytes, str | None]:
    """As much as can be had, and why not more."""
    engine = zlib.decompressobj(_GZIP)
    plain = bytearray()
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            plain += engine.decompress(content[start : start + _CHUNK_BYTES])
    except zlib.error as error:
        return bytes(plain), f"it cannot be decompressed ({error})"
    whole = engine.eof and not engine.unused_data
    return bytes(plain), None if whole else "it is cut short or has something behind its end"


def _split(plain: bytes) -> tuple[list[StoredFrame], str | None]:
    decoder = msgspec.msgpack.Decoder(StoredFrame)
    frames: list[StoredFrame] = []
    offset = 0
    try:
        while offset < len(plain):
            (length,) = _LENGTH.unpack_from(plain, offset)
            offset += _LENGTH.size
            frames.append(decoder.decode(plain[offset : offset + length]))
            offset += length
    except (msgspec.MsgspecError, struct.error) as error:
        return frames, f"a frame cannot be decoded ({error})"
    return frames, None


def _range(frames: list[StoredFrame]) -> tuple[int, int] | None:
    return (frames[0].position, frames[-1].last_position) if frames else None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGEST_DIGITS]

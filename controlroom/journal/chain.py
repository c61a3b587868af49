"""What makes a journal provable: every frame's HMAC covers the HMAC of the frame before it.

Whoever lacks the key cannot change, remove, insert or reorder a frame without the chain showing where.
The limit: frames cut from the very end leave a shorter chain that is sound in itself. The snapshot,
which names the head it was taken at, shows that from its position on; keep a head elsewhere for more.
"""

import hmac
import struct

from controlroom.journal.stored import Head, StoredFrame

MIN_KEY_BYTES = 32
"""A key shorter than the hash's output (RFC 2104, section 3) would weaken the proof."""

_HEADER = struct.Struct(">QQQ")
"""Epoch, position and count, each 64 bits wide: fixed widths leave one reading of the bytes only."""


def check_key(key: bytes) -> bytes:
    """`key` is long enough to prove something; ValueError otherwise."""
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(
            f"the journal key has {len(key)} bytes; it needs at least {MIN_KEY_BYTES}: write "
            f"{MIN_KEY_BYTES} random bytes to the key file and keep a copy, for old frames need it too"
        )
    return key


def frame_mac(key: bytes, previous: bytes, frame: StoredFrame) -> bytes:
    """The mac that `frame` must carry after a frame whose mac is `previous`; its own is not looked at."""
    return _mac(key, previous, _HEADER.pack(frame.epoch, frame.position, frame.count), frame.body)


def seal(key: bytes, head: Head, epoch: int, count: int, body: bytes) -> StoredFrame:
    """A frame that follows `head`: at its next position, chained to its mac."""
    position = head.next_position
    mac = _mac(key, head.mac, _HEADER.pack(epoch, position, count), body)
    return StoredFrame(epoch, position, count, body, mac)


def _mac(key: bytes, previous: bytes, header: bytes, body: bytes) -> bytes:
    return hmac.digest(key, previous + header + body, "sha256")

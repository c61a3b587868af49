"""Is this journal whole? Walks the frames once and says yes, or where it first goes wrong and how.

The bad position is always the one that was due: where a reader who trusts nothing after it must stop.
"""

import hmac
import struct
from collections.abc import AsyncIterator
from enum import StrEnum

import msgspec

from controlroom.journal.chain import frame_mac
from controlroom.journal.store import Undecodable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of


class Fault(StrEnum):
    """What can be wrong with a chain."""

    MAC = "mac"
    HOLE = "hole"
    OVERLAP = "overlap"
    EPOCH_BACK = "epoch going backwards"
    UNDECODABLE = "undecodable"


class Sound(msgspec.Struct, frozen=True):
    """Every frame follows the one before it. `head` is the last frame's."""

    frames: int
    records: int
    head: Head


class Broken(msgspec.Struct, frozen=True):
    """The chain does not hold at `position`; `frames` and `records` before it do.

    `head` is the last good one: up to there the journal can be trusted.
    """

    position: int
    fault: Fault
    detail: str
    frames: int
    records: int
    head: Head


Verdict = Sound | Broken


class Flaw(msgspec.Struct, frozen=True):
    """One frame's fault, before anybody counts what came before it."""

    fault: Fault
    detail: str


def step(key: bytes, head: Head, frame: StoredFrame) -> Head | Flaw:
    """The head after `frame`, when it truly follows `head`; the flaw otherwise.

    Order and numbers are looked at before the mac, so the answer names the cause and not only "wrong".
    """
    due = head.next_position
    if frame.count < 1:
        return Flaw(Fault.UNDECODABLE, f"a frame of {frame.count} records; at least 1 is possible")
    if frame.position > due:
        return Flaw(Fault.HOLE, f"position {due} was due, the next frame starts at {frame.position}")
    if frame.position < due:
        return Flaw(Fault.OVERLAP, f"position {due} was due, a frame starts at {frame.position} again")
    if frame.epoch < max(head.epoch, 1):
        return Flaw(Fault.EPOCH_BACK, f"epoch {frame.epoch} after epoch {head.epoch}")
    try:
        expected = frame_mac(key, head.mac, frame)
    except struct.error:
        return Flaw(Fault.UNDECODABLE, "epoch or count does not fit in 64 bits")
    if not hmac.compare_digest(expected, frame.mac):
        return Flaw(Fault.MAC, "the mac does not fit the frame, the frame before it and this key")
    return head_of(frame)


async def verify(frames: AsyncIterator[StoredFrame], key: bytes, head: Head = EMPTY) -> Verdict:
    """Every frame after `head` was read and checked: `Sound`, or `Broken` at the first bad position.

    Raises StoreAway when the frames cannot be read: that says nothing about them.
    """
    count = records = 0
    try:
        async for frame in frames:
            found = step(key, head, frame)
            if isinstance(found, Flaw):
                return Broken(head.next_position, found.fault, found.detail, count, records, head)
            head = found
            count += 1
            records += frame.count
    except Undecodable as error:
        return Broken(head.next_position, Fault.UNDECODABLE, str(error), count, records, head)
    return Sound(count, records, head)

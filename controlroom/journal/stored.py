"""A frame as it lies in the store: one batch of records, one write, one fsync.

Records carry positions 1, 2, 3 … without holes and never start again. A frame knows the position of its
first record and how many it holds, so every record's position is found without opening a body. What a
record is stays unknown here: a body is bytes. The entry's id in the store is `{epoch}-{position}`, chosen
by the writer: a stream takes only ids greater than its last, so the append of a writer whose epoch has
passed fails at the store. That is the fence, and it needs no lock service.
"""

import hashlib

import msgspec

GENESIS_MAC = hashlib.sha256(b"controlroom journal: before the first frame").digest()
"""What the first frame is chained to. The hash of a sentence, so that nobody need wonder what it hides,
and not zeros, so that a blanked-out field never passes for it."""

FIRST_POSITION = 1
"""Positions start at 1, so that 0 can mean "nothing read yet" in every cursor."""


class StoredFrame(msgspec.Struct, frozen=True, gc=False):
    """One stored batch. `position` is that of its first record; `count` is at least 1.

    `body` is canonical bytes, opaque here. `mac` covers the frame before it, so the frames form a chain.
    """

    epoch: int
    position: int
    count: int
    body: bytes
    mac: bytes

    @property
    def last_position(self) -> int:
        """The position of the frame's last record."""
        return self.position + self.count - 1


class Head(msgspec.Struct, frozen=True, gc=False):
    """The end of the chain: which frame is last, what the next is chained to and where it starts.

    `epoch` and `position` are the last frame's id; both are 0 when there is no frame yet.
    """

    epoch: int
    position: int
    next_position: int
    mac: bytes

    @property
    def last_position(self) -> int:
        """The position of the last record; 0 when there is none."""
        return self.next_position - 1


EMPTY = Head(epoch=0, position=0, next_position=FIRST_POSITION, mac=GENESIS_MAC)
"""The head of a journal that holds nothing yet."""


def head_of(frame: StoredFrame) -> Head:
    """`frame` is the last one: this is the chain's end."""
    return Head(frame.epoch, frame.position, frame.position + frame.count, frame.mac)


def is_head(frame: StoredFrame | None, head: Head) -> bool:
    """Whether `frame` is the one `head` speaks of. None is the empty store."""
    if frame is None:
        return head == EMPTY
    return (frame.epoch, frame.position, frame.mac) == (head.epoch, head.position, head.mac)


def reaches_past(frame: StoredFrame, position: int) -> bool:
    """Whether `frame` is for a reader who has everything up to `position`; from 0 on, every frame is.

    A damaged frame (no records, position 0) must reach the reader who will find it out, not be passed over.
    """
    return position == 0 or frame.position > position or frame.last_position > position

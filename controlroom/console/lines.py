"""One page's line: what it is told next, whether it takes that, and why its stream ends.

Told, not asked: the hub hands a line its turn, and what is to be said goes to the transport as it is, framed
once for all who are told the same. A line that has not sent its last message yet is told nothing: so a page
costs its place, one message and the socket's buffers, and no task that wakes. One that takes longer than
`Pace.stall_s` for a message is not reading any more.
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from controlroom.console.messages import Follower
from controlroom.console.sse import chunk

Stands = Callable[[], bool]
"""Says whether whoever follows may still: asked before each message."""


class Ending(Enum):
    """Why a stream ends."""

    LEFT = auto()
    STALLED = auto()
    LOST = auto()
    OVER = auto()


class Wire(Protocol):
    """What a line asks of a transport."""

    def write(self, data: bytes) -> None:
        """Send this, as soon as the socket takes it."""
        ...

    def get_write_buffer_size(self) -> int:
        """Return how many bytes the socket has not taken yet."""
        ...

    def is_closing(self) -> bool:
        """Return whether the connection is gone or going."""
        ...


class Chunks:
    """Messages in their chunks: pages that are told the same get the same bytes, copied once."""

    def __init__(self) -> None:
        self._plain = self._framed = b""

    def of(self, data: bytes) -> bytes:
        """Return the message in its chunk."""
        if data is not self._plain:
            self._plain, self._framed = data, chunk(data)
        return self._framed


class Line:
    """One page that follows. `ended` is done when its stream is to end; `follower.lost` may say more."""

    def __init__(
        self,
        wire: Wire,
        follower: Follower,
        stands: Stands,
        stall_s: float,
        framed: Callable[[bytes], bytes],
    ) -> None:
        self.follower = follower
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._wire = wire
        self._stands = stands
        self._stall_s = stall_s
        self._framed = framed
        self._sent_s = asyncio.get_running_loop().time()
        self._beat: int | None = None

    def end(self, ending: Ending) -> None:
        """End the stream; the first reason counts."""
        if not self.ended.done():
            self.ended.set_result(ending)

    def fail(self, fault: Exception) -> None:
        """End the stream with a fault, which whoever waits for the end has to raise."""
        if not self.ended.done():
            self.ended.set_exception(fault)

    def tell(self, beat: int, beaten: Callable[[], bytes]) -> bool:
        """Send what is next, and the beat of this number once; returns whether there is more to tell."""
        ending, now_s = None, asyncio.get_running_loop().time()
        if self.ended.done():
            return False
        if self._wire.is_closing():
            ending = Ending.LEFT
        elif self._wire.get_write_buffer_size():
            if now_s - self._sent_s < self._stall_s:
                return True
            ending = Ending.STALLED
        elif not self._stands():
            ending = Ending.OVER
        else:
            said = self.follower.next()
            ending = Ending.LOST if self.follower.lost is not None else None
        if ending is not None:
            self.end(ending)
            return False
        if said is not None:
            self._wire.write(self._framed(said))
        if self._beat is None:
            self._beat = beat  # the stream began with one
        if beat != self._beat:
            self._beat = beat
            self._wire.write(self._framed(beaten()))
        self._sent_s = now_s
        return self.follower.more

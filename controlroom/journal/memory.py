"""The in-memory twin of the real store: same fence, same errors, and switches that break it on demand.

Two `MemoryStore`s over one `MemoryShelf` are two processes over one server. Durable here means
"on the shelf": a writer that is thrown away and opened again finds exactly what was confirmed.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

from controlroom.journal.store import Fenced, StoreAway, StoreLost, StoreRefused
from controlroom.journal.stored import Head, StoredFrame, is_head, reaches_past

Id = tuple[int, int]


class MemoryShelf:
    """What all connections share: the frames, and the greatest id ever taken."""

    def __init__(self, frames: Iterable[StoredFrame] = ()) -> None:
        self.frames = list(frames)
        self.top: Id = max(((f.epoch, f.position) for f in self.frames), default=(0, 0))


class MemoryStore:
    """One connection to a shelf.

    Switches: `away` and `refusing` fail every call; `lose_replies` stores that many frames and then fails
    as if the answer got lost; `latency_s` is an append's time; `gate` holds appends while it is not set.
    Counters: `appends` tried, `in_flight` now and `most_in_flight` ever.
    """

    def __init__(self, shelf: MemoryShelf | None = None) -> None:
        self.shelf = MemoryShelf() if shelf is None else shelf
        self.away = False
        self.refusing: str | None = None
        self.lose_replies = 0
        self.latency_s = 0.0
        self.gate = asyncio.Event()
        self.gate.set()
        self.appends = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self._unsure: StoredFrame | None = None

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """As `Store.append` says."""
        self.appends += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency_s)
            await self.gate.wait()
            self._fail_if_told()
            self._put(frame, after)
        finally:
            self.in_flight -= 1

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As `Store.frames` says."""
        self._fail_if_told()
        for frame in tuple(self.shelf.frames):
            if reaches_past(frame, after_position):
                yield frame

    async def last(self) -> StoredFrame | None:
        """As `Store.last` says."""
        self._fail_if_told()
        return self.shelf.frames[-1] if self.shelf.frames else None

    async def trim(self, through_position: int) -> None:
        """As `Trims.trim` says."""
        self._fail_if_told()
        kept = [f for f in self.shelf.frames if f.last_position > through_position]
        self.shelf.frames = kept or self.shelf.frames[-1:]

    def _fail_if_told(self) -> None:
        if self.away:
            raise StoreAway("the in-memory store is switched away")
        if self.refusing is not None:
            raise StoreRefused(self.refusing)

    def _put(self, frame: StoredFrame, after: Head) -> None:
        unsure, self._unsure = self._unsure, None
        last = self.shelf.frames[-1] if self.shelf.frames else None
        if last is not None and last == frame == unsure:
            return
        if (frame.epoch, frame.position) <= self.shelf.top:
            raise Fenced(f"{frame.epoch}-{frame.position} is not after {self.shelf.top}")
        if not is_head(last, after):
            overtaken = last is not None and (last.epoch, last.position) > (after.epoch, after.position)
            raise (Fenced if overtaken else StoreLost)(
                f"{after.epoch}-{after.position} is not the last frame"
            )
        self.shelf.frames.append(frame)
        self.shelf.top = (frame.epoch, frame.position)
        if self.lose_replies:
            self.lose_replies -= 1
            self._unsure = frame
            raise StoreAway("the reply of the in-memory store got lost")

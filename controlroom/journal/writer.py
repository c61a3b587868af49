"""Group commit: what gathers while one write is in flight becomes the next frame. No timer.

`submit` only gathers. `run` keeps exactly one append in flight and, once it is durable, releases its
records in order: whatever must not happen before its record is on the disk happens there. When the store
is away or refuses, the same frame (same bytes, same id) is tried again until it is stored; meanwhile
records gather up to a bound and nothing is acknowledged. A writer that was overtaken stops for good.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from controlroom.journal.chain import seal
from controlroom.journal.store import JournalError, Store, StoreAway, StoreRefused
from controlroom.journal.stored import Head, StoredFrame, head_of

R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)

FRAME_RECORDS = 1024
"""Records a frame at most. Past a few hundred the fsync is paid for; larger frames only wait longer."""

FRAME_BYTES = 1024 * 1024
"""Bytes a frame at most; one larger record goes alone. Keeps the longest write to some milliseconds."""

PENDING_LIMIT = 50_000
"""Records not yet durable, at most: some 35 MB at 700 bytes each, several seconds of a city's worst."""

RETRY_FIRST_S = 0.05
"""The first pause after a failed append: a store that restarts is back within some tenths of a second."""

RETRY_MOST_S = 2.0
"""The longest pause: the room catches up within seconds of the store's return."""


class Bounds(msgspec.Struct, frozen=True):
    """How much a frame and the room before it may hold, and how patiently a store is tried again."""

    frame_records: int = FRAME_RECORDS
    frame_bytes: int = FRAME_BYTES
    pending_limit: int = PENDING_LIMIT
    retry_first_s: float = RETRY_FIRST_S
    retry_most_s: float = RETRY_MOST_S


class Listener(Protocol[R_contra]):
    """Who is told, synchronously, from within `run`; may call `submit`. Whatever it raises ends `run`."""

    def released(self, records: Sequence[R_contra], last_position: int) -> None:
        """`records`, in order, are durable; the last of them has `last_position`. Each comes exactly once."""
        ...

    def degraded(self, because: str) -> None:
        """Nothing is being stored. Said once an outage, and again when its cause changes."""
        ...

    def recovered(self) -> None:
        """Frames are stored again after `degraded`."""
        ...


class JournalFull(JournalError):
    """More was submitted than there is room for. Nothing of it was taken: ask `room_left` first."""


class JournalOver(JournalError):
    """This writer has stopped (overtaken, drained or cancelled) and takes nothing more."""


class Chain(msgspec.Struct, frozen=True):
    """What the next frame is chained to, and the key that seals it."""

    key: bytes
    head: Head


class Writer(Generic[R]):
    """The one writer of a journal whose head it has claimed.

    `encode` makes a frame's body of records that follow each other, at least one. `jitter` gives numbers
    from 0 to 1, to spread retries.
    """

    def __init__(
        self,
        store: Store,
        chain: Chain,
        encode: Callable[[Sequence[R]], bytes],
        listener: Listener[R],
        jitter: Callable[[], float],
        bounds: Bounds | None = None,
    ) -> None:
        self._store = store
        self._key = chain.key
        self._head = chain.head
        self._encode = encode
        self._listener = listener
        self._jitter = jitter
        self._bounds = Bounds() if bounds is None else bounds
        self._gathered: deque[R] = deque()
        self._in_flight = 0
        self._next_position = chain.head.next_position
        self._work = asyncio.Event()
        self._moved = asyncio.Event()
        self._trouble: str | None = None
        self._running: asyncio.Task[None] | None = None
        self._draining = False
        self._over = False

    @property
    def head(self) -> Head:
        """The last durable frame."""
        return self._head

    @property
    def next_position(self) -> int:
        """The position that the next submitted record must have."""
        return self._next_position

    @property
    def pending(self) -> int:
        """Records submitted and not yet durable."""
        return len(self._gathered) + self._in_flight

    @property
    def room_left(self) -> int:
        """Records that `submit` would take now."""
        return self._bounds.pending_limit - self.pending

    def submit(self, records: Sequence[R], position: int | None = None) -> None:
        """`records` wait for the next frame. All of them are taken, or none.

        `position` is where the caller numbers the first of them; None takes the caller's word that they
        follow. Raises JournalFull, JournalOver, and ValueError when `position` is not `next_position`.
        """
        if self._over:
            raise JournalOver("the journal's writer has stopped; nothing more can be stored")
        if position is not None and position != self._next_position:
            raise ValueError(f"records start at position {position}; {self._next_position} is next")
        if len(records) > self.room_left:
            raise JournalFull(f"{len(records)} records submitted, there is room for {self.room_left}")
        if records:
            self._gathered.extend(records)
            self._next_position += len(records)
            self._work.set()

    async def room(self, records: int = 1) -> None:
        """There is room for so many `records` now. Raises JournalOver when there never will be."""
        await self._until(lambda: self.room_left >= records)

    async def run(self) -> None:
        """Everything submitted was stored and released; returns when drained.

        Raises Fenced, StoreLost, Undecodable (final: stop the process), and what `encode` and the listener
        raise.
        """
        self._running = asyncio.current_task()
        try:
            while await self._has_work():
                await asyncio.sleep(0)  # one turn: what sockets hold by now goes into the same frame
                records, body = self._take()
                frame = seal(self._key, self._head, self._head.epoch, len(records), body)
                await self._append(frame)
                self._head = head_of(frame)
                self._in_flight = 0
                self._moved.set()
                self._listener.released(records, frame.last_position)
        finally:
            self._over = True
            self._moved.set()

    async def drain(self, deadline_s: float) -> int:
        """Everything submitted is durable and released, and `run` has ended or is about to: 0.

        Otherwise, after `deadline_s` seconds, `run` is cancelled and the number of records that were never
        confirmed is returned (a frame in flight may be stored all the same). Call it while `run` runs.
        """
        try:
            async with asyncio.timeout(deadline_s):
                await self._until(lambda: self.pending == 0)
        except (TimeoutError, JournalOver):
            if self._running is not None:
                self._running.cancel()
        self._draining = True
        self._work.set()
        return self.pending

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():
            if self._over:
                raise JournalOver(
                    "the journal's writer has stopped; what is pending will not be stored by it"
                )
            self._moved.clear()
            await self._moved.wait()

    async def _has_work(self) -> bool:
        while not self._gathered:
            if self._draining:
                return False
            self._work.clear()
            await self._work.wait()
        return True

    def _take(self) -> tuple[list[R], bytes]:
        """As much of what gathered as one frame may hold, oldest first; at least one record."""
        wanted = min(len(self._gathered), self._bounds.frame_records)
        records = [self._gathered.popleft() for _ in range(wanted)]
        body = self._encode(records)
        while len(body) > self._bounds.frame_bytes and len(records) > 1:
            fit = max(1, min(len(records) - 1, len(records) * self._bounds.frame_bytes // len(body)))
            self._gathered.extendleft(reversed(records[fit:]))
            records = records[:fit]
            body = self._encode(records)
        self._in_flight = len(records)
        return records, body

    async def _append(self, frame: StoredFrame) -> None:
        """`frame` is durable, however long that took."""
        pause_s = self._bounds.retry_first_s
        while True:
            try:
                await self._store.append(frame, self._head)
            except StoreAway as error:
                self._complain(f"store away: {error}")
            except StoreRefused as error:
                self._complain(f"store refuses: {error}")
            else:
                break
            await asyncio.sleep(pause_s * (0.5 + self._jitter() / 2))
            pause_s = min(2 * pause_s, self._bounds.retry_most_s)
        if self._trouble is not None:
            self._trouble = None
            self._listener.recovered()

    def _complain(self, because: str) -> None:
        if self._trouble != because:
            self._trouble = because
            self._listener.degraded(because)

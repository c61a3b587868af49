"""Frames in a Valkey or Redis stream: one entry a frame, one XADD an append, the id chosen by the writer.

How an append is known to follow the frame it should follow:

- The first append on a connection, and an epoch's first frame, compare and add in one step (WATCH, read
  the last entry, MULTI, XADD, EXEC): nobody can slip a frame between the look and the write, not even
  this writer's own earlier attempt that is still in the server's socket buffer. A watch ends with its
  connection, so the write goes out on that one or not at all.
- Later appends of the same epoch on the same connection are one plain XADD. Only one writer holds an
  epoch, so the server's "greater than the last id" is all the proof that is needed. On another connection
  nothing is proved, so there too the write goes out on that one or not at all. NOMKSTREAM makes the
  server answer nil when the stream itself has gone.

An append whose reply got lost may or may not be stored. Trying it again is a first append, which reads
the last entry: the same id and mac as the frame that *this* store object sent means stored; any
other id past `after` means another writer; an end before `after` means that the server lost frames.
"""

from collections.abc import AsyncIterator

from controlroom.journal.resp import Calls, Refusal, Reply
from controlroom.journal.store import Fenced, StoreAway, StoreLost, StoreRefused, Undecodable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of, is_head, reaches_past
from controlroom.journal.valkey import Link

ID_TOO_SMALL = "equal or smaller than the target stream top item"
"""What every Redis since 5.0 and every Valkey says to an XADD whose id is not greater than the last."""

PAGE_BYTES = 4 * 1024 * 1024
"""Bytes asked for at once when reading: large enough to hide the round trip, small enough for memory."""

PAGE_FRAMES_FIRST = 16
"""Frames in the first page, while their size is not known: 16 of the largest are 16 MiB."""

PAGE_FRAMES_MOST = 1000
"""Frames a page at most, so that one read never holds the server for more than a few milliseconds."""

RACES_MOST = 8
"""How often a first append looks again when the stream was touched meanwhile (a trim does that)."""


class ValkeyStore:
    """The stream `controlroom:{room}:journal`. `writing` is used by `append` alone, `reading` by the rest."""

    def __init__(self, room: str, writing: Link, reading: Calls) -> None:
        self._key = f"controlroom:{{{room}}}:journal".encode()
        self._writing = writing
        self._reading = reading
        self._proved: tuple[int, Head] = (0, EMPTY)
        self._unsure: StoredFrame | None = None

    async def append(self, frame: StoredFrame, after: Head) -> None:
        """As `Store.append` says."""
        generation, end = self._proved
        if end == after and frame.epoch == after.epoch and await self._stands(generation):
            await self._append_next(frame, generation)
        else:
            await self._append_first(frame, after)
        self._unsure = None
        self._proved = (self._writing.generation, head_of(frame))

    async def frames(self, after_position: int = 0) -> AsyncIterator[StoredFrame]:
        """As `Store.frames` says."""
        start = b"-" if after_position == 0 else await self._seek(after_position + 1)
        page = PAGE_FRAMES_FIRST
        while True:
            entries = await self._entries(b"XRANGE", self._key, start, b"+", b"COUNT", page)
            page_bytes = 0
            for entry in entries:
                frame = _frame(entry)
                page_bytes += len(frame.body)
                if reaches_past(frame, after_position):
                    yield frame
            if len(entries) < page:
                return
            start = b"(" + _id(*_entry_id(entries[-1]))
            page = min(PAGE_FRAMES_MOST, max(1, PAGE_BYTES * len(entries) // max(1, page_bytes)))

    async def last(self) -> StoredFrame | None:
        """As `Store.last` says."""
        entries = await self._entries(b"XREVRANGE", self._key, b"+", b"-", b"COUNT", 1)
        return _frame(entries[0]) if entries else None

    async def trim(self, through_position: int) -> None:
        """As `Trims.trim` says."""
        first_kept = await self._seek(through_position + 1)
        if first_kept != b"-":
            (reply,) = await self._reading.call((b"XTRIM", self._key, b"MINID", first_kept))
            _refuse(reply)

    async def _stands(self, generation: int) -> bool:
        """Whether the connection of that generation is still the one; the call asks again before it sends."""
        return generation == self._writing.generation and await self._writing.stands()

    async def _append_next(self, frame: StoredFrame, generation: int) -> None:
        self._unsure = frame
        (reply,) = await self._writing.call(
            (b"XADD", self._key, b"NOMKSTREAM", _id(frame.epoch, frame.position), *_fields(frame)),
            generation=generation,
        )
        if reply is None:
            raise StoreLost(f"the stream {self._key.decode()} has gone; restore it before starting again")
        _added(reply, frame)

    async def _append_first(self, frame: StoredFrame, after: Head) -> None:
        for _ in range(RACES_MOST):
            watched, newest = await self._writing.call(
                (b"WATCH", self._key), (b"XREVRANGE", self._key, b"+", b"-", b"COUNT", 1)
            )
            watching = self._writing.generation
            _refuse(watched)
            last = next((_frame(entry) for entry in _listed(newest)), None)
            if last is not None and last == frame == self._unsure:
                return
            _follows(last, after, frame)
            self._unsure = frame
            _, queued, done = await self._writing.call(
                (b"MULTI",),
                (b"XADD", self._key, _id(frame.epoch, frame.position), *_fields(frame)),
                (b"EXEC",),
                generation=watching,
            )
            _refuse(queued)
            if done is not None:
                _added(done[0] if isinstance(done, list) else done, frame)
                return
        raise StoreAway(f"{self._key.decode()} was touched {RACES_MOST} times between looking and writing")

    async def _seek(self, position: int) -> bytes:
        """The id of the last entry that starts at or before `position`; `-` when every entry starts after it.

        Ids order by epoch first, so the search goes down one epoch a step. Only ids are looked at: what is
        wrong with an entry is for whoever reads it to say.
        """
        end = b"+"
        while True:
            entries = await self._entries(b"XREVRANGE", self._key, end, b"-", b"COUNT", 1)
            if not entries:
                return b"-"
            epoch, start = _entry_id(entries[0])
            if start <= position:
                return _id(epoch, start)
            end = _id(epoch, position)

    async def _entries(self, *command: bytes | int) -> list[Reply]:
        (reply,) = await self._reading.call(command)
        return _listed(reply)


def _follows(last: StoredFrame | None, after: Head, frame: StoredFrame) -> None:
    """`frame` may be added: the stream ends where its writer believes it ends."""
    if is_head(last, after):
        return
    found = "empty" if last is None else f"at {last.epoch}-{last.position}"
    told = (
        f"{frame.epoch}-{frame.position} should follow {after.epoch}-{after.position}, the stream is {found}"
    )
    if last is not None and (last.epoch, last.position) > (after.epoch, after.position):
        raise Fenced(f"another writer has taken over: {told}")
    raise StoreLost(f"the store lost frames that it had confirmed: {told}; restore it before starting again")


def _added(reply: Reply, frame: StoredFrame) -> None:
    if isinstance(reply, Refusal) and ID_TOO_SMALL in reply.text:
        raise Fenced(f"another writer has taken over: the stream is past {frame.epoch}-{frame.position}")
    _refuse(reply)
    if reply != _id(frame.epoch, frame.position):
        raise StoreRefused(f"the store answered {reply!r} to an append of {frame.epoch}-{frame.position}")


def _refuse(reply: Reply) -> None:
    if isinstance(reply, Refusal):
        raise StoreRefused(f"the store refused: {reply.text}")


def _id(epoch: int, position: int) -> bytes:
    return b"%d-%d" % (epoch, position)


def _fields(frame: StoredFrame) -> tuple[bytes | int, ...]:
    return (b"n", frame.count, b"b", frame.body, b"m", frame.mac)


def _listed(reply: Reply) -> list[Reply]:
    _refuse(reply)
    if not isinstance(reply, list):
        raise StoreRefused(f"the store answered {reply!r} where entries were asked for")
    return reply


def _entry_id(entry: Reply) -> tuple[int, int]:
    match entry:
        case [bytes(entry_id), *_]:
            epoch, _, position = entry_id.partition(b"-")
            return _number(epoch), _number(position)
        case _:
            raise Undecodable("the store answered something that is no stream entry")


def _frame(entry: Reply) -> StoredFrame:
    epoch, position = _entry_id(entry)
    match entry:
        case [_, [b"n", bytes(count), b"b", bytes(body), b"m", bytes(mac)]]:
            return StoredFrame(epoch, position, _number(count), body, mac)
        case _:
            raise Undecodable(f"entry {epoch}-{position} has not the fields n, b and m of a frame")


def _number(raw: bytes) -> int:
    """Only the one way in which the writer writes a number counts as that number."""
    if not raw.isdigit() or (raw[:1] == b"0" and raw != b"0"):
        raise Undecodable(f"{raw!r} stands where an entry has a number")
    return int(raw)

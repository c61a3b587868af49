"""What a restart brings back: the state and the figures, from a snapshot and the frames after it.

A snapshot is only ever an aid. It is taken at rest, when the state is exactly at the end of a durable
frame, and it carries everything that is folded from records, so that nothing has to be counted twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from controlroom.incidents.apply import apply
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.open import Opening, open_journal
from controlroom.journal.records import decode_applied
from controlroom.journal.snapshot import Snapshot, SnapshotStore, seal_snapshot
from controlroom.journal.store import JournalError, Store, StoreAway, StoreRefused
from controlroom.journal.stored import Head, StoredFrame
from controlroom.measures.book import Book
from controlroom.measures.desk import DeskFigures, count
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take

SCHEMA = 3
"""The shape of `Folded`. A snapshot of another schema is put aside and the journal read from its start."""


class NewerJournal(JournalError):
    """The journal holds what only a newer version of this programme can read."""


class Folded(msgspec.Struct):
    """Everything that is a fold of records: the room's state, the plan's figures, and those of the desk."""

    state: State = msgspec.field(default_factory=State)
    ledger: Ledger = msgspec.field(default_factory=Ledger)
    desk: DeskFigures = msgspec.field(default_factory=DeskFigures)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Folded).decode


def to_bytes(folded: Folded) -> bytes:
    """Return the body of a snapshot; equal histories give equal bytes."""
    return _encode(folded)


def from_bytes(body: bytes) -> Folded:
    """Return what a snapshot's body holds; raises `msgspec.DecodeError` on another shape."""
    return _decode(body)


async def begin(store: Store, snapshots: SnapshotStore, key: bytes, book: Book) -> tuple[Opening, Folded]:
    """Return the journal ready to be read, and what the snapshot that it is read from holds.

    A snapshot that is whole and yet not readable by this programme (another version's), or whose figures
    were counted by another plan than this book's, is put aside like a damaged one, and everything is read
    from the start. Raises what `open_journal` raises.
    """
    opening = await open_journal(store, snapshots, key, SCHEMA)
    if opening.snapshot is None:
        return opening, empty(book)
    try:
        folded = from_bytes(opening.snapshot.body)
    except msgspec.DecodeError as fault:
        why = f"it cannot be read ({fault})"
    else:
        if folded.ledger.digest == book.digest:
            return opening, folded
        why = "the plan counts otherwise now, so its figures are counted anew"
    said = f"the snapshot at position {opening.snapshot.position} is put aside: {why}"
    return Opening(store, key, None, (*opening.put_aside, said)), empty(book)


def empty(book: Book) -> Folded:
    """Return what there is before the first record."""
    return Folded(ledger=Ledger(digest=book.digest))


async def fold(folded: Folded, frames: AsyncIterator[StoredFrame], book: Book) -> None:
    """Bring state and figures to the end of these frames; records they already hold are passed over.

    Raises NewerJournal where a frame, sound in itself, says what this programme does not know.
    """
    async for frame in frames:
        try:
            body = decode_applied(frame.body)
        except msgspec.DecodeError as fault:
            raise NewerJournal(
                f"the frame at position {frame.position} is whole, but this programme cannot read it "
                f"({fault}): a newer version wrote it. Nothing was changed; start that version again"
            ) from fault
        state, ledger = folded.state, folded.ledger
        for position, stored in enumerate(body.records, body.position):
            if position > state.position:
                apply(state, position, stored.now, stored.decision)
                take(ledger, book, position, stored.now, stored.decision)
                count(folded.desk, position, stored.now, stored.decision, count_simulated=book.simulated)


class Counting:
    """Keeps the figures in step with the room. A follower."""

    def __init__(self, ledger: Ledger, book: Book) -> None:
        self.ledger = ledger
        self._book = book

    def released(self, records: Sequence[Record]) -> None:
        """Count these durable records."""
        for record in records:
            take(self.ledger, self._book, record.position, record.now, record.decision)


class Keeper:
    """Takes a snapshot every so many records, when the room is at rest, and saves it beside the work.

    `at_rest` says whether everything decided is durable; `head` is the end of the chain at that moment.
    """

    def __init__(
        self, folded: Folded, store: SnapshotStore, key: bytes, every_records: int, head: Callable[[], Head]
    ) -> None:
        self.saved_through = folded.state.position
        self._folded = folded
        self._store = store
        self._key = key
        self._every = every_records
        self._head = head
        self._taken: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue(maxsize=1)

    def due(self) -> bool:
        """Say whether it is time for a snapshot; the room pauses until it is taken."""
        position = self._folded.state.position
        return position - self.saved_through >= self._every and not self._taken.full()

    def at_rest(self) -> bool:
        """Take the snapshot now, where nothing decided is waiting for the store; say whether it was taken.

        It is not while the one before it still waits to be saved.
        """
        head = self._head()
        if head.last_position != self._folded.state.position or self._taken.full():
            return False
        self.saved_through = head.last_position
        sealed = seal_snapshot(self._key, Snapshot(head, SCHEMA, to_bytes(self._folded)))
        self._taken.put_nowait((head.last_position, sealed))
        return True

    async def save_next(self) -> int | None:
        """Save the snapshot that is taken next; return its position, None when the store would not.

        A snapshot is an aid: the frames are the truth, and they are safe.
        """
        position, sealed = await self._taken.get()
        try:
            await self._store.save(sealed)
        except (StoreAway, StoreRefused):
            return None
        return position

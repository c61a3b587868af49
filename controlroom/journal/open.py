"""Opening a journal: the newest snapshot that can be trusted, then every frame after it, checked on the way.

    opening = await open_journal(store, snapshots, key, schema)
    state = decode(opening.snapshot) if opening.snapshot else empty
    async for frame in opening.frames(): apply(frame)
    head = await opening.claim(body)      # body holds one record: "writer W takes over"
    writer = Writer(store, Chain(key, head), …)

A journal that is broken stops here, with the position and what to do. Nobody starts silently on one.
"""

from collections.abc import AsyncIterator

from controlroom.journal.chain import check_key, seal
from controlroom.journal.snapshot import Snapshot, SnapshotStore, choose
from controlroom.journal.store import JournalError, Store, StoreLost, Undecodable
from controlroom.journal.stored import EMPTY, Head, StoredFrame, head_of, is_head
from controlroom.journal.verify import Fault, Flaw, step


class BrokenJournal(JournalError):
    """The chain does not hold at `position`."""

    def __init__(self, position: int, fault: Fault, detail: str) -> None:
        super().__init__(
            f"the journal is broken at position {position} ({fault.value}): {detail}. Nothing was changed. "
            "Stop, keep a copy of the store and the archive, run `controlroom audit verify`, and restore "
            "the last good copy; check as well that the journal key is the one it was written with"
        )
        self.position = position
        self.fault = fault


class Opening:
    """A journal that is being read in. `head` moves as frames are read and checked."""

    def __init__(
        self, store: Store, key: bytes, snapshot: Snapshot | None, put_aside: tuple[str, ...]
    ) -> None:
        self._store = store
        self._key = key
        self.snapshot = snapshot
        self.put_aside = put_aside
        """Why a newer snapshot was not used: to be shown to the engineer. Empty when the latest was."""
        self.head = EMPTY if snapshot is None else snapshot.head

    async def frames(self) -> AsyncIterator[StoredFrame]:
        """Every frame after `head`, each checked before it is given out.

        May be called again later: it goes on where the last one ended. Raises BrokenJournal, StoreLost
        (the store ends before the snapshot), StoreAway, StoreRefused.
        """
        try:
            async for frame in self._store.frames(self.head.last_position):
                found = step(self._key, self.head, frame)
                if isinstance(found, Flaw):
                    raise BrokenJournal(self.head.next_position, found.fault, found.detail)
                self.head = found
                yield frame
        except Undecodable as error:
            raise BrokenJournal(self.head.next_position, Fault.UNDECODABLE, str(error)) from error
        await self._reaches_head()

    async def claim(self, body: bytes) -> Head:
        """The journal is ours: a frame of one record (`body`, at `head.next_position`) opens the next epoch.

        `body` must name its writer uniquely, so that no two writers ever send the same opening frame.
        Every earlier writer is fenced from now on. Raises Fenced when frames came in since `frames` ended
        (read on with `frames` and claim again), StoreAway, StoreRefused (claim again), StoreLost.
        """
        frame = seal(self._key, self.head, self.head.epoch + 1, 1, body)
        await self._store.append(frame, self.head)
        self.head = head_of(frame)
        return self.head

    async def _reaches_head(self) -> None:
        last = await self._store.last()
        if last is None or last.last_position < self.head.last_position:
            if self.head == EMPTY:
                return
            found = 0 if last is None else last.last_position
            raise StoreLost(
                f"the store ends at position {found}, but the snapshot or the archive reaches "
                f"{self.head.last_position}: the store lost frames that it had confirmed; restore its data"
            )
        if last.last_position == self.head.last_position and not is_head(last, self.head):
            raise BrokenJournal(
                last.position, Fault.MAC, "the last frame is not the one that the snapshot names"
            )


async def open_journal(store: Store, snapshots: SnapshotStore, key: bytes, schema: int) -> Opening:
    """The start of reading a journal in. `schema` is the snapshot schema that the caller understands.

    Raises ValueError for a key that is too short, StoreAway, StoreRefused.
    """
    chosen = choose(check_key(key), await snapshots.latest(), schema)
    return Opening(store, key, chosen.snapshot, chosen.put_aside)

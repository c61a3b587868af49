"""The proof that the stored journal is whole, from its first frame to its last, and reaches its snapshot.

A chain that was cut at its very end is sound in itself; the snapshot names a frame that must be there,
so it is the witness for that end. Cuts after the newest snapshot are outside what can be seen here.
"""

import msgspec

from controlroom.cli.audit_store import Stored
from controlroom.journal.snapshot import choose
from controlroom.journal.stored import EMPTY, Head
from controlroom.journal.verify import Broken, Fault, Sound, Verdict, verify
from controlroom.restore import SCHEMA


class Proof(msgspec.Struct, frozen=True):
    """What a walk found. `position` is the first bad one and `fault` why; both None when all is sound.

    `frames` and `records` are how many hold; `snapshot` is the position of the newest one that is whole.
    """

    sound: bool
    frames: int
    records: int
    epoch: int
    position: int | None = None
    fault: str | None = None
    snapshot: int | None = None
    notes: tuple[str, ...] = ()

    def json(self) -> str:
        """Return it as one JSON object."""
        return msgspec.json.encode(self).decode()

    def __str__(self) -> str:
        held = f"{self.records} records in {self.frames} frames"
        seen = f"; snapshot at {self.snapshot}" if self.snapshot is not None else "; no snapshot"
        notes = "".join(f"\n  {note}" for note in self.notes)
        if self.sound:
            return f"sound, {held}, epoch {self.epoch}{seen}{notes}"
        return f"broken at position {self.position}: {self.fault}; {held} before it hold{notes}"


async def prove(stored: Stored) -> Proof:
    """Return what the whole chain says of itself. Raises StoreAway, StoreRefused."""
    kept = await stored.snapshots.latest()
    chosen = choose(stored.key, kept, SCHEMA)
    verdict = await _walk(stored)
    snapshot = chosen.snapshot.head if chosen.snapshot is not None else None
    if isinstance(verdict, Broken):
        position, fault = verdict.position, f"{verdict.fault}: {verdict.detail}"
    elif snapshot is not None and snapshot.last_position > verdict.head.last_position:
        position = verdict.head.next_position
        fault = f"the journal ends here, but a snapshot was taken at {snapshot.last_position}"
    else:
        position, fault = None, None
    return Proof(
        sound=position is None,
        frames=verdict.frames,
        records=verdict.records,
        epoch=verdict.head.epoch,
        position=position,
        fault=fault,
        snapshot=snapshot.last_position if snapshot is not None else None,
        notes=chosen.put_aside,
    )


async def _walk(stored: Stored) -> Verdict:
    """Return the verdict on every frame.

    A running room may move frames from the store to a file between our look at one and at the other.
    That shows as a hole, so a hole is looked at once more, from the last good frame on.
    """
    first = await _from(stored, EMPTY)
    if not isinstance(first, Broken) or first.fault is not Fault.HOLE:
        return first
    rest = await _from(stored, first.head)
    frames, records = first.frames + rest.frames, first.records + rest.records
    match rest:
        case Sound():
            return Sound(frames, records, rest.head)
        case Broken():
            return Broken(rest.position, rest.fault, rest.detail, frames, records, rest.head)


async def _from(stored: Stored, head: Head) -> Verdict:
    return await verify(stored.store.frames(head.last_position), stored.key, head)

"""Records by their positions: what a list of them, a figure's events or an old entry opens onto.

A frame is read once for all the positions in it. Positions close to each other are read in one go; each
other one costs the store a look of its own, so whoever asks for many asks for a page of them at a time.
"""

import asyncio
from collections.abc import Collection

from controlroom.incidents.record import Record
from controlroom.journal.records import decode_frame, told_bytes
from controlroom.journal.store import Store

NEAR = 512
"""Positions that are no further apart than this are read by going on; a new look costs more than that."""

BREATH = 32
"""Frames after which the room's own work gets its turn."""


async def records_at(store: Store, positions: Collection[int]) -> list[Record]:
    """Return the records of these positions, in order; what the journal does not have is left out.

    Raises what `Store.frames` raises, and ValueError where a frame is not readable by this programme.
    """
    found: list[Record] = []
    for run in _runs(sorted(set(positions))):
        wanted = set(run)
        async for frame in store.frames(run[0] - 1):
            if frame.position > run[-1]:
                break
            if any(position in wanted for position in range(frame.position, frame.last_position + 1)):
                found += (record for record in decode_frame(frame.body) if record.position in wanted)
            if frame.last_position >= run[-1]:
                break
    return found


async def record_of(store: Store, told: bytes, after: int) -> Record | None:
    """Return the first record behind a position whose event has these bytes; None where none has.

    Raises as `records_at` does.
    """
    seen = 0
    async for frame in store.frames(after):
        seen += 1
        if seen % BREATH == 0:
            await asyncio.sleep(0)
        if told not in frame.body:
            continue
        for record in decode_frame(frame.body):
            if record.position > after and told_bytes(record.event) == told:
                return record
    return None


def _runs(positions: list[int]) -> list[list[int]]:
    """Return the positions in runs that are read in one go."""
    runs: list[list[int]] = []
    for position in positions:
        if position < 1:
            continue
        if runs and position - runs[-1][-1] <= NEAR:
            runs[-1].append(position)
        else:
            runs.append([position])
    return runs

"""The few pasts that are held, and the rule that one fold runs at a time.

A fold of a long journal takes seconds and a whole core; whoever asks for another meanwhile is told to come
again. Steps within a past that is held are answered at once, also during a fold. While nobody needs a fold,
states are left along the journal for the next one (`fill`).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Protocol

from controlroom.console.past import fold as folding
from controlroom.console.past.fold import NOTHING, Kept, Past, bring, fold
from controlroom.journal.store import Store
from controlroom.journal.stored import Head

PASTS_HELD = 10
"""Pasts at a time: ten people looking at ten nights, at ten to twenty megabytes each."""

READ_ON = 4_000
"""Records behind a past that are read on rather than folded to anew."""

MARKS_HELD = 24
"""States kept in memory from folds on the way; of more, every second goes."""

MARKS_BYTES = 64 * 1024 * 1024
"""What they may hold together: a megabyte or two each in a city, ten with ten thousand incidents open."""

SnapshotsOf = Callable[[], Awaitable[Sequence[Kept]]]
"""Reads the states that the room itself saved."""


class Shelf(Protocol):
    """States of this journal that outlive the process."""

    def positions(self) -> Sequence[int]:
        """Return where they stand, in order."""
        ...

    async def before(self, position: int) -> Kept | None:
        """Return the latest at or before this position; None where there is none."""
        ...

    async def put(self, kept: Kept, head: Head) -> None:
        """Keep one; `head` is the end of the journal that it contains."""
        ...


class Busy(Exception):
    """Another fold runs."""


class Library:
    """Holds pasts of one journal. `snapshots` returns the states that the room itself saved, read anew."""

    def __init__(self, store: Store, snapshots: SnapshotsOf, shelf: Shelf | None = None) -> None:
        self.store = store
        self.folds = 0
        self._snapshots = snapshots
        self._shelf = shelf
        self._held: list[Past] = []
        self._marks: dict[int, Kept] = {}
        self._folding = False
        self._free = asyncio.Event()
        self._free.set()

    @asynccontextmanager
    async def at(self, position: int) -> AsyncIterator[Past]:
        """Have the past at this position to yourself; raises Busy, and what `fold` raises.

        The position lies within the journal.
        """
        while True:
            past = next((one for one in self._held if self._near(one, position)), None)
            if past is None:
                past = await self._fold(position)
            async with past.lock:
                if past not in self._held or not self._near(past, position):
                    continue  # somebody else went on with it meanwhile
                if position > past.last:
                    await past.read_on(self.store, position)
                past.go(position)
                self._held.remove(past)
                self._held.append(past)
                yield past
                return

    async def fill(self) -> None:
        """Leave a state each `MARK_EVERY` records along the journal, the newest stretch first.

        It waits while somebody's fold runs. Raises what `fold` raises.
        """
        shelf = self._shelf
        if shelf is None:
            return
        done: set[int] = set()
        while (gap := await self._gap(shelf, done)) is not None:
            low, high = gap
            done.add(low)
            start = await self._start(low, shelf, back=0)
            await bring(self.store, start.state(), high, shelf.put, self._free.wait)

    async def _gap(self, shelf: Shelf, done: set[int]) -> tuple[int, int] | None:
        """Return the last stretch without a state, as long as two of those that a fold leaves."""
        last = await self.store.last()
        saved = (one.position for one in await self._snapshots())
        known = {0, *shelf.positions(), *saved, last.last_position if last is not None else 0}
        wide = 2 * folding.MARK_EVERY
        gaps = [pair for pair in pairwise(sorted(known)) if pair[1] - pair[0] >= wide and pair[0] not in done]
        return gaps[-1] if gaps else None

    @staticmethod
    def _near(past: Past, position: int) -> bool:
        return past.holds(position) or past.last < position <= past.last + READ_ON

    async def _fold(self, position: int) -> Past:
        if self._folding:
            raise Busy
        self._folding = True
        self._free.clear()
        try:
            past = await fold(self.store, await self._start(position, self._shelf), position, self._mark)
        finally:
            self._folding = False
            self._free.set()
        self.folds += 1
        self._held = [*self._held[-PASTS_HELD + 1 :], past]
        return past

    async def _start(self, position: int, shelf: Shelf | None, back: int | None = None) -> Kept:
        """Return the latest state to begin from that leaves so many steps back; else the latest there is."""
        back = folding.STEPS_BACK if back is None else back
        found = [NOTHING, *self._marks.values(), *await self._snapshots()]
        shelved = await shelf.before(position - back) if shelf is not None else None
        found += [shelved] if shelved is not None else []
        before = [one for one in found if one.position <= position - back]
        before = before or [one for one in found if one.position <= position]
        return max(before, key=lambda one: one.position)

    async def _mark(self, state: Kept, head: Head) -> None:
        self._marks[state.position] = state
        while (
            len(self._marks) > MARKS_HELD or sum(len(one.body) for one in self._marks.values()) > MARKS_BYTES
        ):
            self._marks = {place: self._marks[place] for place in sorted(self._marks)[1::2]}
        if self._shelf is not None:
            await self._shelf.put(state, head)

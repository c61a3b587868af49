"""The few pasts that are held, and the rule that one fold runs at a time.

A fold of a long journal takes seconds and a whole core; whoever asks for another meanwhile is told to come
again. Steps within a past that is held are answered at once, also during a fold.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from controlroom.console.past.fold import NOTHING, STEPS_BACK, Kept, Past, fold
from controlroom.journal.store import Store

PASTS_HELD = 3
"""Pasts at a time: some people looking at some nights, at some tens of megabytes each."""

READ_ON = 4_000
"""Records behind a past that are read on rather than folded to anew."""

MARKS_HELD = 24
"""States kept from folds on the way; of more, every second goes."""

MARKS_BYTES = 64 * 1024 * 1024
"""What they may hold together: a megabyte or two each in a city, ten with ten thousand incidents open."""

SnapshotsOf = Callable[[], Awaitable[Sequence[Kept]]]
"""Reads the states that the room itself saved."""


class Busy(Exception):
    """Another fold runs."""


class Library:
    """Holds pasts of one journal. `snapshots` returns the states that the room itself saved, read anew."""

    def __init__(self, store: Store, snapshots: SnapshotsOf) -> None:
        self.store = store
        self.folds = 0
        self._snapshots = snapshots
        self._held: list[Past] = []
        self._marks: dict[int, Kept] = {}
        self._folding = False

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

    @staticmethod
    def _near(past: Past, position: int) -> bool:
        return past.holds(position) or past.last < position <= past.last + READ_ON

    async def _fold(self, position: int) -> Past:
        if self._folding:
            raise Busy
        self._folding = True
        try:
            past = await fold(self.store, await self._start(position), position, self._mark)
        finally:
            self._folding = False
        self.folds += 1
        self._held = [*self._held[-PASTS_HELD + 1 :], past]
        return past

    async def _start(self, position: int) -> Kept:
        """Return the latest state to begin from that leaves steps back; without one, the latest there is."""
        found = [NOTHING, *self._marks.values(), *await self._snapshots()]
        before = [one for one in found if one.position <= position - STEPS_BACK]
        before = before or [one for one in found if one.position <= position]
        return max(before, key=lambda one: one.position)

    def _mark(self, state: Kept) -> None:
        self._marks[state.position] = state
        while (
            len(self._marks) > MARKS_HELD or sum(len(one.body) for one in self._marks.values()) > MARKS_BYTES
        ):
            self._marks = {place: self._marks[place] for place in sorted(self._marks)[1::2]}

"""Everything that should have happened by now: armed, taken off, and found when it is due.

A watch says *expect something of a subject by a moment, else the room says so*. Under one name (kind and
subject) at most one watch is armed; arming it again moves it. `armed` alone is the truth and the
snapshot: the heaps are made from it, so a restart fires the same watches in the same order (by due
moment, then kind, then subject), whatever was armed and taken off before.

A moved or taken-off watch leaves a dead entry in its heap. The first entry of a heap is never dead, and as
soon as more than half of a heap is, it is made anew: so a heap is never longer than twice its
watches and `SLACK`, and one arming costs O(log n), the rebuild shared out among what made it due.

Watches of the field (`OF_THE_FIELD`) expect to *hear* something; they wait in a heap of their own, which
stands still while the room hears nothing (see `hearing`). Limits: a rebuild at a million watches is one
pause (docs/performance.md says how long); moments are those of the wall clock in UTC.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct, field

from controlroom.incidents.incident import Watch, WatchKind

SLACK = 64
"""Dead entries that a heap may have whatever its size, so that a small one is not made anew all the time."""

OF_THE_FIELD: frozenset[WatchKind] = frozenset(
    {
        *(WatchKind.CHECK, WatchKind.AMBER, WatchKind.BOOK_ON, WatchKind.SHIFT_END),
        *(WatchKind.LATE_TO_SET, WatchKind.TEST_OVERDUE, WatchKind.PATH_SILENT),
        *(WatchKind.GATE_OPENING, WatchKind.GATE_CLOSING, WatchKind.VISIT),
    }
)
"""Kinds that a signal of the field keeps: their silence may be ours, when the link to the broker is down.
All others expect something of people or of the room itself and never wait for the link."""


class Watches(Struct, dict=True):
    """What is expected: `armed` says by kind and subject until when, each kind in the order of arming."""

    armed: dict[WatchKind, dict[str, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the heaps, which no snapshot holds, from what is armed."""
        self.field = _Queue(self.armed, of_the_field=True)
        self.inside = _Queue(self.armed, of_the_field=False)

    def __len__(self) -> int:
        """Return how many watches are armed."""
        return sum(map(len, self.armed.values()))

    def __bool__(self) -> bool:
        """Stay true when nothing is armed: this is a part of the state, not a list of it."""
        return True


class _Queue:
    """A heap of the watches of one side, and how many of its entries are dead."""

    __slots__ = ("armed", "dead", "heap", "of_the_field")

    def __init__(self, armed: dict[WatchKind, dict[str, datetime]], *, of_the_field: bool) -> None:
        self.armed = armed
        self.of_the_field = of_the_field
        self.rebuild()

    def rebuild(self) -> None:
        """Hold exactly what is armed."""
        self.heap = [
            Watch(due, kind, subject)
            for kind, names in self.armed.items()
            if (kind in OF_THE_FIELD) is self.of_the_field
            for subject, due in names.items()
        ]
        heapq.heapify(self.heap)
        self.dead = 0

    def one_died(self) -> None:
        """Count one entry that is no longer armed; leave none at the top, and not too many at all."""
        self.dead += 1
        if self.dead > len(self.heap) // 2 + SLACK:
            self.rebuild()
            return
        heap, armed = self.heap, self.armed
        while heap:
            top = heap[0]
            names = armed.get(top.kind)
            if names is not None and names.get(top.subject) == top.due:
                return
            heapq.heappop(heap)
            self.dead -= 1


def arm(watches: Watches, watch: Watch) -> None:
    """Expect this; a watch of the same name stands for it no longer."""
    names = watches.armed.setdefault(watch.kind, {})
    moved = names.pop(watch.subject, None) is not None  # set again at the end: the order of arming
    names[watch.subject] = watch.due
    queue = watches.field if watch.kind in OF_THE_FIELD else watches.inside
    heapq.heappush(queue.heap, watch)
    if moved:
        queue.one_died()


def disarm(watches: Watches, kind: WatchKind, subject: str) -> None:
    """Expect this no longer; what was not expected stays so."""
    names = watches.armed.get(kind)
    if names is None or names.pop(subject, None) is None:
        return
    if not names:
        del watches.armed[kind]
    (watches.field if kind in OF_THE_FIELD else watches.inside).one_died()


def first(watches: Watches, *, hearing: bool = True) -> Watch | None:
    """Return what is due first, of people and the room alone where nothing is heard; None: nothing is."""
    field, inside = watches.field.heap, watches.inside.heap
    if field and hearing and (not inside or field[0] < inside[0]):
        return field[0]
    return inside[0] if inside else None


def due_of(watches: Watches, kind: WatchKind, subject: str) -> datetime | None:
    """Return until when this is expected; None where it is not."""
    names = watches.armed.get(kind)
    return names.get(subject) if names is not None else None


def in_order(watches: Watches) -> Iterator[Watch]:
    """Yield what is armed, the first due first; k of n cost O(k log k), and nothing is copied."""
    return heapq.merge(_sorted(watches.field), _sorted(watches.inside))


def _sorted(queue: _Queue) -> Iterator[Watch]:
    """Yield the live entries of a heap in order, by a second heap of the entries that may come next."""
    heap, last = queue.heap, None
    ahead = [(heap[0], 0)] if heap else []
    while ahead:
        watch, place = heapq.heappop(ahead)
        for child in (2 * place + 1, 2 * place + 2):
            if child < len(heap):
                heapq.heappush(ahead, (heap[child], child))
        names = queue.armed.get(watch.kind, {})
        if names.get(watch.subject) == watch.due and watch != last:
            last = watch
            yield watch

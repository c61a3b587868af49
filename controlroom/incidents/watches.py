"""Everything that should have happened by now: armed, taken off, and found when it is due.

A watch says *expect something of a subject by a moment, else the room says so*. Under one name (kind and
subject) at most one watch is armed; arming it again moves it. `armed` alone is the truth and the
snapshot: the heaps are made from it, so a restart fires the same watches in the same order (by due
moment, then kind, then subject), whatever was armed and taken off before.

A moved or taken-off watch leaves a dead moment in its heap. The first one of a heap is never dead, and as
soon as more than half of a heap is, it is made anew: so a heap is never longer than twice its
watches and `SLACK`, and one arming costs O(log n), the rebuild shared out among what made it due. A start
makes the heaps once, when the journal is read: nobody asks what is due before.

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
        *(WatchKind.CAMERA_SILENCE, WatchKind.CAMERA_SETTLED, WatchKind.CAMERA_GROUP),
        *(WatchKind.HELP_POINT_CALL, WatchKind.HELP_POINT_TEST),
    }
)
"""Kinds that a signal of the field keeps: their silence may be ours, when the link to the broker is down.
All others expect something of people or of the room itself and never wait for the link."""


OF_THE_CREW = (WatchKind.ACCEPTANCE, WatchKind.ARRIVAL, WatchKind.CLEARANCE)
"""What is expected of the crew of an incident: the first under its order, the others under the incident."""


class Watches(Struct, dict=True):
    """What is expected: `armed` says by kind and subject until when, each kind in the order of arming."""

    armed: dict[WatchKind, dict[str, datetime]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Have no heaps yet, which no snapshot holds: they are made when somebody asks what is due."""
        self.heaps: Heaps | None = None

    def __len__(self) -> int:
        """Return how many watches are armed."""
        return sum(map(len, self.armed.values()))

    def __bool__(self) -> bool:
        """Stay true when nothing is armed: this is a part of the state, not a list of it."""
        return True


class Heaps:
    """What is armed in the order of falling due: what the field owes, and what is expected inside."""

    __slots__ = ("field", "inside")

    def __init__(self, armed: dict[WatchKind, dict[str, datetime]]) -> None:
        self.field = _Queue(armed, of_the_field=True)
        self.inside = _Queue(armed, of_the_field=False)

    def of(self, kind: WatchKind) -> "_Queue":
        """Return the heap that this kind waits in."""
        return self.field if kind in OF_THE_FIELD else self.inside


class _Queue:
    """A heap of the moments of one side, and what is due at each. Moments alone compare three times quicker.

    A moment in the heap that is not in `due_at` is dead; one may stand there twice. Those who are due at the
    same moment (everybody who is excused by an outage) are a crowd.
    """

    __slots__ = ("due_at", "heap")

    def __init__(self, armed: dict[WatchKind, dict[str, datetime]], *, of_the_field: bool) -> None:
        self.heap: list[datetime] = []
        self.due_at: dict[datetime, Watch | _Crowd] = {}
        for kind, names in armed.items():
            if (kind in OF_THE_FIELD) is of_the_field:
                for subject, due in names.items():
                    self._put(Watch(due, kind, subject))
        self.heap = list(self.due_at)
        heapq.heapify(self.heap)

    def _put(self, watch: Watch) -> bool:
        """Keep the watch at its moment; say whether it is the first one there."""
        there = self.due_at.get(watch.due)
        if there is None:
            self.due_at[watch.due] = watch
        elif isinstance(there, _Crowd):
            there.add(watch)
        else:
            self.due_at[watch.due] = _Crowd(there, watch)
        return there is None

    def add(self, watch: Watch) -> None:
        """Expect this watch, which is not expected yet."""
        if self._put(watch):
            heapq.heappush(self.heap, watch.due)

    def remove(self, due: datetime, kind: WatchKind, subject: str) -> None:
        """Expect this watch, which is expected, no longer; leave no dead moment on top, and not too many."""
        heap, due_at = self.heap, self.due_at
        there = due_at.pop(due)
        if isinstance(there, _Crowd) and there.remove(Watch(due, kind, subject)):
            due_at[due] = there
            return
        if len(heap) > 2 * len(due_at) + SLACK:
            self.heap = heap = list(due_at)
            heapq.heapify(heap)
        while len(heap) > len(due_at) and heap[0] not in due_at:  # as many as there are: none is dead
            heapq.heappop(heap)

    def first(self) -> Watch | None:
        """Return what is due first; None where nothing is."""
        if not self.heap:
            return None
        there = self.due_at[self.heap[0]]
        return there.heap[0] if isinstance(there, _Crowd) else there

    def in_order(self) -> Iterator[Watch]:
        """Yield the watches in order, by a second heap of the places that may come next."""
        heap, last = self.heap, None
        ahead = [(heap[0], 0)] if heap else []
        while ahead:
            due, place = heapq.heappop(ahead)
            for child in (2 * place + 1, 2 * place + 2):
                if child < len(heap):
                    heapq.heappush(ahead, (heap[child], child))
            there = self.due_at.get(due)
            if there is None or due == last:
                continue
            last = due
            if isinstance(there, _Crowd):
                yield from sorted(there.live)
            else:
                yield there


class _Crowd:
    """Watches that are due at one moment: a heap of them, of which only those in `live` count."""

    __slots__ = ("heap", "live")

    def __init__(self, *watches: Watch) -> None:
        self.live = set(watches)
        self.heap = sorted(watches)

    def add(self, watch: Watch) -> None:
        """Take one more."""
        self.live.add(watch)
        heapq.heappush(self.heap, watch)

    def remove(self, watch: Watch) -> bool:
        """Let one go; say whether any is left. The first of the heap is never a dead one."""
        self.live.discard(watch)
        if len(self.heap) > 2 * len(self.live) + SLACK:
            self.heap = sorted(self.live)
        while self.heap and self.heap[0] not in self.live:
            heapq.heappop(self.heap)
        return bool(self.live)


def arm(watches: Watches, watch: Watch) -> None:
    """Expect this; a watch of the same name stands for it no longer."""
    kind, subject, heaps = watch.kind, watch.subject, watches.heaps
    names = watches.armed.get(kind)
    if names is None:
        names = watches.armed[kind] = {}
    before = names.pop(subject, None)  # set again at the end: the order of arming
    names[subject] = watch.due
    if heaps is None:
        return
    queue = heaps.of(kind)
    if before is not None:
        queue.remove(before, kind, subject)
    queue.add(watch)


def disarm(watches: Watches, kind: WatchKind, subject: str) -> None:
    """Expect this no longer; what was not expected stays so."""
    names = watches.armed.get(kind)
    due = names.pop(subject, None) if names is not None else None
    if due is None:
        return
    if not names:
        del watches.armed[kind]
    if watches.heaps is not None:
        watches.heaps.of(kind).remove(due, kind, subject)


def heaps_of(watches: Watches) -> Heaps:
    """Return the heaps, made now where nobody has asked for them since the snapshot was read."""
    if watches.heaps is None:
        watches.heaps = Heaps(watches.armed)
    return watches.heaps


def first(watches: Watches, *, hearing: bool = True) -> Watch | None:
    """Return what is due first, of people and the room alone where nothing is heard; None: nothing is."""
    heaps = watches.heaps or heaps_of(watches)
    inside = heaps.inside.first()
    field = heaps.field.first() if hearing else None
    if field is None or inside is None:
        return inside or field
    return min(field, inside)


def due_of(watches: Watches, kind: WatchKind, subject: str) -> datetime | None:
    """Return until when this is expected; None where it is not."""
    names = watches.armed.get(kind)
    return names.get(subject) if names is not None else None


def in_order(watches: Watches) -> Iterator[Watch]:
    """Yield what is armed, the first due first; k of n cost O(k log k), and nothing is copied."""
    heaps = heaps_of(watches)
    return heapq.merge(heaps.field.in_order(), heaps.inside.in_order())

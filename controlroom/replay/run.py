"""The run: what is given, told to one history or to two, with time passing in between.

Time is an event. Before each thing that happened, whatever falls due by then is told first, at its own
moment: that is what an unhurried room does. A journal holds its ticks; a tick of the recording is told at the
moment and under the number that it had, to each history that expects the same, so a journal that is replayed
with the rules it was lived by gives the same state, byte for byte. A room that opens is told so before
anything that fell due while it was away, as `take_over` does.

Both histories are told in step, thing by thing, so two rule sets are compared in one pass and nothing has to
be kept.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from controlroom.events import Event, RoomOpened, Tick
from controlroom.incidents.incident import Watch
from controlroom.replay.given import OWN_NUMBERS, Given, WatchName, fired
from controlroom.replay.lane import Lane, Step

Pair = tuple[Step | None, Step | None]
"""What the old and the new history decided of one thing; None where it did not happen there, or where
there is no second history."""

Heed = Callable[[Given, Pair], None]
"""Is told of each thing after it was decided, before any history has changed."""

_TICK = Tick()


class Run:
    """One or two histories, told the same."""

    def __init__(self, old: Lane, new: Lane | None, heed: Heed) -> None:
        self.told = 0
        self._old = old
        self._new = new
        self._heed = heed
        self._now: datetime | None = None
        self._own = OWN_NUMBERS

    def over(self, given: Iterable[Given]) -> Iterator[Given]:
        """Tell everything, in order; yield each thing when it is part of the histories."""
        for each in given:
            recorded = type(each.event) is Tick
            name = fired(each.recorded) if recorded else None
            if type(each.event) is not RoomOpened:
                self._let_pass(each.now, name)
            if self._now is None or each.now > self._now:
                self._now = each.now
            if recorded:
                self._tick_of_record(each, name)
            else:
                self._tell(each, in_old=True, in_new=True)
            yield each

    def to_the_end(self, until: datetime) -> None:
        """Let time pass after the last thing that happened."""
        self._let_pass(until, None)

    def _let_pass(self, until: datetime, but: WatchName | None) -> None:
        """Tell what falls due by then; a watch of the name `but` has its own place in the recording."""
        while True:
            old = self._due(self._old, until, but)
            new = self._due(self._new, until, but) if self._new is not None else None
            if old is None and new is None:
                return
            watch = old if new is None or (old is not None and old <= new) else new
            if watch is None:
                return
            moment = watch.due if self._now is None or watch.due > self._now else self._now
            self._now = moment
            self._own += 1
            own = Given(self._own, moment, _TICK)
            self._tell(own, in_old=old == watch, in_new=new == watch)

    def _due(self, lane: Lane, until: datetime, but: WatchName | None) -> Watch | None:
        watch = lane.due(until)
        return None if watch is None or (watch.kind, watch.subject) == but else watch

    def _tick_of_record(self, given: Given, name: WatchName | None) -> None:
        """Tell a recorded tick to the histories that expect what it was about."""

        def expects(lane: Lane) -> bool:
            watch = lane.due(given.now)
            return watch is not None and name in {None, (watch.kind, watch.subject)}

        in_new = self._new is not None and expects(self._new)
        self._tell(given, in_old=self._old.recorded or expects(self._old), in_new=in_new)

    def _tell(self, given: Given, *, in_old: bool, in_new: bool) -> None:
        self.told += 1
        old, new = self._old, self._new
        event: Event = given.event
        first = old.tell(given, event) if in_old else None
        second = None
        if new is not None and in_new:
            second = new.tell(given, given.other if given.other is not None else event)
        self._heed(given, (first, second))
        if first is not None:
            old.keep(first)
        if second is not None and new is not None:
            new.keep(second)

"""One replay from beginning to end: one or two histories over a source, and the report of it."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from controlroom.replay.difference import Comparison, IsLife
from controlroom.replay.given import Given
from controlroom.replay.grouping import Collected
from controlroom.replay.lane import RecordedLane, RuleLane
from controlroom.replay.load import Assumptions
from controlroom.replay.report import Report, Side, Source, report, side
from controlroom.replay.run import Pair, Run
from controlroom.replay.tally import Tally

PROGRESS_EVERY = 4_096
"""Things between two words of progress: some five a second."""

Progress = Callable[[int, datetime], None]
"""Is told now and then how many things were told so far, and up to which moment."""


class Named(msgspec.Struct, frozen=True):
    """What a history is called and by which rule set it is decided."""

    name: str
    version: str


class Replay:
    """Histories over one source. `new` None: `old` runs alone. Ask `report` when `run` is done."""

    def __init__(self, old: RuleLane | RecordedLane, new: RuleLane | None, is_life: IsLife) -> None:
        self.found = Collected()
        self.old_tally, self.new_tally = Tally(), Tally()
        self._comparison = Comparison(old, new, is_life) if new is not None else None
        self._run = Run(old, new, self._heed)
        self._events = 0
        self._begins: datetime | None = None
        self._ends: datetime | None = None

    def run(self, given: Iterable[Given], progress: Progress) -> None:
        """Tell everything that is given; called again, go on from there."""
        for each in self._run.over(given):
            if self._begins is None:
                self._begins = each.now
            self._ends = each.now
            self._events += 1
            if self._events % PROGRESS_EVERY == 0:
                progress(self._events, each.now)

    def source(self, name: str, estate: str, notes: tuple[str, ...], otherwise: datetime) -> Source:
        """Return what was replayed; a source without anything in it is at the moment `otherwise`."""
        begins, ends = self._begins or otherwise, self._ends or otherwise
        return Source(name, begins, ends, self._events, estate, notes)

    def report(self, source: Source, assumed: Assumptions, old: Named, new: Named | None) -> Report:
        """Return the report of what was run."""
        first = side(old.name, old.version, self.old_tally, source, assumed)
        second: Side | None = None
        if new is not None:
            second = side(new.name, new.version, self.new_tally, source, assumed)
        return report(source, assumed, first, second, self.found)

    def _heed(self, given: Given, pair: Pair) -> None:
        old, new = pair
        if old is not None:
            self.old_tally.take(old)
        if new is not None:
            self.new_tally.take(new)
        if self._comparison is not None:
            found = self._comparison.look(given, old, new)
            if found is not None:
                self.found.add(found)

"""What the manager's pages ask of the desk: waits, load, evidence and income. Part of the snapshot.

The same records give the same figures, whether they are counted live or after a restart; the histograms
that Prometheus reads are fed from the same waits, and begin anew with the process as all of its kind do.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.record import Decision, Record
from controlroom.measures.answering import FOLLOWED, follow
from controlroom.measures.earnings import Earnings, note
from controlroom.measures.load import Load, bear
from controlroom.measures.waits import Answering, Told


class Meter(Protocol):
    """Who is told of each wait that is over."""

    def tell(self, told: Iterable[Told]) -> None:
        """Take note of these waits and limits."""
        ...


LOG_BOOK = frozenset({EntryKept, EntryStruck})
"""A record about the log book is about nothing else that is counted here."""

HEEDED = LOG_BOOK | FOLLOWED.keys()
"""What is counted here at all: a look at the type passes the others over."""


class DeskFigures(msgspec.Struct):
    """The figures at one position."""

    position: int = 0
    answering: Answering = msgspec.field(default_factory=Answering)
    load: Load = msgspec.field(default_factory=Load)
    earnings: Earnings = msgspec.field(default_factory=Earnings)


def count(
    figures: DeskFigures, position: int, now: datetime, decision: Decision, *, count_simulated: bool
) -> list[Told]:
    """Bring the figures to `position`; a record that they have already changes nothing."""
    if position <= figures.position:
        return []
    figures.position = position
    for change in decision.changes:
        if type(change) in LOG_BOOK:
            note(figures.earnings, decision, count_simulated=count_simulated)
            return []
        if type(change) in FOLLOWED:
            bear(figures.load, now, decision, count_simulated=count_simulated)
            return follow(figures.answering, now, decision, count_simulated=count_simulated)
    return []  # an ordinary signal: nothing of it is anybody's wait


class DeskCounting:
    """Keeps the figures in step with the room. A follower."""

    def __init__(self, figures: DeskFigures, meter: Meter, *, count_simulated: bool) -> None:
        self.figures = figures
        self._meter = meter
        self._count_simulated = count_simulated

    def released(self, records: Sequence[Record]) -> None:
        """Count these durable records."""
        figures, heeded = self.figures, HEEDED
        for record in records:
            for change in record.decision.changes:
                if type(change) in heeded:
                    break
            else:  # an ordinary signal: it only moves the position, at the price of a look at its types
                figures.position = record.position
                continue
            told = count(
                figures,
                record.position,
                record.now,
                record.decision,
                count_simulated=self._count_simulated,
            )
            if told:
                self._meter.tell(told)

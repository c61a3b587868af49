"""The plan's figures as a pure projection of records: the same records give the same figures, always.

A figure is the sum of its cells, one for each measure, day and area, and each cell knows its records
(`cells`). What a person corrects moves the figures of the day the entry is about; the move is kept beside
them with its author and reason. A signed quarter stays as it was signed, whatever is corrected after that.

The ledger is part of the snapshot, so nothing is counted twice or anew after a restart. How much ever counted
(`counted`) and how much of it was taken back (`taken_back`) only grow: they are what Prometheus reads.

Kept without a bound: the cells (some 10 MB for a plan year of a million events) and what is signed. Bounded:
open and lately closed incidents by the room's own, entries by those that can still be corrected, moves by
`MOVES_KEPT`.
"""

from datetime import datetime
from typing import Protocol

from msgspec import Struct, field

from controlroom.commands.entry_words import Goal, GoalState
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.incidents.record import Decision
from controlroom.measures.book import Book
from controlroom.measures.cells import Cell, add, remove
from controlroom.signals.vocabulary import Kind

MOVES_KEPT = 10_000
"""Corrections that are listed beside the figures: many years'; the journal has all."""

CITY = ""
"""The area of what belongs to no area, and of the whole city in a question."""


class OpenIncident(Struct):
    """An open incident as the figures see it: the positions of its activations, and whether a crew accepted.

    `merged` are the incidents that were merged into it: they count with it, and may leave it again. Of a Care
    Ring alarm the one activation is its opening. `handled` of them (the first ones) were counted as handled
    already, when it was closed before somebody said that it was not over.
    """

    kind: Kind
    area: str
    activations: list[int]
    orders: list[str] = field(default_factory=list)
    accepted: bool = False
    merged: dict[str, "OpenIncident"] = field(default_factory=dict)
    handled: int = 0


class Counted(Struct, frozen=True, array_like=True):
    """That a record counts for a measure, on which day (its ordinal), in which area, and how much."""

    measure: str
    day: int
    area: str
    position: int
    weight: int

    @property
    def where(self) -> tuple[str, int, str, int]:
        """What a correction of the text alone leaves as it is."""
        return self.measure, self.day, self.area, self.weight


class Move(Struct, frozen=True):
    """A correction or a withdrawal that moved a figure: by how much, of which day, who, why and when."""

    measure: str
    day: int
    area: str
    by: int
    entry: str
    author: str
    reason: str
    at: datetime
    position: int


class GoalSaid(Struct, frozen=True):
    """What an entry says about a goal of the plan, and where it stands."""

    state: GoalState
    happened_at: datetime
    due: datetime | None
    text: str
    position: int


class Ledger(Struct):
    """The figures at one position. `digest` says by what they were counted.

    `since` is the day (its ordinal) of the first record: before it there are no figures, which is not zero.
    `signed` are quarters by name, `narratives` what is said beside a figure, by quarter and measure.
    """

    position: int = 0
    since: int = 0
    digest: str = ""
    at: datetime | None = None
    cells: dict[str, dict[int, dict[str, Cell]]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    taken_back: dict[str, int] = field(default_factory=dict)
    opened: dict[str, OpenIncident] = field(default_factory=dict)
    closed: dict[str, OpenIncident] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    entries: dict[str, tuple[Counted, ...]] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    goals: dict[Goal, dict[str, GoalSaid]] = field(default_factory=dict)
    signed: dict[str, QuarterFrozen] = field(default_factory=dict)
    narratives: dict[str, dict[str, NarrativeKept]] = field(default_factory=dict)


class Taken(Struct, frozen=True, gc=False):
    """A record that is being counted, and by what."""

    position: int
    now: datetime
    decision: Decision
    book: Book


class Counts(Protocol):
    """What one change makes of the figures."""

    def __call__(self, ledger: Ledger, change: object, taken: Taken, /) -> None:
        """Count it."""
        ...


def count(ledger: Ledger, one: Counted) -> None:
    """Let this record count."""
    days = ledger.cells.get(one.measure)
    if days is None:
        days = ledger.cells[one.measure] = {}
    areas = days.get(one.day)
    if areas is None:
        areas = days[one.day] = {}
    cell = areas.get(one.area)
    if cell is None:
        cell = areas[one.area] = Cell()
    add(cell, one.position, one.weight)
    ledger.counted[one.measure] = ledger.counted.get(one.measure, 0) + one.weight


def take_back(ledger: Ledger, one: Counted) -> None:
    """Let this record count no longer. That it once did stays in `counted`; an empty cell leaves nothing."""
    _out_of_its_cell(ledger, one)
    ledger.taken_back[one.measure] = ledger.taken_back.get(one.measure, 0) + one.weight


def stands_at(ledger: Ledger, before: Counted, now: Counted) -> None:
    """Let the same fact be read in a newer record; no figure moves."""
    _out_of_its_cell(ledger, before)
    areas = ledger.cells[now.measure].setdefault(now.day, {})
    add(areas.setdefault(now.area, Cell()), now.position, now.weight)


def moved(ledger: Ledger, move: Move) -> None:
    """Remember why a figure is another one than before."""
    ledger.moves.append(move)
    if len(ledger.moves) > MOVES_KEPT:
        del ledger.moves[0]


def _out_of_its_cell(ledger: Ledger, one: Counted) -> None:
    days = ledger.cells[one.measure]
    areas = days[one.day]
    cell = areas[one.area]
    remove(cell, one.position, one.weight)
    if not cell.events:
        del areas[one.area]
        if not areas:
            del days[one.day]

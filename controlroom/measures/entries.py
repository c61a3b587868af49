"""What counts of the log book: entries on the day they are about, requests on the day they were fulfilled.

A new version of an entry moves the figures it was counted in to where it counts now, and says so beside
them; a version that changes nothing that counts moves nothing. A withdrawn entry counts no longer.
"""

from controlroom.commands.entries import FootageRequest, Milestone
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry, Revision
from controlroom.incidents.log_book.state import TRACES_KEPT
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.measures.ledger import (
    CITY,
    Counted,
    GoalSaid,
    Ledger,
    Move,
    Taken,
    count,
    moved,
    stands_at,
    take_back,
)
from controlroom.measures.plan.words import Countable


def kept(ledger: Ledger, change: EntryKept, taken: Taken) -> None:
    """Count an entry as it stands now, and no longer as it stood."""
    entry = change.entry
    if entry.simulated not in taken.book.marks:
        return
    wanted = _counted_for(entry, taken)
    _moves_to(ledger, entry.id, wanted, entry.revised)
    if isinstance(entry.said, Milestone):
        said = entry.said
        text = "" if entry.readers else said.text  # a card is for everybody
        here = GoalSaid(said.state, entry.happened_at, said.due, text, taken.position)
        ledger.goals.setdefault(said.goal, {})[entry.id] = here


def struck(ledger: Ledger, change: EntryStruck, _taken: Taken) -> None:
    """Count a withdrawn entry no longer."""
    _moves_to(ledger, change.entry, (), change.revision)
    for said in ledger.goals.values():
        said.pop(change.entry, None)


def narrated(ledger: Ledger, change: NarrativeKept, _taken: Taken) -> None:
    """Keep what is said beside a figure; the last word stands."""
    ledger.narratives.setdefault(change.quarter, {})[change.measure] = change


def signed(ledger: Ledger, change: QuarterFrozen, _taken: Taken) -> None:
    """Keep the figures of a quarter as they were signed."""
    ledger.signed[change.quarter] = change


def _moves_to(ledger: Ledger, entry: str, wanted: tuple[Counted, ...], revised: Revision | None) -> None:
    """Let the entry count exactly for what is wanted."""
    before = {one.where: one for one in ledger.entries.pop(entry, ())}
    after = {one.where: one for one in wanted}
    for where, one in before.items():
        if where in after:
            stands_at(ledger, one, after[where])
        else:
            take_back(ledger, one)
            _say(ledger, entry, one, -one.weight, revised)
    for where, one in after.items():
        if where not in before:
            count(ledger, one)
            _say(ledger, entry, one, one.weight, revised)
    if wanted:
        ledger.entries[entry] = wanted
        if len(ledger.entries) > TRACES_KEPT:
            del ledger.entries[next(iter(ledger.entries))]


def _say(ledger: Ledger, entry: str, one: Counted, by: int, revised: Revision | None) -> None:
    if revised is not None:
        move = Move(
            one.measure,
            one.day,
            one.area,
            by,
            entry,
            revised.author,
            revised.reason,
            revised.at,
            one.position,
        )
        moved(ledger, move)


def _counted_for(entry: LogEntry, taken: Taken) -> tuple[Counted, ...]:
    """Return what this entry counts for: each measure once a day and area."""
    book, area, found = taken.book, entry.area or CITY, dict[str, Counted]()
    for rule in book.entries[entry.kind]:
        weight = rule.weight(entry.said)
        if weight and rule.measure not in found:
            day = book.day(entry.happened_at)
            found[rule.measure] = Counted(rule.measure, day, area, taken.position, weight)
    said = entry.said
    if isinstance(said, FootageRequest) and said.fulfilled is not None:
        for rule in book.events[Countable.FOOTAGE_FULFILLED]:
            weight = rule.weight(said.fulfilled, said)
            if weight and rule.measure not in found:
                day = book.day(said.fulfilled.at)
                found[rule.measure] = Counted(rule.measure, day, area, taken.position, weight)
    return tuple(found.values())

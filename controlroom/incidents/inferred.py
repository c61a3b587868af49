"""What the room says itself: something that should have been heard was not, or what was heard adds up.

A watch that ran out speaks in the words of its kind of feed ("check_missed", "silent"), on the topic of who
was expected, and goes the way of every signal: the tables route it, a test covers it, an incident takes it.
The device itself may not use those words (`vocabulary.ROOM_WORDS`). Such a signal is no repeat, no
clue and no duplicate of anything, and the record of the tick that raised it is its only record.
"""

from datetime import datetime

from controlroom.estate.areas import Area
from controlroom.incidents.changes import Change
from controlroom.incidents.facts import Known, known_of
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import Case, route
from controlroom.incidents.state import State
from controlroom.rules.verdict import Circumstances
from controlroom.signals.envelope import Signal


def on_inferred(
    handbook: Handbook, state: State, signal: Signal, before: tuple[Change, ...], now: datetime
) -> Decision:
    """Return what the rules make of a signal of the room's own, after the changes that led to it."""
    meaning, place = meaning_of(signal), handbook.estate.place(signal.source)
    known = known_of(handbook, state, signal, meaning, place, now)
    area = place.area if place is not None else Area(signal.source.split("/", 2)[1])
    asked = Circumstances(signal, meaning.kind, area, place, known.room, now)
    case = Case(asked, meaning, handbook.rules.judge(asked), Known(known.room, 0, known.test))
    return route(handbook, state, case, list(before))


def room_id(state: State) -> str:
    """Return the id of what the room says in the next record; no device's id begins so."""
    return f"room:{state.position + 1}"

"""The roll call: when the room opens, or other rules came into force, everything expected stands as a watch.

A watch that stands and is still right stays, the one that is overdue too: what fell due while the room
was away is asked at once. A watch over a place, or for hours, that are no more is dropped; one whose hour
has moved moves with it; what is missing is armed. So an estate may change between two starts.

A large estate is called in parts of `PART` places, `PAUSE_S` apart, so that neither the first record grows
without end nor a signal waits; 100,000 places are all called after some ten seconds.
"""

from datetime import datetime, timedelta

from controlroom.estate.model import Place, Round
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.sites.changes import ExpectationDropped, PlaceForgotten
from controlroom.incidents.sites.expectations import Almanac, due_by, names
from controlroom.incidents.sites.standing import standing, stands
from controlroom.incidents.sites.supervision import paths_of
from controlroom.incidents.state import State

PART = 500
"""Places called at once: up to two thousand watches, about 30 ms of deciding and 200 kB of journal."""

PAUSE_S = 0.1
"""Between two parts, so that signals are decided in between."""

BY_CALENDAR = (WatchKind.LATE_TO_SET, WatchKind.GATE_OPENING, WatchKind.GATE_CLOSING, WatchKind.VISIT)
"""Watches whose moment is an hour of a calendar, which may have changed."""

BY_INTERVAL = (WatchKind.TEST_OVERDUE, WatchKind.PATH_SILENT)
"""Watches whose moment is an interval after the last sign; another interval takes hold after the next one."""


def roll_call(handbook: Handbook, state: State, now: datetime, start: int = 0) -> tuple[Change, ...]:
    """Return what brings the watches in step with estate and calendars, from this place of the list on."""
    expecting, almanac = handbook.estate.expecting, Almanac(handbook, now, state.sites.patrol_seed)
    changes: list[Change] = _tidied(handbook, state, almanac) if start == 0 else []
    for of in expecting[start : start + PART]:
        for kind, subject in names(state, of):
            if not stands(state, kind, subject):
                due = due_by(almanac, state, of, kind, subject)
                changes += () if due is None else (WatchArmed(Watch(due, kind, subject)),)
    if start + PART < len(expecting):
        due = now + timedelta(seconds=PAUSE_S)
        changes.append(WatchArmed(Watch(due, WatchKind.ROLL_CALL, str(start + PART))))
    return tuple(changes)


def _tidied(handbook: Handbook, state: State, almanac: Almanac) -> list[Change]:
    """Return what drops the watches that are no longer wanted and moves those whose hour has moved."""
    estate, now = handbook.estate, almanac.now
    changes: list[Change] = [
        ExpectationDropped(WatchKind.ROLL_CALL, subject) for subject in standing(state, WatchKind.ROLL_CALL)
    ]
    for kind in BY_CALENDAR:
        for subject, due in standing(state, kind).items():
            of = _of(handbook, kind, subject)
            now_due = None if of is None else due_by(almanac, state, of, kind, subject)
            if now_due is None:
                changes.append(ExpectationDropped(kind, subject))
            elif due > now and now_due != due:
                changes.append(WatchArmed(Watch(now_due, kind, subject)))
    for kind in BY_INTERVAL:
        changes.extend(
            ExpectationDropped(kind, subject)
            for subject in standing(state, kind)
            if not _still_asked(handbook, kind, subject)
        )
    noted = (state.sites.set_states, state.sites.tested, state.sites.gates, state.sites.visited)
    gone = dict.fromkeys(topic for topics in noted for topic in topics if topic not in estate.places)
    changes.extend(PlaceForgotten(topic) for topic in gone)
    return changes


def _of(handbook: Handbook, kind: WatchKind, subject: str) -> Place | Round | None:
    """Return what a watch of this kind is over; None where the estate has it no more."""
    if kind is WatchKind.VISIT:
        return handbook.estate.rounds.get(subject)
    return handbook.estate.place(subject.partition(" ")[0])


def _still_asked(handbook: Handbook, kind: WatchKind, subject: str) -> bool:
    """Say whether the estate still has the panel and asks this of it."""
    topic, _, path = subject.partition(" ")
    place = handbook.estate.place(topic)
    if place is None or kind is WatchKind.TEST_OVERDUE:
        return place is not None and place.test_every_h is not None
    return place.path_grade is not None and path in paths_of(place.path_grade)

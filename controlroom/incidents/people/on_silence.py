"""What follows when somebody who is watched over is not heard: words of the room's own, for the rules.

Every step says something different ("check_late", "check_missed", "unreached", "unaccounted"), so
the tables decide what each needs: the log, an operator who rings, a crew. A step whose incident a
person has closed ends the escalation, and the next sign of life is due an interval later.
"""

from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.changes import Change, IncidentOpened, SignalJoined, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.inferred import on_inferred
from controlroom.incidents.people.begun import begun_anew
from controlroom.incidents.people.duty import CheckSlipped, Duty, Stage
from controlroom.incidents.people.roster import next_start
from controlroom.incidents.people.words import said_by_the_room
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import WorkerEvent

_WORDS = {
    Stage.LATE: WorkerEvent.CHECK_LATE,
    Stage.MISSED: WorkerEvent.CHECK_MISSED,
    Stage.UNREACHED: WorkerEvent.UNREACHED,
    Stage.UNACCOUNTED: WorkerEvent.UNACCOUNTED,
}
"""What the room says at each stage; the same words for a guard."""

_NEXT = {
    Stage.WELL: Stage.LATE,
    Stage.LATE: Stage.MISSED,
    Stage.MISSED: Stage.UNREACHED,
    Stage.UNREACHED: Stage.UNACCOUNTED,
    Stage.UNACCOUNTED: Stage.UNACCOUNTED,
}


def on_silence(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows from a watch on a person that ran out."""
    match watch.kind:
        case WatchKind.CHECK:
            return _slipped(handbook, state, watch, state.duties[watch.subject], now)
        case WatchKind.CONTACT:
            return _not_reached(handbook, state, watch, now)
        case WatchKind.AMBER:
            return _say(handbook, state, watch, WorkerEvent.AMBER_EXPIRED, now)
        case WatchKind.SHIFT_END:
            return _say(handbook, state, watch, WorkerEvent.SHIFT_OVERRUN, now)
        case WatchKind.BOOK_ON:
            return _shift_begins(handbook, state, watch, now)
        case _:
            raise ValueError(f"{watch.kind} is no watch on a person: the tick handed it to the wrong domain")


def _slipped(handbook: Handbook, state: State, watch: Watch, duty: Duty, now: datetime) -> Decision:
    """Go one stage further, with the rules' answer to it."""
    people = handbook.house.people
    stage = _NEXT[duty.stage]
    if duty.silent and stage is not Stage.LATE:
        stage = Stage.UNACCOUNTED  # nobody rings: a crew is all that is left
    match stage:
        case Stage.LATE:
            then = Watch(people.after(now, duty.grace_s), WatchKind.CHECK, duty.source)
        case Stage.MISSED:
            then = Watch(people.after(now, people.call_worker_s), WatchKind.CONTACT, duty.source)
        case Stage.UNREACHED:
            then = Watch(people.after(now, people.call_supervisor_s), WatchKind.CONTACT, duty.source)
        case Stage.UNACCOUNTED:
            then = Watch(people.after(now, duty.every_s), WatchKind.CONTACT, duty.source)
        case Stage.WELL:
            raise ValueError("silence makes nobody well")
        case _:
            assert_never(stage)
    decision = _say(handbook, state, watch, _WORDS[stage], now)
    slipped = CheckSlipped(duty.source, duty.kind, stage, _incident(decision.changes))
    return replace(decision, changes=(*decision.changes, slipped, WatchArmed(then)))


def _not_reached(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Go on with the escalation, unless a person has resolved or closed its incident."""
    duty = state.duties[watch.subject]
    incident = _still_open(state, duty.incident)
    if duty.incident is None or (incident is not None and incident.status is not Status.RESOLVED):
        return _slipped(handbook, state, watch, duty, now)
    anew = begun_anew(handbook.house.people, duty, now)
    return Decision((WatchExpired(watch), *anew), reasons=(Reason.CHECK_BEGINS_ANEW,))


def _still_open(state: State, name: str | None) -> Incident | None:
    """Return the incident, or the one that it was merged into; None where a person has closed it."""
    while name is not None and name not in state.incidents:
        closed = state.closed.get(name)
        name = closed.into if closed is not None else None
    return state.incidents[name] if name is not None else None


def _shift_begins(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that nobody booked on, where nobody did, and expect the next shift."""
    place = handbook.estate.place(watch.subject)
    if place is None or not handbook.house.people.shifts(place):
        return Decision((WatchExpired(watch),), reasons=(Reason.ROSTER_CHANGED,))
    next_one = _next_book_on(handbook, watch.subject, now)
    if watch.subject in state.duties:
        return Decision((WatchExpired(watch), *next_one), reasons=(Reason.ON_DUTY,))
    decision = _say(handbook, state, watch, WorkerEvent.BOOK_ON_MISSED, now)
    return replace(decision, changes=(*decision.changes, *next_one))


def expect_shifts(handbook: Handbook, state: State, now: datetime) -> tuple[Change, ...]:
    """Return what a roster expects that is not expected yet, for the opening of the room."""
    armed = state.watches.armed.get(WatchKind.BOOK_ON, {})
    return tuple(
        change
        for place in handbook.estate.places.values()
        if place.duty.shifts and place.topic not in armed
        for change in _next_book_on(handbook, place.topic, now)
    )


def _next_book_on(handbook: Handbook, topic: str, now: datetime) -> tuple[Change, ...]:
    """Return the watch of the first shift whose grace is not over yet."""
    people = handbook.house.people
    grace = timedelta(seconds=people.book_on_grace_s)
    start = next_start(people.shifts(handbook.estate.places[topic]), now - grace)
    return (WatchArmed(Watch(start + grace, WatchKind.BOOK_ON, topic)),) if start is not None else ()


def _say(handbook: Handbook, state: State, watch: Watch, word: WorkerEvent, now: datetime) -> Decision:
    """Return what the rules make of the watch's running out, said in the word of its kind of feed."""
    signal = said_by_the_room(handbook, state, watch.subject, word, now)
    decision = on_inferred(handbook, state, signal, (WatchExpired(watch),), now)
    return replace(decision, reasons=(Reason.NOT_HEARD, *decision.reasons))


def _incident(changes: tuple[Change, ...]) -> str | None:
    """Return the incident that a decision opened or joined; None where it did neither."""
    for change in changes:
        if isinstance(change, IncidentOpened):
            return change.incident.id
        if isinstance(change, SignalJoined):
            return change.incident
    return None

"""What follows when the time for something at a site has come: it happened, or the room says that it did not.

Whatever is found, the next expectation of the same kind is armed in the same record. What was expected of
a place that left the estate, or of hours that left the calendars, is over without a word.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from controlroom.estate.model import Place, Round
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.inferred import on_inferred
from controlroom.incidents.lessons import PathMoved
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import ExpectationMissed, Expected
from controlroom.incidents.sites.expectations import DUSK, Almanac, wanted
from controlroom.incidents.sites.heard import out_of_hours, step_sister
from controlroom.incidents.sites.hours import last_closing, last_opening
from controlroom.incidents.sites.patrols import on_random_visit
from controlroom.incidents.sites.roll import roll_call
from controlroom.incidents.sites.supervision import paths_of
from controlroom.incidents.sites.words import of_panel, of_park, of_patrol
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import AlarmEvent, ParkEvent, SetState


def on_site_watch(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows from a watch of this domain that is due; of another raises ValueError."""
    match watch.kind:
        case WatchKind.ROLL_CALL:
            called = roll_call(handbook, state, now, int(watch.subject))
            return Decision((WatchExpired(watch), *called), reasons=(Reason.ROLL_CALLED,))
        case WatchKind.VISIT:
            return _visit(handbook, state, watch, now)
        case WatchKind.LATE_TO_SET:
            return _late_to_set(handbook, state, watch, now)
        case WatchKind.EARLY_OPEN:
            return _early_open(handbook, state, watch, now)
        case WatchKind.TEST_OVERDUE:
            return _test_overdue(handbook, state, watch, now)
        case WatchKind.PATH_SILENT:
            return _path_silent(handbook, state, watch, now)
        case WatchKind.GATE_OPENING | WatchKind.GATE_CLOSING:
            return _gate(handbook, state, watch, now)
        case WatchKind.FALSE_CALLS:
            return _false_calls(handbook, state, watch, now)
        case _:
            raise ValueError(f"{watch.kind} is no watch over a site")


def _over(watch: Watch, *after: Change, because: Reason = Reason.AS_EXPECTED) -> Decision:
    """Return the quiet end of a watch."""
    return Decision((WatchExpired(watch), *after), reasons=(because,))


def _next(
    handbook: Handbook, state: State, of: Place | Round, kind: WatchKind, now: datetime
) -> tuple[Change, ...]:
    """Return the arming of the next watch of this kind; nothing where it is expected no more."""
    almanac = Almanac(handbook, now, state.sites.patrol_seed)
    return tuple(WatchArmed(watch) for watch in wanted(almanac, state, of) if watch.kind is kind)


def _late_to_set(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a building is not known to be set after its hours; the tables tell unset and unknown apart."""
    place = handbook.estate.place(watch.subject)
    calendar = handbook.rules.calendars.get(place.hours or "") if place is not None else None
    if place is None or calendar is None:
        return _over(watch, because=Reason.NOT_EXPECTED)
    after = _next(handbook, state, place, watch.kind, now)
    note = state.sites.set_states.get(place.topic)
    if calendar.holds(now) or (note is not None and note.state is not SetState.UNSET):
        return _over(watch, *after)
    before = (WatchExpired(watch), ExpectationMissed(place.topic, Expected.LATE_TO_SET), *after)
    said = of_panel(handbook, state, place, AlarmEvent.LATE_TO_SET, now)
    return on_inferred(handbook, state, said, before, now)


def _early_open(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a building was unset when nobody should be there."""
    place = handbook.estate.place(watch.subject)
    if place is None or place.hours is None or not out_of_hours(handbook, place.hours, now):
        return _over(watch, because=Reason.NOT_EXPECTED)
    said = of_panel(handbook, state, place, AlarmEvent.EARLY_OPEN, now)
    return on_inferred(handbook, state, said, (WatchExpired(watch),), now)


def _test_overdue(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a panel has not tested; it is said again after each further interval."""
    place = handbook.estate.place(watch.subject)
    if place is None or place.test_every_h is None:
        return _over(watch, because=Reason.NOT_EXPECTED)
    again = WatchArmed(replace(watch, due=now + timedelta(hours=place.test_every_h)))
    before = (WatchExpired(watch), ExpectationMissed(place.topic, Expected.TEST_OVERDUE), again)
    said = of_panel(handbook, state, place, AlarmEvent.TEST_OVERDUE, now)
    return on_inferred(handbook, state, said, before, now)


def _path_silent(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a path is silent; it counts as failed from here, and its sister is watched more strictly."""
    topic, _, path = watch.subject.rpartition(" ")
    place = handbook.estate.place(topic)
    grade = place.path_grade if place is not None else None
    if place is None or grade is None or path not in paths_of(grade):
        return _over(watch, because=Reason.NOT_EXPECTED)
    failed = state.paths.get(place.site, ())
    if path in failed:
        return _over(watch)
    before: tuple[Change, ...] = (
        WatchExpired(watch),
        ExpectationMissed(topic, Expected.PATH_SILENT, path),
        PathMoved(place.site, path, failed=True),
        *step_sister(state, place, grade, path, (*failed, path), now),
    )
    said = of_panel(handbook, state, place, AlarmEvent.PATH_SILENT, now, path)
    return on_inferred(handbook, state, said, before, now)


def _false_calls(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a system's false calls are near their limit, or past it."""
    topic, _, system = watch.subject.rpartition(" ")
    place = handbook.estate.place(topic)
    if place is None:
        return _over(watch, because=Reason.NOT_EXPECTED)
    said = of_panel(handbook, state, place, AlarmEvent.FALSE_CALL_WARNING, now, system)
    return on_inferred(handbook, state, said, (WatchExpired(watch),), now)


def _gate(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a park was not opened, or not closed; nobody having said anything is no opening or closing."""
    park = handbook.estate.place(watch.subject)
    calendar = handbook.rules.calendars.get(park.hours or "") if park is not None else None
    if park is None or calendar is None:
        return _over(watch, because=Reason.NOT_EXPECTED)
    after = _next(handbook, state, park, watch.kind, now)
    opening = watch.kind is WatchKind.GATE_OPENING
    note = state.sites.gates.get(park.topic)
    at_its_hour = calendar.holds(now) is opening or (not opening and DUSK in park.tags)
    if not at_its_hour or (note is not None and note.open is opening):
        return _over(watch, *after)
    what, event = (
        (Expected.NOT_OPENED, ParkEvent.NOT_OPENED)
        if opening
        else (Expected.NOT_CLOSED, ParkEvent.NOT_CLOSED)
    )
    before = (WatchExpired(watch), ExpectationMissed(park.topic, what), *after)
    return on_inferred(handbook, state, of_park(handbook, state, park, event, now), before, now)


def _visit(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that nobody visited a site in its window; a visit in the time of grace counts."""
    of = handbook.estate.rounds.get(watch.subject)
    calendar = handbook.rules.calendars.get(of.window) if of is not None else None
    post = handbook.estate.place(of.topic) if of is not None else None
    if of is not None and of.random and post is not None:
        return on_random_visit(handbook, state, of, post, watch, now)
    closed = last_closing(calendar, now) if calendar is not None else None
    if of is None or calendar is None or post is None or closed is None:
        return _over(watch, because=Reason.NOT_EXPECTED)
    after = _next(handbook, state, of, watch.kind, now)
    visited, began = state.sites.visited.get(of.topic), last_opening(calendar, closed)
    if visited is not None and (began is None or visited >= began):
        return _over(watch, *after)
    before = (WatchExpired(watch), ExpectationMissed(post.topic, Expected.VISIT_MISSED, of.name), *after)
    return on_inferred(handbook, state, of_patrol(handbook, state, post, now), before, now)

"""What a signal says of a site beyond its own case: set or unset, tested, heard of on a path, visited.

Only places of the estate are noted, and only what is believed (no simulated signal in a live room). A
retained message says how things stand, not that they happened now: it tells a set state, or whether a
park is open, and nothing else.
"""

from datetime import datetime, timedelta

from controlroom.estate.model import Place
from controlroom.events import SignalReceived
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.lessons import PathMoved
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    SetNoted,
    Sign,
    SignNoted,
)
from controlroom.incidents.sites.expectations import Almanac, path_subject
from controlroom.incidents.sites.supervision import paths_of, silence_of, sister_of
from controlroom.incidents.state import State
from controlroom.signals.envelope import ArcAlarmSignal, GuardSignal, ParkSignal
from controlroom.signals.payloads import ArcAlarm
from controlroom.signals.vocabulary import AlarmEvent, Condition, GuardEvent, ParkEvent, SetState

# Names of our own, because Python 3.11 looks a member of an enum up at ten times the price of a name.
_TEST, _POLL, _PATH_FAULT, _UNSET = (
    AlarmEvent.TEST,
    AlarmEvent.POLL,
    AlarmEvent.PATH_FAULT,
    SetState.UNSET,
)
_STATES = {str(state): state for state in SetState}
_NOTHING: tuple[Change, ...] = ()
_GATES = {ParkEvent.OPENED: Sign.OPENED, ParkEvent.CLOSED: Sign.CLOSED}


def heard_of_site(
    handbook: Handbook, state: State, event: SignalReceived, meaning: Meaning, place: Place, now: datetime
) -> tuple[Change, ...]:
    """Return what this believed signal changes in what is noted and expected of its site."""
    signal = event.signal
    if type(signal) is ArcAlarmSignal:
        alarm = signal.data
        changes = _NOTHING
        if meaning.condition is not None:
            changes = _set_state(handbook, state, place, meaning.condition, now, event)
        if event.wire.retained or not place.expected_of:
            return changes
        if alarm.event is _TEST and place.test_every_h is not None:
            changes = (*changes, *_tested(handbook, place, place.test_every_h, now))
        elif place.path_grade is not None and alarm.zone is not None:
            changes = (*changes, *_of_path(state, place, place.path_grade, alarm, now))
        return changes
    if type(signal) is GuardSignal and signal.data.event is GuardEvent.VISIT and not event.wire.retained:
        return (SignNoted(place.topic, Sign.VISITED),)
    if type(signal) is ParkSignal and signal.data.gate is None:
        sign = _GATES.get(signal.data.event)
        return (SignNoted(place.topic, sign),) if sign is not None else _NOTHING
    return _NOTHING


def _set_state(
    handbook: Handbook, state: State, place: Place, word: str, now: datetime, event: SignalReceived
) -> tuple[Change, ...]:
    """Note a set state that is new; an unsetting out of hours is raised by the very next tick."""
    standing, told = state.sites.set_states.get(place.topic), _STATES.get(word)
    if told is None or (standing is not None and standing.state is told):
        return _NOTHING
    noted = SetNoted(place.topic, told)
    if told is not _UNSET or event.wire.retained or place.hours is None:
        return (noted,)
    if not out_of_hours(handbook, place.hours, now):
        return (noted,)
    return noted, WatchArmed(Watch(now, WatchKind.EARLY_OPEN, place.topic))


def out_of_hours(handbook: Handbook, hours: str, now: datetime) -> bool:
    """Say whether nobody should unset a building now: not in its hours, nor shortly before or after them."""
    calendar, patience = handbook.rules.calendars.get(hours), handbook.house.sites
    if calendar is None or calendar.holds(now):
        return False
    soon = now + timedelta(minutes=patience.early_open_min)
    just_now = now - timedelta(minutes=patience.late_to_set_min)
    return not calendar.holds(soon) and not calendar.holds(just_now)


def _tested(handbook: Handbook, place: Place, every_h: int, now: datetime) -> tuple[Change, ...]:
    almanac = Almanac(handbook, now)
    wait = almanac.wait(place.topic, almanac.patience.test_min) + timedelta(hours=every_h)
    return SignNoted(place.topic, Sign.TESTED), WatchArmed(
        Watch(now + wait, WatchKind.TEST_OVERDUE, place.topic)
    )


def _of_path(state: State, place: Place, grade: str, alarm: ArcAlarm, now: datetime) -> tuple[Change, ...]:
    """Return what a poll, a path's fault or its restore changes in the supervision of both paths."""
    path = alarm.zone
    if path is None or path not in paths_of(grade):
        return _NOTHING
    failed = state.paths.get(place.site, ())
    if alarm.event is _POLL:
        came_back = path in failed
        after = tuple(one for one in failed if one != path)
        told: tuple[Change, ...] = (PathMoved(place.site, path, failed=False),) if came_back else ()
        told = (SignNoted(place.topic, Sign.POLLED, path), *told, _expect(place, grade, path, after, now))
        return (*told, *step_sister(state, place, grade, path, after, now)) if came_back else told
    if alarm.event is not _PATH_FAULT or alarm.test:
        return _NOTHING
    if alarm.condition is Condition.ACTIVE:
        if path in failed:
            return _NOTHING
        gone = ExpectationDropped(WatchKind.PATH_SILENT, path_subject(place.topic, path))
        return (gone, *step_sister(state, place, grade, path, (*failed, path), now))
    after = tuple(one for one in failed if one != path)
    return (
        _expect(place, grade, path, after, now),
        *step_sister(state, place, grade, path, after, now),
    )


def _expect(place: Place, grade: str, path: str, failed: tuple[str, ...], now: datetime) -> WatchArmed:
    """Return the watch over the next sign of a path that was heard of now."""
    due = now + silence_of(grade, path, failed)
    return WatchArmed(Watch(due, WatchKind.PATH_SILENT, path_subject(place.topic, path)))


def step_sister(
    state: State, place: Place, grade: str, path: str, failed: tuple[str, ...], now: datetime
) -> tuple[Change, ...]:
    """Return the sister's new watch after this path failed (stricter) or came back (as it was).

    It steps up from now on, so that it has its whole stricter time; back, it counts from its last sign.
    """
    sister = sister_of(grade, path)
    if sister is None or sister in failed:
        return ()
    subject, silence = path_subject(place.topic, sister), silence_of(grade, sister, failed)
    last = now if path in failed else state.sites.polled.get(subject, now)
    return (WatchArmed(Watch(max(now, last + silence), WatchKind.PATH_SILENT, subject)),)

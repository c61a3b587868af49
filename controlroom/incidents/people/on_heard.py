"""What a signal of a lone worker or a guard does to their duty, before the rules say where it goes.

Only what the room believes comes here: a place of the estate, news, and no simulator in a live room. SOS and
man-down are the rules' business alone; they are no sign that anybody is well.
"""

from datetime import datetime, timedelta

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.people.begun import Booking, begun, checked
from controlroom.incidents.people.duty import Duty, DutyEnded, DutyNoted
from controlroom.incidents.state import State
from controlroom.signals.envelope import GuardSignal, LoneWorkerSignal
from controlroom.signals.vocabulary import GuardEvent, WorkerEvent

_ON = frozenset({str(WorkerEvent.BOOKED_ON), str(GuardEvent.ON_DUTY)})
_OFF = frozenset({str(WorkerEvent.BOOKED_OFF), str(GuardEvent.OFF_DUTY)})
_CHECKS = frozenset({str(WorkerEvent.CHECK_IN), str(GuardEvent.CHECK_CALL)})


def on_heard(
    handbook: Handbook, state: State, signal: LoneWorkerSignal | GuardSignal, place: Place, now: datetime
) -> tuple[Change, ...]:
    """Return what this signal changes about the duty at its place."""
    duty = state.duties.get(place.topic)
    person = signal.data.guard if type(signal) is GuardSignal else None
    word = str(signal.data.event)
    if word in _ON or (word in _CHECKS and duty is None):
        if duty is not None and duty.silent:
            return ()  # nobody books a silent alarm away
        return begun(handbook, place, Booking(person), now)
    if duty is None:
        return _timed_note(handbook, signal, now) if type(signal) is LoneWorkerSignal else ()
    if duty.silent and (word in _CHECKS or word in _OFF):
        return ()
    if word in _CHECKS:
        return checked(handbook.house.people, duty, now)
    if word in _OFF:
        return (DutyEnded(duty.source),)
    return _of_a_worker(handbook, signal, duty, now) if type(signal) is LoneWorkerSignal else ()


def _of_a_worker(
    handbook: Handbook, signal: LoneWorkerSignal, duty: Duty, now: datetime
) -> tuple[Change, ...]:
    match signal.data.event:
        case WorkerEvent.DURESS:
            return () if duty.silent else (DutyNoted(duty.source, silent=True),)
        case WorkerEvent.LOW_BATTERY:
            return () if duty.battery_low else (DutyNoted(duty.source, battery_low=True),)
        case _:
            return _timed_note(handbook, signal, now)


def _timed_note(handbook: Handbook, signal: LoneWorkerSignal, now: datetime) -> tuple[Change, ...]:
    """Return the watch of a timed note, also of somebody whom nobody booked on.

    The note lasts as long as it did on the device, from the moment at which we heard it: a device's clock
    decides nothing. A note whose end is past turns red at once.
    """
    until = signal.data.amber_until
    if signal.data.event is not WorkerEvent.AMBER_TIMER or until is None:
        return ()
    lasts = min(until - signal.time, timedelta(seconds=handbook.house.people.amber_max_s))
    return (WatchArmed(Watch(now + max(lasts, timedelta()), WatchKind.AMBER, signal.source)),)

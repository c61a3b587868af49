"""What only the room's state knows about a signal, as the rules ask it, and what the signal adds to it.

The facts are those of the moment before the signal, but for `confirmed`, which is about the signal
itself. What later signals depend on comes back as changes, so a restart remembers exactly as much.

Places of the estate have facts; an unknown source has only its repeats and what its panel says of
itself, and leaves nothing behind that could be believed of a place. A simulated signal in a live room
leaves nothing at all. `docs/room-facts.md` lists the facts with their standards.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from controlroom.estate.model import CONFIRM_MAX, CONFIRM_MIN, Place
from controlroom.incidents.confirmation import is_clue, second_to, still_confirmed
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.lessons import ClueKept, Confirmed, Lesson, PathMoved, Threat
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.on_test import covering, said
from controlroom.incidents.paths import UNNAMED, moved, path_ok
from controlroom.incidents.repeats import before_this
from controlroom.incidents.state import State
from controlroom.rules.verdict import RoomFacts
from controlroom.signals.envelope import ArcAlarmSignal, Signal
from controlroom.signals.payloads import ArcAlarm
from controlroom.signals.vocabulary import AlarmEvent, Condition, GuardEvent, Kind, SetState

_SET_STATES = {str(state): state for state in SetState}
_WINDOWS = {minutes: timedelta(minutes=minutes) for minutes in range(CONFIRM_MIN, CONFIRM_MAX + 1)}
_UNSET, _PATH_FAULT = SetState.UNSET, AlarmEvent.PATH_FAULT  # names of our own are quicker than an enum's
_LONE_WORKER = Kind.LONE_WORKER.value
_SHIFTS = {str(GuardEvent.ON_DUTY): True, str(GuardEvent.OFF_DUTY): False}


_NOTHING: tuple[Lesson, ...] = ()


class Known(Struct, frozen=True, gc=False):
    """The facts of a signal; which of its run it is (0 is not counted); the test that covers it, or None.

    `lessons` are the changes that the facts of later signals depend on.
    """

    room: RoomFacts
    nth: int
    test: str | None
    lessons: tuple[Lesson, ...] = ()


def known_of(
    handbook: Handbook, state: State, signal: Signal, meaning: Meaning, place: Place | None, now: datetime
) -> Known:
    """Return what the room knows about this signal at this moment."""
    repeats = before_this(state.runs, signal.source, meaning.event, now)
    if place is None:
        return _of_a_stranger(state, signal, meaning, repeats)
    zone = signal.data.zone if type(signal) is ArcAlarmSignal else None
    test = covering(state.tests, place.site, place.topic, zone, said(signal)) if state.tests else None
    nth = repeats + 1 if meaning.fresh else 0
    open_incident = place.site in state.open_at
    if type(signal) is not ArcAlarmSignal:  # a model's `isinstance` is slow to say no
        facts = RoomFacts(
            on_test=test is not None,
            repeats=repeats,
            booked_on=_booked_on(state, place),
            open_incident=open_incident,
        )
        return Known(facts, nth, test)
    alarm = signal.data
    set_state = _SET_STATES.get(meaning.condition or state.conditions.get(place.topic, ""))
    confirmed, lessons = False, _NOTHING
    if meaning.fresh and (alarm.panel_confirmed or is_clue(alarm.event)):
        armed = set_state is not _UNSET
        tells = test is None and is_clue(alarm.event)
        clue = ClueKept(place.site, alarm.event, zone, armed) if tells else None
        window = _WINDOWS[place.confirm_within_min or handbook.house.confirm_within_min]
        confirmed, lessons = _confirmed(state, alarm, clue, now, window)
    path = None
    if alarm.event is _PATH_FAULT and not alarm.test:
        path = PathMoved(place.site, zone or UNNAMED, failed=alarm.condition is Condition.ACTIVE)
        if moved(state.paths, path) is not None:
            lessons = (*lessons, path)
    facts = RoomFacts(
        set_state=set_state,
        confirmed=confirmed,
        on_test=test is not None,
        repeats=repeats,
        path_ok=path_ok(state.paths, place.site, path) if state.paths else None,
        open_incident=open_incident,
    )
    return Known(facts, nth, test, lessons)


def _booked_on(state: State, place: Place) -> bool | None:
    """Return whether somebody is on duty at this place; None where nobody has ever said."""
    if place.topic in state.duties:
        return True
    return False if place.kind == _LONE_WORKER else _SHIFTS.get(state.conditions.get(place.topic, ""))


def _of_a_stranger(state: State, signal: Signal, meaning: Meaning, repeats: int) -> Known:
    """Return what is known about a signal of an unknown source: little, and nothing is believed of it."""
    said = meaning.condition or state.conditions.get(signal.source, "")
    facts = RoomFacts(
        set_state=_SET_STATES.get(said),
        confirmed=meaning.fresh and isinstance(signal, ArcAlarmSignal) and signal.data.panel_confirmed,
        repeats=repeats,
        open_incident=meaning.subject in state.open_at,
    )
    return Known(facts, repeats + 1 if meaning.fresh else 0, None)


def _confirmed(
    state: State, alarm: ArcAlarm, clue: ClueKept | None, now: datetime, window: timedelta
) -> tuple[bool, tuple[Lesson, ...]]:
    """Return whether the alarm is confirmed, and what to remember; without a clue its own word counts."""
    if clue is None:
        return alarm.panel_confirmed, ()
    site = clue.site
    if alarm.panel_confirmed:
        threat, other = Threat.HOLD_UP if alarm.event is AlarmEvent.HOLD_UP else Threat.INTRUSION, None
    else:
        found = second_to(state.clues.get(site, ()), clue, now, window, state.paths.get(site, ()))
        if found is None:
            return False, (clue,)
        threat, other = found
    if still_confirmed(threat, state.confirmed.get(f"{threat} {site}"), now, window):
        return True, (clue,)
    here = state.position + 1
    return True, (clue, Confirmed(site, threat, (here,) if other is None else (other, here)))

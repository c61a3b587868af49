"""What a signal leads to before the rules have spoken: known already, a note of state, or a case for them.

The rule tables say what a signal *needs*; this adds what only the room's state knows: heard before,
retained, for testing. Where the case then goes is `routing`'s.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.estate.areas import Area
from controlroom.events import SignalReceived
from controlroom.incidents.cameras.faults import on_fault
from controlroom.incidents.cameras.heartbeat import is_mere_heartbeat, on_heartbeat
from controlroom.incidents.changes import Change, ConditionNoted, Heard, Quarantined
from controlroom.incidents.facts import Known, known_of
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.heard import told_by
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import Case, for_testing, route
from controlroom.incidents.sites.heard import heard_of_site
from controlroom.incidents.state import State
from controlroom.rules.verdict import Circumstances, MergeKey
from controlroom.signals.envelope import CameraFaultSignal, HelpPointSignal


def on_signal(handbook: Handbook, state: State, event: SignalReceived, now: datetime) -> Decision:
    """Return what follows from a signal that the field sent."""
    first = state.first_heard(event.key)
    if first is not None:
        return Decision(reasons=(Reason.DUPLICATE,), first_position=first)
    signal, source = event.signal, event.signal.source
    place, believed = handbook.estate.place(source), not for_testing(handbook, signal)
    if type(signal) is CameraFaultSignal and is_mere_heartbeat(event, signal) and believed and place:
        return on_heartbeat(handbook, state, event, place, now)
    meaning = meaning_of(signal)
    changes: list[Change] = [Heard(event.key)]
    if event.doubt is not None:
        changes.append(Quarantined(event.wire.topic, event.doubt, event.detail))
    if meaning.condition is not None and believed and state.conditions.get(source) != meaning.condition:
        changes.append(ConditionNoted(source, meaning.condition))
    if believed and place is not None:
        changes += heard_of_site(handbook, state, event, meaning, place, now)
    if event.wire.retained:
        return Decision(tuple(changes), reasons=(Reason.RETAINED_STATE,))
    if type(signal) is CameraFaultSignal and believed and place is not None:
        return on_fault(handbook, state, signal, place, changes, now)
    because = None
    known = known_of(handbook, state, signal, meaning, place, now)
    area = place.area if place is not None else Area(source.split("/", 2)[1])
    asked = Circumstances(signal, meaning.kind, area, place, known.room, now)
    if believed:
        changes += known.lessons
        if place is not None:
            told, because = told_by(handbook, state, asked, meaning, place)
            changes += told
    else:
        known = Known(known.room, 0, None)
    verdict = handbook.rules.judge(asked)
    if type(signal) is HelpPointSignal and source in state.help_points.stuck:
        verdict = replace(verdict, merge=MergeKey.PLACE)  # one incident for a stuck button, whatever the rule
    case = Case(asked, meaning, verdict, known)
    if because is not None:
        case.reasons.append(because)
    return route(handbook, state, case, changes)

"""What a signal leads to before the rules have spoken: known already, a note of state, or a case for them.

The rule tables say what a signal *needs*; this adds what only the room's state knows: heard before,
retained, for testing. Where the case then goes is `routing`'s.
"""

from datetime import datetime

from controlroom.estate.areas import Area
from controlroom.events import SignalReceived
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
from controlroom.rules.verdict import Circumstances


def on_signal(handbook: Handbook, state: State, event: SignalReceived, now: datetime) -> Decision:
    """Return what follows from a signal that the field sent."""
    first = state.first_heard(event.key)
    if first is not None:
        return Decision(reasons=(Reason.DUPLICATE,), first_position=first)
    meaning = meaning_of(event.signal)
    changes: list[Change] = [Heard(event.key)]
    if event.doubt is not None:
        changes.append(Quarantined(event.wire.topic, event.doubt, event.detail))
    source, place = event.signal.source, handbook.estate.place(event.signal.source)
    believed = not for_testing(handbook, event.signal)
    if meaning.condition is not None and believed and state.conditions.get(source) != meaning.condition:
        changes.append(ConditionNoted(source, meaning.condition))
    if believed and place is not None:
        changes += heard_of_site(handbook, state, event, meaning, place, now)
    if event.wire.retained:
        return Decision(tuple(changes), reasons=(Reason.RETAINED_STATE,))
    because = None
    known = known_of(handbook, state, event.signal, meaning, place, now)
    area = place.area if place is not None else Area(source.split("/", 2)[1])
    asked = Circumstances(event.signal, meaning.kind, area, place, known.room, now)
    if believed:
        changes += known.lessons
        if place is not None:
            told, because = told_by(handbook, state, asked, meaning, place)
            changes += told
    else:
        known = Known(known.room, 0, None)
    verdict = handbook.rules.judge(asked)
    case = Case(asked, meaning, verdict, known)
    if because is not None:
        case.reasons.append(because)
    return route(handbook, state, case, changes)

"""What a believed signal of a known place tells each part of the room, before the rules are asked.

A sign of life resets a watch, an unset aborts what is held, a restore ends a condition or pairs with its
fault. One line a part; a signal that tells a part nothing costs it one look at its kind. Cameras do not come
here: `cameras.faults` hears them, conditions and all.
"""

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.help_points.heard import heard_of_point
from controlroom.incidents.holds.holding import holds_ended
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.people.on_heard import on_heard
from controlroom.incidents.reasons import Reason
from controlroom.incidents.restores.tracking import faults_told
from controlroom.incidents.rollups.rolling import zones_told
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import conditions_ended
from controlroom.rules.verdict import Circumstances
from controlroom.signals.envelope import ArcAlarmSignal, GuardSignal, HelpPointSignal, LoneWorkerSignal


def told_by(
    handbook: Handbook, state: State, asked: Circumstances, meaning: Meaning, place: Place
) -> tuple[list[Change], Reason | None]:
    """Return what the signal changes in the room's parts, and the reason that one of them gives."""
    signal, now, work = asked.signal, asked.now, handbook.house.work
    changes: list[Change] = []
    if type(signal) is ArcAlarmSignal:  # `isinstance` is slow to say no
        because = None
        # What is there now ends nothing; a call for nothing is dear between two signals.
        if not meaning.fresh:
            changes += conditions_ended(state, signal, place.site)
        if place.site in state.holds.at_site:
            ended, because = holds_ended(state, signal, meaning, place.site)
            changes += ended
        changes += faults_told(work.restore_within_s, state, signal, meaning, place.site, now)
        changes += zones_told(work, state, signal, meaning, place, now)
        return changes, because
    if type(signal) is LoneWorkerSignal or type(signal) is GuardSignal:
        changes += on_heard(handbook, state, signal, place, now)
    elif type(signal) is HelpPointSignal:
        changes += heard_of_point(handbook, state, signal, place, now)
    return changes, None

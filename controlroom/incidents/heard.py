"""What a believed signal of a known place tells each part of the room, before the rules are asked.

A sign of life resets a watch, an unset aborts what is held, a restore ends a condition or pairs with its
fault. One line a part; a signal that tells a part nothing costs it one look at its kind.
"""

from datetime import datetime

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.holds.holding import holds_ended
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.people.on_heard import on_heard
from controlroom.incidents.reasons import Reason
from controlroom.incidents.restores.tracking import faults_told
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import conditions_ended
from controlroom.signals.envelope import ArcAlarmSignal, GuardSignal, LoneWorkerSignal, Signal


def told_by(
    handbook: Handbook, state: State, signal: Signal, meaning: Meaning, place: Place, now: datetime
) -> tuple[list[Change], Reason | None]:
    """Return what the signal changes in the room's parts, and the reason that one of them gives."""
    changes: list[Change] = []
    if type(signal) is LoneWorkerSignal or type(signal) is GuardSignal:  # `isinstance` is slow to say no
        changes += on_heard(handbook, state, signal, place, now)
    changes += conditions_ended(state, signal, place.site)
    ended, because = holds_ended(state, signal, meaning, place.site)
    changes += ended
    if type(signal) is ArcAlarmSignal:
        within_s = handbook.house.work.restore_within_s
        changes += faults_told(within_s, state, signal, meaning, place.site, now)
    return changes, because

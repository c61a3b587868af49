"""A mains or path fault and its restore belong together: one without the other is somebody's question.

A fault is noted when it comes and cleared when it goes, whatever the rules made of it. When its restore is
overdue it is listed as *unpaired*. An incident that only such faults made, and that nobody works on,
is closed when the last of them is back: that is the one thing that a restore ever closes.
"""

from collections.abc import Iterable
from datetime import datetime

from controlroom.incidents.changes import Change, ConditionEnded, IncidentClosed, WatchArmed, WatchExpired
from controlroom.incidents.crews.orders import somebody_goes
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.restores.state import FAULTS_KEPT, FaultCleared, FaultNoted, FaultUnpaired
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import name_of_condition, names_ended
from controlroom.signals.envelope import Signal
from controlroom.signals.vocabulary import AlarmEvent

WAIT_FOR_RESTORE: frozenset[str] = frozenset({AlarmEvent.MAINS_FAULT, AlarmEvent.PATH_FAULT})
"""Faults that come back by themselves: no person at the keypad aborts them."""

_UNTOUCHED = frozenset({Status.NEW, Status.ESCALATED})


def faults_told(
    within_s: int, state: State, signal: Signal, meaning: Meaning, site: str, now: datetime
) -> list[Change]:
    """Return what this report of a panel changes in the list of faults."""
    if meaning.event not in WAIT_FOR_RESTORE:
        return []
    if not meaning.fresh:
        return [FaultCleared(name) for name in names_ended(state, signal, site) if name in state.faults]
    name = name_of_condition(signal)
    if name in state.faults or len(state.faults) >= FAULTS_KEPT:
        return []
    due = after(now, within_s)
    noted = FaultNoted(name, site, signal.source, meaning.event)
    return [noted, WatchArmed(Watch(due, WatchKind.RESTORE, name))]


def restore_overdue(watch: Watch) -> Decision:
    """List the fault as one that has no restore."""
    return Decision((WatchExpired(watch), FaultUnpaired(watch.subject)), reasons=(Reason.NOT_RESTORED,))


def closed_by_restore(state: State, changes: Iterable[Change], now: datetime) -> list[IncidentClosed]:
    """Return the ends of incidents whose last fault these changes end, where nobody works on them."""
    over = [change.incident for change in changes if type(change) is ConditionEnded and not change.left]
    return [
        IncidentClosed(name, at=now, outcome=Ending.RESTORED)
        for name in over
        if _only_faults(state.incidents[name]) and _untouched(state, state.incidents[name])
    ]


def _only_faults(incident: Incident) -> bool:
    """Say whether nothing but such faults made the incident; what it does not list may be anything."""
    listed = len(incident.members) == incident.signals
    return listed and all(member.event in WAIT_FOR_RESTORE for member in incident.members)


def _untouched(state: State, incident: Incident) -> bool:
    return incident.status in _UNTOUCHED and incident.owner is None and not somebody_goes(state, incident)

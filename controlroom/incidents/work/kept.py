"""What an incident keeps of its signals, its conditions and its notes. Bounded: the journal has all of it.

A *condition* is something that a signal says is there now and that a later one can end: an alarm panel's
event in a zone, a camera's fault. It is a separate axis: whatever ends, the incident stays open.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import ConditionEnded, SignalJoined
from controlroom.incidents.incident import Act, Incident, Member, Note
from controlroom.incidents.state import State
from controlroom.signals.envelope import ArcAlarmSignal, CameraFaultSignal, Signal
from controlroom.signals.vocabulary import AlarmEvent, Condition, FaultState

MEMBERS_KEPT = 100
"""Signals that an incident lists by position, the first ones: what made it. The count goes on."""

NOTES_KEPT = 20
"""Notes that an incident shows, the latest: what somebody reads who takes over."""

STANDING_KEPT = 32
"""Conditions of one incident that are followed: the zones of a large panel. Further ones are not."""

_PASSING = frozenset({AlarmEvent.OPENED, AlarmEvent.CLOSED, AlarmEvent.CANCEL, AlarmEvent.TEST})
"""What a panel reports as done, so that nothing is there afterwards."""


def name_of_condition(signal: Signal) -> str:
    """Return the name under which the condition stands and ends; empty where it has none."""
    if type(signal) is ArcAlarmSignal:
        alarm = signal.data
        return "" if alarm.event in _PASSING else f"{signal.source} {alarm.event.value} {alarm.zone or ''}"
    if type(signal) is CameraFaultSignal:
        return f"{signal.source} {signal.data.fault.value}"
    return ""


def conditions_ended(state: State, signal: Signal) -> list[ConditionEnded]:
    """Return what this signal ends of open incidents; empty where it ends nothing."""
    if not _says_ended(signal):
        return []
    name = name_of_condition(signal)
    ended = []
    for incident in state.standing.get(name, ()):
        left = sum(other != name for other in state.incidents[incident].standing)
        ended.append(ConditionEnded(incident, name, left))
    return ended


def _says_ended(signal: Signal) -> bool:
    if type(signal) is ArcAlarmSignal:
        return signal.data.condition is Condition.RESTORED
    return type(signal) is CameraFaultSignal and signal.data.state is FaultState.CLEARED


def with_signal(incident: Incident, joined: SignalJoined, position: int, now: datetime) -> Incident:
    """Return the incident with one more signal."""
    members, standing, name = incident.members, incident.standing, joined.standing
    if len(members) < MEMBERS_KEPT:
        member = Member(position, joined.source, joined.event, joined.priority, joined.activation, name)
        members = (*members, member)
    if name and name not in standing and len(standing) < STANDING_KEPT:
        standing = (*standing, name)
    return replace(
        incident,
        signals=incident.signals + 1,
        version=incident.version + 1,
        priority=min(incident.priority, joined.priority),
        last=Act(joined.source, "signal joined", now),
        members=members,
        standing=standing,
    )


def without_condition(incident: Incident, name: str) -> Incident:
    """Return the incident with one condition gone; nothing else changes, not even its version."""
    standing = tuple(other for other in incident.standing if other != name)
    return replace(incident, standing=standing, ended=incident.ended + 1)


def with_note(incident: Incident, author: str, text: str, now: datetime) -> Incident:
    """Return the incident with one more note, its latest."""
    notes = (*incident.notes[1 - NOTES_KEPT :], Note(author, text, now))
    return replace(incident, notes=notes, version=incident.version + 1, last=Act(author, "noted", now))

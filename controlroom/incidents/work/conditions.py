"""What signals report as being there now, and which later one says that it is there no longer.

A *condition* is an alarm panel's event in a zone, or a camera's fault. It is a separate axis of an incident:
whatever ends, the incident stays open.
"""

from controlroom.incidents.changes import ConditionEnded
from controlroom.incidents.state import State
from controlroom.signals.envelope import ArcAlarmSignal, CameraFaultSignal, Signal
from controlroom.signals.vocabulary import AlarmEvent, Condition, FaultState

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


def names_ended(state: State, signal: Signal, site: str) -> tuple[str, ...]:
    """Return the conditions that this signal ends; a restored path without a name is every failed one."""
    if not says_ended(signal):
        return ()
    name = name_of_condition(signal)
    if type(signal) is ArcAlarmSignal and signal.data.event is AlarmEvent.PATH_FAULT and not signal.data.zone:
        return (name, *(f"{name}{path}" for path in state.paths.get(site, ()) if path))
    return (name,)


def conditions_ended(state: State, signal: Signal, site: str) -> list[ConditionEnded]:
    """Return what this signal ends of open incidents; empty where it ends nothing."""
    ended: list[ConditionEnded] = []
    names = names_ended(state, signal, site)
    for name in names:
        for incident in state.standing.get(name, ()):
            before = sum(one.incident == incident for one in ended)
            left = len(state.incidents[incident].standing) - before - 1
            ended.append(ConditionEnded(incident, name, left))
    return ended


def says_ended(signal: Signal) -> bool:
    """Say whether the signal reports that something is there no longer."""
    if type(signal) is ArcAlarmSignal:
        return signal.data.condition is Condition.RESTORED
    return type(signal) is CameraFaultSignal and signal.data.state is FaultState.CLEARED

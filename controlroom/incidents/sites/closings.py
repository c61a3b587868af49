"""What the end of an incident says of its site: a false alarm is counted, and the limit looked at."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import Change, IncidentClosed, WatchArmed
from controlroom.incidents.endings import Ending
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.changes import FalseCallCounted
from controlroom.incidents.sites.false_calls import day_of, limit_of, standing_calls, system_of
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import Kind


def count_false_calls(handbook: Handbook, state: State, decision: Decision, now: datetime) -> Decision:
    """Return the decision with the false calls that it closes counted; the next tick warns where it must."""
    counted = [
        one
        for change in decision.changes
        if type(change) is IncidentClosed and change.outcome == Ending.FALSE_ALARM
        for one in _counted(handbook, state, change.incident, now)
    ]
    return replace(decision, changes=(*decision.changes, *counted)) if counted else decision


def _counted(handbook: Handbook, state: State, incident_id: str, now: datetime) -> list[Change]:
    incident = state.incidents.get(incident_id)
    if incident is None or incident.kind is not Kind.ARC_ALARM:
        return []
    system, place = system_of(incident.event), handbook.estate.place(incident.source)
    if system is None or place is None or (incident.simulated and not handbook.house.demonstration):
        return []
    today = day_of(now)
    changes: list[Change] = [FalseCallCounted(place.site, system, day_of(incident.opened_at))]
    so_far = standing_calls(handbook.estate, state.sites.false_calls, place.site, system, today)
    limit = limit_of(handbook.house.sites, system)
    if so_far + 1 in (limit - 1, limit):
        changes.append(WatchArmed(Watch(now, WatchKind.FALSE_CALLS, f"{place.topic} {system}")))
    return changes

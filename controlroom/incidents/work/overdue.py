"""What follows when nobody moved an incident in time: the next level hears of it, and again after that.

Escalation goes up one level a time, operators, supervisor, duty manager, and stays with the last one, who
is told again at every interval. The count never goes back while the incident is open: the second thing
that goes wrong with it is the supervisor's business, whoever took it in between.
"""

from datetime import datetime

from controlroom.incidents.changes import IncidentClosed, WatchExpired
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import escalated, taken_up
from controlroom.incidents.work.limits import WorkRules

_REASONS = {
    WatchKind.ACCEPTANCE: Reason.NOT_ACCEPTED,
    WatchKind.ANSWER: Reason.NOT_ANSWERED,
    WatchKind.ESCALATION: Reason.STILL_ESCALATED,
    WatchKind.OWNER_MOVES: Reason.OWNER_IDLE,
    WatchKind.ARRIVAL: Reason.NOT_ARRIVED,
    WatchKind.CLEARANCE: Reason.NOT_CLEARED,
    WatchKind.END_OF_PARKING: Reason.PARKING_OVER,
    WatchKind.REOPENING: Reason.NOT_REOPENED,
}


def overdue(work: WorkRules, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows from a watch over an incident or its order."""
    reason = _REASONS[watch.kind]
    name = state.orders[watch.subject].order.incident if watch.kind is WatchKind.ACCEPTANCE else watch.subject
    incident = state.incidents.get(name)
    if incident is None:
        return Decision((WatchExpired(watch),), reasons=(reason,))
    if watch.kind is WatchKind.REOPENING:
        closed = IncidentClosed(incident.id, at=now, outcome=incident.outcome or Ending.NOT_SAID)
        return Decision((WatchExpired(watch), closed), reasons=(reason,))
    if watch.kind is WatchKind.END_OF_PARKING:
        return Decision((WatchExpired(watch), *taken_up(work, incident, now)), reasons=(reason,))
    because = None if watch.kind is WatchKind.ESCALATION else reason
    return Decision((WatchExpired(watch), *escalated(work, incident, because, now)), reasons=(reason,))

"""What a crew's report leads to. One that comes late, twice or out of order changes nothing it should not."""

from datetime import datetime

from controlroom.events import CrewReported
from controlroom.incidents.changes import Change, IncidentClosed, IncidentMoved, OrderMoved
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Step

_RANK = {
    None: 0,
    Step.ACCEPTED: 1,
    Step.EN_ROUTE: 2,
    Step.ON_SCENE: 3,
    Step.CLEARED: 4,
    Step.REFUSED: 4,
}
"""How far each step is; only a step further counts, and nothing follows the last two."""


def on_report(state: State, event: CrewReported, now: datetime) -> Decision:
    """Return what follows from a unit's word about its order."""
    standing = state.orders.get(event.order)
    if standing is None or standing.order.unit != event.unit:
        return Decision(reasons=(Reason.ORDER_UNKNOWN,))
    refused_late = event.step is Step.REFUSED and standing.step is not None
    if _RANK[event.step] <= _RANK[standing.step] or refused_late:
        return Decision(reasons=(Reason.REPORT_STALE,))
    changes: list[Change] = [OrderMoved(event.order, event.step)]
    incident = state.incidents.get(standing.order.incident)
    if incident is not None:
        changes.append(_moved(incident.id, event, now))
    return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,))


def _moved(incident: str, event: CrewReported, now: datetime) -> IncidentMoved | IncidentClosed:
    match event.step:
        case Step.CLEARED:
            return IncidentClosed(incident, at=now, outcome=event.outcome or Ending.NOT_SAID)
        case Step.REFUSED:
            because = f"{event.unit} refused: {event.reason or 'no reason given'}"
            return IncidentMoved(incident, Status.ESCALATED, because=because)
        case Step.ON_SCENE:
            return IncidentMoved(incident, Status.ON_SCENE)
        case Step.ACCEPTED | Step.EN_ROUTE:
            return IncidentMoved(incident, Status.DISPATCHED)

"""What follows when nobody moved an incident in time: the next level hears of it, and again after that.

A crew that the room sent and that does not accept is stood down, and the next one goes; a level is told as
well. Where none is left the offer stands, for a late word is better than none, and the supervisor is told.

Escalation goes up one level a time, operators, supervisor, duty manager, and stays with the last one, who
is told again at every interval. The count never goes back while the incident is open: the second thing
that goes wrong with it is the supervisor's business, whoever took it in between.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import IncidentClosed, WatchExpired
from controlroom.incidents.crews.ending import ended
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.crews.going import (
    SUPERVISOR,
    could_not_be_heard,
    goes_on,
    next_crew,
    next_unheard,
)
from controlroom.incidents.endings import Ending
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import (
    at_least,
    crew_still_awaited,
    escalated,
    person_still_awaited,
    taken_up,
)

_REASONS = {
    WatchKind.ANSWER: Reason.NOT_ANSWERED,
    WatchKind.ESCALATION: Reason.STILL_ESCALATED,
    WatchKind.OWNER_MOVES: Reason.OWNER_IDLE,
    WatchKind.ARRIVAL: Reason.NOT_ARRIVED,
    WatchKind.CLEARANCE: Reason.NOT_CLEARED,
    WatchKind.END_OF_PARKING: Reason.PARKING_OVER,
    WatchKind.REOPENING: Reason.NOT_REOPENED,
}


def overdue(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows from a watch over an incident or its order."""
    if watch.kind is WatchKind.ACCEPTANCE:
        return _not_accepted(handbook, state, watch, now)
    if watch.kind is WatchKind.UPDATE_HEARD:
        return _not_heard(handbook, state, watch, now)
    reason, work = _REASONS[watch.kind], handbook.house.work
    incident = state.incidents.get(watch.subject)
    if incident is None:
        return Decision((WatchExpired(watch),), reasons=(reason,))
    if watch.kind is WatchKind.REOPENING:
        closed = IncidentClosed(incident.id, at=now, outcome=incident.outcome or Ending.NOT_SAID)
        return Decision((WatchExpired(watch), closed), reasons=(reason,))
    if watch.kind is WatchKind.END_OF_PARKING:
        return Decision((WatchExpired(watch), *taken_up(work, incident, now)), reasons=(reason,))
    because = None if watch.kind is WatchKind.ESCALATION else reason
    told = Decision((WatchExpired(watch), *escalated(work, incident, because, now)), reasons=(reason,))
    return crew_still_awaited(state, incident, told, over=watch)


def _not_heard(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Say that a crew may not know how urgent its order is now: somebody has to reach it by voice."""
    why, standing = Reason.UPDATE_NOT_HEARD, state.orders.get(watch.subject)
    incident = state.incidents.get(standing.order.incident) if standing is not None else None
    if incident is None or incident.order != watch.subject:
        return Decision((WatchExpired(watch),), reasons=(why,))
    told = Decision(
        (WatchExpired(watch), *escalated(handbook.house.work, incident, why, now)), reasons=(why,)
    )
    return crew_still_awaited(state, incident, told)


def _not_accepted(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Let the next crew go where the room had sent this one; else say so, and let the offer stand."""
    standing, why = state.orders[watch.subject], Reason.NOT_ACCEPTED
    order = standing.order
    incident = state.incidents.get(order.incident)
    if incident is None or incident.order != order.id:
        return Decision((WatchExpired(watch),), reasons=(why,))
    unheard = could_not_be_heard(state, standing)
    given = (next_unheard if unheard else next_crew)(handbook, state, incident, order, now)
    if given is None:
        moved, armed = escalated(handbook.house.work, incident, why, now)
        if order.signal is not None and incident.owner is None:
            moved = at_least(moved, incident, SUPERVISOR)
        return Decision((WatchExpired(watch), moved, armed), reasons=(why,))
    because = (
        f"{order.unit} {'was not heard while the room was away' if unheard else 'did not accept in time'}"
    )
    end, word = ended(standing, OrderEnd.LAPSED, because)
    going = goes_on(handbook, incident, order, given, because, now)
    refused = "" if unheard else order.unit
    moved = replace(going.moved, escalations=incident.escalations + 1, refused=refused)
    changes = (WatchExpired(watch), end, moved, going.armed)
    excused = (Reason.OUTAGE_EXPLAINS,) if unheard else ()
    then = Decision(changes, (word, given), (why, *excused, Reason.NEXT_CREW_AFTER_SILENCE))
    return person_still_awaited(state, incident, then)

"""What a crew's report leads to. One that comes late, twice or out of order changes nothing it should not."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.events import CrewReported
from controlroom.incidents.changes import Change, IncidentClosed, IncidentMoved, OrderMoved, WatchArmed
from controlroom.incidents.crews import nearest_free_unit
from controlroom.incidents.endings import Ending
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, StandingOrder, Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import at_the_place, escalated, on_its_way
from controlroom.orders import order_id
from controlroom.signals.dispatch_messages import Step

_MAY_STILL_REFUSE = {None, Step.ACCEPTED, Step.EN_ROUTE}
"""A unit that breaks down on its way says no as well; one that is there says what it found."""

UNITS_ASKED = 3
"""Units that the room asks by itself before a person has to find one: after three refusals something is
wrong with the job, and each refusal costs up to a minute."""

_RANK = {
    None: 0,
    Step.ACCEPTED: 1,
    Step.EN_ROUTE: 2,
    Step.ON_SCENE: 3,
    Step.CLEARED: 4,
    Step.REFUSED: 4,
}
"""How far each step is; only a step further counts, and nothing follows the last two."""


def on_report(handbook: Handbook, state: State, event: CrewReported, now: datetime) -> Decision:
    """Return what follows from a unit's word about its order."""
    standing = state.orders.get(event.order)
    if standing is None or standing.order.unit != event.unit:
        return Decision(reasons=(Reason.ORDER_UNKNOWN,))
    refused_late = event.step is Step.REFUSED and standing.step not in _MAY_STILL_REFUSE
    if _RANK[event.step] <= _RANK[standing.step] or refused_late:
        return Decision(reasons=(Reason.REPORT_STALE,))
    told = OrderMoved(event.order, event.step)
    incident = state.incidents.get(standing.order.incident)
    if incident is None or (incident.status is Status.RESOLVED and event.step is not Step.CLEARED):
        return Decision((told,), reasons=(Reason.REPORT_TAKEN,))
    if event.step is Step.REFUSED:
        return _refused(handbook, state, incident, event, now)
    moved = _moved(handbook, incident, standing, event, now)
    return Decision((told, *moved), reasons=(Reason.REPORT_TAKEN,))


def _refused(
    handbook: Handbook, state: State, incident: Incident, event: CrewReported, now: datetime
) -> Decision:
    """Send the next unit where the room itself had sent the first, else ask the operators; never be silent.

    A person who has the incident, or who sent this unit, decides who goes next.
    """
    house, order = handbook.house, state.orders[event.order].order
    because = f"{event.unit} refused: {event.reason or 'no reason given'}"
    tried = (*incident.refused_by, event.unit)
    unit = None
    if order.signal is not None and incident.owner is None and len(tried) < UNITS_ASKED:
        unit = nearest_free_unit(handbook.estate, state.load, order.area, tried)
    told = OrderMoved(event.order, event.step)
    if unit is None:
        moved, armed = escalated(house.work, incident, because, now)
        moved = replace(moved, by=event.unit, what=event.step, refused=event.unit)
        return Decision((told, moved, armed), reasons=(Reason.REPORT_TAKEN,))
    again = replace(order, id=order_id(state.position + 1), unit=unit)
    due = after(now, house.accept_within_s)
    moved = IncidentMoved(
        incident.id,
        Status.DISPATCHED,
        due=due,
        order=again.id,
        because=because,
        by=event.unit,
        what=event.step,
        refused=event.unit,
    )
    armed = WatchArmed(Watch(due, WatchKind.ACCEPTANCE, again.id))
    return Decision((told, moved, armed), (again,), (Reason.REPORT_TAKEN, Reason.NEXT_CREW))


def _moved(
    handbook: Handbook, incident: Incident, standing: StandingOrder, event: CrewReported, now: datetime
) -> tuple[Change, ...]:
    house = handbook.house
    match event.step:
        case Step.CLEARED:
            outcome = event.outcome or Ending.NOT_SAID
            return (IncidentClosed(incident.id, at=now, outcome=outcome, by=event.unit),)
        case Step.ON_SCENE:
            return at_the_place(house.work, incident, event.unit, now)
        case _:
            return on_its_way(house.work, house.accept_within_s, incident, standing, now)

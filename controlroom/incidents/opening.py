"""How a draft becomes an incident, at once or when its hold is over, in the same way.

The best unit of that moment is sent where the rule sends one, else a person is expected to look.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import Change, IncidentOpened, WatchArmed
from controlroom.incidents.crews.choosing import choose
from controlroom.incidents.draft import Draft
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import ANSWER_DEFAULT_S
from controlroom.orders import SendCrew, order_id
from controlroom.rules.verdict import Dispatch


def open_draft(
    handbook: Handbook, state: State, draft: Draft, now: datetime
) -> tuple[list[Change], tuple[SendCrew, ...], Reason | None]:
    """Return the changes that open the incident, its order, and why nobody was sent where nobody was."""
    incident_id = f"INC-{state.position + 1}"
    order = order_for(handbook, state, draft, incident_id, now)
    watch = first_watch(handbook, draft, order, incident_id, now)
    incident = replace(
        draft.incident,
        id=incident_id,
        status=Status.DISPATCHED if order is not None else Status.NEW,
        opened_at=now,
        order=order.id if order is not None else None,
        due=watch.due,
    )
    changes: list[Change] = [IncidentOpened(incident, draft.nth), WatchArmed(watch)]
    if order is not None:
        return changes, (order,), None
    return changes, (), Reason.OPERATOR_LOOKS if draft.dispatch is Dispatch.OPERATOR else Reason.NO_CREW


def order_for(
    handbook: Handbook, state: State, draft: Draft, incident_id: str, now: datetime
) -> SendCrew | None:
    """Return the order for the best unit; None where the rule sends nobody, or there is nobody."""
    incident = draft.incident
    if draft.dispatch is not Dispatch.AUTOMATIC:
        return None
    choice = choose(handbook, state, incident, now)
    if choice is None:
        return None
    return SendCrew(
        id=order_id(state.position + 1),
        incident=incident_id,
        unit=choice.unit,
        area=incident.area,
        kind=incident.kind,
        source=incident.source,
        site=incident.site,
        priority=incident.priority,
        instruction=draft.instruction,
        simulated=incident.simulated,
        signal=draft.signal,
        respond_within_s=incident.respond_within_s,
        because=choice.because,
    )


def first_watch(
    handbook: Handbook, draft: Draft, order: SendCrew | None, incident_id: str, now: datetime
) -> Watch:
    """Return the first thing expected: the unit's acceptance, or a person's look."""
    if order is not None:
        return Watch(after(now, handbook.house.accept_within_s), WatchKind.ACCEPTANCE, order.id)
    within_s = draft.incident.answer_within_s or ANSWER_DEFAULT_S
    return Watch(after(now, within_s), WatchKind.ANSWER, incident_id)

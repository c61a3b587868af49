"""What is ordered for an incident: whether somebody goes, and the order that an operator gives."""

from controlroom.estate.model import CREW_TAG, Place
from controlroom.incidents.incident import Incident
from controlroom.incidents.state import State
from controlroom.orders import SendCrew, order_id


def somebody_goes(state: State, incident: Incident) -> bool:
    """Say whether a unit has an order for this incident that is not over."""
    standing = state.orders.get(incident.order) if incident.order is not None else None
    return standing is not None and standing.live


def last_seen(state: State, place: Place | None) -> str:
    """Return where a crew was last, as words that follow its name; empty for every other place."""
    if place is None or CREW_TAG not in place.tags:
        return ""
    note = state.crews.get(place.key)
    return f", last at {note.site}" if note is not None and note.site is not None else ""


def asked_for(state: State, incident: Incident, unit: str, because: str) -> SendCrew:
    """Return the order that an operator gives for this incident; no signal asks for it."""
    return SendCrew(
        id=order_id(state.position + 1),
        incident=incident.id,
        unit=unit,
        area=incident.area,
        kind=incident.kind,
        source=incident.source,
        site=incident.site,
        priority=incident.priority,
        instruction=f"{incident.event.replace('_', ' ')} at {incident.site}",
        simulated=incident.simulated,
        respond_within_s=incident.respond_within_s,
        because=because,
    )

"""What is ordered for an incident: whether somebody goes, and the order that an operator gives."""

from controlroom.estate.model import CREW_TAG, Place
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.incident import Incident
from controlroom.incidents.state import State
from controlroom.orders import SendCrew, order_id
from controlroom.signals.payloads import Position


def going_for(state: State, incident: Incident) -> StandingOrder | None:
    """Return the order of the crew that goes to this incident; None where nobody goes."""
    standing = state.orders.get(incident.order) if incident.order is not None else None
    return standing if standing is not None and standing.live else None


def somebody_goes(state: State, incident: Incident) -> bool:
    """Say whether a unit has an order for this incident that is not over."""
    return going_for(state, incident) is not None


def last_seen(state: State, place: Place | None, said: Position | None = None) -> str:
    """Return where a crew was last, as words that follow its name; empty for every other place.

    The coordinates (WGS 84) are those `said` now, else its last; the site is that of its last arrival.
    """
    if place is None or CREW_TAG not in place.tags:
        return ""
    note = state.crews.get(place.key, CrewNote())
    site = f", last at {note.site}" if note.site is not None else ""
    at = (said.latitude, said.longitude) if said is not None else (note.latitude, note.longitude)
    return f"{site}, last position {at[0]:.5f} {at[1]:.5f}" if None not in at else site


def most_urgent(incident: Incident) -> str:
    """Return the word of the first of its most urgent signals: what somebody who is sent now goes for."""
    first = min(incident.members, key=lambda member: (member.priority, member.position), default=None)
    if first is None or first.priority == incident.members[0].priority:
        return incident.event
    return first.event


def asked_for(state: State, place: Place | None, incident: Incident, unit: str, because: str) -> SendCrew:
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
        instruction=f"{most_urgent(incident).replace('_', ' ')} at {incident.site}{last_seen(state, place)}",
        simulated=incident.simulated,
        respond_within_s=incident.respond_within_s,
        because=because,
    )

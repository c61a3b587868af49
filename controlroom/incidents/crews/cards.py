"""What a crew's terminal or page shows of a job: the order, how far it is, and what to know of the place."""

from datetime import datetime

from msgspec import Struct

from controlroom.estate.areas import Area
from controlroom.estate.model import CREW_TAG, Estate, Place, SiteNotes
from controlroom.incidents.crews.given import StandingOrder
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind

_NO_NOTES = SiteNotes()


class Spot(Struct, frozen=True):
    """A position, WGS 84 degrees."""

    latitude: float
    longitude: float


class JobCard(Struct, frozen=True):
    """One order in hand, as `dispatch_messages.Job` says it on the wire.

    `keys` says whether the site's key is on board, None where the council holds none. `update` names the last
    update that the crew has not acknowledged.
    """

    order: str
    incident: str
    signal: str | None
    unit: str
    area: Area
    site: str
    kind: Kind
    priority: int
    instruction: str
    issued_at: datetime
    respond_within_s: int | None
    version: int
    step: Step | None
    name: str | None
    position: Spot | None
    keys: bool | None
    entry: str
    notes: str
    hazards: tuple[str, ...]
    update: str | None = None


def _spot(place: Place | None) -> Spot | None:
    """Return where to go; None for a crew: it is not at its base, and the instruction says what is known."""
    if place is None or CREW_TAG in place.tags:
        return None
    return Spot(place.latitude, place.longitude)


def card_of(estate: Estate, standing: StandingOrder) -> JobCard:
    """Return what is to be shown of this order."""
    order = standing.order
    place, crew = estate.place(order.source), estate.crews.get(order.unit)
    notes = estate.notes.get(order.site, _NO_NOTES)
    keys = place is not None and place.keys_held
    return JobCard(
        order=order.id,
        incident=order.incident,
        signal=order.signal,
        unit=order.unit,
        area=order.area,
        site=order.site,
        kind=order.kind,
        priority=order.priority,
        instruction=order.instruction,
        issued_at=standing.issued_at,
        respond_within_s=order.respond_within_s,
        version=standing.version,
        step=standing.step,
        name=place.name if place is not None else None,
        position=_spot(place),
        keys=crew.has_key(order.site, order.area) if keys and crew is not None else None,
        entry=notes.entry,
        notes=notes.notes,
        hazards=notes.hazards,
        update=standing.unheard,
    )

"""What each change of an incident gives to the index: the incident whole, or lines about it. Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from controlroom.incidents.changes import (
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    OrderMoved,
    PlanStepMarked,
    ReadersSet,
    SignalJoined,
)
from controlroom.incidents.crews.changes import OrderEnded
from controlroom.incidents.incident import Incident
from controlroom.incidents.keyholders.calls import KeyholderNoted
from controlroom.incidents.record import Record
from controlroom.incidents.referrals.state import ReferralMade
from controlroom.search.pieces import Belongs, Doc, More, OfOrder, Piece, PlaceOf, What, number_of, those


def _opened(change: Any, record: Record, place_of: PlaceOf) -> Iterator[Piece]:
    """Yield the incident whole, whichever change brings it: new, open again, merged, split."""
    incident: Incident = change.incident
    place = place_of(incident.source)
    named = place.name if place is not None else ""
    word = incident.event.replace("_", " ")
    yield Doc(
        number=number_of(record.position, What.INCIDENT),
        what=What.INCIDENT,
        key=incident.id,
        at=incident.opened_at,
        title=f"{word} at {named or incident.site}",
        names=those((incident.id, incident.site, named, incident.source, incident.event, word)),
        people=those((incident.owner, *(note.author for note in incident.notes))),
        said=those(
            (
                *(incident.kind, incident.area, incident.rule, incident.why, incident.outcome),
                *(note.text for note in incident.notes),
                *(part for step in incident.steps for part in (step.step, step.skipped)),
            )
        ),
        kind=str(incident.kind),
        site=incident.site,
        area=str(incident.area),
        incident=incident.id,
    )
    yield Belongs(incident.id, tuple(member.position for member in incident.members))


def _about(incident: str, *said: str | None, by: tuple[str | None, ...] = ()) -> Iterator[Piece]:
    lines = those(one.replace("_", " ") if one is not None else None for one in said)
    people = those(by)
    if lines or people:
        yield More(What.INCIDENT, incident, lines, people)


def _joined(change: SignalJoined, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield from _about(change.incident, change.event, change.source)


def _moved(change: IncidentMoved, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    said = (change.because, change.parked, change.outcome, change.what)
    yield from _about(change.incident, *said, by=(change.owner, change.by, change.refused))


def _closed(change: IncidentClosed, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield from _about(change.incident, change.outcome, change.cause, by=(change.by,))


def _noted(change: IncidentNoted, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield More(What.INCIDENT, change.incident, (change.text,), (change.author,))


def _stepped(change: PlanStepMarked, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield from _about(change.incident, change.step, change.skipped, by=(change.author,))


def _absorbed(change: IncidentAbsorbed, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield from _about(change.incident, f"merged into {change.into}")


def _called(change: KeyholderNoted, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    call = change.call
    yield from _about(change.incident, call.keyholder, call.result, by=(call.by,))


def _referred(change: ReferralMade, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    made = change.referral
    said = those((made.partner, made.category, made.reason))
    yield More(What.INCIDENT, made.incident, said, (made.author,), those((made.id, made.reference)))


def _crew_moved(change: OrderMoved, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield OfOrder(change.order, (str(change.step).replace("_", " "),), those((change.by,)))


def _crew_ended(change: OrderEnded, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield OfOrder(change.order, (str(change.how).replace("_", " "),), those((change.by,)))


OF_INCIDENTS: dict[type, Callable[[Any, Record, PlaceOf], Iterator[Piece]]] = {
    **dict.fromkeys((IncidentOpened, IncidentReopened, IncidentRestated), _opened),
    **dict.fromkeys((IncidentReturned, IncidentDivided, ReadersSet), _opened),
    SignalJoined: _joined,
    IncidentMoved: _moved,
    IncidentClosed: _closed,
    IncidentNoted: _noted,
    PlanStepMarked: _stepped,
    IncidentAbsorbed: _absorbed,
    KeyholderNoted: _called,
    ReferralMade: _referred,
    OrderMoved: _crew_moved,
    OrderEnded: _crew_ended,
}
"""How a change of an incident is read, by its type."""

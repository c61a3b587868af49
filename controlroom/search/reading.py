"""What each record gives to the index: the one place that knows what of a record people may look for. Pure.

Left out on purpose: what a device repeats as a sign of life, which no rule decides and which would be most of
the index; the lines of a handover's sheet, which say what the incidents themselves say; deadlines; and what
only the room tells itself.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from controlroom.events import CrewReported, MessageQuarantined, SignalReceived
from controlroom.incidents.cameras.changes import AtCameras, WorkOrder, WorkOrderMoved
from controlroom.incidents.changes import (
    IncidentOpened,
    SignalJoined,
)
from controlroom.incidents.crews.changes import CrewNoted
from controlroom.incidents.handovers.state import HandoverGiven, HandoverSigned
from controlroom.incidents.lessons import CameOffTest, WentOnTest
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.on_test import OnTest
from controlroom.incidents.record import Record
from controlroom.orders import SendCrew
from controlroom.search.of_incidents import OF_INCIDENTS
from controlroom.search.pieces import (
    Doc,
    More,
    OfOrder,
    Ordered,
    Piece,
    PlaceOf,
    What,
    number_of,
    those,
)

BODY_CHARS = 2_000
"""How much of a message's body can be found by: what devices say is some hundred bytes."""


def pieces_of(record: Record, place_of: PlaceOf) -> Iterator[Piece]:
    """Yield what this record gives, in order."""
    event = record.event
    if type(event) is SignalReceived:
        yield from _signal(record, event, place_of)
    elif type(event) is MessageQuarantined:
        yield _quarantined(record, event)
    elif type(event) is CrewReported:
        yield OfOrder(event.order, those((event.unit, event.step, event.outcome, event.reason)))
    for change in record.decision.changes:
        reads = _READS.get(type(change))
        if reads is not None:
            yield from reads(change, record, place_of)
    for order in record.decision.orders:
        if isinstance(order, SendCrew):
            yield Ordered(order.id, order.incident)
            yield More(
                What.INCIDENT,
                order.incident,
                those((order.instruction, order.because)),
                (order.unit,),
                (order.id,),
            )


def _signal(record: Record, event: SignalReceived, place_of: PlaceOf) -> Iterator[Piece]:
    if event.doubt is not None:
        yield _quarantined(record, event)
    if record.decision.ruling is None:
        return
    signal, meaning = event.signal, meaning_of(event.signal)
    place = place_of(signal.source)
    incident = next(filter(None, (_joins(change) for change in record.decision.changes)), "")
    named = place.name if place is not None else ""
    site = place.site if place is not None else ""
    word = str(meaning.event).replace("_", " ")
    yield Doc(
        number=number_of(record.position, What.SIGNAL),
        what=What.SIGNAL,
        key=str(record.position),
        at=record.now,
        title=f"{word} at {named or site or meaning.subject}",
        names=those((site, named, signal.source, str(meaning.event), word)),
        said=those((_text(event.wire.payload), event.detail, record.decision.ruling.rule)),
        kind=str(meaning.kind),
        site=site,
        area=str(place.area) if place is not None else "",
        incident=incident,
    )


def _joins(change: Any) -> str:
    """Return the incident that a signal opened or joined by this change; empty: none."""
    if type(change) is IncidentOpened:
        return change.incident.id
    return change.incident if type(change) is SignalJoined else ""


def _quarantined(record: Record, event: SignalReceived | MessageQuarantined) -> Doc:
    reason = event.doubt if isinstance(event, SignalReceived) else event.reason
    incident = next(filter(None, (_joins(change) for change in record.decision.changes)), "")
    return Doc(
        number=number_of(record.position, What.QUARANTINE),
        what=What.QUARANTINE,
        key=str(record.position),
        at=record.now,
        title=f"Quarantine: {str(reason).replace('_', ' ')}",
        names=those((str(reason), event.wire.topic)),
        said=those((event.detail, _text(event.wire.payload))),
        incident=incident,
    )


def _crew_noted(change: CrewNoted, record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    """Yield what a unit said of itself; where it is, alone, is no word of it."""
    if change.word is None:
        return
    word = str(change.word).replace("_", " ")
    yield Doc(
        number=number_of(record.position, What.CREW),
        what=What.CREW,
        key=str(record.position),
        at=record.now,
        title=f"{change.unit}: {word}",
        names=(change.unit,),
        people=those((change.unit, change.by)),
        said=(word,),
    )


def _entry(change: EntryKept, record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    entry: LogEntry = change.entry
    said = msgspec.to_builtins(entry.said)
    kind = str(said.pop("kind"))
    known = [
        str(said[field]) for field in ("title", "reference", "topic", "call_sign", "park") if field in said
    ]
    revised = entry.revised
    yield Doc(
        number=number_of(record.position, What.ENTRY),
        what=What.ENTRY,
        key=entry.id,
        at=entry.happened_at,
        title=f"{kind.replace('_', ' ')}: {known[0]}" if known else kind.replace("_", " "),
        names=those((entry.id, kind, kind.replace("_", " "), *known)),
        people=those((entry.author, revised.author if revised is not None else None)),
        said=those((*_words(said), revised.reason if revised is not None else None)),
        kind=kind,
        area=str(entry.area) if entry.area is not None else "",
        incident=entry.incident or "",
        readers=entry.readers,
    )


def _words(value: object) -> Iterator[str]:
    """Yield the words in what somebody wrote, however deep they stand."""
    match value:
        case str():
            yield value.replace("_", " ")
        case dict():
            for part in value.values():
                yield from _words(part)
        case list() | tuple():
            for part in value:
                yield from _words(part)
        case int() | float() if not isinstance(value, bool):
            yield str(value)
        case _:
            return


def _struck(change: EntryStruck, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield More(What.ENTRY, change.entry, ("withdrawn", change.revision.reason), (change.revision.author,))


def _given(change: HandoverGiven, record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    given = change.handover
    yield Doc(
        number=number_of(record.position, What.HANDOVER),
        what=What.HANDOVER,
        key=given.id,
        at=given.given_at,
        title=f"Handover by {given.given_by}",
        names=(given.id, "handover"),
        people=(given.given_by,),
        said=those((given.expect,)),
    )


def _signed(change: HandoverSigned, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    yield More(What.HANDOVER, change.handover, those((change.said, "taken over")), (change.by,))


def _on_test(change: WentOnTest, record: Record, place_of: PlaceOf) -> Iterator[Piece]:
    test: OnTest = change.test
    place = place_of(test.target)
    yield Doc(
        number=number_of(record.position, What.TEST),
        what=What.TEST,
        key=f"{test.name} {test.since.isoformat()}",
        at=test.since,
        title=f"On test: {place.name if place is not None else test.target}",
        names=those((test.target, test.zone, test.code, "on test")),
        people=those((test.author, test.second, test.owner)),
        said=(test.reason, test.owner),
        site=place.site if place is not None else test.target,
    )


def _off_test(change: CameOffTest, _record: Record, _place_of: PlaceOf) -> Iterator[Piece]:
    test = change.test
    swallowed = tuple(f"{event.replace('_', ' ')}: {count}" for event, count in test.swallowed.items())
    key = f"{test.name} {test.since.isoformat()}"
    yield More(What.TEST, key, ("off test", *swallowed), those((change.by,)))


def _at_cameras(change: AtCameras, record: Record, place_of: PlaceOf) -> Iterator[Piece]:
    if not isinstance(change.step, WorkOrderMoved):
        return
    order: WorkOrder = change.step.order
    place = place_of(order.subject)
    yield Doc(
        number=number_of(record.position, What.WORK_ORDER),
        what=What.WORK_ORDER,
        key=order.id,
        at=order.raised_at,
        title=f"Work order {order.id}: {order.fault.replace('_', ' ')}",
        names=those((order.id, order.subject, order.incident, place.name if place is not None else None)),
        people=those((order.raised_by, order.attended_by, order.cleared_by)),
        said=those((order.note, order.fault, str(order.result) if order.result is not None else None)),
        site=place.site if place is not None else "",
        area=str(place.area) if place is not None else "",
        incident=order.incident,
    )


def _text(payload: bytes) -> str:
    """Return what can be read of a message's body; what is no text is left out."""
    return payload[:BODY_CHARS].decode("utf-8", "ignore")


_READS: dict[type, Callable[[Any, Record, PlaceOf], Iterator[Piece]]] = {
    **OF_INCIDENTS,
    CrewNoted: _crew_noted,
    EntryKept: _entry,
    EntryStruck: _struck,
    HandoverGiven: _given,
    HandoverSigned: _signed,
    WentOnTest: _on_test,
    CameOffTest: _off_test,
    AtCameras: _at_cameras,
}
"""How a change is read, by its type; a change that is not named here gives nothing."""

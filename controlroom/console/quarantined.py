"""Messages in quarantine as the page shows them: cut to what may be shown, cheap in a flood. Pure."""

from datetime import datetime

import msgspec

from controlroom.console.deltas import QuarantineView
from controlroom.console.raw import SHORT_CHARS, SHOWN_BYTES, short, shown
from controlroom.events import MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.incidents.record import Record


class Held(msgspec.Struct, frozen=True):
    """A quarantined message cut to what may be shown of it; cheap to make for every message of a flood."""

    position: int
    at: datetime
    topic: str
    reason: QuarantineReason
    detail: str
    head: bytes
    size: int
    decided: bool


def held_of(record: Record) -> Held | None:
    """Return the quarantined message of this record; None where nothing in it is doubtful."""
    event = record.event
    if isinstance(event, MessageQuarantined):
        reason: QuarantineReason | None = event.reason
    elif isinstance(event, SignalReceived):
        reason = event.doubt
    else:
        return None
    if reason is None:
        return None
    wire, decided = event.wire, isinstance(event, SignalReceived)
    head, topic, detail = wire.payload[:SHOWN_BYTES], wire.topic[:MORE_CHARS], event.detail[:MORE_CHARS]
    return Held(record.position, record.now, topic, reason, detail, head, len(wire.payload), decided)


MORE_CHARS = SHORT_CHARS + 1
"""One character more than is shown, so that the cut is seen."""


def quarantine_view(held: Held) -> QuarantineView:
    """Return the quarantined message as the page shows it."""
    return QuarantineView(
        position=held.position,
        at=held.at,
        topic=short(held.topic),
        reason=held.reason,
        detail=short(held.detail),
        raw=shown(held.head, held.size),
        decided=held.decided,
    )

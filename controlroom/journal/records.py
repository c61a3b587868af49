"""The bytes of a frame: a batch of records, and who wrote it. MessagePack, so raw payloads stay raw.

The signal itself is not stored, only the message it came in and what was decided; whoever needs it
reads it again from the message. A restart reads only positions, moments and decisions, and skips the
rest unparsed.

A frame is read for ever, so its shape only grows: a field is added at the end and with a default, and
no field, tag or word of an enumeration is taken away or given another meaning. Then this programme reads
whatever an older one wrote; what a newer one wrote it may not, and says so.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from controlroom.commands.access import AccessNoted
from controlroom.commands.crews import CrewSpeaking, StepTaken
from controlroom.commands.handovers import HandoverCommand
from controlroom.commands.log_book import LogBookCommand
from controlroom.commands.patrols import PatrolEvent
from controlroom.commands.plan import PlanCommand
from controlroom.commands.referrals import DeliveryEvent
from controlroom.commands.rule_changes import RuleChangeCommand
from controlroom.events import (
    Command,
    CrewReported,
    Event,
    LinkLost,
    LinkRestored,
    MessageQuarantined,
    OrdersHandedOver,
    PersonBookedOff,
    PersonBookedOn,
    PersonChecked,
    PutOnTest,
    QuarantineReason,
    RoomOpened,
    RulesRefused,
    RulesSwapped,
    SignalReceived,
    TakeOffTest,
    Tick,
    WorkOrderCommand,
)
from controlroom.incidents.record import Decision, Record
from controlroom.signals.envelope import read
from controlroom.signals.wire import Wire


class StoredSignal(msgspec.Struct, frozen=True, gc=False, tag="signal"):
    """A received signal as the journal keeps it: the message, its key, and any doubt."""

    wire: Wire
    key: bytes
    doubt: QuarantineReason | None = None
    detail: str = ""


_StoredEvent = (
    StoredSignal
    | MessageQuarantined
    | CrewReported
    | StepTaken
    | CrewSpeaking
    | OrdersHandedOver
    | Command
    | DeliveryEvent
    | PatrolEvent
    | PutOnTest
    | TakeOffTest
    | PersonChecked
    | PersonBookedOn
    | PersonBookedOff
    | WorkOrderCommand
    | AccessNoted
    | LogBookCommand
    | HandoverCommand
    | PlanCommand
    | RoomOpened
    | LinkLost
    | LinkRestored
    | RuleChangeCommand
    | RulesSwapped
    | RulesRefused
    | Tick
)


class _StoredRecord(msgspec.Struct, frozen=True, gc=False, array_like=True):
    now: datetime
    decision: Decision
    event: _StoredEvent


class _Frame(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """`position` is that of the first record; the others follow without a hole."""

    writer: str
    position: int
    records: tuple[_StoredRecord, ...]


class Applied(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A record as a restart needs it: when, and what was decided; the event stays unparsed."""

    now: datetime
    decision: Decision
    event: msgspec.Raw


class AppliedFrame(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A frame as a restart needs it."""

    writer: str
    position: int
    records: tuple[Applied, ...]


class _Dated(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A record of which only the moment is read."""

    now: datetime


class _DatedFrame(msgspec.Struct, frozen=True, gc=False, array_like=True):
    writer: str
    position: int
    records: tuple[_Dated, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Frame).decode
_decode_applied = msgspec.msgpack.Decoder(AppliedFrame).decode
_decode_dated = msgspec.msgpack.Decoder(_DatedFrame).decode


def encode_frame(writer: str, records: Sequence[Record]) -> bytes:
    """Return the canonical bytes of a batch; `records` is not empty and has no hole."""
    stored = tuple(_StoredRecord(record.now, record.decision, _stored(record.event)) for record in records)
    return _encode(_Frame(writer, records[0].position, stored))


def is_writable(event: Event) -> bool:
    """Say whether this event can be written: half a character or a number beyond 64 bits cannot."""
    try:
        _encode(_stored(event))
    except (ValueError, TypeError, OverflowError, msgspec.MsgspecError):
        return False
    return True


def told_bytes(event: Event) -> bytes:
    """Return the bytes of an event as they stand in a frame; raises as `is_writable` says."""
    return _encode(_stored(event))


def decode_frame(body: bytes) -> list[Record]:
    """Return the records of a frame, signals read again; raises `msgspec.DecodeError` or ValueError."""
    frame = _decode(body)
    return [
        Record(frame.position + offset, stored.now, _told(stored.event), stored.decision)
        for offset, stored in enumerate(frame.records)
    ]


def decode_applied(body: bytes) -> AppliedFrame:
    """Return the frame with its events unparsed; raises `msgspec.DecodeError` on another shape."""
    return _decode_applied(body)


def moments_of(body: bytes) -> tuple[datetime, ...]:
    """Return when each record of a frame was decided; the rest is not read. Raises `msgspec.DecodeError`."""
    return tuple(record.now for record in _decode_dated(body).records)


def _stored(event: Event) -> _StoredEvent:
    if isinstance(event, SignalReceived):
        return StoredSignal(event.wire, event.key, event.doubt, event.detail)
    return event


def _told(event: _StoredEvent) -> Event:
    if isinstance(event, StoredSignal):
        return SignalReceived(read(event.wire), event.wire, event.key, event.doubt, event.detail)
    return event

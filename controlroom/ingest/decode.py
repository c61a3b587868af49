"""From a message to an event the room can be told; pure, and total over any bytes.

What cannot be understood becomes `MessageQuarantined`, with the raw bytes and a reason that says
what was found and what was expected. What can be understood but not wholly trusted (a source that
nobody owns, a device clock that runs ahead) is decided *and* quarantined: the doubt rides along. Of what
is too large only the beginning is kept (`oversize`).
"""

from datetime import datetime, timedelta

import msgspec
from pydantic import ValidationError

from controlroom.estate.model import Estate
from controlroom.events import Event, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.ingest.oversize import shortened, too_large
from controlroom.ingest.refusal import DETAIL_MAX, refusal
from controlroom.ingest.reports import decode_report
from controlroom.ingest.topics import OwnTopic, ReportTopic, SignalTopic, UnknownKind, WrongTopic, parse
from controlroom.signals.envelope import Signal, read, type_of
from controlroom.signals.wire import Wire, duplicate_key


class Limits(msgspec.Struct, frozen=True):
    """What the edge refuses. Sizes in bytes, times in seconds."""

    payload_bytes: int
    future_s: int
    simulated_welcome: bool


def decode(wire: Wire, estate: Estate, limits: Limits, now: datetime) -> Event | None:
    """Return what the room is to be told of this message; None for our own words come back."""
    event = _understood(wire, estate, limits, now)
    return shortened(event, limits.payload_bytes) if isinstance(event, MessageQuarantined) else event


def _understood(wire: Wire, estate: Estate, limits: Limits, now: datetime) -> Event | None:
    topic = parse(wire.topic)
    match topic:
        case SignalTopic():
            return _signal(wire, topic, estate, limits, now)
        case ReportTopic():
            return decode_report(wire, topic.unit, limits.payload_bytes)
        case OwnTopic():
            return None
        case UnknownKind():
            return MessageQuarantined(wire, QuarantineReason.UNKNOWN_KIND, f"no feed {topic.kind!r:.80}")
        case WrongTopic():
            return MessageQuarantined(wire, QuarantineReason.WRONG_TOPIC, topic.why[:DETAIL_MAX])


def _signal(
    wire: Wire, topic: SignalTopic, estate: Estate, limits: Limits, now: datetime
) -> SignalReceived | MessageQuarantined:
    oversize = too_large(wire, limits.payload_bytes)
    if oversize is not None:
        return MessageQuarantined(wire, QuarantineReason.OVERSIZE, oversize)
    try:
        signal = read(wire)
    except ValidationError as fault:
        return MessageQuarantined(wire, *refusal(wire.payload, fault))
    if signal.type != type_of(topic.kind):
        detail = f"type {signal.type} on a topic of {topic.kind}; expected {type_of(topic.kind)}"
        return MessageQuarantined(wire, QuarantineReason.WRONG_TYPE, detail)
    if signal.source != wire.topic:
        detail = f"source {signal.source!r:.100} is not the topic; a device speaks for itself only"
        return MessageQuarantined(wire, QuarantineReason.WRONG_TOPIC, detail)
    if signal.simulated and not limits.simulated_welcome:
        return MessageQuarantined(
            wire, QuarantineReason.SIMULATED_REFUSED, "this room takes no simulated signals"
        )
    return _with_doubt(wire, signal, estate, limits, now)


def _with_doubt(wire: Wire, signal: Signal, estate: Estate, limits: Limits, now: datetime) -> SignalReceived:
    """Return the signal, with what makes it doubtful though it is decided."""
    doubt: QuarantineReason | None = None
    detail = ""
    if signal.time > now and signal.time - now > timedelta(seconds=limits.future_s):
        doubt = QuarantineReason.FUTURE_TIME
        detail = f"device time {signal.time.isoformat()} is ahead; decided by our own clock"
    elif estate.place(wire.topic) is None:
        doubt = QuarantineReason.UNKNOWN_SOURCE
        detail = "nobody in the estate speaks on this topic; decided by the rules of its kind"
    return SignalReceived(signal, wire, duplicate_key(signal.source, signal.id), doubt, detail)

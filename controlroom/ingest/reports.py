"""From a crew's message to an event the room can be told; the same rules as for signals.

A crew speaks on one topic, of its orders and of itself, and is recognised when it says the same again.
"""

from pydantic import ValidationError

from controlroom.commands.crews import CrewSpoke
from controlroom.events import CrewReported, MessageQuarantined, QuarantineReason
from controlroom.ingest.oversize import too_large
from controlroom.ingest.refusal import refusal
from controlroom.signals.dispatch_messages import CrewStatus, read_report
from controlroom.signals.wire import Wire, duplicate_key


def decode_report(wire: Wire, unit: str, payload_bytes: int) -> CrewReported | CrewSpoke | MessageQuarantined:
    """Return the report, or why it is none; a unit reports for itself only."""
    oversize = too_large(wire, payload_bytes)
    if oversize is not None:
        return MessageQuarantined(wire, QuarantineReason.OVERSIZE, oversize)
    try:
        message = read_report(wire.payload)
    except ValidationError as fault:
        return MessageQuarantined(wire, *refusal(wire.payload, fault))
    report = message.data
    if message.source != wire.topic or report.unit != unit:
        detail = f"a report of {report.unit} from {message.source!r:.100} on the topic of {unit}"
        return MessageQuarantined(wire, QuarantineReason.WRONG_TOPIC, detail)
    key, position = duplicate_key(wire.topic, message.id), report.position
    latitude, longitude = (position.latitude, position.longitude) if position is not None else (None, None)
    if isinstance(report, CrewStatus):
        return CrewSpoke(wire, unit, report.word, key, latitude, longitude)
    return CrewReported(
        wire,
        report.order,
        unit,
        report.step,
        report.outcome,
        report.reason,
        report.cause,
        latitude,
        longitude,
        key,
    )

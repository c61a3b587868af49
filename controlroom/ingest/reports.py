"""From a crew's message to an event the room can be told; the same rules as for signals."""

from pydantic import ValidationError

from controlroom.events import CrewReported, MessageQuarantined, QuarantineReason
from controlroom.ingest.oversize import too_large
from controlroom.ingest.refusal import refusal
from controlroom.signals.dispatch_messages import read_report
from controlroom.signals.wire import Wire


def decode_report(wire: Wire, unit: str, payload_bytes: int) -> CrewReported | MessageQuarantined:
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
    return CrewReported(wire, report.order, report.unit, report.step, report.outcome, report.reason)

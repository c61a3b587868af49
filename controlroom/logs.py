"""structlog, set up once: JSON lines or a readable console, and one canonical line a signal.

The canonical line carries what an engineer asks first: what came, from where, what was decided, by
which rule, and how old it was. Names of people and raw payloads stay out of the log.
"""

import logging
import sys
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import structlog

from controlroom.events import CrewReported, MessageQuarantined, SignalReceived
from controlroom.incidents.changes import IncidentOpened, Logged, SignalJoined
from controlroom.incidents.record import Record

_encode = msgspec.json.Encoder().encode


def set_up(level: Literal["debug", "info", "warning", "error"], form: Literal["json", "console"]) -> None:
    """Configure structlog for this process: lines on standard error, times in UTC."""
    as_json = form == "json"
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=_dumps)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=(
            structlog.BytesLoggerFactory(sys.stderr.buffer)
            if as_json
            else structlog.PrintLoggerFactory(sys.stderr)
        ),
        cache_logger_on_first_use=True,
    )


def _dumps(line: Any, **_: Any) -> bytes:
    return _encode(line)


class CanonicalLog:
    """Writes one line for each signal, report and quarantined message. A follower of the room."""

    def __init__(self) -> None:
        self._log = structlog.get_logger("signal").bind()

    def released(self, records: Sequence[Record]) -> None:
        """Write the lines of these durable records."""
        info = self._log.info
        for record in records:
            event = record.event
            match event:
                case SignalReceived():
                    info("signal", **_signal_line(record, event))
                case MessageQuarantined():
                    info(
                        "quarantined",
                        position=record.position,
                        topic=event.wire.topic,
                        reason=event.reason,
                        detail=event.detail,
                    )
                case CrewReported():
                    info(
                        "crew_report",
                        position=record.position,
                        order=event.order,
                        unit=event.unit,
                        step=event.step,
                        reason=record.decision.reasons[0],
                    )
                case _:
                    pass  # commands, ticks and hand-overs show in their effects


def _signal_line(record: Record, event: SignalReceived) -> dict[str, Any]:
    decision = record.decision
    line: dict[str, Any] = {
        "position": record.position,
        "topic": event.wire.topic,
        "id": event.signal.id,
        "age_ms": round((record.now - event.signal.time).total_seconds() * 1000),
        "reason": decision.reasons[0],
        "rule": decision.ruling.rule if decision.ruling is not None else None,
    }
    for change in decision.changes:
        match change:
            case Logged():
                line |= {"route": "log", "priority": change.priority}
            case IncidentOpened(incident=incident):
                line |= {"route": "mobile_response", "priority": incident.priority, "incident": incident.id}
            case SignalJoined():
                line |= {"route": "mobile_response", "priority": change.priority, "incident": change.incident}
            case _:
                pass
    if decision.orders:
        line["unit"] = decision.orders[0].unit
    return line

"""structlog, set up once: JSON lines or a readable console, and one canonical line a signal.

The canonical line carries what an engineer asks first: what came, from where, what was decided, by
which rule, and how old it was. Names of people and raw payloads stay out of the log.

Canonical lines are written a batch at a time, with one write: they are released a batch at a time.
"""

import logging
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, Literal, TextIO, cast

import msgspec
import structlog

from controlroom.events import CrewReported, MessageQuarantined, SignalReceived
from controlroom.incidents.changes import IncidentOpened, Logged, SignalJoined
from controlroom.incidents.record import Record

_encode = msgspec.json.Encoder().encode

Level = Literal["debug", "info", "warning", "error"]
"""Least severity that is written."""

Form = Literal["json", "console"]
"""Lines for machines, or for a person who watches."""


def set_up(level: Level, form: Form) -> None:
    """Configure structlog for this process: lines on standard error, times in UTC."""
    json = form == "json"
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=(
            structlog.BytesLoggerFactory(cast("BinaryIO", _Paper(sys.stderr)))
            if json
            else structlog.PrintLoggerFactory(cast("TextIO", _Paper(sys.stderr)))
        ),
        cache_logger_on_first_use=True,
    )


def _renderer(form: Form) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(serializer=_dumps)
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())


def _dumps(line: Any, **_: Any) -> bytes:
    return _encode(line)


class _Paper:
    """Where lines end up. What cannot be written is counted in `lost` and goes nowhere.

    A full disk behind the log, or a reader that has gone, must not stop a room that answers alarms; the
    journal has everything that the lines would say.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self.lost = 0

    def write(self, lines: str | bytes) -> None:
        """Write these lines now, if that can be done."""
        try:
            self._out.buffer.write(lines if isinstance(lines, bytes) else lines.encode())
            self._out.buffer.flush()
        except OSError:
            self.lost += 1

    def flush(self) -> None:
        """Do nothing: what was written has left."""


class _Page:
    """A structlog logger that keeps its lines until it is told to write them, all at once."""

    def __init__(self, out: _Paper) -> None:
        self._out = out
        self._lines: list[bytes] = []

    def info(self, line: str | bytes) -> None:
        """Keep a line."""
        self._lines.append(line if isinstance(line, bytes) else line.encode())

    def write(self) -> None:
        """Write what was kept."""
        if self._lines:
            self._lines.append(b"")
            self._out.write(b"\n".join(self._lines))
            self._lines.clear()


class CanonicalLog:
    """Writes one line for each signal, report and quarantined message. A follower of the room.

    A line's `timestamp` is the moment at which the room was told; `level` is always info.
    """

    def __init__(self, level: Level, form: Form) -> None:
        self._silent = level not in {"debug", "info"}
        self._paper = _Paper(sys.stderr)
        self._page = _Page(self._paper)
        self._log = structlog.wrap_logger(
            self._page,
            processors=[_renderer(form)],
            wrapper_class=structlog.BoundLogger,
            cache_logger_on_first_use=True,
        ).bind()

    @property
    def lost(self) -> int:
        """How often lines could not be written."""
        return self._paper.lost

    def released(self, records: Sequence[Record]) -> None:
        """Write the lines of these durable records."""
        if self._silent:
            return
        info = self._log.info
        for record in records:
            event = record.event
            match event:
                case SignalReceived():
                    info("signal", **_signal_line(record, event))
                case MessageQuarantined():
                    info(
                        "quarantined",
                        level="info",
                        timestamp=record.now,
                        position=record.position,
                        topic=event.wire.topic,
                        reason=event.reason,
                        detail=event.detail,
                    )
                case CrewReported():
                    info(
                        "crew_report",
                        level="info",
                        timestamp=record.now,
                        position=record.position,
                        order=event.order,
                        unit=event.unit,
                        step=event.step,
                        reason=record.decision.reasons[0],
                    )
                case _:
                    pass  # commands, ticks and hand-overs show in their effects
        self._page.write()


def _signal_line(record: Record, event: SignalReceived) -> dict[str, Any]:
    decision = record.decision
    line: dict[str, Any] = {
        "level": "info",
        "timestamp": record.now,
        "position": record.position,
        "topic": event.wire.topic,
        "id": event.signal.id,
        "age_ms": round((record.now - event.signal.time).total_seconds() * 1000),
        "reason": decision.reasons[0],
        "rule": decision.ruling.rule if decision.ruling is not None else None,
    }
    for change in reversed(decision.changes):
        if type(change) is Logged:
            line["route"] = "log"
            line["priority"] = change.priority
            break
        if type(change) is IncidentOpened:
            line["route"] = "mobile_response"
            line["priority"] = change.incident.priority
            line["incident"] = change.incident.id
            break
        if type(change) is SignalJoined:
            line["route"] = "mobile_response"
            line["priority"] = change.priority
            line["incident"] = change.incident
            break
    if decision.orders:
        line["unit"] = decision.orders[0].unit
    return line

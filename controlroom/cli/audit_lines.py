"""Records of the journal in two dresses: a line for a person, and a JSON object that has everything.

The JSON keeps the raw message: `payload` as text where it is UTF-8, else `payload_base64`.
"""

import base64
import sys
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import msgspec
import typer

from controlroom.cli.audit_store import Stored
from controlroom.cli.exits import ExitCode
from controlroom.incidents.record import Record
from controlroom.journal.records import decode_frame
from controlroom.journal.words.commands import conceal
from controlroom.journal.words.told import told
from controlroom.signals.wire import Wire


class Span(msgspec.Struct, frozen=True):
    """From where to where, both included; by position or by moment, None where there is no bound."""

    first: int = 1
    last: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, record: Record) -> bool:
        """Return whether the record lies inside."""
        return (
            record.position >= self.first
            and (self.last is None or record.position <= self.last)
            and (self.since is None or record.now >= self.since)
            and (self.until is None or record.now <= self.until)
        )


def span_or_exit(start: str, end: str) -> Span:
    """Return the span of two words; ends the command, as misused, where a word is no place in a journal."""
    first, since = _place("--from", start)
    last, until = _place("--to", end)
    return Span(first or 1, last, since, until)


def printing(span: Span, line: Callable[[Record], str]) -> Callable[[Stored], Coroutine[None, None, None]]:
    """Return the work of printing every record of the span, oldest first."""

    async def work(stored: Stored) -> None:
        async for frame in stored.store.frames(span.first - 1):
            if span.last is not None and frame.position > span.last:
                return
            try:
                records = decode_frame(frame.body)
            except (msgspec.MsgspecError, ValueError) as fault:
                print(f"position {frame.position}: no frame of ours ({fault})", file=sys.stderr)
                raise typer.Exit(ExitCode.FINDING) from None
            for record in filter(span.holds, records):
                print(line(record))

    return work


def plain_line(record: Record) -> str:
    """Return the record as a line for a person."""
    decision = record.decision
    made = [type(change).__name__ for change in decision.changes]
    made += [f"{order.id} to {order.unit}" for order in decision.orders]
    rule = f" by {decision.ruling.table}/{decision.ruling.rule}" if decision.ruling is not None else ""
    why = f" ({', '.join(decision.reasons)})" if decision.reasons else ""
    moment = record.now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    done = ", ".join(made) or "nothing"
    return f"{record.position:>9}  {moment}  {told(record.event)}  ->  {done}{rule}{why}"


def json_line(record: Record) -> str:
    """Return the record as a JSON object on one line."""
    event = record.event
    told: dict[str, Any] = {"kind": type(event).__name__}
    for name in event.__struct_fields__:
        value = getattr(event, name)
        if isinstance(value, Wire):
            told[name] = _wire(value)
        elif name != "signal":  # the message says it already
            told[name] = value.hex() if isinstance(value, bytes) else value
    decision = msgspec.to_builtins(record.decision)
    whole = {"position": record.position, "now": record.now, "event": told, "decision": decision}
    conceal(record, whole)
    return msgspec.json.encode(whole).decode()


def _place(option: str, word: str) -> tuple[int | None, datetime | None]:
    """Return the position or the moment that a word names; a moment without a zone is UTC."""
    if not word:
        return None, None
    if word.isdigit():
        return int(word), None
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        print(f"{option}: found {word!r}; allowed is a position or a moment in ISO 8601", file=sys.stderr)
        raise typer.Exit(ExitCode.USAGE) from None
    return None, moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _wire(wire: Wire) -> dict[str, Any]:
    """Return the message, its payload as text where it is text."""
    fields: dict[str, Any] = {
        name: getattr(wire, name) for name in wire.__struct_fields__ if name != "payload"
    }
    try:
        fields["payload"] = wire.payload.decode()
    except UnicodeDecodeError:
        fields["payload_base64"] = base64.b64encode(wire.payload).decode()
    return fields

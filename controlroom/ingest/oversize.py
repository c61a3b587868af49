"""What is too large to be kept whole: its beginning stays, with the length and the digest of all of it.

A frame must always be small enough to be stored in time, whatever a device sends; the beginning tells an
engineer what it was, and the digest proves it of a copy found elsewhere. Nothing smaller is ever cut, and
no signal that was understood: how many user properties one may carry is for the broker's `max_packet_size`.
"""

from hashlib import sha256

import msgspec

from controlroom.events import MessageQuarantined
from controlroom.ingest.refusal import DETAIL_MAX
from controlroom.signals.wire import Wire

KEPT_BYTES = 65_536
"""Bytes of an oversize payload that are kept: a hundred times any signal we know. What is larger is no
signal, and its beginning shows what it is instead."""

ATTRIBUTES_MAX_CHARACTERS = 65_536
"""Names and values of the user properties that are kept of a message in quarantine: MQTT bounds each of them
but not how many there are. A signal of ours has some three hundred characters."""


def too_large(wire: Wire, payload_bytes: int) -> str | None:
    """Return why this message is oversize; None when it is not."""
    if len(wire.payload) > payload_bytes:
        return f"{len(wire.payload)} bytes; at most {payload_bytes} are taken"
    return None


def shortened(event: MessageQuarantined, payload_bytes: int) -> MessageQuarantined:
    """Return the event with no more of its message than may be kept; the same one when all of it may."""
    wire = kept = event.wire
    notes: list[str] = []
    if len(wire.payload) > max(payload_bytes, KEPT_BYTES):
        digest = sha256(wire.payload).hexdigest()
        notes.append(f"; the first {KEPT_BYTES} kept of {len(wire.payload)} payload bytes, SHA-256 {digest}")
        kept = msgspec.structs.replace(kept, payload=wire.payload[:KEPT_BYTES])
    first = _that_fit(wire.attributes)
    if len(first) < len(wire.attributes):
        digest = sha256("".join(map("".join, wire.attributes)).encode(errors="replace")).hexdigest()
        notes.append(
            f"; the first {len(first)} of {len(wire.attributes)} user properties kept, SHA-256 {digest}"
        )
        kept = msgspec.structs.replace(kept, attributes=first)
    if not notes:
        return event
    note = "".join(notes)
    return MessageQuarantined(kept, event.reason, event.detail[: DETAIL_MAX - len(note)] + note)


def _that_fit(attributes: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    left = ATTRIBUTES_MAX_CHARACTERS
    for count, (name, value) in enumerate(attributes):
        left -= len(name) + len(value)
        if left < 0:
            return attributes[:count]
    return attributes

"""The journal as plain lists and dictionaries, and messages by their names: decoded here, sharing nothing.

A frame's body is MessagePack: `[writer, first position, [[now, decision, event], ...]]`. A signal's event
holds the message as it came; what it says is read from there once more, with plain JSON.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

Name = tuple[str, str]
"""Source and id of a signal; of anything that is none, its topic and its bytes as text."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """One record as it lies in the journal; `event` and `decision` are plain dictionaries.

    `kind` is the tag of the event; `orders` and `changes` are those of the decision.
    """

    position: int
    now: datetime
    event: dict[str, Any]
    decision: dict[str, Any]
    kind: str
    orders: list[dict[str, Any]]
    changes: list[dict[str, Any]]


class Saying(msgspec.Struct, frozen=True, gc=False):
    """What a message says, as far as it can be read: its name, its type and its data."""

    name: Name
    type: str = ""
    data: dict[str, Any] = {}


READ_AGAIN = 128
"""So many payloads are kept as read: each is looked at when decided and when acknowledged."""

_decode = msgspec.msgpack.Decoder().decode


def told(body: bytes) -> Iterator[Told]:
    """Yield the records of a frame's body."""
    _, position, records = _decode(body)
    for place, (now, decision, event) in enumerate(records, position):
        orders, changes = decision.get("orders", []), decision.get("changes", [])
        yield Told(place, now, event, decision, event["type"], orders, changes)


def saying(topic: str, payload: bytes, content_type: str | None, attributes: Any) -> Saying:
    """Return what a message says, whichever CloudEvents mode it came in; total over any bytes."""
    unnamed = Saying((topic, payload.decode("latin-1")))
    try:
        body = _read(payload)
    except (ValueError, RecursionError):
        return unnamed
    if content_type is not None and content_type.startswith("application/json"):
        event, data = dict(attributes), body
    elif isinstance(body, dict):
        event, data = body, body.get("data")
    else:
        return unnamed
    if not isinstance(data, dict) or not isinstance(event.get("id"), str):
        return unnamed
    return Saying((str(event.get("source")), event["id"]), str(event.get("type")), data)


@lru_cache(maxsize=READ_AGAIN)
def _read(payload: bytes) -> Any:
    return json.loads(payload)


def of_event(event: dict[str, Any]) -> Saying:
    """Return what the message of a recorded event says."""
    wire = event["wire"]
    return saying(wire["topic"], wire["payload"], wire["content_type"], wire["attributes"])

"""The stored stream as plain lists and dictionaries: decoded here, sharing nothing with the product.

A frame's body is MessagePack: `[writer, first position, [[now, decision, event], ...]]`. A signal's event
holds the message as it came; its source and id are read from there once more, with plain JSON.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import redis

_Page = list[tuple[bytes, dict[bytes, bytes]]]
"""What the driver returns with protocol 2 and no decoding; its types leave more open."""

PAGE = 100
"""Entries read at once: some megabytes."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One record as it lies in the store. `event` and `decision` are plain dictionaries."""

    epoch: int
    position: int
    event: dict[str, Any]
    decision: dict[str, Any]

    @property
    def kind(self) -> str:
        """The tag of the event."""
        return str(self.event["type"])

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The orders that the decision gave."""
        return list(self.decision.get("orders", ()))

    def changes(self, tag: str) -> list[dict[str, Any]]:
        """Return the changes of this tag."""
        return [change for change in self.decision.get("changes", ()) if change["type"] == tag]


def entries(socket: Path, stream: str) -> Iterator[Entry]:
    """Yield every record of the stream in the order of the store's own ids."""
    client = redis.Redis(unix_socket_path=str(socket), protocol=2)
    start = "-"
    try:
        while page := cast("_Page", client.xrange(stream, start, "+", count=PAGE)):
            for name, fields in page:
                yield from _records(name.decode(), fields)
            start = f"({page[-1][0].decode()}"
    finally:
        client.close()


def _records(name: str, fields: dict[bytes, bytes]) -> Iterator[Entry]:
    epoch, first = (int(part) for part in name.split("-"))
    _, position, records = msgspec.msgpack.decode(fields[b"b"])
    if position != first or len(records) != int(fields[b"n"]):
        raise AssertionError(f"entry {name} says {position} and {len(records)} records inside")
    for offset, (_, decision, event) in enumerate(records):
        yield Entry(epoch, position + offset, event, decision)


def signal_name(wire: dict[str, Any]) -> tuple[str, str]:
    """Return source and id of the CloudEvent in this message, whichever mode it came in."""
    if str(wire["content_type"]).startswith("application/cloudevents+json"):
        event = json.loads(wire["payload"])
        return event["source"], event["id"]
    attributes = dict(wire["attributes"])
    return attributes["source"], attributes["id"]

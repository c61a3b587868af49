"""A device's message told again: at another time, under another id, marked as simulated, of another person.

Both CloudEvents modes are written back as they were read. What is no event (garbage, a cut payload) stays as
it is, byte for byte: that is what makes it worth playing.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire

ID_MAX = 128
"""Characters of an event's id, at most (the envelope's own limit)."""

Attributes = dict[str, Any]
Data = dict[str, Any]
Change = Callable[[Attributes, Data], None]
"""Changes the attributes of an event and its data in place."""


def rewritten(wire: Wire, change: Change) -> Wire:
    """Return the message with this change made to its event; the same where there is no event in it."""
    if wire.content_type == STRUCTURED:
        event = _object(wire.payload)
        if event is None or not isinstance(event.get("data"), dict):
            return wire
        data = event["data"]
        change(event, data)
        return _answered(msgspec.structs.replace(wire, payload=_bytes(event)), event)
    attributes: Attributes = dict(wire.attributes)
    data_alone = _object(wire.payload)
    if data_alone is None or len(attributes) != len(wire.attributes) or "id" not in attributes:
        return wire
    before = _bytes(data_alone)
    change(attributes, data_alone)
    properties = tuple((name, _text(value)) for name, value in attributes.items())
    after = _bytes(data_alone)
    told = msgspec.structs.replace(wire, attributes=properties)
    return _answered(told if before == after else msgspec.structs.replace(told, payload=after), attributes)


def _answered(wire: Wire, attributes: Attributes) -> Wire:
    """Return the message asking for its receipt under its own id, where it asks for one."""
    if wire.correlation is None:
        return wire
    return msgspec.structs.replace(wire, correlation=str(attributes["id"]).encode())


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and all(isinstance(name, str) for name in found) else None


def _bytes(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_marked(wire: Wire) -> bool:
    """Return whether the message is an event with the mark of a simulated one, or no event at all."""
    seen: list[object] = []
    rewritten(wire, lambda attributes, _: seen.append(attributes.get("simulated")))
    return not seen or seen[0] is True or seen[0] == "true"


class Anew(msgspec.Struct, frozen=True):
    """How a message is told anew: `suffix` makes its id news, `later` moves its clock, `mark` says simulated.

    `counted` is added to the device's own counter. `speed` is how much faster than it was recorded everything
    goes: the timed note of a lone worker ends so much sooner.
    """

    suffix: str = ""
    later: timedelta = timedelta()
    counted: int = 0
    mark: bool = False
    speed: float = 1.0


def anew(wire: Wire, how: Anew) -> Wire:
    """Return the message told anew."""

    def change(attributes: Attributes, data: Data) -> None:
        said = attributes.get("time")
        if isinstance(attributes.get("id"), str):
            attributes["id"] = (attributes["id"] + how.suffix)[-ID_MAX:]
        if how.later and isinstance(said, str):
            attributes["time"] = _moved(said, how.later)
            until = data.get("amber_until")
            if isinstance(until, str):
                data["amber_until"] = _note_ends(said, until, how)
        if how.counted and str(attributes.get("sequence", "")).isdecimal():
            attributes["sequence"] = str(int(attributes["sequence"]) + how.counted)
        if how.mark:
            attributes["simulated"] = True

    return rewritten(wire, change)


def _moved(moment: str, later: timedelta) -> str:
    """Return the moment moved; what is none stays as it is."""
    try:
        return (datetime.fromisoformat(moment) + later).isoformat()
    except (ValueError, OverflowError):
        return moment


def _note_ends(said: str, until: str, how: Anew) -> str:
    """Return when a timed note ends that was begun at `said`, in a world that goes faster."""
    try:
        starts, ends = datetime.fromisoformat(said), datetime.fromisoformat(until)
        return (starts + how.later + (ends - starts) / how.speed).isoformat()
    except (ValueError, OverflowError, TypeError):
        return until

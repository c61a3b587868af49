"""Circumstances as one JSON document that a person can read, edit and play: a signal with what surrounds it.

The document is the signal's own CloudEvent. What the room and the estate know beside it travels in the
extension attribute `circumstances`; a reader of signals ignores attributes that it does not know, so the
same document can be explained, replayed and sent.

    {"specversion": "1.0", ..., "data": {...},
     "circumstances": {"at": "2026-01-14T12:00:00+00:00", "place": {...} or null, "room": {...}}}

Every part of `circumstances` may be left out: `at` is then the time of the signal, `room` is what a room
knows that has just started, and the place is looked up by the signal's source.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import pydantic

from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.rules.verdict import Circumstances, RoomFacts
from controlroom.signals.envelope import kind_of, read_any

Part = TypeVar("Part", Place, RoomFacts)

EXTENSION = "circumstances"
"""The CloudEvents extension attribute that holds what surrounds the signal."""

PLACE_FACTS = ("site", "site_kind", "name", "tags", "risk", "keys_held")
"""What a document says of a place; its topic, kind and area are the signal's own."""


class UnreadableExampleError(ValueError):
    """The document is no signal with circumstances; says where, what was found, what is allowed."""


def document(given: Circumstances) -> dict[str, Any]:
    """Return the circumstances as plain JSON data; `circumstances_of` reads them back unchanged."""
    signal = given.signal.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    place = given.place
    facts = None if place is None else {name: getattr(place, name) for name in PLACE_FACTS}
    if facts is not None:
        facts["tags"] = sorted(facts["tags"])
    room = {name: value for name, value in msgspec.structs.asdict(given.room).items() if value is not None}
    around = {"at": given.now.isoformat(), "place": facts, "room": room}
    return {"specversion": "1.0", **signal, EXTENSION: around}


def text(given: Circumstances) -> str:
    """Return the document as indented JSON."""
    return json.dumps(document(given), indent=2, ensure_ascii=False)


def circumstances_of(
    raw: str,
    *,
    state: str | None = None,
    at: datetime | None = None,
    place_of: Callable[[str], Place | None] = lambda _: None,
) -> Circumstances:
    """Return what this document says.

    `state` is a second document in the form of `circumstances` whose parts go before the first one's; `at`
    goes before both; `place_of` finds a place by topic where no document speaks of one. Raises
    `UnreadableExampleError`.
    """
    whole = _object(raw, "the signal")
    around = _part(whole, EXTENSION) | ({} if state is None else _object(state, "the state"))
    unknown = set(around) - {"at", "place", "room"}
    if unknown:
        raise UnreadableExampleError(
            f"{EXTENSION}: '{min(unknown)}' is not known; allowed: at, place, room; take it out"
        )
    try:
        signal = read_any(raw.encode())
    except pydantic.ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UnreadableExampleError(
            f"the signal: {place}: {first['msg']}; found {first['input']!r}"[:300]
        ) from fault
    kind = kind_of(signal)
    area = _area(signal.source)
    given = around.get("place", ...)
    place_found = place_of(signal.source) if given is ... else _place(given, signal.source, kind, area)
    return Circumstances(
        signal, kind, area, place_found, _room(around.get("room", {})), at or _moment(around, signal.time)
    )


def _object(raw: str, what: str) -> dict[str, Any]:
    """Return a JSON object."""
    try:
        found = json.loads(raw)
    except ValueError as fault:
        raise UnreadableExampleError(f"{what} is no JSON: {fault}; write one JSON object") from fault
    if not isinstance(found, dict):
        raise UnreadableExampleError(f"{what} is no JSON object; write {{...}}")
    return found


def _part(whole: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = whole.get(key, {})
    if not isinstance(found, dict):
        raise UnreadableExampleError(f"{key} is no JSON object; write {{...}}, or take it out")
    return found


def _area(source: str) -> Area:
    """Return the area that the topic names."""
    steps = source.split("/")
    allowed = [area.value for area in Area]
    if len(steps) < 2 or steps[1] not in allowed:  # noqa: PLR2004 - the area is the second step of a topic
        raise UnreadableExampleError(
            f"source '{source}' names no area in its second step; allowed: {', '.join(allowed)}"
        )
    return Area(steps[1])


def _moment(around: Mapping[str, Any], otherwise: datetime) -> datetime:
    """Return the time at which the rules are asked."""
    if "at" not in around:
        return otherwise
    try:
        found = datetime.fromisoformat(around["at"])
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise UnreadableExampleError(
            f"at {around['at']!r} is no time with a zone; allowed: like 2026-01-14T12:00:00+00:00"
        )
    return found


def _place(given: object, topic: str, kind: str, area: Area) -> Place | None:
    """Return the place of the document; null is a place that is not known."""
    if given is None:
        return None
    if not isinstance(given, dict) or set(given) - set(PLACE_FACTS):
        raise UnreadableExampleError(f"place: allowed are null or an object of {', '.join(PLACE_FACTS)}")
    usual = {"site": "example-site", "site_kind": "council_building", "name": "Example place"}
    return _converted({"topic": topic, "kind": kind, "area": area, **usual, **given}, Place, "place")


def _room(given: object) -> RoomFacts:
    """Return what the room knows."""
    allowed = RoomFacts.__struct_fields__
    if not isinstance(given, dict) or set(given) - set(allowed):
        raise UnreadableExampleError(f"room: allowed is an object of {', '.join(allowed)}")
    return _converted(given, RoomFacts, "room")


def _converted(given: dict[str, Any], shape: type[Part], what: str) -> Part:
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as fault:
        raise UnreadableExampleError(f"{what}: {fault}") from fault

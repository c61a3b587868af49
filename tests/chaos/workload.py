"""The city's signals for the chaos runs: seeded, about 400 bytes, both CloudEvents modes, 44 % due an order.

What is due is said here, by the table below, and not asked of the product: the judge compares.
"""

import json
import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from controlroom.wiring.books import read_estate
from tests.chaos.packets import Letter

STRUCTURED = "application/cloudevents+json"
BINARY_SHARE = 0.3
TWICE_SHARE = 0.03
"""Signals that their device sends a second time, as devices do that missed an answer."""

TWICE_WITHIN = 3_000
"""A second copy follows at most so many signals later: about a second and a half at full rate."""

RULES = Path(__file__).parents[2] / "benchmarks" / "rules"

_DUE: dict[str, tuple[tuple[str, bool], ...]] = {
    "arc-alarm": (("hold_up", True), ("panic", True), ("opened", False), ("mains_fault", False)),
    "camera-fault": (("tamper", True), ("offline", False), ("recording", False)),
    "help-point": (("answered", False), ("ended", False)),
    "lone-worker": (("sos", True), ("man_down", True), ("check_in", False)),
    "guard": (("check_call", False), ("on_duty", False)),
    "park": (("injury", True), ("opened", False)),
    "telecare": (("fall", True), ("test", False)),
}
"""Per kind, the words that are sent and whether each must lead to an order.

Dangers, because the room rolls up whatever else a source says again and again, as it should: a help point
that rings sixteen times in the second after an outage is a stuck button. Tampering is let through by the
settings of the run (`house`)."""

_WEIGHTS = {
    "arc-alarm": 40,
    "camera-fault": 22,
    "help-point": 5,
    "lone-worker": 13,
    "guard": 4,
    "park": 3,
    "telecare": 13,
}
"""Percent of the signals; with equal words in a kind 44 % are due an order."""


class Said(msgspec.Struct, frozen=True, gc=False):
    """One signal: who said it under which id, whether an order is due, and the message itself."""

    source: str
    id: str
    due: bool
    letter: Letter

    @property
    def name(self) -> tuple[str, str]:
        """The name of a signal: CloudEvents' source and id."""
        return self.source, self.id


class City:
    """Says signals for ever, the same ones for the same seed and run name. `topics` by kind."""

    def __init__(self, topics: dict[str, list[str]], run: str, seed: int) -> None:
        self._topics = topics
        self._run = run
        self._random = random.Random(seed)
        self._count = 0
        self._again: dict[int, list[Said]] = {}

    def say(self, now: datetime) -> Said:
        """Return the next signal, or a second copy of an earlier one whose turn it is."""
        self._count += 1
        waiting = self._again.pop(self._count, None)
        if waiting:
            if waiting[1:]:
                self._again.setdefault(self._count + 1, []).extend(waiting[1:])
            return waiting[0]
        said = self._new(now)
        if self._random.random() < TWICE_SHARE:
            later = self._count + self._random.randint(1, TWICE_WITHIN)
            self._again.setdefault(later, []).append(said)
        return said

    def burst(self, count: int, now: datetime) -> Iterator[Said]:
        """Yield so many new signals."""
        for _ in range(count):
            self._count += 1
            yield self._new(now)

    def _new(self, now: datetime) -> Said:
        draw = self._random
        kind = draw.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        word, due = draw.choice(_DUE[kind])
        topic = draw.choice(self._topics[kind])
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"{self._run}-{self._count:08d}",
            "source": topic,
            "type": f"uk.gov.leeds.leedswatch.{kind}.v1",
            "time": now.isoformat(),
            "sequence": str(self._count),
            "traceparent": f"00-{draw.getrandbits(128):032x}-{draw.getrandbits(64):016x}-01",
        }
        data = _data(kind, word, topic.rsplit("/", 1)[1], draw)
        binary = draw.random() < BINARY_SHARE
        return Said(topic, attributes["id"], due, _letter(topic, attributes, data, binary=binary))


def _data(kind: str, word: str, key: str, draw: random.Random) -> dict[str, Any]:
    match kind:
        case "arc-alarm":
            zone = f"Z{draw.randint(1, 32):02d}"
            return {"site": key, "zone": zone, "event": word, "condition": "active", "set_state": "set"}
        case "camera-fault":
            return {"camera": key, "fault": word, "state": "raised"}
        case "help-point":
            return {"point": key, "call": f"C-{draw.getrandbits(32):08x}", "step": word}
        case "lone-worker":
            place = {"latitude": 53.8 + draw.random() / 10, "longitude": -1.55, "accuracy_m": 12.5}
            return {"worker": key, "event": word, "position": place}
        case "park":
            return {"park": key, "event": word, "warden": f"PW-{draw.randint(1, 9)}"}
        case "telecare":
            return {"home": key, "event": word, "device": "D-1", "speech": True}
        case _:
            return {"guard": f"G-{draw.randint(1, 99)}", "post": key, "event": word}


def _letter(topic: str, attributes: dict[str, Any], data: dict[str, Any], *, binary: bool) -> Letter:
    if binary:
        carried = (*attributes.items(), ("simulated", "true"))
        return Letter(topic, _json(data), "application/json", carried)
    event = {**attributes, "datacontenttype": "application/json", "simulated": True, "data": data}
    return Letter(topic, _json(event), STRUCTURED)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def topics_by_kind(estate: Path) -> dict[str, list[str]]:
    """Return the topics of the demonstration estate by kind, in the order of its files."""
    by_kind: dict[str, list[str]] = {}
    for place in read_estate(estate).places.values():
        by_kind.setdefault(place.kind, []).append(place.topic)
    return by_kind

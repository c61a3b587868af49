"""Other names for the people in a feed: the same for the same key, and no way back without it.

Guards, wardens and desks get a word made from theirs by a keyed digest. Lone workers and homes are places of
the estate, and a feed that named others than the estate's could not be replayed: they change places among
each other, by the key, within those that are watched over alike (interval, grace, roster, risk, tags).
Positions are rounded to about a kilometre. What cannot be read as an event is kept out of a pseudonymous feed
altogether, since nobody knows what is in it.

Limits: a worker speaks from another area than before, so what depends on an area (which crew is near) may be
decided otherwise; a group of one stays itself; who knows the roster and the hours may guess.
"""

import hashlib
import hmac
from collections import defaultdict

import msgspec

from controlroom.estate.model import CREW_TAG, Estate, Place
from controlroom.signals.wire import Wire
from simulators.rewriting import Attributes, Data, rewritten

WORDS = {"guard": "G", "warden": "W", "answered_by": "D"}
"""Fields that name a person or a desk, and what their other name begins with."""

KINDS = ("lone-worker", "telecare")
KEYS = {"lone-worker": "worker", "telecare": "home"}
"""Kinds whose source is a person or a home, and the field of the data that repeats it."""

DIGITS = 10
"""Hexadecimal digits of another name: 40 bits keep ten thousand people apart."""

PLACES_OF_DEGREE = 2
"""Decimals of a rounded position: about a kilometre."""


class Pseudonyms:
    """Renames the people in messages; `key` is any secret of 16 bytes or more."""

    def __init__(self, key: bytes, estate: Estate) -> None:
        self._key = key
        self._other = dict(self._swapped(estate))

    def word(self, name: str, begins: str) -> str:
        """Return the other name of somebody."""
        return f"{begins}-{hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()[:DIGITS]}"

    def rename(self, wire: Wire) -> Wire | None:
        """Return the message with people renamed; None for one that cannot be read."""
        topic = self._other.get(wire.topic, wire.topic)
        seen: list[bool] = []

        def change(attributes: Attributes, data: Data) -> None:
            seen.append(True)
            attributes["source"] = topic
            for field, begins in WORDS.items():
                if isinstance(data.get(field), str):
                    data[field] = self.word(data[field], begins)
            key = KEYS.get(topic.split("/")[2]) if topic != wire.topic else None
            if key is not None:
                data[key] = topic.rpartition("/")[2]
            if isinstance(data.get("position"), dict):
                data["position"] = _rounded(data["position"])

        told = rewritten(wire, change)
        if not seen:
            return None
        return msgspec.structs.replace(told, topic=topic, response_topic=None, correlation=None)

    def _swapped(self, estate: Estate) -> list[tuple[str, str]]:
        groups: dict[tuple[object, ...], list[Place]] = defaultdict(list)
        for place in estate.places.values():
            if place.kind in KINDS and CREW_TAG not in place.tags:
                alike = (place.kind, place.duty, place.risk, tuple(sorted(place.tags)), place.site_kind)
                groups[alike].append(place)
        pairs: list[tuple[str, str]] = []
        for places in groups.values():
            topics = (place.topic for place in places)
            ring = sorted(topics, key=lambda topic: hmac.digest(self._key, topic.encode(), "sha256"))
            pairs += zip(ring, (*ring[1:], ring[0]), strict=True)  # nobody but a group of one stays
        return pairs


def _rounded(position: dict[str, object]) -> dict[str, object]:
    return {
        name: round(value, PLACES_OF_DEGREE) if name != "accuracy_m" and isinstance(value, float) else value
        for name, value in position.items()
    }

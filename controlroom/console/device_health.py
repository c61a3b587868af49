"""How the devices are, by kind of source: what they say twice or wrongly, how their clocks go, who is silent.

A follower with a bound: counters by kind, a histogram of clock skew by kind, and one moment for each place of
the estate. It begins anew with each start of the room, and says since when it looks.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from controlroom.estate.model import Estate
from controlroom.events import MessageQuarantined, SignalReceived
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Record
from controlroom.room import Settled
from controlroom.signals.vocabulary import Kind

EDGES_S = (-3600.0, -300.0, -60.0, -10.0, -2.0, -0.5, 0.5, 2.0, 10.0, 60.0, 300.0, 3600.0)
"""Edges of the histogram of skew: the device's clock less the room's, in seconds; below zero it is behind,
or the message was on its way for as long."""

WRONG_S = 60.0
"""A clock that is off by more than a minute is counted as wrong: that is no longer the network."""

SILENT_LISTED = 20
"""Places that were not heard for longest, listed; all are counted."""

UNKNOWN = "other"
"""The kind of a message on a topic that names none."""


class KindHealth(msgspec.Struct, frozen=True):
    """One kind of source. Skew in seconds: the middle of the histogram's median and of its outer tail.

    `wrong_clock` counts messages whose clock was off by more than a minute; `silent` places were not heard.
    """

    kind: str
    heard: int
    duplicates: int
    errors: int
    median_skew_s: float
    worst_skew_s: float
    wrong_clock: int
    places: int
    silent: int


class SilentPlace(msgspec.Struct, frozen=True):
    """A place that was not heard for long; `last` None: not since the look began."""

    topic: str
    name: str
    last: datetime | None


class Health(msgspec.Struct, frozen=True):
    """All kinds, since a moment, and the places that were silent for longest."""

    since: datetime
    kinds: tuple[KindHealth, ...]
    silent: tuple[SilentPlace, ...]


class _Clock(msgspec.Struct):
    """What the messages of one kind told of their clocks: counts of buckets, and of the wrong ones."""

    skew: list[int] = msgspec.field(default_factory=lambda: [0] * (len(EDGES_S) + 1))
    wrong: int = 0


class DeviceHealth:
    """The follower, and a settler for duplicates, which leave no record."""

    def __init__(self, estate: Callable[[], Estate], now: Callable[[], datetime]) -> None:
        self._estate = estate
        self._since = now()
        self._duplicates: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._clocks = {kind: _Clock() for kind in (*map(str, Kind), UNKNOWN)}
        self._last: dict[str, datetime] = {}

    def released(self, records: Sequence[Record]) -> None:
        """Note what these records say of their senders."""
        places = self._estate().places
        for record in records:
            event = record.event
            if type(event) is SignalReceived:
                topic = event.wire.topic
                clock = self._clocks[_kind(topic)]
                skew_s = (event.signal.time - record.now).total_seconds()
                clock.skew[bisect_left(EDGES_S, skew_s)] += 1
                if not -WRONG_S <= skew_s <= WRONG_S:
                    clock.wrong += 1
                if topic in places:
                    self._last[topic] = record.now
            elif type(event) is MessageQuarantined:
                self._errors[_kind(event.wire.topic)] += 1

    def settled(self, settled: Sequence[Settled]) -> None:
        """Count what was heard before."""
        for item in settled:
            event = item.told.event
            if item.decision.first_position is not None and type(event) is SignalReceived:
                self._duplicates[_kind(event.wire.topic)] += Reason.DUPLICATE in item.decision.reasons
                self._last[event.wire.topic] = item.told.now

    def view(self) -> Health:
        """Return how the devices are."""
        places = [place for place in self._estate().places.values() if place.kind in _KINDS]
        never = [place for place in places if place.topic not in self._last]
        total, silent = (Counter(place.kind for place in some) for some in (places, never))
        kinds = tuple(self._of(kind, total[kind], silent[kind]) for kind in (*map(str, Kind), UNKNOWN))
        longest = sorted(places, key=lambda place: (place.topic in self._last, self._last.get(place.topic)))
        listed = tuple(
            SilentPlace(place.topic, place.name, self._last.get(place.topic))
            for place in longest[:SILENT_LISTED]
        )
        return Health(self._since, kinds, listed)

    def _of(self, kind: str, places: int, silent: int) -> KindHealth:
        clock = self._clocks[kind]
        return KindHealth(
            kind=kind,
            heard=sum(clock.skew),
            duplicates=self._duplicates[kind],
            errors=self._errors[kind],
            median_skew_s=_quantile(clock.skew, 0.5),
            worst_skew_s=_worst(clock.skew),
            wrong_clock=clock.wrong,
            places=places,
            silent=silent,
        )


_KINDS = frozenset(map(str, Kind))


@lru_cache(maxsize=4_096)  # the sources of a city, which speak again and again
def _kind(topic: str) -> str:
    steps = topic.split("/", 3)
    return steps[2] if len(steps) > 2 and steps[2] in _KINDS else UNKNOWN  # noqa: PLR2004 - the third step


def _edge(bucket: int) -> float:
    """Return a value for a bucket: zero for the one around it, else the edge nearer to zero."""
    if EDGES_S[bucket - 1 : bucket] and EDGES_S[bucket - 1] >= 0:
        return EDGES_S[bucket - 1]
    return EDGES_S[bucket] if bucket < len(EDGES_S) and EDGES_S[bucket] <= 0 else 0.0


def _quantile(counts: Sequence[int], share: float) -> float:
    left = share * sum(counts)
    for bucket, count in enumerate(counts):
        left -= count
        if left <= 0 and count:
            return _edge(bucket)
    return 0.0


def _worst(counts: Sequence[int]) -> float:
    """Return the skew of the bucket farthest from zero that holds anything."""
    return max((_edge(bucket) for bucket, count in enumerate(counts) if count), key=abs, default=0.0)

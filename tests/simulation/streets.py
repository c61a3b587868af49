"""The city of a simulated day: a part of the shipped estate, the simulators' devices, and their bad habits.

What devices say is what `simulators` says, slowed down to about two thousand signals a day. On its way a
message may come late, twice, damaged, from a clock that is wrong, or as something the broker kept.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from controlroom.estate.model import CREW_TAG, Estate, Place
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.rules.compile import Compiled
from controlroom.rules.partner_file import read_partners
from controlroom.rules.problems import Findings
from controlroom.signals.wire import Wire
from controlroom.wiring.books import read_estate
from controlroom.wiring.rule_files import read_rule_files
from simulators.city import life
from simulators.speech import Message, Run, wires
from simulators.timetable import dice
from tests.simulation.fate import DAY_S, Shares

CONFIG = Path(__file__).parents[2] / "config"

PLACES = {"arc-alarm": 40, "camera-fault": 60, "help-point": 20, "lone-worker": 10, "guard": 8} | {
    "park": 5,
    "telecare": 20,
}
"""How many places of each kind the small city has; a kind that is not named here comes whole."""

CREWS = 6

PACE = 0.1
"""The simulators' rates are those of a busy demonstration: a tenth of them is about 2,000 signals a day."""

FASTEST_S = 0.2
LATEST_S = 900.0
"""A message in time takes up to the first, a late one up to the second: a quarter of an hour in a van."""

SKEWS_S = (-86_400.0, -3_600.0, -30.0, 30.0, 3_600.0, 86_400.0)
"""How wrong a device's clock is, when it is."""

Say = Callable[[float, Wire], None]
"""Hands a message to the broker so many seconds from now."""


@cache
def handbook() -> Handbook:
    """Return the shipped rules over the small city's estate."""
    rules = read_rule_files(CONFIG / "rules").rules()
    file, findings = CONFIG / "partners.yaml", Findings()
    partners = read_partners(str(file), file.read_text("utf-8"), findings)
    return Handbook(Compiled(rules), _estate(), HouseRules(demonstration=True), partners)


def _estate() -> Estate:
    whole = read_estate(CONFIG / "estate")
    places: dict[str, Place] = {}
    for kind in sorted({place.kind for place in whole.places.values()}):
        topics = sorted(
            topic
            for topic, place in whole.places.items()
            if place.kind == kind and CREW_TAG not in place.tags
        )
        if kind == "camera-fault":  # bus stations too, because they go dark as one
            topics.sort(key=lambda topic: whole.places[topic].site_kind != "bus-station")
        places |= {topic: whole.places[topic] for topic in topics[: PLACES.get(kind, len(topics))]}
    crews = {unit: whole.crews[unit] for unit in sorted(whole.crews)[:CREWS]}
    return replace(whole, places=places, crews=crews, units={}, kinds={})


def day_of(seed: int, estate: Estate) -> Iterator[Message]:
    """Yield what the devices say on the day of this seed, in the order of time."""
    for message in life(estate, seed, PACE, Run(f"d{seed}", 1, speed=1.0)):
        if message.due_s > DAY_S:
            return
        yield message


class Streets:
    """Brings what devices say to the broker, with what befalls it on the way."""

    def __init__(self, seed: int, shares: Shares, say: Say) -> None:
        self.said = 0
        self._rng = dice(seed, "streets")
        self._shares = shares
        self._say = say

    def speak(self, message: Message, now: datetime) -> None:
        """Send one message of a device."""
        rng, shares = self._rng, self._shares
        self.said += 1
        if rng.random() < shares.skewed:
            message = replace(message, skew_s=rng.choice(SKEWS_S))
        (wire,) = wires(message, now, 1.0)
        if rng.random() < shares.corrupt:
            wire = replace(wire, payload=damaged(rng, wire.payload))
        if rng.random() < shares.retained:
            wire = replace(wire, retained=True)
        self._say(self._way_s(), wire)
        if rng.random() < shares.twice:
            self._say(self._way_s(), wire)

    def _way_s(self) -> float:
        """Return how long a message is on its way; two that take longer and shorter overtake each other."""
        rng = self._rng
        return rng.uniform(0, LATEST_S) if rng.random() < self._shares.late else rng.uniform(0, FASTEST_S)


def damaged(rng: random.Random, payload: bytes) -> bytes:
    """Return the bytes with one of them changed, or their end missing."""
    at = rng.randrange(len(payload))
    if rng.random() < 0.5:
        return payload[:at]
    return payload[:at] + bytes((payload[at] ^ rng.randrange(1, 256),)) + payload[at + 1 :]

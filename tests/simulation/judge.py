"""The judgement after every step: promises made to the outside, beside what the journal holds.

The judge reads the shelf as plain data (`telling`) and hears what goes out of a process. It knows the room's
words and none of its code. The first finding ends the day; it names the promise that was broken.

Watches, incidents and lives have rules of their own in `duties`, crews and their orders in `errands`.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from controlroom.journal.stored import StoredFrame
from controlroom.signals.wire import Wire
from tests.simulation.duties import Duties
from tests.simulation.errands import Errands
from tests.simulation.telling import Name, Told, of_event, saying, told

CLOCK_S = 0.001
"""How far a stamped moment may be from the true one: stamping takes no time here."""

HAND_OVER_S = 1.0
"""How long handing an order over takes at most when nothing goes wrong: the broker answers within 0.4 s, and
the room writes down at once that it did."""

OF_CREWS = frozenset({"crew_reported", "crew_spoke"})
"""What crews say; a report that comes again is known by its name, whatever else is in it."""

ROOT, RECEIPTS = "leedswatch/", "leedswatch/receipts/"
"""A device that speaks below the first has its receipts below the second."""


class Finding(msgspec.Struct, frozen=True):
    """A broken promise: which one, what was seen, and when (virtual seconds after the day began)."""

    promise: str
    seen: str
    at_s: float


class Judge:
    """What was promised so far. `findings` is empty while everything held.

    `rests_at_s` is when the order given last has had the time to be handed over: no earlier can a day end.
    """

    def __init__(self, begins: datetime) -> None:
        self.findings: list[Finding] = []
        self.acknowledged = 0
        self.records = 0
        self.reasons: Counter[str] = Counter()
        self.decided: dict[Name, int] = {}
        self.kept: set[tuple[str, bytes]] = set()
        self.reported: set[Name] = set()
        self.orders: dict[str, dict[str, Any]] = {}
        self.handed: set[str] = set()
        self.heard: dict[str, bytes] = {}
        self.duties = Duties(self.find)
        self.errands = Errands(self.find)
        self.kept_for: dict[str, bytes] = {}
        self.referrals: set[str] = set()
        self.at_s = 0.0
        self.rests_at_s = 0.0
        self._begins = begins
        self._frames = 0
        self._last: datetime | None = None

    def find(self, promise: str, seen: object) -> None:
        """Keep a finding."""
        self.findings.append(Finding(promise, str(seen), self.at_s))

    def read(self, frames: Sequence[StoredFrame], at_s: float) -> None:
        """Judge what has come onto the shelf since the last look, at this moment."""
        self.at_s = at_s
        for frame in frames[self._frames :]:
            self._frames += 1
            for record in told(frame.body):
                self._record(record)

    def _record(self, record: Told) -> None:
        self.records += 1
        if record.position != self.records:
            self.find("the journal has no holes", f"{record.position} where {self.records} was due")
        self.reasons.update(record.decision.get("reasons", ()))
        self._moment(record.now)
        self.duties.take(record)
        self.errands.take(record)
        self._referrals(record)
        if record.kind == "signal":
            self._signal(record)
        elif "wire" in record.event:
            wire = record.event["wire"]
            self.kept.add((wire["topic"], wire["payload"]))
            if record.event.get("detail", "").startswith("deciding it failed"):
                self.find("nothing fails to be decided", f"{record.event['detail']} at {record.now}")
            if record.kind in OF_CREWS:
                self.reported.add(of_event(record.event).name)
        self.handed.update(one["order"] for one in record.changes if one["type"] == "order_handed_over")
        for order in record.orders:
            if order["id"] in self.orders:
                self.find("an order's name is given once", order["id"])
            self.orders[order["id"]] = order
            self.rests_at_s = self.at_s + HAND_OVER_S

    def _referrals(self, record: Told) -> None:
        """A referral has a name of its own, and a person who asked for it."""
        for change in record.changes:
            if change["type"] != "referral_made":
                continue
            made = change["referral"]
            if made["id"] in self.referrals:
                self.find("a referral's name is given once", made["id"])
            self.referrals.add(made["id"])
            asked = record.event
            if (made["incident"], made["author"]) != (asked.get("incident"), asked.get("author")):
                self.find("nobody is told without a person who asked for it", f"{made['id']} at {record.now}")

    def _moment(self, now: datetime) -> None:
        """A record's moment is the true one, at or before now and never before an earlier record's."""
        true = self._begins + timedelta(seconds=self.at_s + CLOCK_S)
        if now > true or (self._last is not None and now < self._last):
            self.find("time only goes forward", f"{now} after {self._last}, at {true}")
        self._last = now

    def _signal(self, record: Told) -> None:
        said = of_event(record.event)
        if said.name in self.decided:
            first = self.decided[said.name]
            self.find("each signal is decided once", f"{said.name} at {first} and {record.position}")
        self.decided[said.name] = record.position
        if sum(change["type"] == "heard" for change in record.changes) != 1:
            self.find("a decided signal is remembered", said.name)
        self.duties.hear(record, said)

    def acknowledge(self, wire: Wire) -> None:
        """Judge that the room let the broker forget a message."""
        self.acknowledged += 1
        name = saying(wire.topic, wire.payload, wire.content_type, wire.attributes).name
        known = name in self.decided or name in self.reported
        if not known and (wire.topic, wire.payload) not in self.kept:
            self.find("no acknowledged message is lost", f"{name} is acknowledged and not stored")

    def publish(self, topic: str, payload: bytes) -> None:
        """Judge what a process sends: receipts say where a signal stands, orders are still to be sent."""
        if topic.endswith("/current"):
            self.kept_for[topic] = payload
            return
        said = json.loads(payload)
        if "position" in said:
            source = ROOT + topic.removeprefix(RECEIPTS)
            if said["id"] is not None and said["position"] != self.decided.get((source, said["id"])):
                self.find("a receipt names where its signal is stored", f"{said} of {source}")
        elif said["id"] in self.handed:
            self.find("an order that was handed over is not sent again", f"{said['id']} on {topic}")

    def hear(self, topic: str, payload: bytes) -> None:
        """Judge an order that reached its topic."""
        name = json.loads(payload)["id"]
        order = self.orders.get(name)
        if order is None:
            self.find("no order without a stored decision", f"{name} on {topic}")
        elif topic != f"leedswatch/dispatch/{order['unit']}/orders":
            self.find("an order reaches its own topic", f"{name} on {topic}, not {order['unit']}'s")
        elif self.heard.setdefault(name, payload) != payload:
            self.find("an order is the same each time", name)

    def end(self, at_s: float, unacknowledged: int) -> None:
        """Judge the day when everybody has had the time to finish."""
        self.at_s = at_s
        if unacknowledged:
            self.find("every message is acknowledged in the end", f"{unacknowledged} are not")
        for name in self.orders.keys() - self.heard.keys():
            self.find("every order reaches its topic", name)
        for name in self.orders.keys() - self.handed:
            self.find("every order is handed over in the end", name)
        in_hand = self.errands.in_hand()
        for topic, payload in self.kept_for.items():
            unit = topic.split("/")[2]
            orders = json.loads(payload)["data"]["orders"] if payload else []
            if {one["order"] for one in orders} != in_hand.get(unit, set()):
                self.find(
                    "the broker keeps for a crew what it has in hand", f"{unit}: {payload!r}, {in_hand}"
                )
        self.duties.end(self._begins + timedelta(seconds=at_s))

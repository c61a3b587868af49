"""What becomes of every order: an independent model of crews and their jobs, from changes alone.

It is a second opinion on what `controlroom.incidents.crews` and `docs/mobile-response.md` say, in other
words: a crew that is sent arrives, or somebody hears in time that it does not; nobody is sent a second one
meanwhile; a crew that goes for less than what has happened, or for more than what is left of it, is told
so, and says that it knows; no order outlives its incident; who is stood down is told so; and who is at a
place is watched over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import msgspec

from tests.simulation.telling import Told

ACCEPT_S, ARRIVE_S = 60, 1_800
"""The house's times where a rule gives none."""

QUIET = frozenset({"tick", "room_opened", "link_lost", "link_restored"})
"""Records at which what fell due while nobody was there is still being looked at."""

LAST = frozenset({"cleared", "refused"})
ON_THE_ROAD = frozenset({"accepted", "en_route"})


class Errand(msgspec.Struct):
    """One order that lives. `by` is when its crew must have moved, None once it is there or people know.

    `unheard` says that it was told more and has not said that it knows, `knows_by` when it must have, None
    where people heard that it has not. `moved` is when it last said that it is on its way.
    """

    incident: str
    unit: str
    issued: datetime
    within_s: int
    priority: int
    by: datetime | None
    unheard: bool = False
    knows_by: datetime | None = None
    moved: datetime | None = None


Find = Callable[[str, object], None]


class Errands:
    """Every order that lives, and by when its crew must have moved."""

    def __init__(self, find: Find) -> None:
        self.arrivals = self.passed_on = self.recalls = self.updates = 0
        self._find = find
        self._live: dict[str, Errand] = {}
        self._gone: set[str] = set()

    def take(self, record: Told) -> None:
        """Bring the model one record further."""
        if record.kind not in QUIET:
            self._nobody_waits(record.now)
        for change in record.changes:
            handle = CHANGES.get(change["type"])
            if handle is not None:
                handle(self, change, record)
        for order in record.orders:
            if order["type"] == "send_crew":
                self._sent(order, record)
            elif order["type"] == "update_order":
                self._told(order, record)
        for incident in {change["incident"] for change in record.changes if change["type"] in ENDS}:
            for name, errand in self._live.items():
                if errand.incident == incident:
                    self._find("no order outlives its incident", f"{name} of {incident} at {record.now}")

    def in_hand(self) -> dict[str, set[str]]:
        """Return what each unit has in hand."""
        found: dict[str, set[str]] = {}
        for name, errand in self._live.items():
            found.setdefault(errand.unit, set()).add(name)
        return found

    def _nobody_waits(self, now: datetime) -> None:
        for name, errand in self._live.items():
            if errand.by is not None and errand.by <= now:
                errand.by = None
                self._find("a crew that is sent arrives, or somebody hears in time", f"{name}: {errand}")
            if errand.knows_by is not None and errand.knows_by <= now:
                errand.knows_by = None
                self._find("a crew knows what it goes to, or somebody hears in time", f"{name}: {errand}")

    def _sent(self, order: dict[str, Any], record: Told) -> None:
        for name, errand in self._live.items():
            if errand.incident == order["incident"]:
                self._find("nobody is sent a second crew while one goes", f"{order['id']} beside {name}")
        within_s = order["respond_within_s"] or ARRIVE_S
        by = record.now + timedelta(seconds=ACCEPT_S)
        priority = order["priority"]
        self._live[order["id"]] = Errand(order["incident"], order["unit"], record.now, within_s, priority, by)

    def _told(self, order: dict[str, Any], record: Told) -> None:
        """A crew hears that its order is for more, and has no longer than that gives."""
        errand, within_s = self._live.get(order["order"]), order["respond_within_s"]
        if errand is None or errand.unit != order["unit"]:
            self._find("only a crew that goes is told more", f"{order['id']} at {record.now}")
            return
        self.updates += 1
        errand.priority = order["priority"]
        errand.unheard, errand.knows_by = True, record.now + timedelta(seconds=ACCEPT_S)
        if within_s is not None:
            there = record.now + timedelta(seconds=within_s)
            if record.kind == "undone":  # it has the time again that it had before
                errand.within_s = ceil((there - errand.issued).total_seconds())
                if errand.by is not None and errand.moved is not None:
                    errand.by = max(there, errand.moved + timedelta(seconds=ACCEPT_S))
                return
            errand.within_s = min(errand.within_s, ceil((there - errand.issued).total_seconds()))
            if errand.by is not None:
                errand.by = min(errand.by, there)

    def joined(self, change: dict[str, Any], record: Told) -> None:
        """A signal joins an incident; a crew that goes for less hears of it in the same decision."""
        told = {one["order"]: one["priority"] for one in record.orders if one["type"] == "update_order"}
        for name, errand in self._live.items():
            if errand.incident != change["incident"] or change["priority"] >= errand.priority:
                continue
            if told.get(name) != change["priority"]:
                self._find("a crew that goes hears what is more urgent", f"{name} at {record.now}: {change}")

    def restated(self, change: dict[str, Any], record: Told) -> None:
        """An incident is more or less than it was; a crew that goes for it hears so in the same decision."""
        told = {one["order"]: one["priority"] for one in record.orders if one["type"] == "update_order"}
        incident = change["incident"]
        for name, errand in self._live.items():
            if errand.incident != incident["id"] or incident["signals"] != len(incident["members"]):
                continue
            if told.get(name, errand.priority) != incident["priority"]:
                self._find("a crew that goes hears what is left of it", f"{name} at {record.now}: {change}")

    def known(self, change: dict[str, Any], record: Told) -> None:
        """A crew says that it knows."""
        errand = self._live.get(change["order"])
        if errand is None or not errand.unheard:
            self._find("only a crew that goes knows more", f"{change} at {record.now}")
        else:
            errand.unheard, errand.knows_by = False, None

    def stepped(self, change: dict[str, Any], record: Told) -> None:
        """A crew came further."""
        name, step = change["order"], change["step"]
        errand = self._live.get(name)
        if errand is None:
            if step != "stood_down" or name not in self._gone:
                self._find("only an order that lives moves", f"{name} {step} at {record.now}")
            return
        if step in LAST:
            del self._live[name]
            self._gone.add(name)
        elif step == "on_scene":
            self.arrivals += 1
            errand.by = None
            self._watched(errand, record)
        elif step in ON_THE_ROAD:
            errand.moved = record.now
            arrives = errand.issued + timedelta(seconds=errand.within_s)
            errand.by = max(arrives, record.now + timedelta(seconds=ACCEPT_S))

    def _watched(self, errand: Errand, record: Told) -> None:
        """Hold that the crew is watched over from its arrival on."""
        for change in record.changes:
            source = change["duty"]["source"] if change["type"] == "duty_began" else change.get("source", "")
            if change["type"] in {"duty_began", "checked"} and source.endswith(f"/{errand.unit}"):
                return
        self._find("a crew at a place is watched over", f"{errand} at {record.now}")

    def ended(self, change: dict[str, Any], record: Told) -> None:
        """An order is over before its time."""
        name = change["order"]
        errand = self._live.pop(name, None)
        self._gone.add(name)
        self.passed_on += change["how"] in {"lapsed", "off_duty"}
        self.recalls += change["how"] in {"withdrawn", "recalled", "reassigned"}
        if errand is None:
            self._find("only an order that lives ends", f"{name} at {record.now}")
        told = (one for one in record.orders if one["type"] == "stand_down" and one["order"] == name)
        if errand is not None and not any(one["unit"] == errand.unit for one in told):
            self._find("a crew that is stood down is told", f"{name} at {record.now}")

    def moved(self, change: dict[str, Any], record: Told) -> None:
        """An incident moved: where people were told, or have it, nobody waits for the crew in silence."""
        del record
        for errand in self._live.values():
            if errand.incident != change["incident"]:
                continue
            if change["status"] == "escalated" or change["owner"]:
                errand.by = None
            if change["status"] == "escalated":
                errand.knows_by = None


CHANGES: dict[str, Callable[[Errands, dict[str, Any], Told], None]] = {
    "order_moved": Errands.stepped,
    "order_ended": Errands.ended,
    "moved": Errands.moved,
    "joined": Errands.joined,
    "restated": Errands.restated,
    "update_heard": Errands.known,
}
ENDS = frozenset({"incident_closed", "absorbed"})

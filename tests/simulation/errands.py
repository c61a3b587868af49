"""What becomes of every order: an independent model of crews and their jobs, from changes alone.

It is a second opinion on what `controlroom.incidents.crews` and `docs/mobile-response.md` say, in other
words: a crew that is sent arrives, or somebody hears in time that it does not; nobody is sent a second one
meanwhile; no order outlives its incident; who is stood down is told so; and who is at a place is watched
over.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
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
    """One order that lives. `by` is when its crew must have moved, None once it is there or people know."""

    incident: str
    unit: str
    issued: datetime
    within_s: int
    by: datetime | None


Find = Callable[[str, object], None]


class Errands:
    """Every order that lives, and by when its crew must have moved."""

    def __init__(self, find: Find) -> None:
        self.arrivals = self.passed_on = self.recalls = 0
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

    def _sent(self, order: dict[str, Any], record: Told) -> None:
        for name, errand in self._live.items():
            if errand.incident == order["incident"]:
                self._find("nobody is sent a second crew while one goes", f"{order['id']} beside {name}")
        within_s = order["respond_within_s"] or ARRIVE_S
        by = record.now + timedelta(seconds=ACCEPT_S)
        self._live[order["id"]] = Errand(order["incident"], order["unit"], record.now, within_s, by)

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
        if change["status"] == "escalated" or change["owner"]:
            for errand in self._live.values():
                if errand.incident == change["incident"]:
                    errand.by = None


CHANGES: dict[str, Callable[[Errands, dict[str, Any], Told], None]] = {
    "order_moved": Errands.stepped,
    "order_ended": Errands.ended,
    "moved": Errands.moved,
}
ENDS = frozenset({"incident_closed", "absorbed"})

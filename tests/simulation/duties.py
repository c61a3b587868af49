"""Who has to act by when: an independent model of watches, incidents and lives, from changes alone.

It is a second opinion on what `controlroom.incidents` keeps, in other words: a table says what ends each kind
of watch, and another what life-safety sounds like. A kind of watch that the table does not know is still
held to its times: it fires when it is due, once, and only if it was armed. A new kind joins by one line.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.simulation.telling import Saying, Told

TICK = timedelta(seconds=1)
"""How late a watch may fire while a process is there to see it."""

LIFE_LIMIT = timedelta(seconds=120)
"""By then a life-safety signal has a crew that accepted, a person, or everybody's attention: the 30 s of the
rules for an answer (60 s for a resident's call) or the 60 s of the house for a crew's word, and a reserve."""

PREFIX = "uk.gov.leeds.leedswatch."
ALARMS = frozenset({"medical", "fire", "panic", "duress", "hold_up", "gas"})
CRIES = frozenset({"sos", "man_down", "duress"})
DANGERS = frozenset({"fire", "injury", "person_in_water", "person_missing"})
CALLS = frozenset({"pendant", "pull_cord", "fall", "panic", "inactivity", "wandering", "seizure"}) | {
    *("bogus_caller", "smoke", "carbon_monoxide", "gas", "other"),
}
WAITING = frozenset({"new", "escalated"})
GOING = frozenset({"accepted", "en_route", "on_scene", "cleared"})


class Case(msgspec.Struct):
    """An open incident as its changes tell it. `going` says that a crew has accepted the order."""

    status: str
    owner: str | None = None
    order: str | None = None
    going: bool = False


Find = Callable[[str, object], None]


class Duties:
    """What is expected of whom at this position of the journal."""

    def __init__(self, find: Find) -> None:
        self.fired = 0
        self.lives = 0
        self._find = find
        self._armed: dict[str, datetime] = {}
        self._fired: dict[str, datetime] = {}
        self._open: dict[str, Case] = {}
        self._crew: dict[str, str] = {}
        self._lives: dict[str, datetime] = {}
        self._awake_since: datetime | None = None

    def take(self, record: Told) -> None:
        """Bring the model one record further, and hold the record to what was expected before it."""
        if record.kind == "room_opened":
            self._awake_since = record.now
        elif record.kind != "tick":
            self._nothing_overdue(record.now)
        for order in record.orders:
            self._order(order)
        for change in record.changes:
            handle = CHANGES.get(change["type"])
            if handle is not None:
                handle(self, change, record)

    def hear(self, record: Told, said: Saying) -> None:
        """Remember a signal for somebody's life; it must belong to an incident from the start."""
        if record.event["wire"]["retained"] or not is_life(said):
            return
        self.lives += 1
        incident = next((_incident_of(c) for c in record.changes if c["type"] in {"opened", "joined"}), None)
        if incident is None:
            self._find("a signal for a life has a response or a person", f"{said.name} has no incident")
        else:
            self._lives.setdefault(incident, record.now + LIFE_LIMIT)

    def end(self, now: datetime) -> None:
        """Hold the end of the day to what was expected by then."""
        self._nothing_overdue(now)

    def _nothing_overdue(self, now: datetime) -> None:
        """What fell due before this moment was looked at before this moment."""
        if self._armed and min(self._armed.values()) <= now:
            late = {name: due for name, due in self._armed.items() if due <= now}
            self._find("an expired watch fires", f"not fired at {now}: {late}")
            self._armed = {name: due for name, due in self._armed.items() if due > now}
        for incident, by in tuple(self._lives.items()):
            case = self._open.get(incident)
            if case is None or case.going or case.owner is not None or case.status == "escalated":
                del self._lives[incident]
            elif by <= now:
                del self._lives[incident]
                self._find("a signal for a life has a response or a person", f"{incident} at {now}: {case}")

    def _order(self, order: dict[str, Any]) -> None:
        incident = order["incident"]
        case = self._open.get(incident)
        before = self._crew.get(case.order or "") if case is not None else None
        if before is not None:
            self._find("nobody is sent a second crew while one goes", f"{order['id']} beside {case}")
        self._crew[order["id"]] = incident

    def opened(self, change: dict[str, Any], record: Told) -> None:
        """An incident opens."""
        del record
        incident = change["incident"]
        self._open[incident["id"]] = Case(incident["status"], incident["owner"], incident["order"])

    def moved(self, change: dict[str, Any], record: Told) -> None:
        """An incident moves; whoever was to look at it has done so."""
        del record
        case = self._open[change["incident"]]
        case.status = change["status"]
        case.owner = change.get("owner") or case.owner
        if change.get("order"):
            case.order, case.going = change["order"], False
        if case.status not in WAITING:
            self._ends("answer", change["incident"])

    def closed(self, change: dict[str, Any], record: Told) -> None:
        """An incident closes, and nobody waits for it any more."""
        del record
        case = self._open.pop(change["incident"])
        self._ends("answer", change["incident"])
        self._ends("acceptance", case.order or "")

    def order_moved(self, change: dict[str, Any], record: Told) -> None:
        """A crew has spoken about its order."""
        del record
        self._ends("acceptance", change["order"])
        incident = self._crew.get(change["order"])
        case = self._open.get(incident or "")
        if case is not None and case.order == change["order"]:
            case.going = change["step"] in GOING
        if change["step"] in {"refused", "cleared"}:
            self._crew.pop(change["order"], None)

    def off_test(self, change: dict[str, Any], record: Told) -> None:
        """A test is over."""
        del record
        test = change["test"]
        name = test["target"] if test["zone"] is None else f"{test['target']} {test['zone']}"
        self._ends("end_of_test", name)

    def armed(self, change: dict[str, Any], record: Told) -> None:
        """Something is expected from now on."""
        watch = change["watch"]
        name = f"{watch['kind']} {watch['subject']}"
        self._fired.pop(name, None)
        if watch["kind"] in KNOWN:
            self._armed[name] = watch["due"]
        if watch["due"] < record.now:
            self._find("a watch is armed for the future", f"{name} at {record.now} for {watch['due']}")

    def expired(self, change: dict[str, Any], record: Told) -> None:
        """A watch fired: it was armed for this moment, is due, and nobody has fired it before."""
        watch, now = change["watch"], record.now
        name, due = f"{watch['kind']} {watch['subject']}", watch["due"]
        self.fired += 1
        if self._fired.get(name) == due or (watch["kind"] in KNOWN and self._armed.pop(name, None) != due):
            self._find("an expired watch fires once", f"{name} due {due} at {now} was not armed")
        self._fired[name] = due
        seen_from = max(due, self._awake_since or due)
        if not due <= now <= seen_from + TICK:
            self._find("a watch fires within a tick of its time", f"{name} due {due} fired {now}")

    def _ends(self, kind: str, subject: str) -> None:
        self._armed.pop(f"{kind} {subject}", None)


KNOWN = frozenset({"answer", "acceptance", "end_of_test"})
"""Kinds of watch whose every end this model knows, so that a lost one is missed when it is due."""

CHANGES: dict[str, Callable[[Duties, dict[str, Any], Told], None]] = {
    "opened": Duties.opened,
    "moved": Duties.moved,
    "incident_closed": Duties.closed,
    "order_moved": Duties.order_moved,
    "came_off_test": Duties.off_test,
    "armed": Duties.armed,
    "expired": Duties.expired,
}
"""What each change means for somebody's duty; a change that is not here means nothing for it."""


def is_life(said: Saying) -> bool:
    """Say whether a message is about somebody's life, by words of our own."""
    word = said.data.get("event")
    match said.type.removeprefix(PREFIX):
        case "arc-alarm.v1":
            return word in ALARMS and said.data.get("condition", "active") == "active"
        case "lone-worker.v1":
            return word in CRIES
        case "help-point.v1":
            return said.data.get("step") == "started"
        case "park.v1":
            return word in DANGERS
        case "telecare.v1":
            return word in CALLS
        case _:
            return False


def _incident_of(change: dict[str, Any]) -> str:
    incident = change["incident"]
    return str(incident["id"] if isinstance(incident, dict) else incident)

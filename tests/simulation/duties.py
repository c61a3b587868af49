"""Who has to act by when: an independent model of watches, incidents and lives, from changes alone.

It is a second opinion on what `controlroom.incidents` keeps, in other words. Of an open incident exactly one
thing is expected, by the moment that it names. Other watches stand under names of their own; `ENDS` says
which changes take one off, and a new kind joins by one line. A kind that is not there is still held to its
times: it fires when it is due, once for each time that it was armed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from controlroom.clock import ALARM_OFF_S
from tests.simulation.telling import Saying, Told

TICK = timedelta(seconds=1)
"""How late a watch may fire while a process is there to see it."""

ALARM_OFF = timedelta(seconds=ALARM_OFF_S)
"""By how much the room's alarm may be off, and so a watch late that falls due as the day ends."""

LIFE_LIMIT = timedelta(seconds=200)
"""By then a life-safety signal has a crew that accepted, a person, or everybody's attention: 60 s of the
house for each of three crews that may refuse at the last moment, and a little more. A room that is not there
asks nobody: where a restart finds that the incident's next step was due meanwhile, that step is late by what
was missed, and so is every one after it (`Duties._late_by`). A crew that the room could not hear in its
minute is none of the three (`Duties._excused`)."""

ACCEPT = timedelta(seconds=60)
"""How long a crew has for its answer."""

PREFIX = "uk.gov.leeds.leedswatch."
ALARMS = frozenset({"medical", "fire", "panic", "duress", "hold_up", "gas"})
CRIES = frozenset({"sos", "man_down", "duress"})
DANGERS = frozenset({"fire", "injury", "person_in_water", "person_missing"})
CALLS = frozenset({"pendant", "pull_cord", "fall", "panic", "inactivity", "wandering", "seizure"}) | {
    *("bogus_caller", "smoke", "carbon_monoxide", "gas", "other"),
}
NUMBERED = ("INC-", "ORD-")
"""How the names of incidents and of orders begin: of these every watch is known."""

GOING = frozenset({"accepted", "en_route", "on_scene", "cleared"})


class Case(msgspec.Struct):
    """An open incident as its changes tell it. `seen`: a person has acted.

    `due` is what the incident says of itself, `watches` what is expected of it and its crew.
    """

    status: str
    due: datetime | None
    owner: str | None = None
    order: str | None = None
    seen: bool = False
    watches: dict[str, datetime] = msgspec.field(default_factory=dict)


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
        self._going: set[str | None] = set()
        self._lives: dict[str, datetime] = {}
        self._awake_since: datetime | None = None
        self._hears_since: datetime | None = None
        self._deaf_since: datetime | None = None
        self._given: dict[str, datetime] = {}

    def take(self, record: Told) -> None:
        """Bring the model one record further, and hold the record to what was expected before it."""
        if record.kind == "room_opened":
            self._awake_since = self._deaf_since = record.now
            self._hears_since = None
        elif record.kind == "link_lost":
            self._hears_since, self._deaf_since = None, record.now
        elif record.kind == "link_restored":
            self._hears_since, self._deaf_since = record.now, None
        elif record.kind != "tick":
            self._nothing_overdue(record.now)
        elif not any(change["type"] in {"expired", "armed"} for change in record.changes):
            self._find("a tick leaves less that is due", f"{record.decision} at {record.now}")
        for order in record.orders:
            if order["type"] == "send_crew":
                self._crew[order["id"]] = order["incident"]
                self._given[order["id"]] = record.now
        for change in record.changes:
            handle = CHANGES.get(change["type"])
            if handle is not None:
                handle(self, change, record)
        self._everything_expected(record)

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
        """Hold the end of the day to what was expected by then; what falls due with it may just be coming."""
        self._nothing_overdue(now - ALARM_OFF)

    def _nothing_overdue(self, now: datetime) -> None:
        """What fell due before this moment was looked at before this moment."""
        for name, due in [(name, due) for name, due in self._armed.items() if due <= now]:
            del self._armed[name]
            self._find("an expired watch fires", f"{name} due {due} has not fired at {now}")
        for incident, by in tuple(self._lives.items()):
            case = self._open.get(incident)
            if case is None or self._in_hand(case):
                del self._lives[incident]
            elif by <= now:
                del self._lives[incident]
                self._find("a signal for a life has a response or a person", f"{incident} at {now}: {case}")

    def _in_hand(self, case: Case) -> bool:
        """Whether a crew goes, a person has it, or everybody's attention is called to it."""
        return case.order in self._going or case.seen or case.owner is not None or case.status == "escalated"

    def _everything_expected(self, record: Told) -> None:
        """Every incident that the record speaks of has its next deadline, and a watch that knows it."""
        for change in record.changes:
            incident = _incident_of(change)
            case = self._open.get(incident)
            if case is not None and (case.due is None or case.due not in case.watches.values()):
                self._find("an open incident has its next deadline", f"{incident} at {record.now}: {case}")

    def opened(self, change: dict[str, Any], record: Told) -> None:
        """An incident opens, for the first time or again."""
        del record
        incident = change["incident"]
        case = Case(incident["status"], incident["due"], incident["owner"], incident["order"])
        self._open[incident["id"]] = case

    def moved(self, change: dict[str, Any], record: Told) -> None:
        """An incident moves: what was expected until now is expected no longer."""
        case = self._open[change["incident"]]
        self._expect_nothing(case)
        lapsed = {
            one["order"] for one in record.changes if one["type"] == "order_ended" and one["how"] == "lapsed"
        }
        if case.order in lapsed and not change["refused"]:
            self._excused(case.order, change["incident"], record.now)
        case.status, case.due = change["status"], change["due"]
        case.seen |= "author" in record.event
        case.owner = change["owner"] or case.owner
        case.order = change["order"] or case.order

    def _excused(self, order: str | None, incident: str, now: datetime) -> None:
        """A crew is not counted where the room was away or deaf in the minute that it had, and only there."""
        given, heard_from = self._given[order or ""], self._deaf_since or self._hears_since
        if heard_from is None or given >= heard_from:
            self._find("only its own outage excuses what the room did not hear", f"{order} at {now}")
        elif incident in self._lives:
            self._lives[incident] += ACCEPT

    def restated(self, change: dict[str, Any], record: Told) -> None:
        """An open incident stands otherwise because a person said so."""
        self._expect_nothing(self._open[change["incident"]["id"]])
        self._await_no_keyholder(change["incident"]["id"])
        self.opened(change, record)
        self._open[change["incident"]["id"]].seen = True

    def absorbed(self, change: dict[str, Any], record: Told) -> None:
        """An incident is a part of another one; whoever was in danger in it is so in that one."""
        self.closed(change, record)
        by = self._lives.pop(change["incident"], None)
        if by is not None:
            self._lives.setdefault(change["into"], by)

    def closed(self, change: dict[str, Any], record: Told) -> None:
        """An incident closes, and nothing is expected of anybody about it."""
        del record
        self._expect_nothing(self._open.pop(change["incident"]))
        self._await_no_keyholder(change["incident"])

    def order_moved(self, change: dict[str, Any], record: Told) -> None:
        """A crew has spoken about its order."""
        del record
        case = self._open.get(self._crew.get(change["order"], ""))
        if change["step"] in GOING:
            self._going.add(change["order"])
        else:
            self._going.discard(change["order"])
        if case is not None and case.watches.pop(f"acceptance {change['order']}", None) is not None:
            self._armed.pop(f"acceptance {change['order']}", None)
        if change["step"] in {"refused", "cleared"}:
            self._crew.pop(change["order"], None)
            self._armed.pop(f"{KNOWS} {change['order']}", None)

    def order_ended(self, change: dict[str, Any], record: Told) -> None:
        """An order is over before its time, and nobody goes for it any more."""
        del record
        case = self._open.get(self._crew.pop(change["order"], ""))
        self._going.discard(change["order"])
        self._armed.pop(f"{KNOWS} {change['order']}", None)
        if case is not None and case.watches.pop(f"acceptance {change['order']}", None) is not None:
            self._armed.pop(f"acceptance {change['order']}", None)

    def ends(self, change: dict[str, Any], record: Told) -> None:
        """Something happened that takes a watch off."""
        del record
        self._armed.pop(ENDS[change["type"]](change), None)

    def armed(self, change: dict[str, Any], record: Told) -> None:
        """Something is expected from now on."""
        watch = change["watch"]
        name, due = f"{watch['kind']} {watch['subject']}", watch["due"]
        self._fired.pop(name, None)
        case = self._open.get(self._crew.get(watch["subject"], watch["subject"]))
        if watch["kind"] == KNOWS or watch["kind"] in OF_KEYHOLDERS:
            self._armed[name] = due
        elif case is not None:
            case.watches[name] = self._armed[name] = due
        elif watch["kind"] in KNOWN:
            self._armed[name] = due
        if due < record.now:
            self._find("a watch is armed for the future", f"{name} at {record.now} for {due}")

    def expired(self, change: dict[str, Any], record: Told) -> None:
        """A watch fired: it was armed for this moment, is due, and nobody has fired it before."""
        watch, now = change["watch"], record.now
        name, due = f"{watch['kind']} {watch['subject']}", watch["due"]
        self.fired += 1
        known = watch["kind"] in KNOWN or watch["subject"].startswith(NUMBERED)
        if self._fired.get(name) == due or (known and self._armed.pop(name, None) != due):
            self._find("an expired watch fires once", f"{name} due {due} at {now} was not armed")
        self._fired[name] = due
        seen_from = max(due, self._awake_since or due)
        self._late_by(seen_from - due, watch["subject"], due)
        if watch["kind"] in OF_THE_FIELD:
            if self._hears_since is None:
                self._find("silence that an outage explains raises nothing", f"{name} due {due} fired {now}")
            seen_from = max(seen_from, self._hears_since or due)
        if not due <= now <= seen_from + TICK:
            self._find("a watch fires within a tick of its time", f"{name} due {due} fired {now}")

    def _late_by(self, missed: timedelta, subject: str, due: datetime) -> None:
        """Give a life as much more time as its incident's next step waited for the room to be there.

        Only that step counts, not what falls due beside it, so that one absence is counted once.
        """
        incident = self._crew.get(subject, subject)
        case = self._open.get(incident)
        if case is not None and case.due == due and incident in self._lives:
            self._lives[incident] += missed

    def _expect_nothing(self, case: Case) -> None:
        """Expect nothing more of an incident, nor of its crew: what still is has to be armed anew."""
        for name in case.watches:
            self._armed.pop(name, None)
        case.watches.clear()

    def called(self, change: dict[str, Any], record: Told) -> None:
        """A keyholder was called, or said a word: what is awaited of keyholders is said anew."""
        del record
        self._await_no_keyholder(change["incident"])

    def _await_no_keyholder(self, incident: str) -> None:
        for kind in OF_KEYHOLDERS:
            self._armed.pop(f"{kind} {incident}", None)


OF_THE_FIELD = frozenset(
    {
        "check",
        "amber",
        "book_on",
        "shift_end",
        "late_to_set",
        "test_overdue",
        "path_silent",
        "gate_opening",
        "gate_closing",
        "visit",
    }
)
"""Kinds of watch that only the field can keep, so that they wait while the room does not hear it."""

OF_KEYHOLDERS = ("keyholder_call", "keyholder_attends")
"""What is awaited of keyholders stays while its incident moves, until the next word of one."""

KNOWS = "update_heard"
"""The watch over a crew that was told more: it goes on whatever its incident does, while the order lives."""

ENDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "update_heard": lambda change: f"{KNOWS} {change['order']}",
    "came_off_test": lambda change: "end_of_test " + _name_of_test(change["test"]),
    "hold_ended": lambda change: "end_of_hold " + str(change["name"]),
}
"""What takes a watch off that no incident has: the change, and the name of the watch."""

KNOWN = frozenset({"end_of_test", "end_of_hold"})
"""Kinds of watch whose every end this model knows, so that a lost one is missed when it is due; those of
incidents are known anyway."""

CHANGES: dict[str, Callable[[Duties, dict[str, Any], Told], None]] = {
    "opened": Duties.opened,
    "incident_reopened": Duties.opened,
    "returned": Duties.opened,
    "divided": Duties.opened,
    "restated": Duties.restated,
    "absorbed": Duties.absorbed,
    "moved": Duties.moved,
    "keyholder_noted": Duties.called,
    "incident_closed": Duties.closed,
    "order_moved": Duties.order_moved,
    "order_ended": Duties.order_ended,
    **dict.fromkeys(ENDS, Duties.ends),
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
    """Return the incident that a change speaks of; empty where it speaks of none."""
    incident = change.get("incident", "")
    return str(incident["id"] if isinstance(incident, dict) else incident)


def _name_of_test(test: dict[str, Any]) -> str:
    return str(test["target"] if test["zone"] is None else f"{test['target']} {test['zone']}")

"""The plan's figures counted anew from the raw journal, by code that shares nothing with the ledger.

Frames are read as plain MessagePack: no struct, no state, no table of the ledger's. What a measure counts is
taken from the plan file's own text. So a mistake in how the ledger follows incidents, moves corrections or
stores positions shows as a difference, and is named with its measure, day and area.

The rules it goes by are those of `docs/measures.md`, written out once more. It keeps every incident and entry
in memory while it counts: some hundreds of megabytes for a plan year of a million events.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

Cell = tuple[str, str, str]
"""Measure, day (ISO), area."""

_LEEDS = ZoneInfo("Europe/London")
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_ASIDE = frozenset({"quarantined", "swallowed"})
_decode = msgspec.msgpack.Decoder().decode


class Recount:
    """Counts records one by one; `figures` is what there is in the end."""

    def __init__(self, measures: Iterable[Mapping[str, Any]], *, count_simulated: bool) -> None:
        self._selectors = [(one["id"], two) for one in measures for two in one.get("counts") or ()]
        self._simulated = count_simulated
        self._about: dict[str, tuple[str, str]] = {}
        self._alarms: dict[str, set[int]] = {}
        self._inside: dict[str, set[str]] = {}
        self._open: set[str] = set()
        self._accepted: set[str] = set()
        self._handled: set[int] = set()
        self._incident_of: dict[str, str] = {}
        self._orders_of: dict[str, list[str]] = {}
        self._host: dict[str, str] = {}
        self._entries: dict[str, Mapping[str, Any]] = {}
        self._found: Counter[Cell] = Counter()
        self.records = 0

    def frame(self, body: bytes, through: int | None = None) -> None:
        """Count the records of one frame, as its bytes lie in the store, up to a position."""
        _, first, records = _decode(body)
        for position, (now, decision, _) in enumerate(records, first):
            if through is None or position <= through:
                self.records += 1
                self._record(position, _day(now), decision)

    def figures(self) -> Counter[Cell]:
        """Return how much there is of each measure, by day and area."""
        found = Counter(self._found)
        for entry in self._entries.values():
            for event, told, moment in _facts(entry):
                self._count(found, event, told, (_day(moment), entry["area"] or ""))
        return found

    def _record(self, position: int, day: str, decision: Mapping[str, Any]) -> None:
        changes = decision.get("changes", ())
        aside = any(change["type"] in _ASIDE for change in changes)
        for change in changes:
            match change["type"]:
                case "logged" if not aside:
                    self._logged(change, day)
                case "checked" if change["result"] == "telephone" and change["kind"] == "lone-worker":
                    self._now("lone_worker_check", day, _area(change["source"]), by="telephone")
                case "hold_ended" if self._real(change):
                    for _ in change.get("activations", ()):
                        self._now("alarm_handled", day, change["area"])
                case "referral_made" if self._real(change["referral"]):
                    told = change["referral"]
                    self._now("referral_made", day, told["about"]["area"], **told)
                case "entry_kept" if self._real(change["entry"]):
                    self._entries[change["entry"]["id"]] = change["entry"]
                case "entry_struck":
                    self._entries.pop(change["entry"], None)
                case word:
                    self._of_incident(word, change, (position, day), aside=aside)
        for order in decision.get("orders", ()):
            self._incident_of[order["id"]] = order["incident"]
            self._orders_of.setdefault(order["incident"], []).append(order["id"])

    def _of_incident(self, word: str, change: Mapping[str, Any], at: tuple[int, str], *, aside: bool) -> None:
        position, day = at
        match word:
            case "opened" if self._follows(change["incident"]):
                one = change["incident"]
                self._open.add(one["id"])
                self._about[one["id"]] = (one["kind"], one["area"])
                care = one["kind"] == "telecare"
                alarms = {position} if care else {member[0] for member in one["members"] if member[4]}
                self._alarms[one["id"]] = alarms - {position} if aside else alarms
            case "incident_reopened" if self._follows(change["incident"]):
                one = change["incident"]
                self._open.add(one["id"])
                self._about.setdefault(one["id"], (one["kind"], one["area"]))
                self._alarms.setdefault(one["id"], set())
            case "joined" if change["incident"] in self._open and change["activation"]:
                if self._real(change) and not aside and self._about[change["incident"]][0] == "arc-alarm":
                    self._alarms[change["incident"]].add(position)
                    if change["incident"] in self._accepted:
                        self._now("alarm_responded", day, self._about[change["incident"]][1])
            case "order_moved" if change["step"] == "accepted":
                self._answered(self._incident_of.get(change["order"], ""), day)
            case "incident_closed":
                self._over(change["incident"], day)
            case "absorbed" if change["incident"] in self._open and change["into"] in self._open:
                self._inside.setdefault(change["into"], set()).add(change["incident"])
                self._host[change["incident"]] = change["into"]
            case "returned":
                self._inside.get(change["of"], set()).discard(change["incident"]["id"])
                self._host.pop(change["incident"]["id"], None)
            case "divided" if change["of"] in self._open:
                self._divide(change)
            case _:
                pass

    def _divide(self, change: Mapping[str, Any]) -> None:
        new, old = change["incident"], change["of"]
        apart = {member[0] for member in new["members"]} & self._alarms[old]
        self._alarms[old] -= apart
        self._alarms[new["id"]] = apart
        self._open.add(new["id"])
        self._about[new["id"]] = (self._about[old][0], new["area"])
        if old in self._accepted:
            self._accepted.add(new["id"])

    def _answered(self, incident: str, day: str) -> None:
        """A crew accepted: each alarm of the incident, and of what is inside it, is responded to once."""
        if incident not in self._open or incident in self._host:
            return
        for one in self._all(incident):
            if one not in self._accepted:
                self._accepted.add(one)
                kind, area = self._about[one]
                event = "care_ring_responded" if kind == "telecare" else "alarm_responded"
                for _ in self._alarms[one]:
                    self._now(event, day, area)

    def _over(self, incident: str, day: str) -> None:
        """An incident closed: each alarm of it, and of what is inside it, is handled."""
        if incident not in self._open:
            return
        if incident in self._accepted:
            self._answered(incident, day)
        for one in self._all(incident):
            kind, area = self._about[one]
            for _ in self._alarms[one] - self._handled if kind == "arc-alarm" else ():
                self._now("alarm_handled", day, area)
            self._handled |= self._alarms[one]
        self._open.discard(incident)
        for order in self._orders_of.pop(incident, ()):
            self._incident_of.pop(order, None)

    def _all(self, incident: str) -> list[str]:
        found = [incident]
        for one in found:
            found += sorted(self._inside.get(one, ()))
        return found

    def _logged(self, change: Mapping[str, Any], day: str) -> None:
        if not self._real(change):
            return
        if change["activation"]:
            self._now("alarm_handled", day, _area(change["source"]))
        elif change["kind"] == "lone-worker" and change["event"] == "check_in":
            self._now("lone_worker_check", day, _area(change["source"]), by="device")

    def _follows(self, incident: Mapping[str, Any]) -> bool:
        return incident["kind"] in {"arc-alarm", "telecare"} and self._real(incident)

    def _real(self, told: Mapping[str, Any]) -> bool:
        return self._simulated or not told["simulated"]

    def _now(self, event: str, day: str, area: str, **told: Any) -> None:
        self._count(self._found, event, told, (day, area))

    def _count(
        self, found: Counter[Cell], event: str, told: Mapping[str, Any], where: tuple[str, str]
    ) -> None:
        """Add to every measure, once, one of whose selectors fits."""
        done = set[str]()
        for measure, selector in self._selectors:
            if measure in done or selector["event"] != event or selector.get("kind") != told.get("kind_"):
                continue
            if all(_fits(told.get(name), words) for name, words in (selector.get("where") or {}).items()):
                done.add(measure)
                number = told[selector["add_up"]] if selector.get("add_up") else 1
                found[measure, *where] += number


def difference(counted: Mapping[Cell, int], recounted: Mapping[Cell, int]) -> tuple[Cell, int, int] | None:
    """Return the first cell in which two counts differ, with what each says; None where they agree."""
    for cell in sorted({*counted, *recounted}, key=lambda one: (one[1], one[0], one[2])):
        mine, theirs = counted.get(cell, 0), recounted.get(cell, 0)
        if mine != theirs:
            return cell, mine, theirs
    return None


def _facts(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], datetime]]:
    """Yield what an entry can count as, with its words and its moment."""
    said = entry["said"]
    yield "log_entry", {**said, "kind_": said["kind"]}, entry["happened_at"]
    done = said.get("fulfilled")
    if done is not None:
        yield "footage_fulfilled", {**said, **done}, done["at"]


def _fits(found: Any, words: Any) -> bool:
    allowed = words if isinstance(words, list) else [words]
    return str(found).lower() in {str(word).lower() for word in allowed}


def _area(source: str) -> str:
    return source.split("/")[1]


def _day(moment: datetime) -> str:
    """Return the day in Leeds; a moment out of the service's bounds is at the nearer edge."""
    return min(max(moment, _FIRST), _LAST).astimezone(_LEEDS).date().isoformat()

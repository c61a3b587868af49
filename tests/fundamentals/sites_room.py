"""A room over three made-up sites and their hours, told one thing after another by the clock in Leeds."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate, Keyholder, Place, Round
from controlroom.events import Closed, Event, LinkRestored, RoomOpened, RulesSwapped, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.record import Decision
from controlroom.incidents.sites.standing import standing
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.ingest.decode import decode
from controlroom.rules.calendars import LONDON
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.envelope import STRUCTURED, type_of
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.rule_files import read_rule_files
from tests.build import LIMITS
from tests.fundamentals.shipped_room import CONFIG
from tests.moving_on import due_now, moved_on

SCHOOL = "leedswatch/inner-east/arc-alarm/SCH-1"
LIBRARY = "leedswatch/inner-east/arc-alarm/LIB-1"
MUSEUM = "leedswatch/inner-west/arc-alarm/MUS-1"
PARK = "leedswatch/inner-west/park/PK-1"
YARD = "leedswatch/inner-west/guard/DEP-1"

_HOURS = """
calendars:
  holidays:
    why: On a bank holiday everything is shut.
    dates: [2026-08-31, 2026-12-25]
  schooldays:
    why: The school is open on working days.
    weekly: [{days: mon-fri, from: "07:30", to: "18:00"}]
    closed_on: holidays
  reading_days:
    why: The library is open on working days and on Saturday mornings.
    weekly:
      - {days: mon-fri, from: "09:00", to: "17:00"}
      - {days: sat, from: "09:00", to: "13:00"}
  night_shift:
    why: The museum's store is staffed through the night before Sunday.
    weekly: [{days: sat, from: "20:00", to: "01:30"}]
  gates:
    why: The park is open from eight to nine in the evening, or until dusk.
    weekly: [{days: mon-sun, from: "08:00", to: "21:00"}]
  dusk_round:
    why: The yard is visited on every evening.
    weekly: [{days: mon-sun, from: "20:00", to: "22:00"}]
"""


_ABOUT = {
    Kind.ARC_ALARM: lambda key: {"site": key},
    Kind.GUARD: lambda key: {"post": key, "guard": "G-1"},
    Kind.PARK: lambda key: {"park": key},
}
"""What a signal of each kind says about who it is of."""


def leeds(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """Return the moment at which the clock in Leeds shows this; `fold` 1 is the second time in October."""
    return datetime(year, month, day, hour, minute, tzinfo=LONDON, fold=fold).astimezone(UTC)


def _place(topic: str, site: str, kind: str, **more: Any) -> Place:
    _, area, feed, _ = topic.split("/")
    return Place(topic, feed, Area(area), site, kind, f"The {kind} {site}", **more)


@cache
def town(*, library: bool = True, paths: bool = False, patrol: bool = False, park: bool = False) -> Estate:
    """Return the three sites; the library may have been sold, paths be supervised, a yard be patrolled."""
    school = _place(SCHOOL, "SCH-1", "school", hours="schooldays", keys_held=True, risk=2, test_every_h=24)
    places = [
        school,
        _place(MUSEUM, "MUS-1", "museum", hours="night_shift", risk=3, path_grade="DP3" if paths else None),
        _place(YARD, "DEP-1", "depot"),
    ]
    if park:
        places.append(_place(PARK, "PRK-1", "park", hours="gates", tags=frozenset({"dusk"})))
    if library:
        places.append(_place(LIBRARY, "LIB-1", "library", hours="reading_days"))
    return Estate(
        {place.topic: place for place in places},
        {"MR-01": Crew("MR-01", Area.INNER_EAST)},
        keyholders={"SCH-1": (Keyholder("KH-1", "SCH-1", "Keyholder 1 of SCH-1", 1),)},
        rounds={"yard-evening": Round("yard-evening", YARD, "DEP-1", "dusk_round")} if patrol else {},
    )


@cache
def _rules() -> Compiled:
    files = read_rule_files(CONFIG / "rules")
    shipped = files.calendars
    assert shipped is not None
    return Compiled(load(files.tables, ("calendars.yaml", shipped[1] + _HOURS.split("calendars:")[1])))


class SitesRoom:
    """Tells events at moments; `rules` are the ids of those that spoke, in order."""

    def __init__(
        self,
        opened: datetime,
        state: State | None = None,
        *,
        estate: Estate | None = None,
        handbook: Handbook | None = None,
    ) -> None:
        self.state = state or State()
        self._book = handbook or Handbook(_rules(), estate or town(), HouseRules(demonstration=True))
        self.rules: list[str] = []
        self._asked = 0
        self._told = count(self.state.position)
        self.now = opened
        self.opening = self._decide(RoomOpened("writer", 1, "rules", demonstration=True), opened)
        self._decide(LinkRestored(), opened)

    def until(self, at: datetime) -> list[str]:
        """Let everything fall due that is due by then; return the rules that spoke since the last time."""
        while (due := next_deadline(self.state)) is not None and due <= at:
            self._decide(Tick(), max(due, self.now))
        said, self._asked = self.rules[self._asked :], len(self.rules)
        self.now = at
        return said

    def hears(self, topic: str, at: datetime, **data: Any) -> list[str]:
        """Tell a signal on this topic; return the rules that spoke up to the second after it."""
        kind, key = Kind(topic.split("/")[2]), topic.rpartition("/")[2]
        about = _ABOUT[kind](key)
        said_so = {
            "specversion": "1.0",
            "id": f"s{next(self._told)}",
            "source": topic,
            "type": type_of(kind),
            "time": at.isoformat(),
            "simulated": True,
            "data": about | data,
        }
        wire = Wire(topic, json.dumps(said_so).encode(), STRUCTURED)
        said = self.until(at)
        event = decode(wire, self._book.estate, LIMITS, at)
        assert isinstance(event, SignalReceived), event
        self._decide(event, at)
        return said + self.until(at + timedelta(seconds=1))

    def closes(self, at: datetime, outcome: Outcome) -> list[str]:
        """Close every open incident with this outcome; return the rules that spoke because of it."""
        said = self.until(at)
        for incident in list(self.state.incidents.values()):
            self._decide(Closed(incident.id, incident.version, "operator-1", outcome), at)
        return said + self.until(at + timedelta(seconds=1))

    def swaps(self, handbook: Handbook, at: datetime) -> None:
        """Swap the rules for those of this handbook, as a reload does."""
        before = self._book.rules.version
        self.until(at)
        self._decide(RulesSwapped("desk", "other rules", before), at)
        self._book = handbook

    def failed_paths(self, site: str) -> list[str]:
        """Return the paths of a site that stand failed."""
        return list(self.state.paths[site])

    def due(self, kind: WatchKind) -> dict[str, datetime]:
        """Return what of this kind is expected, by whom, until when."""
        return dict(standing(self.state, kind))

    def restarted(self, at: datetime, *, estate: Estate | None = None) -> "SitesRoom":
        """Return the room that starts from this one's snapshot at this moment."""
        return SitesRoom(at, from_bytes(to_bytes(self.state)), estate=estate)

    def _decide(self, event: Event, at: datetime) -> Decision:
        watch = due_now(self.state, event, at)
        decision = decide(self._book, self.state, event, at)
        if decision.first_position is None and decision.changes:
            apply(self.state, self.state.position + 1, at, decision)
        assert moved_on(watch, self.state, decision), watch
        if decision.ruling is not None:
            self.rules.append(decision.ruling.rule)
        return decision

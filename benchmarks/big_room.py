"""A room far above a city's size, filled through the real core: sites, open incidents, armed watches.

Nothing is put into the state by hand: incidents come from signals that were decided, watches from records
that were applied.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import msgspec

from controlroom.estate.areas import Area
from controlroom.estate.model import Crew, Estate, Place
from controlroom.events import Closed, CrewReported, Event, OrdersHandedOver, Owned, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import IncidentOpened, WatchArmed, WatchExpired
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.state import State, next_deadline
from controlroom.ingest.decode import Limits, decode
from controlroom.rules.compile import Compiled
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.envelope import STRUCTURED, type_of
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.rule_files import read_rule_files

_ON_AIR = Wire("leedswatch/dispatch/MR-01/reports", b"")

RULES = Path(__file__).parents[1] / "config" / "rules"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LIMITS = Limits(payload_bytes=4_096, future_s=300, simulated_welcome=True)
GAP = timedelta(milliseconds=5)
"""Between two signals: two hundred a second, so that the deadlines of many incidents fall into a run."""

FAR = timedelta(days=30)
"""When the watches that only stand there fall due: past the end of every run."""

KINDS = (Kind.ARC_ALARM,) * 6 + (Kind.CAMERA_FAULT,) * 2 + (Kind.LONE_WORKER, Kind.GUARD, Kind.HELP_POINT)
"""What the sites are: mostly panels, as in the estate of the demonstration."""

TAGS = frozenset({"system-intruder", "system-fire", "system-panic"})
SITE_KINDS = ("school", "library", "office", "depot", "community-centre")

SAID: dict[Kind, tuple[dict[str, object], ...]] = {
    Kind.ARC_ALARM: (
        {"event": "test", "test": True},
        {"event": "opened", "set_state": "unset"},
        {"event": "closed", "set_state": "set"},
        {"event": "intruder", "zone": "Z01", "set_state": "set"},
        {"event": "intruder", "zone": "Z02", "set_state": "set"},
        {"event": "mains_fault"},
        {"event": "path_fault", "zone": "P1"},
        {"event": "panic", "zone": "Z07"},
    ),
    Kind.CAMERA_FAULT: ({"fault": "offline", "state": "raised"}, {"fault": "offline", "state": "cleared"}),
    Kind.LONE_WORKER: ({"event": "check_in"}, {"event": "check_in"}, {"event": "sos"}),
    Kind.GUARD: ({"event": "on_duty"}, {"event": "check_call"}, {"event": "off_duty"}),
    Kind.HELP_POINT: ({"step": "started"}, {"step": "answered"}, {"step": "ended"}),
}
"""What a source of each kind says, one of these at a time."""

_OWN_KEY = {
    Kind.ARC_ALARM: "site",
    Kind.CAMERA_FAULT: "camera",
    Kind.LONE_WORKER: "worker",
    Kind.GUARD: "post",
    Kind.HELP_POINT: "point",
}
_MORE = {Kind.GUARD: {"guard": "G-1"}, Kind.HELP_POINT: {"call": "C-1"}}


class Sizes(msgspec.Struct, frozen=True):
    """How large the room is, and how many signals a start has to take up behind its snapshot."""

    sites: int = 100_000
    incidents: int = 10_000
    watches: int = 1_000_000
    signals: int = 1_000_000


def rss_bytes() -> int:
    """Return how much memory of this process is resident."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4_096


def estate_of(sites: int) -> Estate:
    """Return so many places of all kinds and areas, and sixteen crews."""
    areas, places = tuple(Area), {}
    for n in range(sites):
        kind, area, key = KINDS[n % len(KINDS)], areas[n % len(areas)], f"S-{n:06}"
        topic = f"leedswatch/{area}/{kind}/{key}"
        places[topic] = Place(
            topic=topic,
            kind=kind,
            area=area,
            site=key,
            site_kind=SITE_KINDS[n % len(SITE_KINDS)],
            name=f"Building {n}",
            tags=TAGS,
            risk=1 + n % 3,
        )
    crews = [Crew(f"MR-{n + 1:02}", areas[n % len(areas)]) for n in range(16)]
    return Estate(places, {crew.unit: crew for crew in crews})


class BigRoom:
    """A handbook and a state, and the moment that it has come to. `records` are kept when asked for."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.handbook = Handbook(
            Compiled(read_rule_files(RULES).rules()), estate_of(sizes.sites), HouseRules(demonstration=True)
        )
        self.state = State()
        self.now = NOON
        self._rng = random.Random(2015)
        self._topics = tuple(self.handbook.estate.places)
        self._told = 0

    def signal(self, place: Place, said: dict[str, object]) -> SignalReceived:
        """Return what comes in when this place says so now."""
        self._told += 1
        kind = Kind(place.kind)
        event = {
            "specversion": "1.0",
            "id": f"b-{self._told}",
            "source": place.topic,
            "type": type_of(kind),
            "time": self.now.isoformat(),
            "simulated": True,
            "data": {_OWN_KEY[kind]: place.topic.rpartition("/")[2], **_MORE.get(kind, {}), **said},
        }
        wire = Wire(place.topic, json.dumps(event).encode(), STRUCTURED)
        heard = decode(wire, self.handbook.estate, LIMITS, self.now)
        if not isinstance(heard, SignalReceived):
            raise TypeError(f"not a signal: {heard}")
        return heard

    def any_signal(self) -> SignalReceived:
        """Return what a random source says."""
        place = self.handbook.estate.places[self._rng.choice(self._topics)]
        return self.signal(place, self._rng.choice(SAID[Kind(place.kind)]))

    def tell(self, event: Event) -> Record:
        """Decide and apply one event."""
        decision = decide(self.handbook, self.state, event, self.now)
        apply(self.state, self.state.position + 1, self.now, decision)
        return Record(self.state.position, self.now, event, decision)

    def open_incidents(self) -> None:
        """Let so many places call for help that so many incidents stand open, each with its order."""
        for topic in self._topics:
            if len(self.state.incidents) >= self.sizes.incidents:
                return
            place = self.handbook.estate.places[topic]
            if place.kind == Kind.ARC_ALARM:
                self.look_after(self.tell(self.signal(place, {"event": "panic", "zone": "Z07"})))

    def arm_watches(self) -> None:
        """Let so many watches stand armed that nothing here will ever fire."""
        next_deadline(self.state)  # from now on they are kept in order, as in a room that runs
        for n in range(self.sizes.watches):
            watch = Watch(self.now + FAR + timedelta(seconds=n % 86_400), WatchKind.END_OF_TEST, f"w-{n}")
            apply(self.state, self.state.position + 1, self.now, Decision((WatchArmed(watch),)))

    def look_after(self, record: Record) -> list[Record]:
        """Let the broker have the orders, their crews arrive, and a person take what waits for one."""
        decision, told = record.decision, []
        for order in decision.orders:
            told.append(self.tell(OrdersHandedOver((order.id,))))
            told.append(self.tell(CrewReported(_ON_AIR, order.id, order.unit, Step.ON_SCENE)))
        for change in decision.changes:
            if isinstance(change, IncidentOpened) and change.incident.order is None:
                incident = self.state.incidents[change.incident.id]
                told.append(self.tell(Owned(incident.id, incident.version, "op-1")))
        return told

    def upkeep(self) -> Iterator[Event]:
        """Yield what is told before the next signal: what fell due, and the end of an incident too many."""
        while (due := next_deadline(self.state)) is not None and due <= self.now:
            yield Tick()
        while len(self.state.incidents) > self.sizes.incidents:
            incident = self.state.incidents[next(iter(self.state.incidents))]
            yield Closed(incident.id, incident.version, "op-1", Outcome.FALSE_ALARM)

    def live_through(self, signals: int) -> tuple[list[float], list[float], list[float], list[float]]:
        """Take so many signals; return the seconds of decide and of apply, of a command, and of a tick."""
        decided: list[float] = []
        applied: list[float] = []
        commands: list[float] = []
        ticks: list[float] = []
        for _ in range(signals):
            event = self.any_signal()
            before = perf_counter()
            decision = decide(self.handbook, self.state, event, self.now)
            between = perf_counter()
            apply(self.state, self.state.position + 1, self.now, decision)
            after = perf_counter()
            decided.append(between - before)
            applied.append(after - between)
            self.look_after(Record(self.state.position, self.now, event, decision))
            self.now += GAP
            for event_too in self.upkeep():
                before = perf_counter()
                self.tell(event_too)
                (ticks if isinstance(event_too, Tick) else commands).append(perf_counter() - before)
        return decided, applied, commands, ticks

    def time_watches(self, count: int) -> dict[str, float]:
        """Return the microseconds of arming, moving and firing one watch, its record made before."""
        soon = [Watch(self.now + timedelta(seconds=n), WatchKind.ANSWER, f"t-{n}") for n in range(count)]
        later = [msgspec.structs.replace(watch, due=watch.due + timedelta(hours=1)) for watch in soon]
        figures = {}
        for name, decisions in {
            "arm": [Decision((WatchArmed(watch),)) for watch in soon],
            "move": [Decision((WatchArmed(watch),)) for watch in later],
            "fire": [Decision((WatchExpired(watch),)) for watch in later],
        }.items():
            start = perf_counter()
            for decision in decisions:
                apply(self.state, self.state.position + 1, self.now, decision)
            figures[name] = round((perf_counter() - start) / count * 1e6, 2)
        return figures

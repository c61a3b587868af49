"""The whole city on one fixed night: shipped rules and estate, three hours of feeds, crews, people at work.

What is on a screen at 02:14 is the same on every machine: feeds come from a seed, time is virtual, and who
does what stands below. Nobody in it exists. Its limits: it has no journal, and its crews do as they are told.
"""

import heapq
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from controlroom.commands.entries import FootageRequest, Misper, Operation, ParkswatchAsb, Radio, Said
from controlroom.commands.entry_words import Channel, OperationNature, Requester
from controlroom.commands.handovers import HandoverTaken, HandoverWritten, SheetLine
from controlroom.commands.log_book import EntryWritten
from controlroom.commands.work import Noted, Parked
from controlroom.console.parts import Parts, RoomStatus
from controlroom.console.past.books import AsOf, Then
from controlroom.console.past.reader import Known
from controlroom.console.views import Lens
from controlroom.estate.areas import Area
from controlroom.events import (
    Closed,
    CrewReported,
    Event,
    LinkRestored,
    MessageQuarantined,
    OrdersHandedOver,
    Owned,
    PutOnTest,
    QuarantineReason,
    RoomOpened,
    Tick,
)
from controlroom.incidents.changes import IncidentOpened
from controlroom.incidents.incident import Incident
from controlroom.incidents.record import Record
from controlroom.incidents.rule_changes.state import InForce
from controlroom.incidents.state import next_deadline
from controlroom.ingest.decode import Limits, decode
from controlroom.orders import SendCrew
from controlroom.settings import load as settings_of
from controlroom.signals.dispatch_messages import Outcome, Step, reports_topic
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.books import Books, read_books
from simulators.city import life
from simulators.speech import Message, Run, wires
from tests.build import body
from tests.console.small_past import SmallJournal, SmallPast
from tests.console.small_room import EPOCH, ROOM, SmallRoom
from tests.console.small_search import SmallSearch

BEGINS = datetime(2026, 11, 28, 23, 14, tzinfo=UTC)
"""A Saturday, a quarter past eleven at night."""

HOURS = 3.0
ENDS = BEGINS + timedelta(hours=HOURS)
SEED = 2015
PACE = 1.0

LIMITS = Limits(payload_bytes=65_536, future_s=300, simulated_welcome=True)
CONFIG = Path(__file__).parents[2] / "config" / "demo.toml"
CREW_S = {Step.ACCEPTED: 25, Step.EN_ROUTE: 50, Step.ON_SCENE: 760, Step.CLEARED: 1_900}
"""Seconds after the order at which a crew says each step."""

SILENT = "OFF-008"
"""A site with a silent panic button."""

PEOPLE = ("sam", "alex", "desk one")
OWN_AFTER_S, CLOSE_AFTER_S = 45, 1_500
"""When somebody takes an incident, and when it is over."""

DRESSED_S = 100
"""So long before the end something of everything happens."""

WAIT_S = 840
"""Every other incident of the last minutes waits for somebody when the night is looked at."""


ENTRIES: tuple[tuple[Said, Area | None], ...] = (
    (
        Radio(Channel.AIRWAVE, "LW-7", "Group with paint at the viaduct, walking towards the markets."),
        Area.INNER_SOUTH,
    ),
    (Radio(Channel.BACIL, "Store 12", "Two men banned from the arcade have come in again."), None),
    (
        Misper("MP-1180", "Girl of 14, grey coat, last seen at the bus station.", vulnerable=True),
        Area.INNER_EAST,
    ),
    (
        FootageRequest(Requester.POLICE, "13260-771", "Collision at the roundabout, 22:50 to 23:10."),
        Area.INNER_WEST,
    ),
    (ParkswatchAsb("PRK-011", "Motorbikes on the football field."), Area.INNER_NORTH_EAST),
)
HIDDEN = Operation(OperationNature.COVERT, "HERON-7", "A delegated operation.", ENDS)
"""What only the people who are named in it may see."""


@cache
def books() -> Books:
    """Return what the demonstration decides by."""
    return read_books(settings_of(CONFIG, {}))


class NightRoom(SmallRoom):
    """A small room with the books of the demonstration, in which time passes."""

    def __init__(self) -> None:
        super().__init__(now=BEGINS)
        self.handbook = books().handbook
        self.status = RoomStatus(demonstration=True, rule_set=self.handbook.rules.version, instance=ROOM)
        rules = books().rules
        self.lens = Lens(
            estate=lambda: self.handbook.estate,
            why=lambda ruling: rules.reasons.get((ruling.table, ruling.rule)),
            plan=lambda table, rule: rules.plans.get((table, rule)),
            asks=lambda ruling: rules.asks.get((ruling.table, ruling.rule), ()),
        )
        self.search = SmallSearch(self.handbook.estate)
        self.tellers = [self.search.released]
        known = Known(lambda: self.handbook, self.lens, lambda: self.now, ROOM, books=self._books)
        self.past = SmallPast(known, SmallJournal(lambda: list(self.journal.values()), EPOCH))
        self._agenda: list[tuple[datetime, int, Callable[[], Event | None]]] = []
        self._ticket = itertools.count()
        self._taken = itertools.count()

    def _books(self, by: InForce) -> Then:
        """Return what it decided by at any time of the night: always the same."""
        return Then(self.handbook, self.lens, by.rule_set, AsOf.SAME, by.estate, AsOf.SAME)

    def parts(self, now: Callable[[], datetime] | None = None) -> Parts:
        """Return what a console of this room is given, with the words of the shipped rules."""
        return replace(super().parts(now), lens=self.lens)

    def later(self, seconds: float, event: Callable[[], Event | None]) -> None:
        """Let this be asked for its event in so many seconds, and told if it has one."""
        heapq.heappush(self._agenda, (self.now + timedelta(seconds=seconds), next(self._ticket), event))

    def until(self, moment: datetime) -> None:
        """Let everything fall due that is due by then, and everybody act whose time it is."""
        while True:
            due, agreed = next_deadline(self.state), self._agenda[0][0] if self._agenda else None
            first = min((one for one in (due, agreed) if one is not None), default=None)
            if first is None or first > moment:
                break
            self.now = max(self.now, first)
            if agreed is not None and agreed == first:
                event = heapq.heappop(self._agenda)[2]()
                if event is not None:
                    self.lives(event)
            else:
                self.lives(Tick())
        self.now = moment

    def lives(self, *events: Event) -> None:
        """Decide these events, and let crews and people do what follows from them."""
        for record in self.happens(*events):
            self._follow(record)

    def incident(self, name: str) -> Incident:
        """Return an open incident."""
        return self.state.incidents[name]

    def _follow(self, record: Record) -> None:
        orders = [order for order in record.decision.orders if isinstance(order, SendCrew)]
        if record.decision.orders:
            self.happens(OrdersHandedOver(tuple(order.id for order in record.decision.orders)))
        for order in orders:
            for step, seconds in CREW_S.items():
                outcome = Outcome.FALSE_ALARM if step is Step.CLEARED else None
                wire = Wire(reports_topic(order.unit), b"")
                self.later(seconds, partial(CrewReported, wire, order.id, order.unit, step, outcome))
        for change in record.decision.changes:
            if isinstance(change, IncidentOpened):
                self._work(change.incident.id)

    def _work(self, name: str) -> None:
        """Let somebody take what was opened, unless it is one of those that wait, and close it in the end."""
        turn = next(self._taken)
        if turn % 2 and self.now > ENDS - timedelta(seconds=WAIT_S):
            return
        who = PEOPLE[turn % len(PEOPLE)]

        def own() -> Event | None:
            at = self.state.incidents.get(name)
            return Owned(name, at.version, who) if at is not None and at.owner is None else None

        def close() -> Event | None:
            at = self.state.incidents.get(name)
            return Closed(name, at.version, who, Outcome.FALSE_ALARM) if at is not None else None

        self.later(OWN_AFTER_S + 7 * (turn % 5), own)
        self.later(CLOSE_AFTER_S + 200 * (turn % 7), close)


def live_through(room: NightRoom) -> None:
    """Let the night happen, up to 02:14, with what a screen has to show at that moment."""
    version, estate = room.handbook.rules.version, books().estate
    room.lives(RoomOpened("night", 1, version, demonstration=True, estate=estate), LinkRestored())
    said = life(room.handbook.estate, SEED, PACE, Run("night", 1, 1.0))
    dressed = ENDS - timedelta(seconds=DRESSED_S)
    _hear(room, said, dressed)
    _dress(room)
    _hear(room, said, ENDS)


def _hear(room: NightRoom, said: Iterator[Message], until: datetime) -> None:
    """Let what the city says by then be decided, each thing at its time."""
    for message in said:
        moment = BEGINS + timedelta(seconds=message.due_s)
        if moment >= until:
            break
        room.until(moment)
        for wire in wires(message, room.now, 1.0):
            event = decode(wire, room.handbook.estate, LIMITS, room.now)
            if event is not None:
                room.lives(event)
    room.until(until)


def _dress(room: NightRoom) -> None:
    """Let there be what three hours do not bring by themselves: something of everything."""
    now, topic = room.now, next(iter(room.handbook.estate.places))
    for text, detail in ((b"\xff{", "not JSON"), (b'{"specversion": "1.0"}', "no id")):
        room.lives(MessageQuarantined(Wire(topic, text), QuarantineReason.BAD_JSON, detail))
    for said, area in ENTRIES:
        room.lives(EntryWritten("sam", now - timedelta(minutes=20), said, area))
    room.lives(EntryWritten("desk one", now, HIDDEN, Area.INNER_SOUTH, restricted=("alex",)))
    until = now + timedelta(hours=2)
    room.lives(PutOnTest("MUS-003", "Yearly service of the panel.", "The fitter", until, "sam", None, "alex"))
    _work_on(room)
    _handed_over(room)
    panel = next(place for place in room.handbook.estate.places.values() if place.site == SILENT)
    data = {"site": SILENT, "event": "panic", "zone": "7", "set_state": "set"}
    sent = body(Kind.ARC_ALARM, "the-panic") | {"source": panel.topic, "time": now.isoformat(), "data": data}
    event = decode(
        Wire(panel.topic, json.dumps(sent).encode(), STRUCTURED), room.handbook.estate, LIMITS, now
    )
    assert event is not None
    room.lives(event)


def _work_on(room: NightRoom) -> None:
    """Let people have parked, noted and escalated what has the time for it."""
    mild = [one for one in room.state.incidents.values() if one.priority > 1 and one.order is None]
    for at in (mild[0], mild[1]):
        room.lives(Owned(at.id, at.version, "sam", at.owner))
        version = room.incident(at.id).version
        room.lives(
            Parked(at.id, version, "sam", room.now + timedelta(minutes=40), "The fitter comes at three.")
        )
    for at in mild[2:5]:
        room.lives(Owned(at.id, at.version, "desk one", at.owner))
        words = "Seen on camera: nobody there. The gate is shut."
        room.lives(Noted(at.id, room.incident(at.id).version, "desk one", words))


def _handed_over(room: NightRoom) -> None:
    """Let one shift have been handed over and taken, and another wait for the other side."""
    sheet = (SheetLine("On test", "MUS-003", "Yearly service of the panel, until 04:12"),)
    room.lives(HandoverWritten("sam", "Carnival traffic until three. The depot's barrier sticks.", sheet))
    room.lives(HandoverTaken("desk one", f"HO-{room.state.position}", with_work=False, said="Understood."))
    room.lives(HandoverWritten("alex", "A film crew at the markets until five.", sheet))

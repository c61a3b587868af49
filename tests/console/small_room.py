"""A room without a journal: the real `decide` and `apply`, each record released as soon as it is decided."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import msgspec
from argon2 import PasswordHasher

from controlroom.access.book import Book
from controlroom.access.council import Council
from controlroom.access.front_desk import FrontDesk
from controlroom.access.passwords import Passwords
from controlroom.access.vault import MemoryVault
from controlroom.console.app import Console, Entrance
from controlroom.console.device_health import DeviceHealth, Health
from controlroom.console.guards import LOOPBACK_HOSTS
from controlroom.console.lab import (
    Engineering,
    FeedFile,
    Job,
    LabRefused,
    LabState,
    Order,
    Trial,
)
from controlroom.console.managers.figures import Figures
from controlroom.console.parts import Check, Parts, RoomStatus
from controlroom.console.past.reader import Known
from controlroom.console.places import EACH
from controlroom.console.pulses import DEFAULT_PACE, Pace
from controlroom.console.rule_desk import DeskBusy, Reloaded, ReloadResult, RulesStanding, TableCount
from controlroom.console.shadow_desk import CandidateRefused, ShadowStanding
from controlroom.console.views import Lens
from controlroom.events import Ask, Event, How, MessageQuarantined, QuarantineReason, SignalReceived
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.journal.acts import ActPage, Trail, Wanted
from controlroom.journal.answers import MemoryAnswers
from controlroom.journal.memory import MemoryStore
from controlroom.journal.records import encode_frame
from controlroom.journal.stored import EMPTY, StoredFrame, head_of
from controlroom.measures.desk import DeskFigures
from controlroom.measures.ledger import Ledger
from controlroom.measures.plan.model import PlanText
from controlroom.room import Settled, Told
from controlroom.rules.model import RuleSet
from controlroom.rules.plans import Plan
from controlroom.rules.template_file import Template
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import NOON, estate, handbook, signal, topic_of
from tests.console.small_memory import SmallMemory
from tests.console.small_past import SmallJournal, SmallPast
from tests.console.small_search import SmallSearch

CITY = estate()
PLAN = Plan.model_validate(
    {"title": "Go and see", "steps": [{"id": "go", "do": "Go.", "required": True}], "silent": True}
)
LENS = Lens(
    estate=lambda: CITY,
    why=lambda _: None,
    plan=lambda table, rule: PLAN if (table, rule) == (Kind.ARC_ALARM, "about-panic") else None,
)
NO_FIGURES = Figures(
    PlanText.model_validate(
        {
            "plan": "A plan of one measure",
            "priorities": {"A": "One thing"},
            "measures": [
                {
                    "id": "asb_cases_resolved",
                    "wording": "No. of ASB cases",
                    "priority": "A",
                    "owner": "Somebody",
                    "kind": "count",
                    "polarity": "up",
                    "definition": "Every case.",
                    "counts": [{"event": "log_entry", "kind": "asb_case"}],
                    "target": "none",
                    "baseline": "none",
                }
            ],
        }
    ),
    Ledger,
    DeskFigures,
)
EPOCH = 7
ROOM = "small-room"
HOSTS = LOOPBACK_HOSTS | {"room.example"}
QUICK_PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Digests that cost nothing: how strong they are is the library's to know, and a test of its own looks."""


class Candidates:
    """A desk for candidates at which nothing ever runs."""

    def standing(self) -> ShadowStanding:
        """Return that no candidate runs."""
        return ShadowStanding()

    async def start(self, author: str, reason: str, folder: str) -> Settled:
        """Refuse every folder."""
        raise CandidateRefused((f"{folder}: {author} and {reason} do not help",))

    async def move(self, author: str, reason: str, how: How) -> Reloaded:
        """Refuse every promotion."""
        raise CandidateRefused((f"{how}: {author} and {reason} do not help",))


class Meter:
    """Remembers what was counted of the stream."""

    def __init__(self) -> None:
        self.pages = 0
        self.reasons: list[str] = []

    def clients(self, count: int) -> None:
        """Set the number of pages."""
        self.pages = count

    def resynced(self, reason: str) -> None:
        """Remember a page that had to start over."""
        self.reasons.append(reason)


class Desk:
    """Answers a reload as it is told to: with `result`, not at all, or with `busy`."""

    def __init__(self) -> None:
        self.standing_now = RulesStanding("test-rules", (TableCount(Kind.GUARD, 1),), NOON, "start")
        self.result = ReloadResult.SWAPPED
        self.busy: str | None = None
        self.authors: list[str] = []

    def standing(self) -> RulesStanding:
        """Return how the rules stand."""
        return self.standing_now

    async def reload(self, author: str) -> Reloaded:
        """Return what the test wants."""
        if self.busy is not None:
            raise DeskBusy(self.busy)
        self.authors.append(author)
        return Reloaded(self.result, 5, self.standing_now)


class NoLab:
    """A lab that has one feed, one job that ended, and begins none; explains nothing."""

    def state(self) -> LabState:
        """Return the feed and the job."""
        order = Order(Trial.REPLAY, "monday.jsonl.zst", "new/rules", "config/rules", "", "ada")
        ended = Job(1, order, NOON, running=False, said="done")
        return LabState((FeedFile("monday.jsonl.zst", 70_000),), (ended,), {})

    def begin(self, order: Order) -> None:
        """Refuse every trial."""
        raise LabRefused(f"{order.feed}: no trial here")

    def cancel(self) -> None:
        """Do nothing: none runs."""

    async def explain(self, position: int) -> dict[str, tuple[str, ...]]:
        """Return nothing for any position."""
        del position
        return {}


class SmallRoom:
    """Decides what it is told. `tellers` take each batch of records, as followers of the room do."""

    def __init__(self, *tellers: Callable[[Sequence[Record]], None], now: datetime = NOON) -> None:
        self.handbook = handbook(demonstration=True)
        self.state = State()
        self.tellers = list(tellers)
        self.now = now
        self.status = RoomStatus(demonstration=True, rule_set="test-rules", instance=ROOM)
        self.checks: tuple[Check, ...] = (Check("broker", ok=True), Check("store", ok=True))
        self.answers = True
        self.rules = Desk()
        self.council: Council | None = None
        self.vault = MemoryVault()
        self.desk = FrontDesk(Book(self.vault), lambda: self.now, QUICK_PASSWORDS)
        self.journal: dict[int, Record] = {}
        self.answers_kept = MemoryAnswers()
        self.search = SmallSearch(self.handbook.estate)
        self.tellers.append(self.search.released)
        self.lab = NoLab()
        self.templates: tuple[Template, ...] = ()
        self._signals = 0
        self.rule_set: RuleSet | None = None
        known = Known(lambda: self.handbook, LENS, lambda: self.now, ROOM, lambda _: self.rule_set)
        self.past = SmallPast(known, SmallJournal(lambda: list(self.journal.values()), EPOCH))

    def decided(self, *events: Event) -> list[Record]:
        """Return the records of these events, decided and applied, told to nobody yet."""
        records = []
        for event in events:
            decision = decide(self.handbook, self.state, event, self.now)
            position = self.state.position + 1
            apply(self.state, position, self.now, decision)
            records.append(Record(position, self.now, event, decision))
            self.journal[position] = records[-1]
        return records

    def happens(self, *events: Event) -> list[Record]:
        """Decide these events and tell everybody, as one batch."""
        records = self.decided(*events)
        for tell in self.tellers:
            tell(records)
        return records

    def signals(self, count: int, kind: Kind = Kind.GUARD, **data: str) -> list[Event]:
        """Return so many new signals of one kind."""
        self._signals += count
        return [signal(kind, f"n{self._signals - left}", **data) for left in range(count, 0, -1)]

    async def tell(self, command: Ask) -> Settled:
        """Answer a command, as the room's desk does."""
        if not self.answers:
            raise TimeoutError
        record = self.happens(command)[0]
        return Settled(Told(command, self.now, None), record.position, record.decision)

    async def records(self, positions: Collection[int]) -> list[Record]:
        """Return the records of these positions, as the journal gives them."""
        return [self.journal[position] for position in sorted(positions) if position in self.journal]

    candidates = Candidates()

    async def page(self, wanted: Wanted, before: int | None, limit: int) -> ActPage:
        """Return what people did, read from a journal that holds its records, each in a frame of its own."""
        store, head = MemoryStore(), EMPTY
        for record in self.journal.values():
            frame = StoredFrame(1, record.position, 1, encode_frame("w", [record]), b"m")
            await store.append(frame, head)
            head = head_of(frame)
        return await Trail(store, lambda: self.state.position).page(wanted, before, limit)

    def health(self) -> Health:
        """Return how its devices are."""
        return DeviceHealth(lambda: self.handbook.estate, lambda: self.now).view()

    def parts(self, now: Callable[[], datetime] | None = None) -> Parts:
        """Return what a console of this room is given."""
        return Parts(
            state=lambda: self.state,
            status=lambda: self.status,
            checks=lambda: self.checks,
            desk=self,
            answers=SmallMemory(self.answers_kept, self.journal),
            rules=self.rules,
            lens=msgspec.structs.replace(LENS, estate=lambda: self.handbook.estate),
            now=now or (lambda: self.now),
            handbook=lambda: self.handbook,
            records=self.records,
            figures=NO_FIGURES,
            shadow=self.candidates,
            engineering=Engineering(self.lab, self.lab, self.health),
            trail=self,
            search=self.search,
            past=self.past,
            templates=self.templates,
        )

    def console(
        self,
        meter: Meter | None = None,
        now: Callable[[], datetime] | None = None,
        pace: Pace = DEFAULT_PACE,
        epoch: int = EPOCH,
        pages_each: int = EACH,
    ) -> Console:
        """Return a console that follows this room from where it is now."""
        entrance = Entrance(self.desk, ROOM, HOSTS, council=self.council, pages_each=pages_each)
        console = Console(self.parts(now), meter or Meter(), entrance, pace)
        console.hub.opened(epoch, self.state.position)
        self.tellers += [console.hub.released, console.timelines.released]
        return console

    def passes(self, seconds: float) -> None:
        """Let so much time go by."""
        self.now += timedelta(seconds=seconds)


def garbage(payload: bytes, detail: str = "not JSON", topic: str | None = None) -> MessageQuarantined:
    """Return a message that could not be read."""
    wire = Wire(topic or topic_of(Kind.GUARD), payload)
    return MessageQuarantined(wire, QuarantineReason.BAD_JSON, detail)


def doubtful(identifier: str) -> SignalReceived:
    """Return a signal of a source that nobody knows."""
    known = signal(Kind.ARC_ALARM, identifier)
    wire = Wire(topic_of(Kind.ARC_ALARM, "GHOST"), known.wire.payload)
    doubt = QuarantineReason.UNKNOWN_SOURCE
    moved = known.signal.model_copy(update={"source": wire.topic})
    return SignalReceived(moved, wire, identifier.encode(), doubt, "nobody's account")

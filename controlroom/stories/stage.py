"""A story in the pure core: production `decode`, `decide` and `apply` on virtual time, crews included."""

import heapq
import itertools
from datetime import UTC, datetime, timedelta

import msgspec

from controlroom.events import CrewReported, Event, LinkRestored, OrdersHandedOver, RoomOpened, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import Logged
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, next_deadline
from controlroom.ingest.decode import Limits, decode
from controlroom.orders import Order
from controlroom.signals.dispatch_messages import reports_topic
from controlroom.signals.wire import Wire
from controlroom.stories.asking import NothingToActOn, asked
from controlroom.stories.crews import answers
from controlroom.stories.judge import shortfall
from controlroom.stories.load import Told
from controlroom.stories.model import Expect
from controlroom.stories.script import Act, Saying, script, wire_of

LIMITS = Limits(payload_bytes=65_536, future_s=300, simulated_welcome=True)

TICKS_MAX = 100_000
"""More deadlines than any story has: a room that never comes to rest is a finding and no endless loop."""


class Failure(msgspec.Struct, frozen=True):
    """One expectation that did not come true: where it stands, and what was there instead."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Performance(msgspec.Struct, frozen=True):
    """What came of a story: how many things were told, expectations held, and those that were not."""

    told: int
    held: int
    failures: tuple[Failure, ...]


class Stage:
    """One room for one story."""

    def __init__(self, told: Told, handbook: Handbook) -> None:
        self.state = State()
        self.logged: list[Logged] = []
        self._story = told.story
        self._marks = told.marks
        self._book = handbook
        self._begins = told.story.begins.astimezone(UTC)
        self._ticket = itertools.count()
        self._agenda: list[tuple[float, int, int, object]] = []
        self._failures: list[Failure] = []
        self._told = 0

    def perform(self) -> Performance:
        """Return what came of the story."""
        rules = self._book.rules.version
        self._tell(RoomOpened("story", 1, rules, demonstration=True), self._begins)
        self._tell(LinkRestored(), self._begins)
        for happening in script(self._story, self._book.estate):
            self._later(happening.at, happening)
        for number, expected in enumerate(self._story.expect):
            self._later(expected.by, (number, expected), last=True)
        while self._agenda and self._agenda[0][0] <= self._story.lasts_s:
            at, _, _, what = heapq.heappop(self._agenda)
            self._until(at)
            self._take(at, what)
        held = len(self._story.expect) - len(self._failures)
        return Performance(self._told, held, tuple(self._failures))

    def _later(self, at: float, what: object, *, last: bool = False) -> None:
        heapq.heappush(self._agenda, (at, int(last), next(self._ticket), what))

    def _now(self, at: float) -> datetime:
        return self._begins + timedelta(seconds=at)

    def _until(self, at: float) -> None:
        """Let everything fall due that is due by then."""
        for _ in range(TICKS_MAX):
            due = next_deadline(self.state)
            if due is None or due > self._now(at):
                return
            self._tell(Tick(), due)
        self._failures.append(Failure(str(self._marks[0]), f"the room never rests after {at:g} s"))

    def _take(self, at: float, what: object) -> None:
        now = self._now(at)
        match what:
            case Saying():
                event = decode(wire_of(what, now), self._book.estate, LIMITS, now)
                if event is not None:
                    self._tell(event, now)
            case Act():
                self._act(what, now)
            case CrewReported():
                self._tell(what, now)
            case (int() as number, Expect() as expected):
                missing = shortfall(expected, self.state, self.logged)
                if missing is not None:
                    self._failures.append(Failure(str(self._marks[number]), f"by {at:g} s: {missing}"))

    def _act(self, act: Act, now: datetime) -> None:
        try:
            self._tell(asked(act.operator, self.state, self._book.estate, now), now)
        except NothingToActOn as fault:
            self._failures.append(Failure(str(self._marks[0]), str(fault)))

    def _tell(self, event: Event, now: datetime) -> Decision:
        decision = decide(self._book, self.state, event, now)
        if decision.first_position is None:
            apply(self.state, self.state.position + 1, now, decision)
            self.logged += [change for change in decision.changes if isinstance(change, Logged)]
            self._told += 1
        if decision.orders:
            self._sent(decision.orders, now)
        return decision

    def _sent(self, orders: tuple[Order, ...], now: datetime) -> None:
        """Hand the orders over, and let each crew answer in its time."""
        self._tell(OrdersHandedOver(tuple(order.id for order in orders)), now)
        at = (now - self._begins).total_seconds()
        for order in orders:
            topic = reports_topic(order.unit)
            for after, step, outcome, reason in answers(self._story.crews, order):
                said = CrewReported(Wire(topic, b""), order.id, order.unit, step, outcome, reason)
                self._later(at + after, said)


def perform(told: Told, handbook: Handbook) -> Performance:
    """Return what comes of this story under this handbook."""
    return Stage(told, handbook).perform()

"""Half an hour of the demonstration, told to the room itself: what a newcomer finds in the list."""

import heapq
import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from controlroom.estate.model import Estate
from controlroom.events import CrewReported, Event, RoomOpened, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.incident import Status
from controlroom.incidents.state import State, next_deadline
from controlroom.ingest.decode import Limits, decode
from controlroom.orders import SendCrew
from controlroom.rules.compile import Compiled
from controlroom.rules.load import load
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.envelope import kind_of, read
from controlroom.signals.vocabulary import AlarmEvent, Kind, TelecareEvent, WorkerEvent
from controlroom.signals.wire import Wire
from controlroom.wiring.rule_files import read_rule_files
from simulators.crew import IN_HAND, Crew, muster, plan_of
from simulators.day.city import shown
from simulators.day.occasions import SORTS
from simulators.day.town import Town
from simulators.keepers import Wall
from simulators.speech import Run, wires

CONFIG = Path(__file__).parents[2] / "config"
FILES = read_rule_files(CONFIG / "rules")
TABLES, CALENDARS = FILES.tables, FILES.calendars
LIMITS = Limits(payload_bytes=65_536, future_s=300, simulated_welcome=True)
SPEED = 10.0
HALF_HOUR_S = 1800
READABLE = 90
"""Rows that a person can still look through: two or three screens of the console's list."""

MORNING = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
NIGHT = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
CLOSING = datetime(2026, 6, 1, 17, 10, tzinfo=UTC)
"""Ten past six in Leeds: the schools have just closed, and some will be late to be set."""


class Played:
    """A room that hears the city and its crews, in real seconds after `start`, without a loop."""

    def __init__(self, estate: Estate, seed: int, start: datetime) -> None:
        house = HouseRules(demonstration=True, accept_within_s=60)
        self.book = Handbook(Compiled(load(TABLES, CALENDARS)), estate, house)
        self.state = State()
        self.start = start
        wall = Wall(start, SPEED, self.book.rules.calendars)
        self.crews: dict[str, Crew] = muster(estate.crews, seed)
        self.free_at: dict[str, float] = {}
        self.reports: list[tuple[float, int, CrewReported]] = []
        self.ticket = itertools.count()
        self.routes: Counter[str] = Counter()
        town = Town(estate, seed, wall, chosen=frozenset(SORTS))
        self.events = (
            (message.due_s / SPEED, wires(message, self.at(message.due_s / SPEED), SPEED)[0])
            for message in shown(town, Run("run", 1, SPEED, wall))
        )
        self._tell(RoomOpened("writer", 1, "rules", demonstration=True), 0)

    def at(self, second: float) -> datetime:
        """Return the moment that many real seconds after the start."""
        return self.start + timedelta(seconds=second)

    def until(self, end_s: float) -> None:
        """Play the city, its crews and the room's own deadlines."""
        for second, wire in itertools.takewhile(lambda pair: pair[0] < end_s, self.events):
            self._before(second)
            event = decode(wire, self.book.estate, LIMITS, self.at(second))
            assert isinstance(event, SignalReceived), event
            self._tell(event, second)

    def _before(self, second: float) -> None:
        """Play what crews say and what falls due before this second."""
        while self.reports and self.reports[0][0] <= second:
            due_s, _, report = heapq.heappop(self.reports)
            self._tell(report, due_s)
        while (due := next_deadline(self.state)) is not None and due <= self.at(second):
            self._tell(Tick(), second)

    def _tell(self, event: Event, second: float) -> None:
        decision = decide(self.book, self.state, event, self.at(second))
        if decision.first_position is None:
            apply(self.state, self.state.position + 1, self.at(second), decision)
        self.routes.update(type(change).__name__ for change in decision.changes)
        for order in decision.orders:
            if isinstance(order, SendCrew):
                self._sent(order, second)

    def _sent(self, order: SendCrew, second: float) -> None:
        """Let the crew do what its plan says, one order after the other."""
        plan = plan_of(self.crews[order.unit], order.id)
        at = max(second, self.free_at.get(order.unit, 0.0))
        steps = (
            ((Step.REFUSED, plan.accept_s),)
            if plan.refusal
            else (
                (Step.ACCEPTED, plan.accept_s),
                (Step.EN_ROUTE, plan.leave_s),
                (Step.ON_SCENE, plan.travel_s),
                (Step.CLEARED, plan.stay_s),
            )
        )
        for step, takes_s in steps:
            at += takes_s / SPEED
            report = CrewReported(Wire("t", b""), order.id, order.unit, step, plan.outcome)
            heapq.heappush(self.reports, (at, next(self.ticket), report))
        self.free_at[order.unit] = at


@pytest.mark.parametrize("seed", [1, 2015])
@pytest.mark.parametrize("start", [MORNING, NIGHT, CLOSING], ids=["morning", "night", "closing"])
def test_after_half_an_hour_the_list_can_still_be_read(estate: Estate, seed: int, start: datetime) -> None:
    """With nobody at the desks, by day and by night, the open list fits two or three screens."""
    played = Played(estate, seed, start)
    played.until(HALF_HOUR_S)

    waiting = Counter(
        (one.kind.value, one.rule)
        for one in played.state.incidents.values()
        if one.status in {Status.NEW, Status.ESCALATED}
    )
    assert 10 <= waiting.total() <= READABLE, [*waiting.items()]
    assert played.routes["Logged"] > 5 * played.routes["IncidentOpened"] > 100


def test_crews_keep_up_with_their_orders(estate: Estate) -> None:
    """After half an hour no crew has more in hand than it takes on, and a readable number is on the move."""
    played = Played(estate, 2015, MORNING)
    played.until(HALF_HOUR_S)

    assert max(played.state.load.values()) <= IN_HAND
    moving = sum(
        one.status in {Status.DISPATCHED, Status.ON_SCENE} for one in played.state.incidents.values()
    )
    assert 1 <= moving <= 25


@pytest.mark.parametrize(("seed", "start"), [(1, MORNING), (2, NIGHT), (2015, NIGHT), (2015, CLOSING)])
def test_there_is_something_to_watch_at_once(estate: Estate, seed: int, start: datetime) -> None:
    """Within six seconds all kinds have spoken, also by night, with a panic and somebody's call for help."""
    played = Played(estate, seed, start)
    said = [read(wire) for second, wire in itertools.takewhile(lambda pair: pair[0] < 6, played.events)]
    assert {kind_of(signal) for signal in said} == set(Kind)
    events = {getattr(signal.data, "event", None) for signal in said}
    assert events >= {AlarmEvent.PANIC, AlarmEvent.INTRUDER, WorkerEvent.SOS, TelecareEvent.FALL}

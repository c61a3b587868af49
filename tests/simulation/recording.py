"""One recorded day, played on different nights and in worse and worse condition, for comparison.

The recording is what the small city's devices say on one day, as seconds after its beginning. It is played
through the real decoder, `decide`, `apply`, journal frames and snapshots, one event after the other; whoever
opened an incident ten minutes ago closes it, so that deadlines run out on some and not on others.
"""

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from math import inf

import msgspec

from controlroom import restore
from controlroom.estate.model import Estate
from controlroom.events import Closed, Event, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import ConditionNoted, IncidentOpened, Logged, SignalJoined, WatchExpired
from controlroom.incidents.decide import decide
from controlroom.incidents.lessons import Confirmed
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.state import next_deadline
from controlroom.ingest.decode import decode
from controlroom.journal.records import decode_applied, encode_frame
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.wire import Wire
from simulators.speech import Message, wires
from simulators.timetable import START_HOUR, dice
from tests.simulation.fate import DAY_S, LONDON
from tests.simulation.house import LIMITS
from tests.simulation.streets import day_of, handbook

CLOSED_AFTER_S = 631.0
"""How long an incident stands before somebody closes it: never at the moment at which a deadline runs out."""

AFTERWARDS_S = 7_200.0
"""How long after the last signal the play goes on: past the last repeat, and past what it leaves open."""

SWAPPED_WITHIN_S = 2.0
"""How far apart two signals of different sites may be that overtake each other."""

SKEWS_S = (-7_200.0, -3_600.0, 3_600.0)
"""Panels whose clock missed one change of the clocks, or two, or changed on the wrong night."""

RECORDS_A_LIFE = 150
"""Records between two restarts."""

FRAME = 40
"""Records a frame; the last ones before a restart are read from the snapshot, and not from it."""


class Trouble(msgspec.Struct, frozen=True):
    """In what condition the recording comes in; each is a share of the signals, but `restarts`."""

    skewed: float = 0.0
    doubled: float = 0.0
    swapped: float = 0.0
    restarts: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What was decided about one signal, without the numbers that depend on what came before it."""

    rule: str
    what: str
    priority: int
    condition: str
    confirmed: bool
    doubt: str


class Played(msgspec.Struct):
    """What came of it: the answer to each signal, how often it was decided, and when deadlines ran out.

    `expired` has for each signal the kinds of watch over its incident and the seconds of the day they fired;
    under the name of a site or source stands what no signal opened.
    """

    answers: dict[str, Answer] = {}
    decided: dict[str, int] = {}
    expired: dict[str, list[tuple[str, int]]] = {}
    said_at: dict[str, datetime] = {}


def recording(seed: int, estate: Estate) -> list[Message]:
    """Return the recorded day."""
    return list(day_of(seed, estate))


def begins(eve: date) -> datetime:
    """Return when a day begins that runs through the night after `eve`: half past seven by the clock."""
    local = datetime(eve.year, eve.month, eve.day, tzinfo=LONDON) + timedelta(hours=START_HOUR)
    return local.astimezone(UTC)


def coming_in(day: list[Message], start: datetime, trouble: Trouble) -> Iterator[tuple[float, Wire]]:
    """Yield when each message comes in and what it is, in the order of coming."""
    rng = dice(2015, "recording")
    order: list[tuple[float, int, Wire]] = []
    number = count()
    before: Message | None = None
    for message in day:
        at_s, said = message.due_s, message
        if rng.random() < trouble.skewed:
            said = msgspec.structs.replace(message, skew_s=rng.choice(SKEWS_S))
        (wire,) = wires(said, start + timedelta(seconds=message.due_s), 1.0)
        swaps = rng.random() < trouble.swapped and before is not None and _site(before) != _site(message)
        if swaps and before is not None and message.due_s - before.due_s < SWAPPED_WITHIN_S:
            at_s = before.due_s - 0.001  # it overtakes the one before
        order.append((at_s, next(number), wire))
        if rng.random() < trouble.doubled:
            order.append((at_s + rng.uniform(0, 3_600), next(number), wire))
        before = message
    for at_s, _, wire in sorted(order, key=lambda one: one[:2]):
        yield at_s, wire


def _site(message: Message) -> str:
    place = handbook().estate.place(message.topic)
    return place.site if place is not None else message.topic


class Player:
    """A room at one night's desk."""

    def __init__(self, start: datetime, trouble: Trouble) -> None:
        self.played = Played()
        self._start = start
        self._restarts = trouble.restarts
        self._folded = restore.Folded()
        self._snapshot = restore.to_bytes(self._folded)
        self._since: list[Record] = []
        self._to_close: list[tuple[float, str]] = []
        self._opened_by: dict[str, str] = {}

    def play(self, messages: Iterator[tuple[float, Wire]]) -> Played:
        """Return what came of the day."""
        for at_s, wire in messages:
            self._people(at_s)
            event = decode(wire, handbook().estate, LIMITS, self._now(at_s))
            if event is not None:
                self._tell(at_s, event)
        self._people(DAY_S + AFTERWARDS_S)
        return self.played

    def _now(self, at_s: float) -> datetime:
        return self._start + timedelta(seconds=at_s)

    def _people(self, until_s: float) -> None:
        """Let everything fire and everybody close what is to be closed by then, each at its own moment."""
        while (at_s := min(self._due_s(), self._closing_s())) <= until_s:
            if at_s == self._due_s():
                self._tell(at_s, Tick())
                continue
            _, name = heapq.heappop(self._to_close)
            incident = self._folded.state.incidents.get(name)
            if incident is not None:
                self._tell(at_s, Closed(name, incident.version, "op-1", Outcome.NO_TRACE))

    def _due_s(self) -> float:
        due = next_deadline(self._folded.state)
        return (due - self._start).total_seconds() if due is not None else inf

    def _closing_s(self) -> float:
        return self._to_close[0][0] if self._to_close else inf

    def _tell(self, at_s: float, event: Event) -> None:
        state, now = self._folded.state, self._now(at_s)
        decision = decide(handbook(), state, event, now)
        if decision.first_position is not None:
            return
        apply(state, state.position + 1, now, decision)
        self._since.append(Record(state.position, now, event, decision))
        self._note(at_s, event, decision)
        if self._restarts and len(self._since) >= RECORDS_A_LIFE:
            self._restart()

    def _restart(self) -> None:
        """Come back from the last snapshot and the frames behind it; the next snapshot is this moment's."""
        again = restore.from_bytes(self._snapshot)
        for first in range(0, len(self._since), FRAME):
            body = decode_applied(encode_frame("desk", self._since[first : first + FRAME]))
            for offset, stored in enumerate(body.records):
                apply(again.state, body.position + offset, stored.now, stored.decision)
        self._folded, self._since = again, []
        self._snapshot = restore.to_bytes(again)

    def _note(self, at_s: float, event: Event, decision: Decision) -> None:
        """Write down what was decided."""
        for change in decision.changes:
            if isinstance(change, WatchExpired):
                orders = self._folded.state.orders
                subject = change.watch.subject
                name = orders[subject].order.incident if subject in orders else subject
                fired = (change.watch.kind.value, round(at_s))
                self.played.expired.setdefault(self._opened_by.get(name, name), []).append(fired)
            elif isinstance(change, IncidentOpened):
                incident = change.incident
                name = event.signal.id if isinstance(event, SignalReceived) else incident.site
                self._opened_by[incident.id] = name
                heapq.heappush(self._to_close, (at_s + CLOSED_AFTER_S, incident.id))
        if isinstance(event, SignalReceived):
            name = event.signal.id
            self.played.decided[name] = self.played.decided.get(name, 0) + 1
            self.played.answers[name] = _answer(event, decision)
            self.played.said_at[name] = self._now(at_s)


def _answer(event: SignalReceived, decision: Decision) -> Answer:
    what, priority, condition = "", 0, ""
    for change in decision.changes:
        if isinstance(change, Logged):
            what, priority = "logged", change.priority
        elif isinstance(change, SignalJoined):
            what, priority = "joined", change.priority
        elif isinstance(change, IncidentOpened):
            what, priority = "opened", change.incident.priority
        elif isinstance(change, ConditionNoted):
            condition = change.condition
    return Answer(
        rule=decision.ruling.rule if decision.ruling is not None else "",
        what=what + (" with a crew" if decision.orders else ""),
        priority=priority,
        condition=condition,
        confirmed=any(isinstance(change, Confirmed) for change in decision.changes),
        doubt=event.doubt.value if event.doubt is not None else "",
    )


def play(day: list[Message], eve: date, trouble: Trouble) -> Played:
    """Return what comes of the recorded day when it runs through the night after `eve`."""
    start = begins(eve)
    return Player(start, trouble).play(coming_in(day, start, trouble))

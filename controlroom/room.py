"""The single writer: told things in, decided, made durable, and only then let out into the world.

`tell` stamps the moment and queues; one loop decides in order of arrival and hands the records to the
journal's writer, which stores a frame at a time. When a frame is durable its records are *released*:
the broker gets its acknowledgements, crews their orders, the console its rows. While the store is
away the loop goes on deciding up to the writer's bound and shows what it decided as provisional;
it acknowledges nothing.

A duplicate leaves no record, but its acknowledgement still waits for everything decided before it,
because a broker must be answered in the order in which it spoke.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec
import structlog
from msgspec.structs import replace

from controlroom.clock import Alarm, Now, monotonic_s
from controlroom.events import Event, RulesSwapped, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.state import State, next_deadline
from controlroom.incidents.undecided import undecided
from controlroom.rules.verdict import Judge

BATCH_MAX = 128
"""Events decided before the loop lets sockets speak again: about 3 ms of deciding, well inside the
latency we promise, and enough to fill a frame."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """One thing the room was told; `token` is whatever the teller wants back when it is settled.

    `event` is None where there was nothing to decide and only the answer keeps its place in the line.
    `rules` is the judge that comes with an offered rule set, None beside every other event.
    """

    event: Event | None
    now: datetime
    token: object
    rules: Judge | None = None


class Settled(msgspec.Struct, frozen=True, gc=False):
    """A told thing that is durable. `position` is where it was decided first, `decision` what came of it."""

    told: Told
    position: int
    decision: Decision


class RecordWriter(Protocol):
    """The journal's end of the room: takes records in order, stores them a frame at a time."""

    @property
    def room_left(self) -> int:
        """How many more records may be decided before the store has to catch up."""
        ...

    @property
    def pending(self) -> int:
        """How many submitted records are not durable yet."""
        ...

    def submit(self, records: Sequence[Record], position: int | None = None) -> None:
        """Take these records; the first stands at `position`, right after the last one taken."""
        ...


class Follower(Protocol):
    """Somebody who acts on decided records: dispatch, console, measures, metrics, the log."""

    def released(self, records: Sequence[Record]) -> None:
        """Act on records that are durable now; each comes once, in order."""
        ...


class Room:
    """The inbox, the state and the loop between them.

    `provisional` is shown what was decided while the store is away, `batch_took` told the seconds that each
    batch of records took to decide.
    """

    def __init__(self, handbook: Handbook, state: State, now: Now) -> None:
        self.handbook = handbook
        self.state = state
        self.degraded_because: str | None = None
        self.provisional: Callable[[Sequence[Record]], None] = _nobody
        self.batch_took: Callable[[float], None] = _nothing
        self.duplicates = 0
        self._now = now
        self._settlers: tuple[Callable[[Sequence[Settled]], None], ...] = ()
        self._followers: tuple[Follower, ...] = ()
        self._inbox: deque[Told] = deque()
        self._unsettled: deque[tuple[int, Settled]] = deque()
        self._unstored: deque[Record] = deque()
        self._durable = state.position
        self._wake = asyncio.Event()
        self._alarm = Alarm(now, self._wake.set)
        self._writer: RecordWriter | None = None
        self._batch = BATCH_MAX
        self._stopping = False
        self._held = True
        self._at_rest: Callable[[], bool] | None = None

    @property
    def waiting(self) -> int:
        """How many told things are not decided yet."""
        return len(self._inbox)

    @property
    def unsettled(self) -> int:
        """How many decided things wait for the store."""
        return len(self._unsettled)

    def attach(self, writer: RecordWriter) -> None:
        """Give the room its writer; nothing is decided before."""
        self._writer = writer
        self._batch = max(1, min(BATCH_MAX, writer.room_left))  # a small bound is slow, and not the end

    def follow(self, *followers: Follower) -> None:
        """Let these act on durable records, each batch in the order given here."""
        self._followers += followers

    def settle_with(self, *settlers: Callable[[Sequence[Settled]], None]) -> None:
        """Let these answer the tellers; each picks out the tokens that are its own."""
        self._settlers += settlers

    async def caught_up(self) -> None:
        """Wait until everything told is decided, for the stop; what falls due later is the next start's."""
        try:
            while self._inbox:
                self._wake.set()
                await _let_others_speak()
        finally:
            self._stopping = True

    def tell(self, event: Event, token: object = None) -> None:
        """Queue an event, stamped with this moment. Bounded by what the tellers leave unacknowledged."""
        self._inbox.append(Told(event, self._now(), token))
        self._wake.set()

    def offer_rules(self, event: RulesSwapped, rules: Judge, token: object) -> None:
        """Queue a rule set: what was told before is decided by the old one, what is told after by this.

        The decision says whether the swap took place; nothing is ever decided by half of each set.
        """
        self._inbox.append(Told(event, self._now(), token, rules))
        self._wake.set()

    def answer_in_turn(self, token: object) -> None:
        """Settle this token when everything told before it is durable; there is nothing to decide."""
        self._inbox.append(Told(None, self._now(), token))
        self._wake.set()

    def rest_when_due(self, due: Callable[[], bool]) -> None:
        """Pause deciding while `due` says so and records are in flight, so that a snapshot finds rest."""
        self._at_rest = due

    def released(self, records: Sequence[Record], last_position: int) -> None:
        """Take the store's word that everything up to `last_position` is durable, and let it out."""
        self._durable = last_position
        for _ in records:
            self._unstored.popleft()
        for follower in self._followers:
            follower.released(records)
        self._settle_durable()
        if self._held:  # else nothing waited for the store's word
            self._wake.set()

    def degraded(self, because: str) -> None:
        """Say that the store is away; what it does not have yet is shown as provisional."""
        self.degraded_because = because
        self.provisional(tuple(self._unstored))
        self._wake.set()

    def recovered(self) -> None:
        """Say that the store is back and has everything."""
        self.degraded_because = None

    async def run(self) -> None:
        """Decide for ever, in order of arrival; watches that fall due are events like any other."""
        while True:
            self._held = not self._may_decide()  # then the store's word wakes
            self._alarm.set(None if self._held else next_deadline(self.state))
            await self._wake.wait()
            self._wake.clear()
            while self._may_decide() and self._decide_batch():
                await _let_others_speak()

    def _may_decide(self) -> bool:
        if self._stopping or self._writer is None or self._writer.room_left < self._batch:
            return False
        if self.degraded_because is not None:
            return True  # an outage has no end to rest for, and people must see what goes on
        return not (self._at_rest is not None and self._writer.pending and self._at_rest())

    def _decide_batch(self) -> bool:
        """Decide what waits, at most a batch of it; returns whether more may wait."""
        records: list[Record] = []
        full, began_s = True, monotonic_s()
        for _ in range(self._batch):
            told = self._next()
            if told is None:
                full = False
                break
            self._decide_one(told, records)
        if records and self._writer is not None:
            self.batch_took(monotonic_s() - began_s)
            self._unstored.extend(records)
            self._writer.submit(records, records[0].position)
            if self.degraded_because is not None:
                self.provisional(records)
        self._settle_durable()
        return full or bool(self._inbox)

    def _next(self) -> Told | None:
        """Take what comes next by its moment, a deadline that passed or the oldest that was told.

        What was told in time may have waited until its deadline passed: it is decided first, or a crew
        that accepted in time would be reported as silent after every stall.
        """
        inbox, deadline = self._inbox, next_deadline(self.state)
        if deadline is not None:
            moment = inbox[0].now if inbox else self._now()
            if deadline <= moment:
                return Told(Tick(), moment, None)
        return inbox.popleft() if inbox else None

    def _decide_one(self, told: Told, records: list[Record]) -> None:
        state = self.state
        if told.event is None:
            self._unsettled.append((state.position, Settled(told, 0, Decision())))
            return
        event, decision = self._decided(told.event, told.now)
        if decision.first_position is not None:
            self.duplicates += 1
            position = decision.first_position
        elif decision.reasons == (Reason.NOTHING_DUE,) and not decision.changes:
            return
        else:
            position = state.position + 1
            apply(state, position, told.now, decision)
            records.append(Record(position, told.now, event, decision))
            if told.rules is not None and decision.reasons == (Reason.RULES_SWAPPED,):
                self.handbook = replace(self.handbook, rules=told.rules)
        if told.token is not None:
            self._unsettled.append((state.position, Settled(told, position, decision)))

    def _decided(self, event: Event, now: datetime) -> tuple[Event, Decision]:
        """Return what the room was told and what follows; last resort: no message and no wish may stop it."""
        try:
            return event, decide(self.handbook, self.state, event, now)
        except Exception as fault:
            instead = undecided(event, fault)
            if instead is None:
                raise
            structlog.get_logger("room").error("not_decided", told=type(event).__name__, exc_info=fault)
            return instead

    def _settle_durable(self) -> None:
        """Answer the tellers of everything that is durable, in order of arrival."""
        done: list[Settled] = []
        while self._unsettled and self._unsettled[0][0] <= self._durable:
            done.append(self._unsettled.popleft()[1])
        if done:
            for settle in self._settlers:
                settle(done)


async def _let_others_speak() -> None:
    """Give sockets and the store one turn of the loop between two batches."""
    await asyncio.sleep(0)


def _nobody(records: Sequence[Record]) -> None:
    """Show provisional records to nobody: there is no console yet."""
    del records


def _nothing(took_s: float) -> None:
    """Measure nothing: nobody asked."""
    del took_s

"""Who works on that day: crews that hear orders and report, operators who look at the list and act.

Crews are the simulators' own state machines; their reports may come late, twice and in the wrong order. An
operator decides by what the list showed some seconds ago, so that some commands meet an incident that has
changed. What operators can do is the table `ACTS`: a new command joins by one line.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from controlroom.estate.model import Estate
from controlroom.events import Closed, CrewSent, Event, Owned, PutOnTest, TakeOffTest
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Outcome, read_order
from simulators.crew import Answer, hear, muster, next_s, wake
from simulators.dispatch import report_wire
from simulators.timetable import dice
from tests.simulation.streets import Say

REPORT_LATE, REPORT_TWICE = 0.05, 0.05
"""Chances of a report: to come up to five minutes late, and to come twice."""

LATE_S = 300.0

OPERATORS = ("op-1", "op-2", "op-3")


class Crews:
    """All crews of the city; `later` calls something after so many seconds."""

    def __init__(
        self,
        seed: int,
        estate: Estate,
        say: Say,
        now: Callable[[], datetime],
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self._rng = dice(seed, "reports")
        self._crews = muster(estate.crews, seed)
        self._say = say
        self._now = now
        self._later = later
        self._begins = now()
        self._due_s: dict[str, float] = {}

    def hear(self, topic: str, payload: bytes) -> None:
        """Hand an order to the crew that listens there."""
        unit = topic.split("/")[2]
        self._tell(unit, hear(self._crews[unit], read_order(payload).data.order, self._at_s()))

    def _wake(self, unit: str, due_s: float) -> None:
        if self._due_s.get(unit) == due_s:
            self._tell(unit, wake(self._crews[unit], self._at_s()))

    def _tell(self, unit: str, answer: Answer) -> None:
        """Keep the crew as it now is, send its reports, and come back when it has more to do."""
        self._crews[unit], said = answer
        rng = self._rng
        for saying in said:
            wire = report_wire(unit, saying, self._now())
            for _ in range(1 + (rng.random() < REPORT_TWICE)):
                self._say(rng.uniform(0, LATE_S if rng.random() < REPORT_LATE else 0.2), wire)
        due_s = next_s((self._crews[unit],))
        if due_s is not None and due_s != self._due_s.get(unit):
            self._due_s[unit] = due_s
            self._later(max(0.001, due_s - self._at_s()), lambda: self._wake(unit, due_s))

    def _at_s(self) -> float:
        return (self._now() - self._begins).total_seconds()


class Sight(Struct, frozen=True):
    """What an operator saw of an incident, and when."""

    incident: str
    version: int
    status: str
    owner: str | None
    author: str
    now: datetime


Act = Callable[[random.Random, Sight, Estate], Event]


def _own(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Owned(sight.incident, sight.version, sight.author)


def _close(rng: random.Random, sight: Sight, _: Estate) -> Event:
    return Closed(sight.incident, sight.version, sight.author, rng.choice([*Outcome]))


def _send(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return CrewSent(sight.incident, sight.version, sight.author, rng.choice((None, *estate.crews)))


def _put_on_test(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    target = rng.choice([*estate.kinds])
    zone = rng.choice((None, None, "Z01", "Z02"))
    until = sight.now + timedelta(seconds=rng.uniform(60, 4 * 3_600))
    second = rng.choice((None, sight.author, "supervisor"))
    return PutOnTest(target, "yearly service", "Fitters Ltd", until, sight.author, zone, second)


def _take_off_test(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return TakeOffTest(rng.choice([*estate.kinds]), sight.author, rng.choice((None, "Z01")))


ACTS: dict[Act, int] = {_own: 40, _close: 40, _send: 15, _put_on_test: 8, _take_off_test: 4}
"""What operators do, and how often of a hundred times."""


def act(rng: random.Random, state: State, estate: Estate, now: datetime) -> Event | None:
    """Return what an operator does next who looks at the list now; None when there is nothing in it."""
    if not state.incidents:
        return None
    incident = state.incidents[rng.choice([*state.incidents])]
    author = rng.choice(OPERATORS)
    sight = Sight(incident.id, incident.version, incident.status, incident.owner, author, now)
    return rng.choices([*ACTS], [*ACTS.values()])[0](rng, sight, estate)

"""Who works on that day: crews that hear orders and report, operators who look at the list and act.

Crews are the simulators' own state machines; their reports may come late, twice and in the wrong order. An
operator decides by what the list showed some seconds ago, so that some commands meet an incident that has
changed. What operators can do is the table `ACTS`: a new command joins by one line.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice

from msgspec import Struct

from controlroom.commands.keyholders import CallResult, KeyholderCalled
from controlroom.commands.referrals import Referred
from controlroom.commands.work import (
    EscalatedByHand,
    Merged,
    Noted,
    Parked,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
)
from controlroom.estate.model import Estate
from controlroom.estate.partners import Category
from controlroom.events import (
    Closed,
    CrewSent,
    Event,
    Owned,
    PersonBookedOff,
    PersonBookedOn,
    PersonChecked,
    PutOnTest,
    TakeOffTest,
)
from controlroom.incidents.state import State
from controlroom.signals.dispatch_messages import Outcome, read_instruction
from simulators.crew import Answer, muster, next_s, wake
from simulators.dispatch import answer_to, report_wire
from simulators.timetable import dice
from tests.simulation.streets import Say

REPORT_LATE, REPORT_TWICE = 0.05, 0.05
"""Chances of a report: to come up to five minutes late, and to come twice."""

LATE_S = 300.0

WAITING = frozenset({"new", "escalated"})
"""What an operator looks at first."""

CLOSED_SEEN = 3
"""Incidents that were closed last and that an operator may still take up again."""

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
        self._tell(unit, answer_to(self._crews[unit], read_instruction(payload), self._at_s()))

    def _wake(self, unit: str, due_s: float) -> None:
        if self._due_s.get(unit) == due_s:
            del self._due_s[unit]
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
    """What an operator saw of an incident and of another one beside it, and when."""

    incident: str
    version: int
    status: str
    owner: str | None
    site: str
    author: str
    now: datetime
    other: str
    other_version: int
    positions: tuple[int, ...]


Act = Callable[[random.Random, Sight, Estate], Event]


def _own(rng: random.Random, sight: Sight, _: Estate) -> Event:
    return Owned(sight.incident, sight.version, sight.author, rng.choice((None, sight.owner)))


def _close(rng: random.Random, sight: Sight, _: Estate) -> Event:
    return Closed(sight.incident, sight.version, sight.author, rng.choice([*Outcome]))


def _send(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return CrewSent(sight.incident, sight.version, sight.author, rng.choice((None, *estate.crews)))


def _park(rng: random.Random, sight: Sight, _: Estate) -> Event:
    until = sight.now + timedelta(seconds=rng.uniform(60, 3_600))
    second = rng.choice((None, "supervisor"))
    return Parked(sight.incident, sight.version, sight.author, until, "keyholder comes", second)


def _unpark(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Unparked(sight.incident, sight.version, sight.author)


def _resolve(rng: random.Random, sight: Sight, _: Estate) -> Event:
    return Resolved(sight.incident, sight.version, sight.author, rng.choice([*Outcome]))


def _reopen(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Reopened(sight.incident, sight.version, sight.author, "the alarm came again")


def _escalate(_: random.Random, sight: Sight, __: Estate) -> Event:
    return EscalatedByHand(sight.incident, sight.version, sight.author, "needs a supervisor")


def _note(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Noted(sight.incident, sight.version, sight.author, "rang the keyholder")


def _merge(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Merged(sight.incident, sight.version, sight.author, sight.other, sight.other_version)


def _split(rng: random.Random, sight: Sight, _: Estate) -> Event:
    positions = sight.positions[: rng.randint(1, 2)]
    return SplitOff(sight.incident, sight.version, sight.author, positions)


def _undo(_: random.Random, sight: Sight, __: Estate) -> Event:
    return Undone(sight.incident, sight.version, sight.author)


def _call_keyholder(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    holders = [one.reference for one in estate.keyholders.get(sight.site, ())] or ["nobody"]
    return KeyholderCalled(
        sight.incident, sight.version, sight.author, rng.choice(holders), rng.choice([*CallResult])
    )


def _refer(rng: random.Random, sight: Sight, _: Estate) -> Event:
    partner, category = rng.choice(PARTNERS), rng.choice([*Category])
    return Referred(sight.incident, sight.version, sight.author, partner, category, "as agreed", anyway=True)


def _put_on_test(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    target = rng.choice([*estate.kinds])
    zone = rng.choice((None, None, "Z01", "Z02"))
    until = sight.now + timedelta(seconds=rng.uniform(60, 4 * 3_600))
    second = rng.choice((None, sight.author, "supervisor"))
    return PutOnTest(target, "yearly service", "Fitters Ltd", until, sight.author, zone, second)


def _take_off_test(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return TakeOffTest(rng.choice([*estate.kinds]), sight.author, rng.choice((None, "Z01")))


def _check_by_telephone(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return PersonChecked(_somebody(rng, estate), sight.author)


def _book_on(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return PersonBookedOn(_somebody(rng, estate), sight.author)


def _book_off(rng: random.Random, sight: Sight, estate: Estate) -> Event:
    return PersonBookedOff(_somebody(rng, estate), sight.author)


def _somebody(rng: random.Random, estate: Estate) -> str:
    """Return the topic of somebody who is watched over."""
    watched = [topic for topic, place in estate.places.items() if place.kind in WATCHED_OVER]
    return rng.choice(watched)


ACTS: tuple[tuple[Act, int, frozenset[str]], ...] = (
    (_own, 40, frozenset({"new", "escalated"})),
    (_send, 15, frozenset({"new", "escalated", "owned"})),
    (_close, 30, frozenset({"owned", "resolved"})),
    (_resolve, 30, frozenset({"owned"})),
    (_park, 8, frozenset({"owned"})),
    (_unpark, 20, frozenset({"parked"})),
    (_reopen, 5, frozenset({"resolved", "closed"})),
    (_escalate, 3, frozenset({"new", "owned", "dispatched"})),
    (_note, 8, frozenset({"owned", "dispatched", "on_scene"})),
    (_merge, 6, frozenset({"new", "owned", "escalated", "dispatched"})),
    (_split, 6, frozenset({"new", "owned", "escalated", "dispatched"})),
    (_undo, 6, frozenset({"new", "owned", "escalated", "dispatched"})),
    (_call_keyholder, 12, frozenset({"new", "owned", "dispatched", "escalated"})),
    (_refer, 4, frozenset({"owned", "dispatched", "closed"})),
    (_put_on_test, 3, frozenset({"closed", "new", "owned"})),
    (_check_by_telephone, 3, frozenset({"closed", "new", "owned", "escalated"})),
    (_book_on, 1, frozenset({"closed", "new", "owned"})),
    (_book_off, 1, frozenset({"closed", "new", "owned"})),
    (_take_off_test, 2, frozenset({"closed", "new", "owned"})),
)
"""What operators do, how often beside each other, and at which status of the incident it makes sense."""

PARTNERS = ("wyp", "lasbt", "metro", "nobody")
"""Partners of the shipped file, who get a sheet, and one who is in none."""

WATCHED_OVER = frozenset({"lone-worker", "guard"})
"""Kinds of source behind which a person is at work."""

SENSIBLE = 0.8
"""How often an operator does what makes sense; else anything, for the room has to say no as well."""


def act(rng: random.Random, state: State, estate: Estate, now: datetime) -> Event | None:
    """Return what an operator does next who looks at the list now; None when there is nothing in it."""
    lately = islice(reversed(state.closed), CLOSED_SEEN)
    seen = [*state.incidents, *lately]
    if not seen:
        return None
    waiting = [one.id for one in state.incidents.values() if one.status in WAITING]
    name = rng.choice(waiting if waiting and rng.random() < SENSIBLE else seen)
    incident = state.incidents.get(name) or state.closed[name]
    author = rng.choice(OPERATORS)
    beside = state.incidents[rng.choice([*state.incidents])] if state.incidents else incident
    sight = Sight(
        incident.id,
        incident.version,
        incident.status,
        incident.owner,
        incident.site,
        author,
        now,
        beside.id,
        beside.version,
        tuple(member.position for member in incident.members),
    )
    wise = [entry for entry in ACTS if sight.status in entry[2]] if rng.random() < SENSIBLE else ACTS
    chosen = rng.choices([does for does, _, _ in wise], [often for _, often, _ in wise])[0] if wise else _note
    return chosen(rng, sight, estate)

"""A plan year as a room's journal: alarms, crews, log entries, corrections, tests, merges, doubts.

Everything is decided by the real `decide` with the shipped rules and estate, so the frames are what a store
would hold. The moments run through the whole year, over both changes of the clock and its end. The same seed
gives the same year.
"""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from controlroom.commands.entries import (
    AsbCase,
    Briefing,
    FootageRequest,
    Fulfilment,
    Milestone,
    Misper,
    Referral,
    Said,
    Training,
)
from controlroom.commands.entry_words import (
    BriefingOn,
    Goal,
    GoalState,
    MisperOutcome,
    ReferredTo,
    Requester,
)
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    MisperEnded,
)
from controlroom.commands.referrals import Referred
from controlroom.commands.work import Merged, Reopened, SplitOff, Undone
from controlroom.estate.areas import Area
from controlroom.estate.partners import Category
from controlroom.events import (
    Closed,
    CrewReported,
    CrewSent,
    Event,
    PersonBookedOn,
    PersonChecked,
    PutOnTest,
    QuarantineReason,
    SignalReceived,
    TakeOffTest,
    Tick,
)
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.record import Record
from controlroom.incidents.state import State
from controlroom.ingest.decode import Limits, decode
from controlroom.journal.records import encode_frame
from controlroom.rules.names import names_of
from controlroom.rules.partner_file import read_partners
from controlroom.rules.problems import Findings
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.envelope import type_of
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from controlroom.wiring.books import read_estate
from controlroom.wiring.rule_book import Gated, read_rule_book

CONFIG = Path(__file__).parents[2] / "config"
FIRST, LAST = datetime(2026, 3, 31, 20, tzinfo=UTC), datetime(2027, 4, 1, 4, tzinfo=UTC)
"""From the evening before the year to the morning after it: what lies outside must not be counted inside."""

FRAME_RECORDS = 64
LIMITS = Limits(payload_bytes=4096, future_s=300, simulated_welcome=True)
BURST, BURST_GAP = 20, timedelta(seconds=5)
SOURCES_A_KIND = 120
"""Enough for every area, few enough that signals meet each other."""


def shipped() -> Handbook:
    """Return the handbook of the shipped configuration, of a room whose signals are real."""
    estate = read_estate(CONFIG / "estate")
    rules = read_rule_book(CONFIG / "rules", gate=lambda *_: Gated(), names=names_of(estate))
    partners = read_partners("partners", (CONFIG / "partners.yaml").read_text("utf-8"), Findings())
    return Handbook(rules.judge, estate, HouseRules(), partners)


class Year:
    """Lives so many events, spread over the year. `frames` yields their bytes; `records` counts them."""

    def __init__(self, handbook: Handbook, events: int, seed: int) -> None:
        self.records = 0
        self.state = State()
        self._handbook = handbook
        self._events = events
        self._chance = random.Random(seed)
        self._now = FIRST
        self._signals = 0
        places = handbook.estate.places.values()
        self._sources = {
            kind: [place.topic for place in places if place.kind == kind][:SOURCES_A_KIND]
            for kind in (Kind.ARC_ALARM, Kind.LONE_WORKER, Kind.TELECARE)
        }
        self._acts: tuple[tuple[float, Callable[[], Event | None]], ...] = (
            (0.66, self._signal),
            (0.74, self._report),
            (0.81, self._close),
            (0.85, self._regroup),
            (0.88, self._send),
            (0.89, self._refer),
            (0.92, self._write),
            (0.95, self._amend),
            (0.97, self._check),
            (0.98, self._test),
            (1.0, Tick),
        )

    def frames(self) -> Iterator[bytes]:
        """Yield the year, frame by frame."""
        gap = (LAST - FIRST) / self._events
        batch: list[Record] = []
        for number in range(self._events):
            # Twenty events within moments of each other, then a while of nothing: things meet and overlap.
            self._now = FIRST + gap * (number - number % BURST) + BURST_GAP * (number % BURST)
            record = self._lives()
            if record is not None:
                batch.append(record)
            if len(batch) == FRAME_RECORDS:
                yield encode_frame("year", batch)
                batch = []
        if batch:
            yield encode_frame("year", batch)

    def _lives(self) -> Record | None:
        dice = self._chance.random()
        event = next(act for share, act in self._acts if dice <= share)()
        if event is None:
            event = Tick()
        decision = decide(self._handbook, self.state, event, self._now)
        if decision.first_position is not None:
            return None
        position = self.state.position + 1
        apply(self.state, position, self._now, decision)
        self.records += 1
        return Record(position, self._now, event, decision)

    def _signal(self) -> Event | None:
        chance = self._chance
        kind = chance.choices((Kind.ARC_ALARM, Kind.LONE_WORKER, Kind.TELECARE), (6, 3, 1))[0]
        source = chance.choice(self._sources[kind])
        self._signals += 1
        body: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"s{self._signals}",
            "source": source,
            "type": type_of(kind),
            "time": self._now.isoformat(),
            "data": self._data(kind, source.rsplit("/", 1)[1]),
        }
        if chance.random() < 0.03:
            body["simulated"] = True
        wire = Wire(source, json.dumps(body).encode(), "application/cloudevents+json")
        received = decode(wire, self._handbook.estate, LIMITS, self._now)
        if isinstance(received, SignalReceived) and chance.random() < 0.02:
            return replace(received, doubt=QuarantineReason.FUTURE_TIME, detail="a clock that runs ahead")
        return received

    def _data(self, kind: Kind, key: str) -> dict[str, Any]:
        chance = self._chance
        if kind is Kind.LONE_WORKER:
            return {"worker": key, "event": chance.choices(("check_in", "sos", "low_battery"), (20, 1, 2))[0]}
        if kind is Kind.TELECARE:
            return {"home": key, "event": chance.choice(("pendant", "fall", "test")), "device": "D-1"}
        words = ("intruder", "tamper", "panic", "fire", "mains_fault", "opened", "closed", "test")
        word = chance.choices(words, (30, 10, 3, 2, 5, 10, 10, 5))[0]
        zone = f"Z{chance.randint(1, 4)}"
        return {"site": key, "event": word, "zone": zone, "set_state": chance.choice(("set", "unset"))}

    def _report(self) -> Event | None:
        waiting = [one for one in self.state.orders.values() if one.step is not Step.CLEARED]
        if not waiting:
            return None
        standing = self._chance.choice(waiting)
        step = {None: Step.ACCEPTED, Step.ACCEPTED: Step.ON_SCENE}.get(standing.step, Step.CLEARED)
        outcome = Outcome.GENUINE if step is Step.CLEARED else None
        return CrewReported(Wire("t", b""), standing.order.id, standing.order.unit, step, outcome)

    def _close(self) -> Event | None:
        incident = self._one_of(self.state.incidents)
        return None if incident is None else Closed(incident.id, incident.version, "op", Outcome.FALSE_ALARM)

    def _send(self) -> Event | None:
        incident = self._one_of(self.state.incidents)
        return None if incident is None else CrewSent(incident.id, incident.version, "op")

    def _refer(self) -> Event | None:
        incident, chance = self._one_of(self.state.incidents), self._chance
        if incident is None:
            return None
        category = chance.choice((Category.LOCALITY_OF_CONCERN, Category.ASB))
        partner = chance.choice(("wyp", "lasbt", "metro"))
        return Referred(incident.id, incident.version, "op", partner, category, "again and again")

    def _regroup(self) -> Event | None:
        one, other = self._one_of(self.state.incidents), self._one_of(self.state.incidents)
        if one is None or other is None:
            return None
        match self._chance.randint(0, 3):
            case 0 if one.id != other.id:
                return Merged(one.id, one.version, "op", other.id, other.version)
            case 1 if len(one.members) > 1:
                return SplitOff(one.id, one.version, "op", (one.members[-1].position,))
            case 2 if self.state.undo:
                name = self._chance.choice(list(self.state.undo))
                found = self.state.incidents.get(name)
                return Undone(name, found.version, "op") if found is not None else None
            case _ if self.state.closed:
                closed = list(self.state.closed.values())[-1]
                return Reopened(closed.id, closed.version, "op", "it was not over")
            case _:
                return None

    def _said(self) -> Said:
        chance = self._chance
        done = Fulfilment(self._now, evidence=chance.random() < 0.7, acquisitive=chance.random() < 0.5)
        asked = FootageRequest(chance.choice(list(Requester)), "R", "t", self._now + timedelta(days=20))
        forms: tuple[Said, ...] = (
            AsbCase("A", "t", resolved_by_cctv=chance.random() < 0.5),
            Training(chance.randint(1, 30), "t"),
            Briefing(chance.choice(list(BriefingOn)), 5, "t"),
            Misper("M", "t"),
            asked,
            replace(asked, fulfilled=done),
            Referral(chance.choice(list(ReferredTo)), locality_of_concern=chance.random() < 0.5, text="t"),
            Milestone(Goal.DV_CHARTER_MARK, chance.choice(list(GoalState)), "t"),
        )
        return chance.choice(forms)

    def _write(self) -> Event:
        ago = timedelta(days=self._chance.expovariate(0.2))
        return EntryWritten("op", self._now - ago, self._said(), self._area())

    def _amend(self) -> Event | None:
        book, chance = self.state.log_book, self._chance
        if not book.recent:
            return None
        entry = chance.choice(list(book.recent.values())[-200:])
        match chance.randint(0, 3):
            case 0:
                return EntryWithdrawn(entry.id, entry.version, "op", "twice")
            case 1 if isinstance(entry.said, Misper):
                outcome = chance.choice(list(MisperOutcome))
                seen = chance.random() < 0.6
                return MisperEnded(entry.id, entry.version, "op", outcome, contributed=seen, at=self._now)
            case 2 if isinstance(entry.said, FootageRequest):
                done = Fulfilment(self._now, evidence=True, acquisitive=chance.random() < 0.5)
                return FootageFulfilled(entry.id, entry.version, "op", done)
            case _:
                moved = entry.happened_at - timedelta(days=chance.choice((0, 0, 1, 40)))
                said = entry.said if chance.random() < 0.5 else self._said()
                return EntryCorrected(entry.id, entry.version, "op", "why", moved, said, self._area())

    def _check(self) -> Event:
        source = self._chance.choice(self._sources[Kind.LONE_WORKER][:10])
        return PersonChecked(source, "op") if source in self.state.duties else PersonBookedOn(source, "op")

    def _test(self) -> Event:
        site = self._chance.choice(self._sources[Kind.ARC_ALARM][:12]).rsplit("/", 1)[1]
        if site in self.state.tests:
            return TakeOffTest(site, "op")
        return PutOnTest(
            site, "new lens", "Fitters", self._now + timedelta(hours=9), "op", second_author="op-2"
        )

    def _area(self) -> Area | None:
        areas: tuple[Area | None, ...] = (*Area, None)
        return self._chance.choice(areas)

    def _one_of(self, kept: dict[str, Any]) -> Any:
        """Return one of the oldest few, so that nothing is left lying; None where there is nothing."""
        if not kept:
            return None
        wanted = self._chance.randrange(min(len(kept), 12))
        return next(value for number, value in enumerate(kept.values()) if number == wanted)

"""Every metric moves when it should, and only then."""

from typing import get_args

import pytest
from prometheus_client import CollectorRegistry

from controlroom.commands.entries import AsbCase
from controlroom.commands.keyholders import CallResult
from controlroom.estate.areas import Area
from controlroom.estate.partners import Category, Reached
from controlroom.estate.police import System
from controlroom.events import OrdersHandedOver, Owned, QuarantineReason, Tick
from controlroom.incidents.cameras.changes import AtCameras, CameraHeard
from controlroom.incidents.changes import (
    Change,
    ConditionEnded,
    ConditionNoted,
    Heard,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    Logged,
    OrderHandedOver,
    OrderMoved,
    PlanStepMarked,
    Quarantined,
    ReadersSet,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.crews.changes import CrewNoted, OrderEnded, OrderUpdated, UpdateHeard
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.draft import Draft
from controlroom.incidents.handovers.state import Handover, HandoverGiven, HandoverSigned
from controlroom.incidents.hearing import HearsAgain, WentDeaf
from controlroom.incidents.help_points.changes import AtHelpPoint, CallBegan
from controlroom.incidents.holds.changes import HoldEased, HoldEnd, HoldEnded, SignalHeld
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.keyholders.calls import Call, KeyholderNoted
from controlroom.incidents.lessons import (
    CameOffTest,
    ClueKept,
    Confirmed,
    PathMoved,
    Swallowed,
    Threat,
    WentOnTest,
)
from controlroom.incidents.log_book.changes import EntryKept, EntryOverdue, EntryStruck
from controlroom.incidents.log_book.entry import LogEntry, Revision
from controlroom.incidents.on_test import OnTest
from controlroom.incidents.people.duty import (
    Checked,
    CheckResult,
    CheckSlipped,
    Duty,
    DutyBegan,
    DutyEnded,
    DutyNoted,
    NotWatched,
    Stage,
)
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.referrals.state import About, Delivery, Referral, ReferralMade, ReferralMoved
from controlroom.incidents.restores.state import FaultCleared, FaultNoted, FaultUnpaired
from controlroom.incidents.rollups.state import RolledUp, RollUp, ZonesRested, ZoneTripped
from controlroom.incidents.rule_changes.state import AtRules, ShadowEnded
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    ExpectationMissed,
    Expected,
    FalseCallCounted,
    PatrolSeeded,
    PlaceForgotten,
    SetNoted,
    Sign,
    SignNoted,
    VisitCalled,
    VisitSettled,
)
from controlroom.metrics import RoomMetrics
from controlroom.rules.verdict import Dispatch, Route
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import AlarmEvent, Kind, SetState
from tests.build import NOON, after, signal
from tests.journal.virtual_time import run
from tests.room.desk import Desk, at_work

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]
WATCH = Watch(NOON, WatchKind.ANSWER, "INC-1")
INCIDENT = Incident(
    id="INC-1",
    kind=Kind.GUARD,
    area=Area.INNER_EAST,
    source="s",
    site="P1",
    event="check_call",
    priority=2,
    status=Status.NEW,
    opened_at=NOON,
    rule="r",
    why="w",
    simulated=False,
    activation=False,
)
REFERRAL = Referral(
    id="REF-1",
    incident="INC-1",
    partner="lasbt",
    category=Category.ASB,
    reason="again",
    author="op-1",
    at=NOON,
    about=About(Kind.GUARD, Area.INNER_EAST, "S1", "Library", "on_duty", 2, NOON),
    reached=Reached.SHEET,
    delivery=Delivery.SHEET,
    simulated=False,
)
TEST = OnTest("S1", None, "visit", "Fitters Ltd", NOON, NOON, "op-1")
DUTY = Duty("w", Kind.LONE_WORKER, "W1", NOON, 1800, 300, NOON, NOON)
ENTRY = LogEntry(
    "LOG-1", 1, "op-1", NOON, NOON, AsbCase("A-1", "seen", resolved_by_cctv=True), simulated=False
)
MOVES: list[tuple[Change, set[str]]] = [
    (AtRules(ShadowEnded()), set()),
    (
        Logged(Kind.GUARD, "s", 4, "r", "on_duty", simulated=False, activation=False),
        {"controlroom_decisions_total guard log"},
    ),
    (
        IncidentOpened(INCIDENT),
        {"controlroom_decisions_total guard mobile_response", "controlroom_incidents_opened_total guard 2"},
    ),
    (
        SignalJoined("INC-1", Kind.GUARD, "s", 2, "e", activation=False, simulated=False),
        {"controlroom_decisions_total guard mobile_response"},
    ),
    (
        IncidentClosed("INC-1", NOON, Outcome.GENUINE),
        {"controlroom_incidents_closed_total genuine"},
    ),
    (OrderMoved("ORD-1", Step.ON_SCENE), {"controlroom_orders_total on_scene"}),
    (OrderEnded("ORD-1", OrderEnd.LAPSED), {"controlroom_orders_total lapsed"}),
    (OrderUpdated("ORD-1", "ORD-1-update-1", "panic", 1, "", None), {"controlroom_orders_total updated"}),
    (UpdateHeard("ORD-1", "ORD-1-update-1"), {"controlroom_orders_total acknowledged"}),
    (CrewNoted("MR-01", CrewWord.BUSY), set()),
    (
        Quarantined("t", QuarantineReason.OVERSIZE, "d"),
        {"controlroom_signals_quarantined_total oversize"},
    ),
    (Heard(b"k"), set()),
    (ConditionNoted("s", "set"), set()),
    (IncidentMoved("INC-1", Status.OWNED), set()),
    (IncidentMoved("INC-1", Status.ESCALATED, escalations=2), {"controlroom_escalations_total"}),
    (IncidentReopened(INCIDENT), {"controlroom_incident_changes_total reopened"}),
    (PlanStepMarked("INC-1", "ring", "op-1"), {"controlroom_incident_changes_total plan_step"}),
    (IncidentNoted("INC-1", "op-1", "rang back"), {"controlroom_incident_changes_total noted"}),
    (IncidentRestated(INCIDENT), set()),
    (IncidentAbsorbed("INC-1", "INC-2", NOON), {"controlroom_incident_changes_total merged"}),
    (IncidentReturned(INCIDENT, "INC-2"), {"controlroom_incident_changes_total returned"}),
    (ReadersSet(INCIDENT, "covert"), {"controlroom_incident_changes_total readers_set"}),
    (IncidentDivided(INCIDENT, "INC-2", 1), {"controlroom_incident_changes_total split"}),
    (HoldEnded("n", HoldEnd.ABORTED), {"controlroom_holds_total aborted"}),
    (HoldEased("n", "s"), set()),
    (SignalHeld(Draft(INCIDENT, Dispatch.OPERATOR, "i", "s"), NOON), set()),
    (FaultNoted("n", "S1", "s", "mains_fault"), set()),
    (FaultCleared("n"), set()),
    (FaultUnpaired("n"), set()),
    (ZoneTripped("S1", "Z1"), set()),
    (ZonesRested("S1", {}), set()),
    (RolledUp(RollUp.FLOOD, Area.INNER_EAST, "S1"), {"controlroom_rolled_up_total flood"}),
    (ConditionEnded("INC-1", "s", 0), {"controlroom_incident_changes_total condition_ended"}),
    (ReferralMade(REFERRAL), set()),
    (ReferralMoved("REF-1", Delivery.DEAD, 3, "down"), set()),
    (KeyholderNoted("INC-1", Call("KH-1", CallResult.NO_ANSWER, "op-1", NOON)), set()),
    (HandoverGiven(Handover("HND-1", "op-1", NOON, "quiet", ())), set()),
    (HandoverSigned("HND-1", "op-2", NOON, with_work=False), set()),
    (OrderHandedOver("ORD-1"), set()),
    (WatchArmed(WATCH), set()),
    (WatchExpired(WATCH), set()),
    (Confirmed("S1", Threat.HOLD_UP, (1, 2)), {"controlroom_confirmations_total hold_up"}),
    (Swallowed("S1", "intruder"), {"controlroom_swallowed_on_test_total"}),
    (ClueKept("S1", AlarmEvent.INTRUDER, "Z1", armed=True), set()),
    (PathMoved("S1", "P1", failed=True), set()),
    (SetNoted("t", SetState.SET), set()),
    (SignNoted("t", Sign.TESTED), set()),
    (ExpectationMissed("t", Expected.LATE_TO_SET), {"controlroom_expectations_missed_total late_to_set"}),
    (ExpectationDropped(WatchKind.VISIT, "r"), set()),
    (PlaceForgotten("t"), set()),
    (FalseCallCounted("S1", System.INTRUDER, NOON.date()), set()),
    (PatrolSeeded(b"s"), set()),
    (VisitCalled("R1"), set()),
    (VisitSettled("R1"), set()),
    (WentOnTest(TEST), set()),
    (CameOffTest(TEST), set()),
    (WentDeaf(), set()),
    (DutyBegan(DUTY), set()),
    (DutyEnded("w"), set()),
    (Checked("w", Kind.LONE_WORKER, CheckResult.ON_TIME), set()),
    (CheckSlipped("w", Kind.LONE_WORKER, Stage.LATE), set()),
    (DutyNoted("w"), set()),
    (NotWatched("w"), set()),
    (HearsAgain(), set()),
    (AtCameras(CameraHeard("c", watched=True)), set()),
    (AtHelpPoint(CallBegan("h", "K1")), set()),
    (EntryKept(ENTRY), {"controlroom_log_entry_changes_total kept"}),
    (
        EntryStruck("LOG-1", 2, Revision("op-1", "twice", NOON)),
        {"controlroom_log_entry_changes_total withdrawn"},
    ),
    (NarrativeKept("2026Q1", "m", "op-1", NOON, "t", ""), set()),
    (QuarterFrozen("2026Q1", "op-1", NOON, {}, {}, 1), set()),
    (EntryOverdue("LOG-1"), {"controlroom_log_entry_changes_total overdue"}),
]


class Meter:
    """The metrics of a room, and what moved since the last look."""

    def __init__(self, now_s: float = 0.0) -> None:
        self.registry = CollectorRegistry()
        self.metrics = RoomMetrics(self.registry, lambda: now_s)
        self._before = self.samples()

    def samples(self) -> dict[str, float]:
        """Return every sample by its name and the values of its labels."""
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in self.registry.collect()
            for sample in family.samples
        }

    def moved(self) -> dict[str, float]:
        """Return by how much each sample moved since the last look; a new sample is a surprise."""
        now = self.samples()
        assert now.keys() == self._before.keys()
        moved = {name: now[name] - self._before[name] for name in now if now[name] != self._before[name]}
        self._before = now
        return moved


def record(*changes: Change) -> Record:
    """Return a record of nothing but these changes."""
    return Record(1, NOON, OrdersHandedOver(()), Decision(tuple(changes)))


@pytest.mark.parametrize(("change", "expected"), MOVES, ids=lambda part: type(part).__name__)
def test_every_change_moves_what_it_should(change: Change, expected: set[str]) -> None:
    """A change moves its counter by one, and nothing else but the number of records."""
    meter = Meter()
    meter.metrics.released([record(change)])

    assert meter.moved() == dict.fromkeys(expected | {"controlroom_journal_records_total"}, 1.0)


def test_no_change_is_left_out() -> None:
    """Whoever adds a change to the union says here what it moves."""
    assert {type(change) for change, _ in MOVES} == set(get_args(Change))


def test_a_batch_counts_as_its_records_do() -> None:
    """Counting a batch at once moves every counter as far as record by record."""
    records = [record(change) for change, _ in MOVES * 3]
    at_once, one_by_one = Meter(), Meter()
    at_once.metrics.released(records)
    for each in records:
        one_by_one.metrics.released([each])

    assert at_once.moved() == one_by_one.moved()


def test_every_series_is_there_from_the_start() -> None:
    """Kinds, routes, reasons, steps and outcomes stand at zero before anything happens."""
    samples = Meter().samples()
    expected = {f"controlroom_decisions_total {kind} {route}" for kind in Kind for route in Route}
    expected |= {f"controlroom_signals_received_total {kind}" for kind in Kind}
    expected |= {f"controlroom_signals_quarantined_total {reason}" for reason in QuarantineReason}
    expected |= {f"controlroom_orders_total {step}" for step in ("issued", "handed_over", "retried", *Step)}
    expected |= {f"controlroom_incidents_closed_total {outcome}" for outcome in Outcome}

    assert {name: samples.get(name) for name in expected} == dict.fromkeys(expected, 0.0)


def test_a_signals_lag_is_its_age_when_it_is_durable() -> None:
    """The histogram takes the time from the device's clock to now; a device that runs ahead is at zero."""

    async def story(desk: Desk) -> None:
        desk.room.tell(signal(Kind.GUARD))
        desk.room.tell(signal(Kind.ARC_ALARM, event="panic"))
        await desk.turns()

    async def told() -> list[Record]:
        async with at_work() as desk:
            await story(desk)
            return desk.shelf.waiting

    records = run(told())
    late, ahead = Meter(after(7).timestamp()), Meter(after(-7).timestamp())
    late.metrics.released(records)
    ahead.metrics.released(records)

    moved = late.moved()
    assert moved["controlroom_ingest_lag_seconds_sum guard"] == pytest.approx(7)
    assert moved["controlroom_signals_received_total arc-alarm"] == 1
    assert moved["controlroom_orders_total issued"] == 1
    assert "controlroom_ingest_lag_seconds_bucket guard 5.0" not in moved
    assert moved["controlroom_ingest_lag_seconds_bucket guard 10.0"] == 1
    moved = ahead.moved()
    assert moved["controlroom_ingest_lag_seconds_count guard"] == 1
    assert "controlroom_ingest_lag_seconds_sum guard" not in moved


@pytest.mark.parametrize(
    ("decision", "answer"),
    [
        (Decision((WatchArmed(WATCH),), reasons=(Reason.COMMAND,)), "taken"),
        (Decision(reasons=(Reason.COMMAND_STALE,)), "stale"),
        (Decision(reasons=(Reason.COMMAND_REFUSED,)), "refused"),
    ],
)
def test_a_command_is_counted_by_what_came_of_it(decision: Decision, answer: str) -> None:
    """What a person asked is taken, stale or refused; what the field or the room said is no command."""
    meter = Meter()
    meter.metrics.released([Record(1, NOON, Owned("INC-1", 1, "op-1"), decision)])
    assert meter.moved() == {
        f"controlroom_commands_total {answer}": 1,
        "controlroom_journal_records_total": 1,
    }
    meter.metrics.released([Record(2, NOON, Tick(), decision)])
    assert meter.moved() == {"controlroom_journal_records_total": 1}


def test_the_outbox_has_its_counters() -> None:
    """What is no record is counted by whoever does it."""
    meter = Meter()
    meter.metrics.handed_over(3)
    meter.metrics.retried(2)

    assert meter.moved() == {
        "controlroom_orders_total handed_over": 3,
        "controlroom_orders_total retried": 2,
    }

"""The plan's figures: what counts, what does not, and that a restart counts nothing twice."""

from collections.abc import Sequence
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from controlroom.events import Closed, CrewReported, Event
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import (
    Change,
    ConditionEnded,
    ConditionNoted,
    Heard,
    IncidentMoved,
    IncidentNoted,
    IncidentRestated,
    Learnt,
    OrderHandedOver,
    PlanStepMarked,
    Quarantined,
    ReadersSet,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.crews.changes import CrewNoted, OrderEnded, OrderUpdated, UpdateHeard
from controlroom.incidents.decide import decide
from controlroom.incidents.holds.changes import HoldEnded
from controlroom.incidents.keyholders.calls import KeyholderNoted
from controlroom.incidents.log_book.changes import EntryKept, EntryStruck
from controlroom.incidents.people.duty import Checked
from controlroom.incidents.plan.changes import NarrativeKept, QuarterFrozen
from controlroom.incidents.record import Record
from controlroom.incidents.referrals.state import ReferralMoved
from controlroom.incidents.state import State
from controlroom.ingest.decode import decode
from controlroom.measures.exporter import PlanExporter
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import COUNTING, take
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import (
    ALARMS_HANDLED,
    ALARMS_RESPONDED,
    BOOK,
    LIMITS,
    LONE_WORKER_CHECKS,
    NOON,
    PLAN,
    REAL_BOOK,
    after,
    body,
    estate,
    figure,
    handbook,
    signal,
)


def records_of(*events: Event) -> list[Record]:
    """Return the records of these events, one a second from noon on."""
    book, state = handbook(demonstration=True), State()
    records = []
    for number, event in enumerate(events):
        now = after(number)
        decision = decide(book, state, event, now)
        if decision.first_position is None:
            apply(state, state.position + 1, now, decision)
            records.append(Record(state.position, now, event, decision))
    return records


def counted(records: Sequence[Record], ledger: Ledger | None = None, *, simulated: bool = True) -> Ledger:
    """Return the ledger after these records."""
    ledger = Ledger() if ledger is None else ledger
    for record in records:
        book = BOOK if simulated else REAL_BOOK
        take(ledger, book, record.position, record.now, record.decision)
    return ledger


def figures(*events: Event, simulated: bool = True) -> tuple[int, int, int]:
    """Return alarms handled, alarms responded to, and lone worker checks after these events."""
    ledger = counted(records_of(*events), simulated=simulated)
    return (
        figure(ledger, ALARMS_HANDLED),
        figure(ledger, ALARMS_RESPONDED),
        figure(ledger, LONE_WORKER_CHECKS),
    )


def report(step: Step, order: str = "ORD-1") -> CrewReported:
    """Return a unit's report."""
    outcome = Outcome.GENUINE if step is Step.CLEARED else None
    return CrewReported(Wire("t", b""), order, "MR-01", step, outcome)


def simulated(kind: Kind, identifier: str, **data: Any) -> Event:
    """Return a signal that a simulator sent."""
    event = body(kind, identifier, **data) | {"simulated": True}
    wire = Wire(event["source"], msgspec.json.encode(event), "application/cloudevents+json")
    received = decode(wire, estate(), LIMITS, NOON)
    assert received is not None
    return received


INTRUDER = signal(Kind.ARC_ALARM, "a1", event="intruder")
AGAIN = signal(Kind.ARC_ALARM, "a2", event="intruder")
TAMPER = signal(Kind.ARC_ALARM, "a3", event="tamper")
MAINS = signal(Kind.ARC_ALARM, "a4", event="mains_fault")
SOS = signal(Kind.LONE_WORKER, "w1", event="sos")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((TAMPER,), (1, 0, 0)),
        ((MAINS,), (0, 0, 0)),
        ((INTRUDER,), (0, 0, 0)),
        ((INTRUDER, report(Step.ACCEPTED)), (0, 1, 0)),
        ((INTRUDER, report(Step.ACCEPTED), report(Step.CLEARED)), (1, 1, 0)),
        ((INTRUDER, report(Step.REFUSED)), (0, 0, 0)),
        ((INTRUDER, AGAIN, report(Step.ACCEPTED), report(Step.CLEARED)), (2, 2, 0)),
        ((INTRUDER, report(Step.ACCEPTED), AGAIN, report(Step.CLEARED)), (2, 2, 0)),
        ((SOS, report(Step.ACCEPTED), report(Step.CLEARED)), (0, 0, 0)),
        ((signal(Kind.LONE_WORKER, "w2", event="check_in"),), (0, 0, 1)),
        ((signal(Kind.LONE_WORKER, "w3", event="low_battery"),), (0, 0, 0)),
        ((signal(Kind.GUARD, "g1", event="check_call"),), (0, 0, 0)),
    ],
    ids=[
        "an activation in the log is handled",
        "a fault is no activation",
        "an open incident is not handled yet",
        "accepted is responded to",
        "closed is handled",
        "refused is not responded to",
        "one that joined before counts at the acceptance",
        "one that joined after counts at once",
        "a worker's incident is no alarm",
        "a check-in is a check",
        "a low battery is no check",
        "a guard's check call is another measure",
    ],
)
def test_what_counts(events: tuple[Event, ...], expected: tuple[int, int, int]) -> None:
    """Each figure counts exactly what its written definition says."""
    assert figures(*events) == expected


def test_an_operators_closing_is_a_disposition() -> None:
    """An alarm that an operator closes without a crew is handled and not responded to."""
    opened = signal(Kind.ARC_ALARM, "a1", event="other")
    counts = figures(opened, Closed("INC-1", 1, "desk one", Outcome.FALSE_ALARM))

    assert counts == (0, 0, 0)  # `other` is no activation
    again = signal(Kind.ARC_ALARM, "a5", event="panic")
    assert figures(again, Closed("INC-1", 1, "desk one", Outcome.FALSE_ALARM)) == (1, 0, 0)


def test_signals_of_a_simulator_count_only_where_they_may() -> None:
    """Outside a demonstration no figure moves for a simulated signal, whatever way it goes."""
    events = (
        simulated(Kind.ARC_ALARM, "a1", event="tamper"),
        simulated(Kind.LONE_WORKER, "w1", event="check_in"),
        simulated(Kind.ARC_ALARM, "a2", event="intruder"),
        simulated(Kind.ARC_ALARM, "a3", event="intruder"),
        report(Step.ACCEPTED, "ORD-3"),
        report(Step.CLEARED, "ORD-3"),
    )

    assert figures(*events, simulated=True) == (3, 2, 1)
    assert figures(*events, simulated=False) == (0, 0, 0)


def test_a_restart_goes_on_counting_where_the_snapshot_was_taken() -> None:
    """From a snapshot at any position, reading the whole journal again ends in the same ledger."""
    records = records_of(INTRUDER, AGAIN, report(Step.ACCEPTED), TAMPER, report(Step.CLEARED), AGAIN, SOS)
    whole = msgspec.msgpack.encode(counted(records))

    for position in range(len(records) + 1):
        kept = msgspec.msgpack.encode(counted(records[:position]))
        restored = msgspec.msgpack.decode(kept, type=Ledger)
        assert msgspec.msgpack.encode(counted(records, restored)) == whole


def test_nothing_is_kept_of_an_incident_that_is_closed() -> None:
    """The ledger holds open incidents only, or it would grow with the years."""
    ledger = counted(records_of(INTRUDER, AGAIN, report(Step.ACCEPTED), report(Step.CLEARED)))

    assert (ledger.opened, ledger.orders) == ({}, {})


def test_the_page_says_what_the_ledger_says() -> None:
    """Every measure of the ledger stands on the page with its priority and its figure, zeros included."""
    ledger, registry = Ledger(), CollectorRegistry()
    PlanExporter(PLAN, lambda: ledger, lambda: NOON, registry)
    counted(records_of(INTRUDER, report(Step.ACCEPTED), report(Step.CLEARED)), ledger)
    page = generate_latest(registry).decode().splitlines()

    for measure in PLAN.measures:
        if not measure.counts:
            continue
        labels = f'{{measure="{measure.id}",priority="{measure.priority}"}}'
        assert f"leedswatch_plan_events_total{labels} {float(ledger.counted.get(measure.id, 0))}" in page
    assert sum(ledger.counted.values()) == 2
    assert 'leedswatch_plan_value{measure="alarms_handled",period="quarter"} 1.0' in page
    assert 'leedswatch_plan_value{measure="mispers_contributed",period="year"} NaN' in page
    assert 'leedswatch_plan_milestone{measure="dv_charter_mark",state="not_started"} 1.0' in page
    updated = registry.get_sample_value("leedswatch_plan_updated_timestamp_seconds")
    assert updated == after(2).timestamp()


NOT_IN_THE_PLAN = {
    *(Heard, ConditionNoted, ConditionEnded, Quarantined, OrderHandedOver, WatchArmed, WatchExpired),
    *(IncidentMoved, IncidentNoted, PlanStepMarked, IncidentRestated, CrewNoted, OrderEnded),
    ReferralMoved,
    *(IncidentMoved, IncidentNoted, IncidentRestated, CrewNoted, OrderEnded),
    *(ReferralMoved, KeyholderNoted, OrderUpdated, UpdateHeard, ReadersSet),
    *(set(get_args(Learnt)) - {HoldEnded, Checked, EntryKept, EntryStruck, NarrativeKept, QuarterFrozen}),
}
"""Changes that no measure counts; of what the room learns only these are in the plan."""


def test_every_change_is_counted_or_left_out_by_decision() -> None:
    """A new member of the union is counted, or named here as what the plan does not count."""
    assert set(COUNTING) | NOT_IN_THE_PLAN == set(get_args(Change))
    assert not set(COUNTING) & NOT_IN_THE_PLAN
    for kind, count in COUNTING.items():
        taken = get_type_hints(count)["change"]
        assert kind in (get_args(taken) or (taken,)), f"{count} does not take {kind}"

"""The plan's figures as a pure projection of records: the same records give the same figures, always.

Three measures can be counted from today's feeds. Their written definitions stand beside them in
`MEASURES`; the wording is the plan's own. Signals of a simulator count only in a demonstration room.
The ledger is part of the snapshot, so a figure never starts again from zero after a restart.
"""

from typing import assert_never

import msgspec

from controlroom.incidents.changes import (
    UNCOUNTED,
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
    Learnt,
    Logged,
    OrderHandedOver,
    OrderMoved,
    Quarantined,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.holds.changes import HoldEased, HoldEnded, SignalHeld
from controlroom.incidents.people.duty import Checked, CheckResult
from controlroom.incidents.record import Decision
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind, WorkerEvent


class Measure(msgspec.Struct, frozen=True):
    """One measure of the plan: its id, the shared priority it serves, its wording, what counts."""

    id: str
    priority: str
    wording: str
    definition: str


ALARMS_HANDLED = "alarms_handled"
ALARMS_RESPONDED = "alarms_responded"
LONE_WORKER_CHECKS = "lone_worker_checks"

MEASURES = (
    Measure(
        LONE_WORKER_CHECKS,
        "B",
        "Number of lone worker checks by Control Room staff",
        "Every check-in that a lone worker's device sent and the room took, and every check by telephone.",
    ),
    Measure(
        ALARMS_HANDLED,
        "C",
        "No. of alarms handled",
        "Every alarm activation that reached a disposition: logged, or its incident closed.",
    ),
    Measure(
        ALARMS_RESPONDED,
        "C",
        "No. of alarms responded to",
        "Every alarm activation for which a crew accepted an order.",
    ),
)
"""Measures 12, 18 and 19 of the Plan on a Page 2015/16."""


class _Open(msgspec.Struct):
    """An open incident as the figures see it: its activations, and whether a crew has accepted.

    `merged` are the incidents that were merged into it: they count with it, and may leave it again.
    """

    activations: int
    orders: list[str]
    accepted: bool = False
    merged: dict[str, "_Open"] = msgspec.field(default_factory=dict)


class Ledger(msgspec.Struct):
    """The figures at one position. `opened` holds the activations of incidents that are still open."""

    position: int = 0
    figures: dict[str, int] = msgspec.field(default_factory=lambda: {measure.id: 0 for measure in MEASURES})
    opened: dict[str, _Open] = msgspec.field(default_factory=dict)
    orders: dict[str, str] = msgspec.field(default_factory=dict)


def take(ledger: Ledger, position: int, decision: Decision, *, count_simulated: bool) -> None:
    """Bring the ledger to `position`; a record it has already taken changes nothing."""
    if position <= ledger.position:
        return
    ledger.position = position
    for change in decision.changes:
        if type(change) not in UNCOUNTED:
            _take(ledger, change, count_simulated=count_simulated)
    for order in decision.orders:
        entry = ledger.opened.get(order.incident)
        if entry is not None:
            entry.orders.append(order.id)
            ledger.orders[order.id] = order.incident


def _take(ledger: Ledger, change: Change, *, count_simulated: bool) -> None:
    match change:
        case Logged(simulated=simulated):
            if count_simulated or not simulated:
                _logged(ledger, change)
        case IncidentOpened(incident=incident):
            if incident.kind is Kind.ARC_ALARM and (count_simulated or not incident.simulated):
                activations = sum(member.activation for member in incident.members)
                ledger.opened[incident.id] = _Open(activations or int(incident.activation), [])
        case HoldEnded():
            if count_simulated or not change.simulated:
                ledger.figures[ALARMS_HANDLED] += change.handled
        case SignalJoined():
            if change.activation and (count_simulated or not change.simulated):
                _joined(ledger, change.incident)
        case OrderMoved():
            if change.step is Step.ACCEPTED:
                _accepted(ledger, change.order)
        case IncidentClosed():
            _closed(ledger, change.incident)
        case IncidentReopened(incident=incident):
            if incident.kind is Kind.ARC_ALARM and (count_simulated or not incident.simulated):
                ledger.opened[incident.id] = _Open(0, [])  # its activations are counted already
        case IncidentAbsorbed() | IncidentReturned() | IncidentDivided():
            _regrouped(ledger, change)
        case (
            Heard()
            | ConditionNoted()
            | IncidentMoved()
            | OrderHandedOver()
            | WatchArmed()
            | WatchExpired()
            | IncidentNoted()
            | IncidentRestated()
            | SignalHeld()
            | HoldEased()
            | ConditionEnded()
            | Quarantined()
        ):
            pass  # nothing in the plan counts these
        case _:
            _known(ledger, change)


def _known(ledger: Ledger, change: Learnt) -> None:
    """Count what an operator checked by telephone; nothing else that the room learns is in the plan."""
    if type(change) is Checked and change.result is CheckResult.TELEPHONE and change.kind is Kind.LONE_WORKER:
        ledger.figures[LONE_WORKER_CHECKS] += 1


def _logged(ledger: Ledger, change: Logged) -> None:
    if change.activation:
        ledger.figures[ALARMS_HANDLED] += 1
    elif change.kind is Kind.LONE_WORKER and change.event == WorkerEvent.CHECK_IN:
        ledger.figures[LONE_WORKER_CHECKS] += 1


def _joined(ledger: Ledger, incident: str) -> None:
    entry = ledger.opened.get(incident)
    if entry is None:
        return
    entry.activations += 1
    if entry.accepted:
        ledger.figures[ALARMS_RESPONDED] += 1


def _accepted(ledger: Ledger, order: str) -> None:
    entry = ledger.opened.get(ledger.orders.get(order, ""))
    if entry is not None:
        _respond(ledger, entry)


def _respond(ledger: Ledger, entry: _Open) -> None:
    """Count what a crew has accepted now, once."""
    if not entry.accepted:
        entry.accepted = True
        ledger.figures[ALARMS_RESPONDED] += entry.activations
    for part in entry.merged.values():
        _respond(ledger, part)


def _closed(ledger: Ledger, incident: str) -> None:
    entry = ledger.opened.pop(incident, None)
    if entry is not None:
        _handled(ledger, entry)


def _handled(ledger: Ledger, entry: _Open) -> None:
    """Count what is over; what was merged into an answered incident was answered with it."""
    ledger.figures[ALARMS_HANDLED] += entry.activations
    for order in entry.orders:
        ledger.orders.pop(order, None)
    for part in entry.merged.values():
        if entry.accepted:
            _respond(ledger, part)
        _handled(ledger, part)


def _regrouped(ledger: Ledger, change: IncidentAbsorbed | IncidentReturned | IncidentDivided) -> None:
    """Let activations count with the incident that has them now."""
    match change:
        case IncidentAbsorbed(incident=gone, into=into):
            if gone in ledger.opened and into in ledger.opened:
                ledger.opened[into].merged[gone] = ledger.opened.pop(gone)
        case IncidentReturned(incident=incident, of=of):
            part = ledger.opened[of].merged.pop(incident.id, None) if of in ledger.opened else None
            if part is not None:
                ledger.opened[incident.id] = part
        case IncidentDivided(incident=incident, of=of, activations=activations):
            entry = ledger.opened.get(of)
            if entry is not None:
                entry.activations -= activations
                ledger.opened[incident.id] = _Open(activations, [], entry.accepted)
        case _:
            assert_never(change)

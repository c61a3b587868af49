"""The plan's figures as a pure projection of records: the same records give the same figures, always.

Three measures can be counted from today's feeds. Their written definitions stand beside them in
`MEASURES`; the wording is the plan's own. Signals of a simulator count only in a demonstration room.
The ledger is part of the snapshot, so a figure never starts again from zero after a restart.
"""

from collections.abc import Callable
from typing import Any, Final, assert_never

import msgspec

from controlroom.incidents.changes import (
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentOpened,
    IncidentReopened,
    IncidentReturned,
    Logged,
    OrderMoved,
    SignalJoined,
)
from controlroom.incidents.holds.changes import HoldEnded
from controlroom.incidents.people.duty import Checked, CheckResult
from controlroom.incidents.record import Decision
from controlroom.orders import SendCrew
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


Marks = frozenset[bool]
"""Which marks of a signal count: `simulated` or not."""

_REAL: Marks = frozenset({False})
_ALL: Marks = frozenset({False, True})


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
    marks = _ALL if count_simulated else _REAL
    for change in decision.changes:
        count = COUNTING.get(type(change))
        if count is not None:
            count(ledger, change, marks)
    for order in decision.orders:
        if type(order) is not SendCrew:
            continue
        entry = ledger.opened.get(order.incident)
        if entry is not None:
            entry.orders.append(order.id)
            ledger.orders[order.id] = order.incident


def _logged(ledger: Ledger, change: Logged, marks: Marks) -> None:
    if change.simulated not in marks:
        return
    if change.activation:
        ledger.figures[ALARMS_HANDLED] += 1
    elif change.kind is Kind.LONE_WORKER and change.event == WorkerEvent.CHECK_IN:
        ledger.figures[LONE_WORKER_CHECKS] += 1


def _opened(ledger: Ledger, change: IncidentOpened, marks: Marks) -> None:
    incident = change.incident
    if incident.kind is Kind.ARC_ALARM and incident.simulated in marks:
        activations = sum(member.activation for member in incident.members)
        ledger.opened[incident.id] = _Open(activations or int(incident.activation), [])


def _reopened(ledger: Ledger, change: IncidentReopened, marks: Marks) -> None:
    incident = change.incident
    if incident.kind is Kind.ARC_ALARM and incident.simulated in marks:
        ledger.opened[incident.id] = _Open(0, [])  # its activations are counted already


def _held(ledger: Ledger, change: HoldEnded, marks: Marks) -> None:
    if change.simulated in marks:
        ledger.figures[ALARMS_HANDLED] += change.handled


def _joined(ledger: Ledger, change: SignalJoined, marks: Marks) -> None:
    entry = ledger.opened.get(change.incident)
    if entry is None or not change.activation or change.simulated not in marks:
        return
    entry.activations += 1
    if entry.accepted:
        ledger.figures[ALARMS_RESPONDED] += 1


def _moved(ledger: Ledger, change: OrderMoved, _marks: Marks) -> None:
    if change.step is Step.ACCEPTED:
        entry = ledger.opened.get(ledger.orders.get(change.order, ""))
        if entry is not None:
            _respond(ledger, entry)


def _checked(ledger: Ledger, change: Checked, _marks: Marks) -> None:
    """Count what an operator checked by telephone; a device's check is counted where it was logged."""
    if change.result is CheckResult.TELEPHONE and change.kind is Kind.LONE_WORKER:
        ledger.figures[LONE_WORKER_CHECKS] += 1


def _respond(ledger: Ledger, entry: _Open) -> None:
    """Count what a crew has accepted now, once."""
    if not entry.accepted:
        entry.accepted = True
        ledger.figures[ALARMS_RESPONDED] += entry.activations
    for part in entry.merged.values():
        _respond(ledger, part)


def _closed(ledger: Ledger, change: IncidentClosed, _marks: Marks) -> None:
    entry = ledger.opened.pop(change.incident, None)
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


def _regrouped(
    ledger: Ledger, change: IncidentAbsorbed | IncidentReturned | IncidentDivided, _marks: Marks
) -> None:
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


COUNTING: Final[dict[type, Callable[[Ledger, Any, Marks], None]]] = {
    Logged: _logged,
    IncidentOpened: _opened,
    IncidentReopened: _reopened,
    IncidentClosed: _closed,
    IncidentAbsorbed: _regrouped,
    IncidentReturned: _regrouped,
    IncidentDivided: _regrouped,
    SignalJoined: _joined,
    OrderMoved: _moved,
    HoldEnded: _held,
    Checked: _checked,
}
"""What the figures make of a change of this type: a look at the type passes the others over. A test holds
which those are, so that a new change is left out by decision and never by oversight."""

"""What counts of alarms: activations handled and responded to, Care Ring alarms, lone worker checks.

An activation is handled when it reached a disposition: logged, aborted within its hold, or its incident
closed. It is responded to when a crew accepted an order for its incident. Each is counted once, by the
position of its own signal. Signals in quarantine, and those that were only logged because of a test, never
count; nor do those of a simulator outside a demonstration.
"""

from collections.abc import Iterable
from typing import assert_never

from msgspec import Struct

from controlroom.incidents.changes import (
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentOpened,
    IncidentReopened,
    IncidentReturned,
    Logged,
    OrderMoved,
    Quarantined,
    SignalJoined,
)
from controlroom.incidents.holds.changes import HoldEnded
from controlroom.incidents.incident import Incident
from controlroom.incidents.lessons import Swallowed
from controlroom.incidents.people.duty import Checked, CheckResult
from controlroom.incidents.referrals.state import ReferralMade
from controlroom.incidents.state import CLOSED_KEPT
from controlroom.measures.ledger import CITY, Counted, Ledger, OpenIncident, Taken, count
from controlroom.measures.plan.words import CheckedBy, Countable
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind, WorkerEvent

SET_ASIDE = frozenset({Quarantined, Swallowed})
"""What else stands in the record of a signal that never counts."""

FOLLOWED = frozenset({Kind.ARC_ALARM, Kind.TELECARE})
"""Incidents that measures are about."""


class By(Struct, frozen=True):
    """How a lone worker was checked, as a selector asks for it."""

    by: CheckedBy


_DEVICE, _TELEPHONE = By(CheckedBy.DEVICE), By(CheckedBy.TELEPHONE)


def order_given(ledger: Ledger, order: SendCrew) -> None:
    """Remember for which incident a crew was ordered."""
    entry = ledger.opened.get(order.incident)
    if entry is not None:
        entry.orders.append(order.id)
        ledger.orders[order.id] = order.incident


def logged(ledger: Ledger, change: Logged, taken: Taken) -> None:
    """Count an activation or a check-in that went to the log."""
    if change.simulated not in taken.book.marks:
        return
    if change.activation:
        if not _set_aside(taken):
            _count(ledger, Countable.ALARM_HANDLED, area_of(change.source), [taken.position], taken)
    elif change.kind is Kind.LONE_WORKER and change.event == WorkerEvent.CHECK_IN and not _set_aside(taken):
        _count(ledger, Countable.LONE_WORKER_CHECK, area_of(change.source), [taken.position], taken, _DEVICE)


def opened(ledger: Ledger, change: IncidentOpened, taken: Taken) -> None:
    """Follow an incident from its opening."""
    incident = change.incident
    if incident.kind in FOLLOWED and incident.simulated in taken.book.marks:
        aside = taken.position if _set_aside(taken) else None
        activations = [one for one in _activations(incident, taken.position) if one != aside]
        ledger.opened[incident.id] = OpenIncident(incident.kind, incident.area, activations)


def reopened(ledger: Ledger, change: IncidentReopened, taken: Taken) -> None:
    """Follow it once more, from where it stood: what was handled or answered is not counted again."""
    incident = change.incident
    if incident.kind in FOLLOWED and incident.simulated in taken.book.marks:
        known = ledger.closed.pop(incident.id, None)
        ledger.opened[incident.id] = known or OpenIncident(incident.kind, incident.area, [])


def held_ended(ledger: Ledger, change: HoldEnded, taken: Taken) -> None:
    """Count the activations that ended within their hold."""
    if change.simulated in taken.book.marks:
        _count(ledger, Countable.ALARM_HANDLED, change.area or CITY, change.activations, taken)


def joined(ledger: Ledger, change: SignalJoined, taken: Taken) -> None:
    """Let an activation that joined count with its incident."""
    entry = ledger.opened.get(change.incident)
    if (
        entry is None
        or not change.activation
        or change.simulated not in taken.book.marks
        or _set_aside(taken)
    ):
        return
    if entry.kind is Kind.ARC_ALARM:
        entry.activations.append(taken.position)
        if entry.accepted:
            _count(ledger, Countable.ALARM_RESPONDED, entry.area, [taken.position], taken)


def order_moved(ledger: Ledger, change: OrderMoved, taken: Taken) -> None:
    """Count what a crew has accepted."""
    if change.step is Step.ACCEPTED:
        entry = ledger.opened.get(ledger.orders.get(change.order, ""))
        if entry is not None:
            _respond(ledger, entry, taken)


def checked(ledger: Ledger, change: Checked, taken: Taken) -> None:
    """Count what an operator checked by telephone; a device's check is counted where it was logged."""
    if change.result is CheckResult.TELEPHONE and change.kind is Kind.LONE_WORKER:
        area = area_of(change.source)
        _count(ledger, Countable.LONE_WORKER_CHECK, area, [taken.position], taken, _TELEPHONE)


def closed(ledger: Ledger, change: IncidentClosed, taken: Taken) -> None:
    """Count what is over."""
    entry = ledger.opened.pop(change.incident, None)
    if entry is not None:
        _handle(ledger, entry, taken)
        ledger.closed[change.incident] = entry
        if len(ledger.closed) > CLOSED_KEPT:
            del ledger.closed[next(iter(ledger.closed))]


def regrouped(
    ledger: Ledger, change: IncidentAbsorbed | IncidentReturned | IncidentDivided, _taken: Taken
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
        case IncidentDivided(incident=incident, of=of):
            entry = ledger.opened.get(of)
            if entry is not None:
                apart = {member.position for member in incident.members}
                ledger.opened[incident.id] = _part(entry, incident.area, apart)
        case _:
            assert_never(change)


def referred(ledger: Ledger, change: ReferralMade, taken: Taken) -> None:
    """Count a referral of an incident, in the area of the incident."""
    referral = change.referral
    if referral.simulated in taken.book.marks:
        area = referral.about.area
        _count(ledger, Countable.REFERRAL_MADE, area, [taken.position], taken, referral)


def area_of(source: str) -> str:
    """Return the area of a topic."""
    return source.split("/", 2)[1]


def _part(entry: OpenIncident, area: str, apart: set[int]) -> OpenIncident:
    """Take these positions off the entry, into one of their own."""
    done = apart.intersection(entry.activations[: entry.handled])
    theirs = [one for one in entry.activations if one in apart]
    entry.activations = [one for one in entry.activations if one not in apart]
    entry.handled -= len(done)
    return OpenIncident(entry.kind, area, theirs, accepted=entry.accepted, handled=len(done))


def _activations(incident: Incident, position: int) -> list[int]:
    """Return the positions that count; a Care Ring alarm counts once, by its opening."""
    if incident.kind is Kind.TELECARE:
        return [position]
    return [member.position for member in incident.members if member.activation]


def _respond(ledger: Ledger, entry: OpenIncident, taken: Taken) -> None:
    """Count what a crew has accepted now, once."""
    if not entry.accepted:
        entry.accepted = True
        care = entry.kind is Kind.TELECARE
        event = Countable.CARE_RING_RESPONDED if care else Countable.ALARM_RESPONDED
        _count(ledger, event, entry.area, entry.activations, taken)
    for part in entry.merged.values():
        _respond(ledger, part, taken)


def _handle(ledger: Ledger, entry: OpenIncident, taken: Taken) -> None:
    """Count what is over; what was merged into an answered incident was answered with it."""
    if entry.kind is Kind.ARC_ALARM:
        _count(ledger, Countable.ALARM_HANDLED, entry.area, entry.activations[entry.handled :], taken)
        entry.handled = len(entry.activations)
    for order in entry.orders:
        ledger.orders.pop(order, None)
    entry.orders.clear()
    for part in entry.merged.values():
        if entry.accepted:
            _respond(ledger, part, taken)
        _handle(ledger, part, taken)


def _set_aside(taken: Taken) -> bool:
    return not SET_ASIDE.isdisjoint(map(type, taken.decision.changes))


def _count(
    ledger: Ledger, event: Countable, area: str, positions: Iterable[int], taken: Taken, told: object = None
) -> None:
    """Let these records count for every measure that this kind of event counts for."""
    rules = taken.book.events[event]
    if not rules:
        return
    day = taken.book.day(taken.now)
    for rule in rules:
        weight = rule.weight(told)
        if weight:
            for position in positions:
                count(ledger, Counted(rule.measure, day, area, position, weight))

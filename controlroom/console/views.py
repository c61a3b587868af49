"""What an operator sees of a record: records and incidents in, shapes for the browser out.

What changes nothing on a screen (a heartbeat of the room, a confirmation by the broker, a repeat) gives no
delta. Pure: names come from the `Lens`, nothing is read from anywhere else.
"""

from collections.abc import Callable, Sequence
from typing import assert_never

import msgspec

from controlroom.console.deltas import (
    ActView,
    Answered,
    Delta,
    Eased,
    IncidentStep,
    IncidentView,
    Joined,
    Listed,
    Moved,
    Opened,
    Over,
    SignalView,
    Stepped,
    Ticked,
    Written,
)
from controlroom.console.quarantined import held_of, quarantine_view
from controlroom.console.raw import short
from controlroom.estate.areas import Area
from controlroom.estate.model import Estate
from controlroom.events import SignalReceived
from controlroom.incidents.cameras.changes import AtCameras, CamerasListed
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
    Learnt,
    Logged,
    OrderHandedOver,
    OrderMoved,
    OutsideChange,
    PlanStepMarked,
    Quarantined,
    ReadersSet,
    SignalJoined,
    WatchArmed,
    WatchExpired,
)
from controlroom.incidents.crews.changes import CrewNoted, OrderEnded, OrderUpdated, UpdateHeard
from controlroom.incidents.endings import Ending
from controlroom.incidents.help_points.changes import AtHelpPoint, CallAnswered
from controlroom.incidents.holds.changes import SignalHeld
from controlroom.incidents.incident import Act, Incident, level_of
from controlroom.incidents.keyholders.calls import KeyholderNoted
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.record import Record, Ruling
from controlroom.incidents.referrals.state import ReferralMade, ReferralMoved
from controlroom.orders import Order
from controlroom.rules.plans import Plan
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Condition


class Lens(msgspec.Struct, frozen=True):
    """Where the console looks up places, the words of a ruling, the plan of a rule (None where unknown).

    `asks` returns what the rule of a ruling asks, in words; nothing where it is unknown.
    """

    estate: Callable[[], Estate]
    why: Callable[[Ruling], str | None]
    plan: Callable[[str, str], Plan | None]
    asks: Callable[[Ruling], tuple[str, ...]] = lambda _: ()


Quiet = (
    Learnt
    | Heard
    | ConditionNoted
    | CrewNoted
    | OrderUpdated
    | UpdateHeard
    | Logged
    | OrderHandedOver
    | WatchArmed
    | WatchExpired
    | Quarantined
    | ReferralMoved
)
"""Changes that no list of incidents shows."""


def delta_of(record: Record, lens: Lens) -> Delta | None:
    """Return what a screen shows of this record; None where nothing on it changes."""
    steps = tuple(step for change in record.decision.changes if (step := _step(change, record, lens)))
    signal = _signal(record, lens)
    held = held_of(record)
    if not steps and signal is None and held is None:
        return None
    return Delta(record.position, record.now, signal, steps, quarantine_view(held) if held else None)


def _step(  # noqa: PLR0911 - one return a kind of step
    change: Change, record: Record, lens: Lens
) -> IncidentStep | None:
    match change:
        case IncidentOpened(incident=incident):
            return Opened(incident_view(incident, lens, _unit(record.decision.orders, incident.order)))
        case SignalJoined():
            return Joined(change.incident, change.priority, bool(change.standing), change.confirmed_by)
        case (
            IncidentReopened(incident=incident)
            | IncidentRestated(incident=incident)
            | IncidentReturned(incident=incident)
            | IncidentDivided(incident=incident)
            | ReadersSet(incident=incident)
        ):
            return Opened(incident_view(incident, lens))
        case IncidentAbsorbed():
            return Over(change.incident, change.at, Ending.MERGED)
        case IncidentNoted():
            return Written(change.incident, short(change.author), short(change.text))
        case KeyholderNoted() | ReferralMade() | ReferralMoved():
            return _outside(change)
        case PlanStepMarked():
            return Ticked(change.incident, change.step, short(change.author), short(change.skipped))
        case ConditionEnded():
            return Eased(change.incident, Condition.ACTIVE if change.left else Condition.RESTORED)
        case IncidentMoved():
            return _moved(change, _unit(record.decision.orders, change.order))
        case IncidentClosed():
            return Over(change.incident, change.at, short(change.outcome))
        case OrderMoved():
            return Stepped(change.order, change.step)
        case OrderEnded():
            return Stepped(change.order, change.how)
        case AtCameras(step=CamerasListed() as now):
            return Listed(now.incident, now.cameras, now.back)
        case AtHelpPoint(step=CallAnswered(incident=str() as incident, seconds=waited)):
            return Answered(incident, waited)
        case _:
            return _quiet(change)


def _outside(change: OutsideChange) -> Written | None:
    """Return what was written about keyholders or partners; how a referral travels is on its own list."""
    match change:
        case KeyholderNoted(incident=incident, call=call):
            said = f"{call.keyholder}: {call.result.replace('_', ' ')}"
            return Written(incident, short(call.by), short(said))
        case ReferralMade(referral=made):
            said = f"Referred to {made.partner}: {made.reason}"
            return Written(made.incident, short(made.author), short(said))
        case ReferralMoved():
            return None
        case _:
            assert_never(change)


def _quiet(change: Quiet) -> IncidentStep | None:
    """Show nothing of what moves no incident. The type closes the union."""
    del change
    return None


def _moved(change: IncidentMoved, unit: str | None) -> Moved:
    return Moved(
        change.incident,
        change.status,
        change.due,
        _short(change.owner),
        change.order,
        unit,
        _short(change.because),
        level_of(change.escalations),
        _short(change.parked or None),
        _short(change.outcome or None),
    )


def _unit(orders: Sequence[Order], order_id: str | None) -> str | None:
    """Return the unit that was just given the order of this id; None where no order was given."""
    return next((order.unit for order in orders if order.id == order_id), None)


def incident_view(
    incident: Incident, lens: Lens, unit: str | None = None, step: str | None = None
) -> IncidentView:
    """Return the incident as a list shows it, with the unit that has its order and how far that is."""
    place = lens.estate().place(incident.source)
    return IncidentView(
        id=incident.id,
        kind=incident.kind,
        area=incident.area,
        source=short(incident.source),
        site=incident.site,
        event=incident.event,
        priority=incident.priority,
        status=incident.status,
        opened_at=incident.opened_at,
        rule=incident.rule,
        why=incident.why,
        version=incident.version,
        signals=incident.signals,
        name=place.name if place is not None else None,
        test=incident.simulated,
        owner=_short(incident.owner),
        order=incident.order,
        unit=unit,
        step=step,
        due=incident.due,
        because=_short(incident.escalated_because),
        closed_at=incident.closed_at,
        outcome=_short(incident.outcome),
        level=incident.level,
        parked=_short(incident.parked),
        condition=incident.condition,
        last=_act(incident.last),
        into=incident.into,
        held_s=incident.held_s,
        rolled_up=incident.rolled_up,
        confirmed_by=incident.confirmed_by,
        cameras=incident.cameras,
        back=incident.back,
        answer_s=incident.answer_s,
        restricted=tuple(map(short, incident.readers)),
    )


def _act(last: Act | None) -> ActView | None:
    return ActView(short(last.author), last.what, last.at) if last is not None else None


def _signal(record: Record, lens: Lens) -> SignalView | None:
    """Return the signal that a rule routed; None for anything else, repeats and retained state included."""
    event, decision = record.event, record.decision
    if not isinstance(event, SignalReceived) or decision.ruling is None:
        return None
    went = _where(decision.changes)
    if went is None:
        return None
    route, priority, incident, why = went
    meaning = meaning_of(event.signal)
    place = lens.estate().place(event.signal.source)
    return SignalView(
        kind=meaning.kind,
        area=place.area if place is not None else Area(event.signal.source.split("/", 2)[1]),
        source=short(event.signal.source),
        event=meaning.event,
        route=route,
        priority=priority,
        rule=decision.ruling.rule,
        reasons=decision.reasons,
        site=place.site if place is not None else None,
        name=place.name if place is not None else None,
        why=why if why is not None else lens.why(decision.ruling),
        test=event.signal.simulated,
        incident=incident,
        unit=decision.orders[0].unit if decision.orders else None,
    )


def _where(changes: Sequence[Change]) -> tuple[Route, int, str | None, str | None] | None:
    """Return where a signal went: route, priority, incident, and why if said; None where it went nowhere."""
    for change in reversed(changes):
        match change:
            case Logged():
                return Route.LOG, change.priority, None, None
            case SignalJoined():
                return Route.MOBILE_RESPONSE, change.priority, change.incident, None
            case SignalHeld(draft=draft):
                return Route.MOBILE_RESPONSE, draft.incident.priority, None, draft.incident.why
            case IncidentOpened(incident=opened):
                return Route.MOBILE_RESPONSE, opened.priority, opened.id, opened.why
            case _:
                continue
    return None


def _short(text: str | None) -> str | None:
    return short(text) if text is not None else None

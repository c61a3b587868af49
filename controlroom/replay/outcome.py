"""What a decision comes to, in words that can be set side by side.

With the verdict at hand everything that a rule can say is told; of a recorded decision only what the room
kept of it. Two outcomes are compared word by word, so whoever makes them makes both in the same way.
"""

from collections.abc import Iterator

from controlroom.incidents.changes import (
    Change,
    IncidentClosed,
    IncidentMoved,
    IncidentOpened,
    Logged,
    SignalJoined,
    WatchArmed,
)
from controlroom.incidents.holds.changes import HoldEnded, SignalHeld
from controlroom.incidents.incident import Incident
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.orders import Order, SendCrew, UpdateOrder
from controlroom.replay.lane import Step
from controlroom.rules.verdict import Route
from controlroom.rules.wording import duration_text, says

Outcome = dict[str, str]
"""Field to words, in the order in which people read them; what does not apply is not there."""

RULES_SAY = ("rule", "route", "priority", "dispatch", "answer_within", "respond_within", "hold", "merge")
"""The fields that a rule sets and that a decision depends on."""

ALSO_SAY = ("action_plan", "inform")
"""What a rule says to people beside them."""

NOT_THERE: Outcome = {"leads_to": "does not happen"}
"""The outcome of what happened in one of two histories alone, in the other one."""


def outcome_of(step: Step | None, *, by_verdict: bool) -> Outcome:
    """Return what this step comes to; `by_verdict` False keeps to what a recording has too."""
    if step is None:
        return dict(NOT_THERE)
    decision = step.decision
    told: Outcome = {}
    if decision.ruling is not None:
        told["rule"] = f"{decision.ruling.table}/{decision.ruling.rule}"
    if by_verdict and step.said:
        told |= says(step.said[-1])
    else:
        told |= _kept(decision)
    told["leads_to"] = ", ".join(_leads(decision)) or "nothing"
    if decision.orders:
        told["orders"] = ", ".join(map(_ordered, decision.orders))
    due = [change.watch.due for change in decision.changes if type(change) is WatchArmed]
    if due:
        told["due"] = min(due).isoformat()
    if decision.reasons:
        told["reasons"] = ", ".join(decision.reasons)
    return told


def changed(old: Outcome, new: Outcome) -> tuple[str, ...]:
    """Return the fields in which two outcomes differ."""
    names = dict.fromkeys((*old, *new))
    return tuple(name for name in names if old.get(name) != new.get(name))


def _kept(decision: Decision) -> Outcome:
    """Return what the changes themselves say of route, priority and times."""
    for change in decision.changes:
        match change:
            case Logged(priority=priority):
                return {"route": str(Route.LOG), "priority": str(priority)}
            case SignalJoined(priority=priority):
                return {"route": str(Route.MOBILE_RESPONSE), "priority": str(priority)}
            case IncidentOpened(incident=incident):
                return _of_incident(incident)
            case SignalHeld(draft=draft):
                return _of_incident(draft.incident)
            case _:
                continue
    return {}


def _of_incident(incident: Incident) -> Outcome:
    return {
        "route": str(Route.MOBILE_RESPONSE),
        "priority": str(incident.priority),
        "answer_within": duration_text(incident.answer_within_s),
        "respond_within": duration_text(incident.respond_within_s),
    }


def _leads(decision: Decision) -> Iterator[str]:
    """Yield what the decision leads to, in a few words each."""
    if decision.reasons == (Reason.DUPLICATE,):
        yield "nothing, heard before"
    for change in decision.changes:
        said = _lead(change)
        if said:
            yield said


def _lead(change: Change) -> str:
    match change:
        case Logged():
            return "the log"
        case IncidentOpened(incident=incident):
            return f"a new incident {incident.id}"
        case SignalJoined(incident=name):
            return f"joins {name}"
        case SignalHeld():
            return "held for an abort"
        case HoldEnded(how=how):
            return f"a hold ends: {how}"
        case IncidentMoved(incident=name, status=status):
            return f"{name} {status}"
        case IncidentClosed(incident=name):
            return f"{name} closed"
        case _:
            return ""


def _ordered(order: Order) -> str:
    if isinstance(order, SendCrew):
        return f"{order.unit} to {order.site}"
    if isinstance(order, UpdateOrder):
        return f"{order.unit} hears that it is priority {order.priority} now"
    return f"{order.unit} stands down"

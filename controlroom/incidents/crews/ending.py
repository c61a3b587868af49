"""An order that is over before its time: the crew is stood down, and the room says why.

No order outlives its incident: whatever closes an incident, or makes it a part of another one, recalls what
was ordered for it, in the same decision.
"""

from msgspec.structs import replace

from controlroom.incidents.changes import Change, IncidentAbsorbed, IncidentClosed, OrderMoved
from controlroom.incidents.crews.changes import OrderEnded
from controlroom.incidents.crews.given import OrderEnd, StandingOrder
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.orders import StandDown, stand_down
from controlroom.signals.dispatch_messages import Step

_OVER = frozenset({Step.REFUSED, Step.CLEARED})


def recalled(standing: StandingOrder, reason: str, by: str = "") -> tuple[OrderEnded, StandDown]:
    """Return the end of this order, and what its unit is told; withdrawn where nobody had accepted it yet."""
    how = OrderEnd.WITHDRAWN if standing.step is None else OrderEnd.RECALLED
    return ended(standing, how, reason, by)


def ended(standing: StandingOrder, how: OrderEnd, reason: str, by: str = "") -> tuple[OrderEnded, StandDown]:
    """Return the end of this order in that way, and what its unit is told."""
    return OrderEnded(standing.order.id, how, by), stand_down(standing.order, reason)


def with_recalls(state: State, decision: Decision) -> Decision:
    """Return the decision with the crews stood down of every incident that it ends."""
    first: list[Change] = []
    orders: list[StandDown] = []
    for change in decision.changes:
        if type(change) is not IncidentClosed and type(change) is not IncidentAbsorbed:
            continue
        standing = _goes(state, change.incident)
        if standing is None or _ends_anyway(decision, standing.order.id):
            continue
        end, word = recalled(standing, _why(change), getattr(change, "by", ""))
        first.append(end)
        orders.append(word)
    if not orders:
        return decision
    return replace(
        decision,
        changes=(*first, *decision.changes),
        orders=(*orders, *decision.orders),
        reasons=(*decision.reasons, Reason.RECALLED),
    )


def _goes(state: State, name: str) -> StandingOrder | None:
    incident = state.incidents.get(name)
    standing = state.orders.get(incident.order or "") if incident is not None else None
    return standing if standing is not None and standing.live else None


def _ends_anyway(decision: Decision, order: str) -> bool:
    return any(
        (type(change) is OrderMoved and change.order == order and change.step in _OVER)
        or (type(change) is OrderEnded and change.order == order)
        for change in decision.changes
    )


def _why(change: IncidentClosed | IncidentAbsorbed) -> str:
    if type(change) is IncidentClosed:
        return f"{change.incident} is closed: {change.outcome.replace('_', ' ')}"
    return f"{change.incident} is part of another incident"

"""The orders that stand: handed over, moved on by their units, and forgotten when nobody needs them."""

from msgspec.structs import replace

from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm
from controlroom.signals.dispatch_messages import Step

_ORDER_ENDS = frozenset({Step.CLEARED, Step.REFUSED})
"""Steps after which a unit no longer carries the order."""


def hand_over(state: State, order: str) -> None:
    """Remember that the broker has this order."""
    state.unsent.pop(order, None)
    standing = state.orders.get(order)
    if standing is None:
        return
    state.orders[order] = replace(standing, handed_over=True)
    work = state.incidents.get(standing.order.incident) or state.closed.get(standing.order.incident)
    if work is None or work.order != order:
        forget(state, order)


def forget(state: State, order: str) -> None:
    """Keep an order no longer, and burden its unit no longer; one that is still to be sent stays."""
    standing = state.orders.get(order)
    if standing is None or order in state.unsent:
        return
    del state.orders[order]
    if standing.step not in _ORDER_ENDS:
        state.load[standing.order.unit] -= 1


def move_order(state: State, change: OrderMoved) -> None:
    """Take a unit one step further with its order."""
    standing = state.orders[change.order]
    disarm(state.watches, WatchKind.ACCEPTANCE, change.order)
    if change.step in _ORDER_ENDS:
        state.load[standing.order.unit] -= 1
    state.orders[change.order] = replace(standing, step=change.step)

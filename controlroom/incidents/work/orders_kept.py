"""The orders that stand: given, handed over, moved on, ended, and forgotten when nobody needs them.

`load` and `in_hand` say the same of each unit, as a number and by name: what it still has to do.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.changes import OrderUpdated, UpdateHeard, known, updated
from controlroom.incidents.crews.given import GivenWord, OrderEnd, StandingOrder
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm
from controlroom.orders import Order, SendCrew


def give(state: State, order: Order, now: datetime) -> None:
    """Keep an order that was just given, and send it."""
    state.unsent[order.id] = None
    if not isinstance(order, SendCrew):
        state.words[order.id] = GivenWord(order, now)
        return
    state.orders[order.id] = StandingOrder(order, issued_at=now)
    state.load[order.unit] = state.load.get(order.unit, 0) + 1
    state.in_hand.setdefault(order.unit, {})[order.id] = None


def hand_over(state: State, order: str) -> None:
    """Remember that the broker has this order."""
    state.unsent.pop(order, None)
    if state.words.pop(order, None) is not None:
        return
    standing = state.orders.get(order)
    if standing is None:
        return
    state.orders[order] = replace(standing, handed_over=True)
    work = state.incidents.get(standing.order.incident) or state.closed.get(standing.order.incident)
    if work is None or work.order != order:
        forget(state, order)


def end_order(state: State, order: str, how: OrderEnd) -> None:
    """Let an order be over before its time; one that is over stays as it is."""
    standing = state.orders.get(order)
    if standing is None or not standing.live:
        return
    disarm(state.watches, WatchKind.ACCEPTANCE, order)
    _unburden(state, standing.order)
    state.orders[order] = replace(standing, ended=how, unheard=None, version=standing.version + 1)


def update_order(state: State, change: OrderUpdated) -> None:
    """Let an order be for more than it was."""
    state.orders[change.order] = updated(state.orders[change.order], change)


def hear_update(state: State, change: UpdateHeard) -> None:
    """Remember that the crew knows."""
    disarm(state.watches, WatchKind.UPDATE_HEARD, change.order)
    state.orders[change.order] = known(state.orders[change.order])


def forget(state: State, order: str) -> None:
    """Keep an order no longer, and burden its unit no longer; one that is still to be sent stays."""
    standing = state.orders.get(order)
    if standing is None or order in state.unsent:
        return
    del state.orders[order]
    if standing.live:
        _unburden(state, standing.order)


def move_order(state: State, change: OrderMoved) -> None:
    """Take a unit one step further with its order."""
    standing = state.orders[change.order]
    disarm(state.watches, WatchKind.ACCEPTANCE, change.order)
    moved = replace(standing, step=change.step, version=standing.version + 1)
    if standing.live and not moved.live:
        _unburden(state, standing.order)
    state.orders[change.order] = moved


def _unburden(state: State, order: SendCrew) -> None:
    disarm(state.watches, WatchKind.UPDATE_HEARD, order.id)
    state.load[order.unit] -= 1
    orders = state.in_hand[order.unit]
    orders.pop(order.id, None)
    if not orders:
        del state.in_hand[order.unit]

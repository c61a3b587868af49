"""How the crews of a story answer an order: a few reports, each at its time."""

from controlroom.orders import Order, StandDown, UpdateOrder
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.stories.model import Crews

REFUSAL = "already committed to another incident"

Report = tuple[float, Step, Outcome | None, str | None]
"""Seconds after the order, the step, what was found, and why not."""


def answers(crews: Crews, order: Order) -> list[Report]:
    """Return what the unit says of this order, in order; of its end nothing."""
    manner = crews.units.get(order.unit, crews.default)
    if manner == "silent" or isinstance(order, StandDown):
        return []
    if isinstance(order, UpdateOrder):
        return [(crews.accept, Step.ACKNOWLEDGED, None, None)]
    if manner == "refuses":
        return [(crews.accept, Step.REFUSED, None, REFUSAL)]
    leaves = crews.accept + crews.leave
    arrives = leaves + crews.travel
    return [
        (crews.accept, Step.ACCEPTED, None, None),
        (leaves, Step.EN_ROUTE, None, None),
        (arrives, Step.ON_SCENE, None, None),
        (arrives + crews.stay, Step.CLEARED, crews.outcome, None),
    ]

"""The closed union of what the room can order, and the name that makes each order idempotent.

An order's id is derived from the position of the decision that gave it, so a decision that is read
again gives the same order again, and a crew that is sent it twice works it once.
"""

import msgspec

from controlroom.estate.areas import Area
from controlroom.signals.vocabulary import Kind


class SendCrew(msgspec.Struct, frozen=True, tag="send_crew", gc=False):
    """One unit is to go to one place. Durations in seconds; None where the rule sets none.

    `signal` is the id of the signal that called for it; None where an operator sent the crew. `because` says
    in words why it was this unit.
    """

    id: str
    incident: str
    unit: str
    area: Area
    kind: Kind
    source: str
    site: str
    priority: int
    instruction: str
    simulated: bool
    signal: str | None = None
    respond_within_s: int | None = None
    because: str = ""


class StandDown(msgspec.Struct, frozen=True, tag="stand_down", gc=False):
    """One unit's order is over before its time: whatever it was doing for it, it does no longer."""

    id: str
    order: str
    incident: str
    unit: str
    reason: str
    simulated: bool


class UpdateOrder(msgspec.Struct, frozen=True, tag="update_order", gc=False):
    """One unit's order is for more, or less, than it was told: the same order, this priority, these words.

    `respond_within_s` is seconds from this word on, None where the time stays as it was.
    """

    id: str
    order: str
    incident: str
    unit: str
    priority: int
    instruction: str
    simulated: bool
    respond_within_s: int | None = None


Order = SendCrew | StandDown | UpdateOrder
"""Everything that goes out to crews."""


def order_id(position: int, nth: int = 0) -> str:
    """Return the id of the order that the decision at this journal position gave, its nth further one."""
    return f"ORD-{position}-{nth + 1}" if nth else f"ORD-{position}"


def stand_down(order: SendCrew, reason: str) -> StandDown:
    """Return the word that this order is over; the same id whenever it is said."""
    return StandDown(f"{order.id}-stand-down", order.id, order.incident, order.unit, reason, order.simulated)

"""The closed union of what the room can order, and the name that makes each order idempotent.

An order's id is derived from the position of the decision that gave it, so a decision that is read
again gives the same order again, and a crew that is sent it twice works it once.
"""

import msgspec

from controlroom.estate.areas import Area
from controlroom.signals.vocabulary import Kind


class SendCrew(msgspec.Struct, frozen=True, tag="send_crew", gc=False):
    """One unit is to go to one place. Durations in seconds; None where the rule sets none.

    `signal` is the id of the signal that called for it; None where an operator sent the crew.
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


Order = SendCrew
"""Standing a crew down is not in the union yet: today nothing ends an incident but its own crew."""


def order_id(position: int) -> str:
    """Return the id of the order that the decision at this journal position gave."""
    return f"ORD-{position}"

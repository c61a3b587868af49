"""The orders that were given: how far each one is, how it ended, and the words about it on their way.

An order that becomes more urgent is the same order still: its priority, its words and its time change, its
crew is told, and until the crew has said that it knows the name of that word stands with the order.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from controlroom.orders import SendCrew, StandDown, UpdateOrder
from controlroom.signals.dispatch_messages import Step


class OrderEnd(StrEnum):
    """Why an order ended before its crew had cleared it."""

    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    REASSIGNED = "reassigned"
    LAPSED = "lapsed"
    OFF_DUTY = "off_duty"


_LAST_STEPS = frozenset({Step.REFUSED, Step.CLEARED})


class StandingOrder(msgspec.Struct, frozen=True, gc=False):
    """An order and how far it has come; `handed_over` once the broker has confirmed it.

    `version` counts what became of it. `ended` is why it was over before its time, None where it was not.
    `told` are the words that its crew was told of since and that still hold, `updates` how many updates it
    had, `unheard` is the name of the last of these while the crew has not said that it knows.
    """

    order: SendCrew
    issued_at: datetime
    handed_over: bool = False
    step: Step | None = None
    ended: OrderEnd | None = None
    version: int = 1
    told: tuple[str, ...] = ()
    unheard: str | None = None
    updates: int = 0

    @property
    def next_update(self) -> str:
        """The name of the next update of this order: none is given twice."""
        return f"{self.order.id}-update-{max(self.updates, len(self.told)) + 1}"

    @property
    def live(self) -> bool:
        """Whether its unit still has something to do for it."""
        return self.ended is None and self.step not in _LAST_STEPS


class GivenWord(msgspec.Struct, frozen=True, gc=False):
    """The end of an order, or that it is more urgent now, until the broker has it."""

    order: StandDown | UpdateOrder
    issued_at: datetime

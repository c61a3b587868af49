"""Which events are what people asked of the room, and in one word what came of each."""

from typing import get_args

from controlroom.commands.access import AccessNoted
from controlroom.events import (
    CrewReported,
    Event,
    LinkLost,
    LinkRestored,
    MessageQuarantined,
    OrdersHandedOver,
    RoomOpened,
    RulesRefused,
    RulesSwapped,
    SignalReceived,
    Tick,
)
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision

NOT_PEOPLE = frozenset(
    {
        SignalReceived,
        MessageQuarantined,
        CrewReported,
        OrdersHandedOver,
        RoomOpened,
        LinkLost,
        LinkRestored,
        RulesSwapped,
        RulesRefused,
        AccessNoted,
        Tick,
    }
)
"""What comes from the field and from the room itself, and what is only noted: nothing is decided about it."""

COMMANDS: frozenset[type] = frozenset(get_args(Event)) - NOT_PEOPLE
"""Every other event: a new one is a person's until it is named above."""

ANSWERS = ("taken", "refused", "stale")
"""What can come of a command; a metric label, so the set is closed."""


def answer_to(decision: Decision) -> str:
    """Return what came of a command; stale is one that saw an older version than there is."""
    if decision.changes:
        return "taken"
    return "stale" if Reason.COMMAND_STALE in decision.reasons else "refused"

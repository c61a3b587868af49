"""What people work on: incidents, the orders given for them, and the watches so that neither is forgotten.

A *signal* is what the field said, an *incident* is what somebody has to deal with. Whether the
signal's condition still holds is not part of an incident's status: a restore never closes anything.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from controlroom.estate.areas import Area
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind


class Status(StrEnum):
    """How far the work on an incident has come; `escalated` means that nobody moved in time."""

    NEW = "new"
    OWNED = "owned"
    DISPATCHED = "dispatched"
    ON_SCENE = "on_scene"
    ESCALATED = "escalated"
    CLOSED = "closed"


class Incident(msgspec.Struct, frozen=True, gc=False):
    """One thing to deal with. `version` counts its changes; a command names the one it saw.

    `event` is the word of the
    field's vocabulary that opened it. `activation` marks an alarm that the plan's measures 18 and 19 count.
    `merge` is the key by which later signals join it; None keeps them apart. `due` is the next moment
    by which somebody must have acted, None when it is closed.
    """

    id: str
    kind: Kind
    area: Area
    source: str
    site: str
    event: str
    priority: int
    status: Status
    opened_at: datetime
    rule: str
    why: str
    simulated: bool
    activation: bool
    version: int = 1
    signals: int = 1
    merge: str | None = None
    owner: str | None = None
    order: str | None = None
    due: datetime | None = None
    escalated_because: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = None


class StandingOrder(msgspec.Struct, frozen=True, gc=False):
    """An order and how far it has come; `handed_over` once the broker has confirmed it."""

    order: SendCrew
    issued_at: datetime
    handed_over: bool = False
    step: Step | None = None


class WatchKind(StrEnum):
    """What should have happened by now."""

    ACCEPTANCE = "acceptance"
    ANSWER = "answer"
    END_OF_TEST = "end_of_test"
    LATE_TO_SET = "late_to_set"
    EARLY_OPEN = "early_open"
    TEST_OVERDUE = "test_overdue"
    PATH_SILENT = "path_silent"
    FALSE_CALLS = "false_calls"
    GATE_OPENING = "gate_opening"
    GATE_CLOSING = "gate_closing"
    VISIT = "visit"
    ROLL_CALL = "roll_call"


class Watch(msgspec.Struct, frozen=True, gc=False):
    """Expect something of `subject`, an order, incident or test, by `due`, else the room says so."""

    due: datetime
    kind: WatchKind
    subject: str

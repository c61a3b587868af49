"""One event, what the room decided about it, and where both stand in the journal.

A record is the unit of everything downstream: acknowledgement, orders, console, measures and log read
records, in order of `position`, and nothing else.
"""

from datetime import datetime

import msgspec

from controlroom.events import Event
from controlroom.incidents.changes import Change
from controlroom.incidents.reasons import Reason
from controlroom.orders import Order


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """Which rule spoke: its table, its id, and the hash of the whole set it stood in."""

    table: str
    rule: str
    rule_set: str


class Decision(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What follows from one event. `ruling` is None where no rule was asked.

    `first_position` is, for a duplicate, where the signal was first decided.
    """

    changes: tuple[Change, ...] = ()
    orders: tuple[Order, ...] = ()
    reasons: tuple[Reason, ...] = ()
    ruling: Ruling | None = None
    first_position: int | None = None


class Record(msgspec.Struct, frozen=True, gc=False):
    """A decided event at its position; `now` is the moment the inbox stamped, UTC."""

    position: int
    now: datetime
    event: Event
    decision: Decision

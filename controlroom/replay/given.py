"""What a replay is given: things that happened, each with its number and its moment.

The number is the event's place in its recording: the position of a record in the journal, or the place of a
message in a feed. It is also what the room numbers by in a replay, so an incident that the same event opens
has the same name in both rule sets, and a person's recorded command finds it. What happens in a replay alone
(a deadline that only the new rules set) is numbered from `OWN_NUMBERS` on.
"""

from datetime import datetime

import msgspec

from controlroom.events import Event
from controlroom.incidents.changes import WatchArmed, WatchExpired
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.record import Decision, Record

OWN_NUMBERS = 1_000_000_000
"""Where the numbers of what nobody recorded begin: seven years of a city's journal lie below it."""

WatchName = tuple[WatchKind, str]
"""A watch as the room knows it: its kind and its subject; at most one is armed under one name."""


class Given(msgspec.Struct, frozen=True, gc=False):
    """One thing that happened. `recorded` is what was decided then, None in a feed, where nobody decided.

    `other` is the same message as the second estate reads it, where there are two.
    """

    number: int
    now: datetime
    event: Event
    recorded: Decision | None = None
    other: Event | None = None


def of_record(record: Record) -> Given:
    """Return a record of the journal as something that happened."""
    return Given(record.position, record.now, record.event, record.decision)


def fired(recorded: Decision | None) -> WatchName | None:
    """Return which watch a recorded tick was about; None where it does not say."""
    if recorded is None:
        return None
    for change in recorded.changes:
        if type(change) is WatchExpired or type(change) is WatchArmed:
            return change.watch.kind, change.watch.subject
    return None

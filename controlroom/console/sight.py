"""What one person may see of what the room tells everybody: asked by snapshot and stream, for each record.

Two things are not for all who may look into the room: messages in quarantine, whose raw bytes may be
anything, are for who has that permission; and what is restricted to named people, entries of the log book and
incidents with all that belongs to them (`seen`), is there for nobody else.
Pure, and cheap: of most records it is known by their type that they hold neither.
"""

import msgspec

from controlroom.access.permissions import Permission, Person, may
from controlroom.commands.log_book import (
    EntryCorrected,
    EntryWithdrawn,
    EntryWritten,
    FootageFulfilled,
    MisperEnded,
)
from controlroom.console.seen import NOTHING, Hidden, told
from controlroom.events import MessageQuarantined, SignalReceived
from controlroom.incidents.log_book.changes import EntryKept
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.record import Record

_LOG_BOOK = frozenset({EntryWritten, EntryCorrected, EntryWithdrawn, FootageFulfilled, MisperEnded})


class Sight(msgspec.Struct, frozen=True):
    """Who looks, whether messages in quarantine are shown to them, and what is hidden from them.

    `unit` is the crew's that they speak for. Who follows the stream has what is hidden looked up anew for
    each message.
    """

    name: str | None = None
    quarantine: bool = True
    hidden: Hidden = NOTHING
    unit: str | None = None


WHOLE = Sight()
"""Sees whatever is not restricted to named people."""


def sight_of(person: Person) -> Sight:
    """Return what this person may see."""
    return Sight(person.name, may(person, Permission.QUARANTINE), unit=person.unit)


def is_personal(record: Record) -> bool:
    """Return whether what may be shown of this record depends on who looks, besides what is hidden."""
    return type(record.event) in _LOG_BOOK


def sees(sight: Sight, record: Record) -> bool:
    """Return whether anything of this record may be shown."""
    if not is_personal(record):
        return True
    kept = [change.entry.readers for change in record.decision.changes if isinstance(change, EntryKept)]
    return bool(kept) and all(may_see(readers, sight.name) for readers in kept)


def tells_of_hidden(sight: Sight, record: Record) -> bool:
    """Return whether the record, event and all, is about something that is hidden from this person."""
    return told(record, sight.hidden) is not record


def hides_quarantine(sight: Sight, record: Record) -> bool:
    """Return whether the record holds a message in quarantine that is not for this person."""
    if sight.quarantine:
        return False
    event = record.event
    doubted = type(event) is SignalReceived and event.doubt is not None
    return doubted or type(event) is MessageQuarantined

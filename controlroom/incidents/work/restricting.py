"""Restricted operations: an incident that only named people may see.

Who names the readers is one of them. To everybody else it is unknown: the room refuses their commands about
it as those about an incident that is not there, and whoever shows, finds, sends or prints incidents asks
`State.restricted` first. It counts in figures as any other, and what is expected of it falls due as ever.

That somebody is there who may see it and act is asked where accounts are known, before the command comes. So
is that nobody is, before somebody is let in whom no reader named: that is the one way in for one who is not
named, and it stays in the incident for its readers to see.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.work import LetIn, ReadersNamed
from controlroom.incidents.changes import ReadersSet
from controlroom.incidents.incident import Act, Incident
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision

READERS_MAX = 50
"""Named people of one operation: a control room's whole shift, and some who lead it."""

LET_IN = "let in"
"""What somebody did who came in without being named."""


def restrict(incident: Incident, command: ReadersNamed, now: datetime) -> Decision:
    """Let only these see it from now on, or everybody again; a reason is always written down."""
    named = tuple(dict.fromkeys(name.strip() for name in command.readers if name.strip()))
    readers = tuple(dict.fromkeys((command.author, *named))) if named else ()
    if not command.reason.strip() or len(readers) > READERS_MAX or readers == incident.readers:
        return Decision(reasons=(Reason.COMMAND_REFUSED,))
    act = Act(command.author, "restricted" if readers else "opened to all", now)
    stands = replace(incident, readers=readers, version=incident.version + 1, last=act)
    return Decision((ReadersSet(stands, command.reason),), reasons=(Reason.COMMAND,))


def let_in(incident: Incident, command: LetIn, now: datetime) -> Decision:
    """Let the author see it as well, for a reason; there has to be a restriction, and room for one more."""
    author, readers = command.author, incident.readers
    if not readers or author in readers or len(readers) >= READERS_MAX or not command.reason.strip():
        return Decision(reasons=(Reason.COMMAND_REFUSED,))
    act = Act(author, LET_IN, now)
    stands = replace(incident, readers=(*readers, author), version=incident.version + 1, last=act)
    return Decision((ReadersSet(stands, command.reason),), reasons=(Reason.COMMAND,))

"""The order in which incidents are listed, and a cursor that stays true while the list moves.

Open incidents: the most urgent first, then what is due first, then the oldest: an unanswered alarm never
slides out of sight because newer ones came. Closed ones: the latest first. A cursor names the last entry's
place in that order, not its number, so a page of the list neither repeats nor skips what stayed in place.
"""

import base64
import binascii
from collections.abc import Iterable
from itertools import islice

import msgspec

from controlroom.incidents.incident import Incident, Status

Rank = tuple[float, float, float, int, str]
"""Where an incident stands in its list; lower comes first. An id's length puts INC-9 before INC-10."""

NO_DUE_S = 1e12
"""Stands for the due moment of an incident that waits for nobody: after every real one."""

_RANK: msgspec.json.Decoder[Rank] = msgspec.json.Decoder(Rank)


def rank(incident: Incident) -> Rank:
    """Return where this incident stands among those of its kind, open or closed."""
    if incident.status is Status.CLOSED:
        closed = incident.closed_at or incident.opened_at
        return (-closed.timestamp(), 0.0, 0.0, len(incident.id), incident.id)
    due = incident.due.timestamp() if incident.due is not None else NO_DUE_S
    return (float(incident.priority), due, incident.opened_at.timestamp(), len(incident.id), incident.id)


def page(incidents: Iterable[Incident], after: Rank | None, limit: int) -> tuple[list[Incident], str | None]:
    """Return the next entries behind `after`, and the cursor of the rest; None where none is left."""
    ranked = sorted(incidents, key=rank)
    behind = (one for one in ranked if after is None or rank(one) > after)
    found = list(islice(behind, limit + 1))
    cursor = cursor_of(rank(found[limit - 1])) if len(found) > limit else None
    return found[:limit], cursor


def cursor_of(at: Rank) -> str:
    """Return the cursor that names this rank."""
    return base64.urlsafe_b64encode(msgspec.json.encode(at)).decode("ascii")


def rank_of(cursor: str) -> Rank | None:
    """Return the rank that a cursor names; None when it is no cursor of ours."""
    try:
        at: Rank = _RANK.decode(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None
    return at

"""What a record gives to be found by: documents, and what is added to one that is there. Pure.

A thing that people look for (an incident, an entry of the log book, a signal, a handover, a message in
quarantine, a test, a work order) is one document, however many records are about it. A record that opens it
writes it whole, a later one adds lines. Whom it is for is kept beside it, never judged here.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from controlroom.estate.model import Place

SLOTS = 64
"""Numbers that a record's documents may have: eight of each sort; a tick that opens more of one goes on
counting. A document's number is its first record's position times this, so numbers go up with time."""

EACH = 8
"""Numbers of one sort."""


class What(StrEnum):
    """What sort of thing a document is about; of one record, what stands lower here is found first."""

    SIGNAL = "signal"
    QUARANTINE = "quarantine"
    CREW = "crew"
    TEST = "test"
    WORK_ORDER = "work_order"
    HANDOVER = "handover"
    INCIDENT = "incident"
    ENTRY = "entry"


_SLOT = {what: slot for slot, what in enumerate(What)}


class Doc(msgspec.Struct, frozen=True):
    """A document, whole. `names` is what it is known by, `people` who has to do with it, `said` the rest.

    `incident` is the one that it belongs to, empty where it belongs to none; `readers` who may see it, empty:
    everybody who may see its sort.
    """

    number: int
    what: What
    key: str
    at: datetime
    title: str
    names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    kind: str = ""
    site: str = ""
    area: str = ""
    incident: str = ""
    readers: tuple[str, ...] = ()


class More(msgspec.Struct, frozen=True):
    """Lines that are added to a document; the people and names in them as well."""

    what: What
    key: str
    said: tuple[str, ...]
    people: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Belongs(msgspec.Struct, frozen=True):
    """The signals whose records stand at these positions belong to this incident."""

    incident: str
    positions: tuple[int, ...]


class Ordered(msgspec.Struct, frozen=True):
    """An order was given for this incident: what a crew says of the one is about the other."""

    order: str
    incident: str


class OfOrder(msgspec.Struct, frozen=True):
    """Lines about the incident of an order."""

    order: str
    said: tuple[str, ...]
    people: tuple[str, ...] = ()


Piece = Doc | More | Belongs | Ordered | OfOrder
"""What a record can give."""


PlaceOf = Callable[[str], Place | None]
"""Returns the place that speaks on a topic; None where nobody's account does."""


def number_of(position: int, what: What) -> int:
    """Return the first number of a document of this sort that the record at this position begins."""
    return position * SLOTS + _SLOT[what] * EACH


def those(words: Iterable[str | None]) -> tuple[str, ...]:
    """Return the words that say something, each once."""
    return tuple(dict.fromkeys(word for word in words if word))

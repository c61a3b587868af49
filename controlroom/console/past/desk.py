"""What the console knows of whoever reads the past for it, and what it asks there."""

from datetime import datetime
from typing import Protocol

import msgspec

from controlroom.access.permissions import Person


class PastAsked(msgspec.Struct, frozen=True):
    """A question to the reader: the live address with its query, who asks, and as of which position.

    `hidden` are the incidents and entries of the log that are not for who asks.
    """

    address: str
    person: Person
    position: int | None = None
    hidden: frozenset[str] = frozenset()


class Stands(msgspec.Struct, frozen=True):
    """Which moment an answer is about, and what of it is for named people alone: ids that it tells."""

    position: int
    at: datetime
    restricted: tuple[str, ...] = ()


class PastTold(msgspec.Struct, frozen=True):
    """What the reader answered, as it goes out; `stands` is None where it tells of no moment."""

    status: int
    body: bytes
    content_type: str
    retry_after: str | None = None
    stands: Stands | None = None


class PastAway(Exception):
    """The reader cannot be asked now; the text says why."""


class PastReader(Protocol):
    """Who answers about the past."""

    async def ask(self, question: PastAsked) -> PastTold:
        """Return the answer; raises PastAway. Giving up the wait gives up the reading."""
        ...

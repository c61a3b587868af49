"""What people ask of the log book: write, correct, withdraw, and say how an open matter ended.

Nothing is deleted: a correction is a new version with its author and reason, and a withdrawal stays
to be read. Each command names the version that its author saw, as those about incidents do.
"""

from datetime import datetime

from msgspec import Struct

from controlroom.commands.entries import Fulfilment, Said
from controlroom.commands.entry_words import MisperOutcome
from controlroom.estate.areas import Area


class EntryWritten(Struct, frozen=True, gc=False, tag="entry_written"):
    """Somebody writes down what happened, and when. `area` is None for the whole city.

    `restricted` are the people who may see it besides its author; empty means everybody in the room.
    """

    author: str
    happened_at: datetime
    said: Said
    area: Area | None = None
    incident: str | None = None
    restricted: tuple[str, ...] = ()


class EntryCorrected(Struct, frozen=True, gc=False, tag="entry_corrected"):
    """An entry shall read like this from now on, for a reason; its kind stays."""

    entry: str
    version: int
    author: str
    reason: str
    happened_at: datetime
    said: Said
    area: Area | None = None
    incident: str | None = None
    restricted: tuple[str, ...] = ()


class EntryWithdrawn(Struct, frozen=True, gc=False, tag="entry_withdrawn"):
    """An entry should not have been written; it stays readable and counts no longer."""

    entry: str
    version: int
    author: str
    reason: str


class FootageFulfilled(Struct, frozen=True, gc=False, tag="footage_fulfilled"):
    """A request for footage was answered."""

    entry: str
    version: int
    author: str
    fulfilment: Fulfilment


class MisperEnded(Struct, frozen=True, gc=False, tag="misper_ended"):
    """A search for a missing person is over, and CCTV or security contributed to it or not."""

    entry: str
    version: int
    author: str
    outcome: MisperOutcome
    contributed: bool
    at: datetime


LogBookCommand = EntryWritten | EntryCorrected | EntryWithdrawn | FootageFulfilled | MisperEnded
"""The closed union of these commands."""

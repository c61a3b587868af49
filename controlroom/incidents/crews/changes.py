"""What the room notes of crews, and how an order ends before its time. Part of the union of changes."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.incident import OrderEnd
from controlroom.signals.dispatch_messages import CrewWord


class CrewNote(Struct, frozen=True, gc=False):
    """What a unit said of itself. `on_duty` is None where it said nothing; `said_at` is when it did.

    `busy` means that it takes nothing new. The position is where it was last (WGS 84 degrees), `site` the
    place of the last order that it arrived for.
    """

    on_duty: bool | None = None
    said_at: datetime | None = None
    busy: bool = False
    latitude: float | None = None
    longitude: float | None = None
    site: str | None = None


class CrewNoted(Struct, frozen=True, gc=False, tag="crew_noted"):
    """A unit said something of itself, or is somewhere else; None and empty where that stays as it was.

    `by` is who took its word down, empty for its terminal.
    """

    unit: str
    word: CrewWord | None = None
    latitude: float | None = None
    longitude: float | None = None
    site: str | None = None
    by: str = ""


class OrderEnded(Struct, frozen=True, gc=False, tag="order_ended"):
    """An order is over before its crew cleared it; `by` is who ended it, empty for the room itself."""

    order: str
    how: OrderEnd
    by: str = ""


CrewChange = CrewNoted | OrderEnded
"""What changes about crews and their orders besides the steps."""


def noted(note: CrewNote, change: CrewNoted, now: datetime) -> CrewNote:
    """Return the note with what was said last."""
    if change.latitude is not None:
        note = replace(note, latitude=change.latitude, longitude=change.longitude)
    if change.site is not None:
        note = replace(note, site=change.site)
    match change.word:
        case CrewWord.BOOKED_ON | CrewWord.AVAILABLE:
            return replace(note, on_duty=True, said_at=now, busy=False)
        case CrewWord.BUSY:
            return replace(note, on_duty=True, said_at=now, busy=True)
        case CrewWord.BOOKED_OFF:
            return replace(note, on_duty=False, said_at=now, busy=False)
        case CrewWord.CHECK_IN | CrewWord.SOS | None:
            return note

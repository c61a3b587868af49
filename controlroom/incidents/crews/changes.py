"""What the room notes of crews, and how an order ends before its time. Part of the union of changes."""

from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.crews.given import OrderEnd, StandingOrder
from controlroom.signals.dispatch_messages import CrewWord, Step


class CrewNote(Struct, frozen=True, gc=False):
    """What a unit said of itself. `on_duty` is None where it said nothing; `said_at` is when it did.

    `busy` means that it takes nothing new. The position is where it was last (WGS 84 degrees), `site` the
    place of the last order that it arrived for, `placed_at` when that position was told.
    """

    on_duty: bool | None = None
    said_at: datetime | None = None
    busy: bool = False
    latitude: float | None = None
    longitude: float | None = None
    site: str | None = None
    placed_at: datetime | None = None


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


class OrderUpdated(Struct, frozen=True, gc=False, tag="order_updated"):
    """An order is for more, or less, than it was: `word` is what, `update` the name by which its crew knows.

    `respond_within_s` is seconds from the issue of the order. `told` are the words that its crew was told of
    and that still hold; None where the word is one more.
    """

    order: str
    update: str
    word: str
    priority: int
    instruction: str
    respond_within_s: int | None
    told: tuple[str, ...] | None = None


class UpdateHeard(Struct, frozen=True, gc=False, tag="update_heard"):
    """The crew knows of this update; `by` is who took its word down, empty for its terminal."""

    order: str
    update: str
    by: str = ""


CrewChange = CrewNoted | OrderEnded | OrderUpdated | UpdateHeard
"""What changes about crews and their orders besides the steps."""


def word_of(change: OrderEnded | OrderUpdated | UpdateHeard) -> str:
    """Return the word for this, beside the steps that crews take themselves."""
    match change:
        case OrderEnded():
            return change.how
        case OrderUpdated():
            return "updated"
        case UpdateHeard():
            return Step.ACKNOWLEDGED
        case _:
            assert_never(change)


def updated(standing: StandingOrder, change: OrderUpdated) -> StandingOrder:
    """Return the order for what it is for now, which its crew does not know yet."""
    order = replace(
        standing.order,
        priority=change.priority,
        instruction=change.instruction,
        respond_within_s=change.respond_within_s,
    )
    return replace(
        standing,
        order=order,
        told=(*standing.told, change.word) if change.told is None else change.told,
        unheard=change.update,
        updates=max(standing.updates, len(standing.told)) + 1,
        version=standing.version + 1,
    )


def known(standing: StandingOrder) -> StandingOrder:
    """Return the order with everything about it known to its crew."""
    return replace(standing, unheard=None, version=standing.version + 1)


def noted(note: CrewNote, change: CrewNoted, now: datetime) -> CrewNote:
    """Return the note with what was said last."""
    if change.latitude is not None:
        note = replace(note, latitude=change.latitude, longitude=change.longitude, placed_at=now)
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

"""Whether the room hears the field, and what its own deafness excuses: unknown is not normal, nor an alarm.

From `RoomOpened`, or `LinkLost`, until `LinkRestored` the room is deaf: nothing that should have come can
come. What is expected of the field does not fall due then, and is *unknown*. What fell due meanwhile, or
falls due before the house's `after_outage_s` is over, is expected once more, until that moment:
messages that the broker and the devices kept arrive first. Watches on people inside the room, and
whatever is heard, are not touched by any of this.

Limit: a device that was cut off by itself looks silent, because it is.
"""

from datetime import datetime, timedelta

from msgspec import Struct


class Hearing(Struct, frozen=True):
    """`deaf_since` is None while the field is heard; `again_since` when it was last heard again, if ever."""

    deaf_since: datetime | None = None
    again_since: datetime | None = None


class WentDeaf(Struct, frozen=True, gc=False, tag="went_deaf"):
    """From now on nothing can come from the field."""


class HearsAgain(Struct, frozen=True, gc=False, tag="hears_again"):
    """The field can be heard again."""


Heeded = WentDeaf | HearsAgain
"""What changes the room's hearing."""


def heed(hearing: Hearing, change: Heeded, now: datetime) -> Hearing:
    """Return the hearing after this change."""
    if isinstance(change, WentDeaf):
        return Hearing(now, hearing.again_since)
    return Hearing(None, now)


def excused_until(hearing: Hearing, due: datetime, after_outage_s: int) -> datetime | None:
    """Return until when something that was due is expected instead; None where no outage explains it."""
    until = grace_ends(hearing, after_outage_s)
    return until if until is not None and due < until else None


def is_unknown(hearing: Hearing, due: datetime, now: datetime, after_outage_s: int) -> bool:
    """Say whether nobody can know if what the field owes by `due` is owed still."""
    if hearing.deaf_since is not None:
        return due <= now
    return now < due and due == grace_ends(hearing, after_outage_s)


def grace_ends(hearing: Hearing, after_outage_s: int) -> datetime | None:
    """Return when the grace after the last outage is over; None where there was none."""
    since = hearing.again_since
    return since + timedelta(seconds=after_outage_s) if since is not None else None

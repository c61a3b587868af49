"""The messages of the live stream, and one page's place in it. Pure: bytes out, no socket, no clock.

Every `batch` names the positions it covers, (`after`, `through`], so a page can see for itself that nothing
is missing: the `after` of each message is the `through` of the one before. `stored` is how far the journal
has it: what stands above it is decided and shown, but not yet stored.

A `beat` comes every few seconds and tells the server's time and the room's condition; a page that hears none
is looking at the past. (A comment would keep the connection open as well, but a page cannot hear comments.)
Each connection begins with `you`: as whom the room knows the reader. A browser connects again with whatever
cookie it has by then, so a tab that was left open hears that somebody else sits there now.
"""

from enum import StrEnum

import msgspec

from controlroom.access.permissions import Person
from controlroom.console.feed import Feed
from controlroom.console.seen import Looker
from controlroom.console.sight import WHOLE, Sight
from controlroom.console.sse import Place, message

_ENCODER = msgspec.json.Encoder()


class Resync(StrEnum):
    """Why a page has to start over from a snapshot; a metric label, so the set is closed."""

    BEHIND = "behind"
    OTHER_EPOCH = "other_epoch"
    NOT_A_POSITION = "not_a_position"
    STALLED = "stalled"


class Follower:
    """One page's place in the feed. `lost` says why it cannot go on; None while it can."""

    def __init__(self, feed: Feed, place: Place, sight: Sight = WHOLE) -> None:
        self._feed = feed
        self._sight = sight
        self._epoch = place.epoch
        self._after = place.position
        self._stored = -1  # unlike any mark, so that the first message always tells it
        self.looker = Looker(sight.name, sight.unit)
        self.more = False
        self.lost: Resync | None = None if place.epoch == feed.epoch else Resync.OTHER_EPOCH

    def next(self) -> bytes | None:
        """Return the next message and move behind it; None when nothing is new, or the place is lost."""
        if self._epoch != self._feed.epoch:
            self.lost = Resync.OTHER_EPOCH
        batch = self._feed.read(self._after, self._sight) if self.lost is None else None
        if batch is None:
            self.lost = self.lost or Resync.BEHIND
            return None
        if batch.through == self._after and self._stored == self._feed.stored:
            return None
        self._after, self._stored, self.more = batch.through, self._feed.stored, batch.more
        return batch.message


def resync(reason: Resync) -> bytes:
    """Return the message that tells a page to start over from a snapshot."""
    return message("resync", _ENCODER.encode({"reason": reason}))


def you(person: Person) -> bytes:
    """Return the message that says as whom the room knows the reader: another one starts the page over."""
    return message("you", _ENCODER.encode({"name": person.name, "roles": sorted(person.roles)}))


def retry(after_ms: int) -> bytes:
    """Return the line that tells a browser how long to wait before it connects again."""
    return f"retry: {after_ms}\n\n".encode()

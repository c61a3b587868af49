"""What the console showed at a past position: the live page's own snapshot, made from a past.

Everything is drawn by the functions that draw the live console, from the state as it was and with the moment
as the room's clock. Names, plans and words are those of the estate and the rules then in force, where a
copy was kept (`books`).

Limits: the counts are those of the last minutes (`came`), not those since that process started; what the
store had not taken yet at that moment is not told apart, nor how the room's connections were.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from controlroom.console.deltas import Delta
from controlroom.console.feed import Feed
from controlroom.console.parts import Parts, RoomStatus
from controlroom.console.past import books
from controlroom.console.past.books import BooksView, Then
from controlroom.console.past.came import came
from controlroom.console.past.fold import Past
from controlroom.console.past.seek import Edge, Range
from controlroom.console.sight import Sight, hides_quarantine, sees, tells_of_hidden
from controlroom.console.snapshot import Snapshot, snapshot
from controlroom.console.views import Lens
from controlroom.incidents.record import Record
from controlroom.journal.words.told import told

_DELTA = msgspec.json.Decoder(Delta)


class PastView(msgspec.Struct, frozen=True):
    """The console as it was after the record at `position`, its countdowns as of `moment`.

    `decided` is when that record was, `said` what the room was told by it, in words, and `led` what it
    changed on the screen, None where that is nothing; both are empty for whom it is not. `other` is the
    second moment that the asked-for time could have meant. `opened` is when the room started anew, where the
    moment lies between its last record and that start. `previous` and `next` are the records beside it,
    `first` and `last` how far the journal reaches. The snapshot's counts are those from `came_since` on.
    """

    position: int
    moment: datetime
    decided: datetime
    said: str
    other: datetime | None
    opened: datetime | None
    led: Delta | None
    previous: int | None
    next: int | None
    first: Edge
    last: Edge
    came_since: datetime
    books: BooksView
    snapshot: Snapshot


class Scene(msgspec.Struct, frozen=True):
    """A past that stands where it is to be looked at, and the moment that it is looked at as of."""

    past: Past
    moment: datetime
    instance: str
    then: Then
    opened: datetime | None = None

    def status(self) -> RoomStatus:
        """Return how the room was: by which rules it had decided last, as far back as records are held."""
        held = self.past.records[: self.past.position - self.past.first + 1]
        rulings = (one.decision.ruling for one in reversed(held))
        last = next((ruling.rule_set for ruling in rulings if ruling is not None), "")
        demonstration = self.then.handbook.house.demonstration
        return RoomStatus(demonstration, rule_set=last or self.then.rule_set, instance=self.instance)


def feed_of(past: Past, lens: Lens) -> Feed:
    """Return the feed as it stood after the record at the past's position."""
    feed = Feed(lens)
    feed.opened(past.epoch, past.first - 1)
    feed.released(past.records[: past.position - past.first + 1])
    return feed


def view_of(scene: Scene, parts: Parts, over: Range, sight: Sight, other: datetime | None) -> PastView:
    """Return what this person would have seen then."""
    past = scene.past
    at = past.position
    counted = came(past, scene.moment)
    shown = snapshot(parts, feed_of(past, parts.lens), sight)
    return PastView(
        position=at,
        moment=scene.moment,
        decided=past.record.now,
        said=_said(past.record, sight),
        other=other,
        opened=scene.opened,
        led=delta_for(past.record, past.epoch, parts.lens, sight),
        previous=at - 1 if at > over.first.position else None,
        next=at + 1 if at < over.last.position else None,
        first=over.first,
        last=over.last,
        came_since=counted.since,
        books=books.view_of(scene.then),
        snapshot=replace(shown, status=replace(shown.status, counts=counted.counts)),
    )


def _said(record: Record, sight: Sight) -> str:
    hides = hides_quarantine(sight, record) or tells_of_hidden(sight, record)
    return told(record.event) if sees(sight, record) and not hides else ""


def delta_for(record: Record, epoch: int, lens: Lens, sight: Sight) -> Delta | None:
    """Return what this record told a page of this person, as the stream tells it; None where nothing."""
    feed = Feed(lens)
    feed.opened(epoch, record.position - 1)
    feed.released((record,))
    batch = feed.read(record.position - 1, sight)
    return _DELTA.decode(batch.deltas[0]) if batch is not None and batch.deltas else None

"""Replays put together: a feed or a range of the journal, decoded and decided as the live room does it.

What a feed's message says is read by the production decoder; what the journal holds was read by it when it
came, and is read again only for another estate. Nothing live is touched: a journal is read and never claimed.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec.structs import replace

from controlroom.events import (
    Event,
    LinkRestored,
    MessageQuarantined,
    QuarantineReason,
    RoomOpened,
    SignalReceived,
)
from controlroom.feeds.model import Header
from controlroom.feeds.read import Feed, read_feed
from controlroom.incidents.apply import apply
from controlroom.incidents.record import Record
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.ingest.decode import Limits, decode
from controlroom.journal.records import decode_applied, decode_frame
from controlroom.journal.stored import StoredFrame
from controlroom.replay.given import OWN_NUMBERS, Given, of_record
from controlroom.replay.lane import RecordedLane, RuleLane
from controlroom.replay.load import Assumptions
from controlroom.replay.replaying import Named, Progress, Replay
from controlroom.replay.report import Report
from controlroom.wiring.replay_books import ReplayBook, life_by, with_house

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment of a source in which nothing happened."""

CHUNK = 4_096
"""Records that are decoded before they are told."""


class Span(msgspec.Struct, frozen=True):
    """From where to where in a journal, both included; None where there is no bound."""

    first: int = 1
    last: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def is_before(self, position: int, now: datetime) -> bool:
        """Return whether this place lies before the span."""
        return position < self.first or (self.since is not None and now < self.since)

    def is_past(self, position: int, now: datetime) -> bool:
        """Return whether this place lies behind the span."""
        return (self.last is not None and position > self.last) or (
            self.until is not None and now > self.until
        )


class Books(msgspec.Struct, frozen=True):
    """What decides: `rules` is looked at; `against` is what it is compared with, None for nothing given.

    `read_again`: a journal's messages are read anew, for an estate that is not the one they were read for.
    """

    rules: ReplayBook
    against: ReplayBook | None
    limits: Limits
    assumed: Assumptions
    read_again: bool = False


def replay_feed(path: Path, books: Books, progress: Progress) -> tuple[Report, State]:
    """Return the report of a feed and the state at its end; raises `FeedError` and OSError."""
    feed = read_feed(path)
    old = for_feed(books.against or books.rules, feed.header)
    new = for_feed(books.rules, feed.header) if books.against is not None else None
    old_lane, new_lane = lane_of(old, State()), None
    if new is not None:
        new_lane = lane_of(new, State(), old)
    replay = Replay(old_lane, new_lane, life_by(*filter(None, (old, new))))
    replay.run(_given(feed, old, new, books.limits), progress)
    notes = _notes(feed.header, old)
    source = replay.source(path.name, old.digest, notes, feed.header.begins.astimezone(UTC))
    second = _named(new) if new is not None else None
    report = replay.report(source, books.assumed, _named(old), second)
    return report, (new_lane or old_lane).state


async def replay_journal(
    frames: AsyncIterator[StoredFrame], span: Span, books: Books, progress: Progress
) -> tuple[Report, State]:
    """Return the report of a range of the journal and the state at its end.

    `frames` begin with the journal's first, from which the state at the range's beginning is folded. Without
    `against` the rules are compared with what was decided then. Raises as the store and the decoder do.
    """
    before, chunk = State(), []
    replay: Replay | None = None
    lanes: tuple[RuleLane | RecordedLane, RuleLane] | None = None
    read_again = _read_again(books)
    async for frame in frames:
        begun = replay is not None
        if not begun and not _reaches(frame, span, before):
            continue
        for record in decode_frame(frame.body):
            if span.is_past(record.position, record.now):
                break
            if record.position <= before.position:
                continue
            if span.is_before(record.position, record.now):
                apply(before, record.position, record.now, record.decision)
                continue
            chunk.append(read_again(record))
        if chunk and lanes is None:
            lanes = _lanes_at(books, before)
            replay = Replay(*lanes, life_by(*filter(None, (books.rules, books.against))))
        if replay is not None and len(chunk) >= CHUNK:
            replay.run(chunk, progress)
            chunk = []
    lanes = lanes or _lanes_at(books, before)
    replay = replay or Replay(*lanes, life_by(books.rules))
    replay.run(chunk, progress)
    source = replay.source("journal", books.rules.digest, (), EPOCH)
    old = Named("as it was decided", "recorded") if books.against is None else _named(books.against)
    return replay.report(source, books.assumed, old, _named(books.rules)), lanes[1].state


def _reaches(frame: StoredFrame, span: Span, before: State) -> bool:
    """Fold a frame that lies wholly before the span, events unread; say whether it does not."""
    body = decode_applied(frame.body)
    last = body.records[-1]
    if not span.is_before(frame.position + len(body.records) - 1, last.now):
        return True
    for position, stored in enumerate(body.records, body.position):
        apply(before, position, stored.now, stored.decision)
    return False


def _lanes_at(books: Books, before: State) -> tuple[RuleLane | RecordedLane, RuleLane]:
    """Return both histories, each with a state of its own that stands where the range begins."""
    held = to_bytes(before)
    new = lane_of(books.rules, from_bytes(held), books.against)
    if books.against is None:
        return RecordedLane(from_bytes(held)), new
    return lane_of(books.against, from_bytes(held)), new


def lane_of(book: ReplayBook, state: State, old: ReplayBook | None = None) -> RuleLane:
    """Return a history by this book from that state on; compared with `old`, it speaks in its sentences."""
    return RuleLane(book.handbook, state, old.rules.reasons if old is not None else None)


def _named(book: ReplayBook) -> Named:
    return Named(book.name, book.version)


def for_feed(book: ReplayBook, header: Header) -> ReplayBook:
    """Return the book for this feed: where every signal is simulated, they are the replay's real work."""
    house = book.handbook.house
    return with_house(book, replace(house, demonstration=house.demonstration or header.simulated))


def given_of(path: Path, book: ReplayBook, limits: Limits) -> Iterator[Given]:
    """Yield what a feed gives to one book: an opened room, then its messages. Raises as `read_feed` does."""
    return _given(read_feed(path), book, None, limits)


def _given(feed: Feed, old: ReplayBook, new: ReplayBook | None, limits: Limits) -> Iterator[Given]:
    """Yield an opened room, and then each message of the feed as the production decoder reads it."""
    header = feed.header
    begins = header.begins.astimezone(UTC)
    opened = RoomOpened("replay", 1, old.version, old.handbook.house.demonstration)
    yield Given(OWN_NUMBERS - 2, begins, opened)
    yield Given(OWN_NUMBERS - 1, begins, LinkRestored())
    estate = old.handbook.estate
    other = new.handbook.estate if new is not None and new.digest != old.digest else None
    at_us, now = 0, begins
    for number, spoken in enumerate(feed.messages(), 1):
        if spoken.at_us != at_us:
            at_us = spoken.at_us
            now = begins + timedelta(microseconds=at_us)
        wire = spoken.wire()
        event = decode(wire, estate, limits, now)
        if event is None:
            continue
        if other is None:
            yield Given(number, now, event)
        else:
            yield Given(number, now, event, other=decode(wire, other, limits, now))


def _read_again(books: Books) -> Callable[[Record], Given]:
    """Return what makes something given of a record, read again where an estate was asked for.

    Of an oversize message the journal has only the beginning: it stays what it was.
    """
    if not books.read_again:
        return of_record
    new, old = books.rules.handbook.estate, (books.against or books.rules).handbook.estate

    def again(record: Record) -> Given:
        event = record.event
        kept = isinstance(event, MessageQuarantined) and event.reason is QuarantineReason.OVERSIZE
        if kept or not isinstance(event, SignalReceived | MessageQuarantined):
            return of_record(record)
        read = [decode(event.wire, estate, books.limits, record.now) or event for estate in (old, new)]
        first: Event = event if books.against is None else read[0]
        return Given(record.position, record.now, first, record.decision, read[1])

    return again


def _notes(header: Header, book: ReplayBook) -> tuple[str, ...]:
    """Return what a reader of the report should know about the feed."""
    notes = []
    if header.estate != book.digest:
        notes.append("the feed was made for another estate: places that this one does not know are strangers")
    if header.simulated:
        notes.append("every signal is simulated")
    return tuple(notes)

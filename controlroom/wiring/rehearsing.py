"""Rehearsals put together: a feed several times over, at other places, mixed with another feed if asked.

A copy of a message speaks for another place of the same kind: its topic, its source, its key and its id are
changed, and nothing else. What cannot be read is not copied.
"""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from controlroom.estate.model import Estate, Place
from controlroom.events import LinkRestored, RoomOpened
from controlroom.feeds.read import Feed, read_feed
from controlroom.incidents.state import State
from controlroom.ingest.decode import decode
from controlroom.replay.given import OWN_NUMBERS, Given
from controlroom.replay.load import load_of
from controlroom.replay.rehearsal import Rehearsal, Tried
from controlroom.replay.replaying import Progress, Replay
from controlroom.replay.report import Source
from controlroom.rules.problems import InvalidRulesError
from controlroom.signals.envelope import STRUCTURED
from controlroom.signals.wire import Wire
from controlroom.stories.load import load_stories
from controlroom.stories.script import Bad, Saying, script, wire_of
from controlroom.wiring.folders import BooksRefused, text_of
from controlroom.wiring.replay_books import ReplayBook, life_by
from controlroom.wiring.replaying import Books, for_feed, lane_of

SPREAD_US = 900_000_000
"""How far apart the copies of one message are at most: a quarter of an hour."""

STORY = ".yaml"
"""How the file of a story ends."""

STRIDE = 7
"""How many places further each copy speaks: not the neighbour, whose signals are the next ones anyhow."""

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode

Timed = tuple[int, int, Wire]
"""When, in microseconds after the feed's beginning; which in order; what."""


class Asked(msgspec.Struct, frozen=True):
    """What is to be rehearsed: the feed, its multiples, a feed to mix in."""

    feed: Path
    times: tuple[int, ...]
    mixed: Path | None = None


def rehearse(asked: Asked, books: Books, progress: Progress) -> Rehearsal:
    """Return what each multiple comes to; raises `FeedError` and OSError."""
    feed = read_feed(asked.feed)
    book = for_feed(books.rules, feed.header)
    mixed = _mixed(asked.mixed, feed, book.handbook.estate) if asked.mixed is not None else ()
    tried = []
    source = Source(asked.feed.name, feed.header.begins, feed.header.begins, 0)
    for times in asked.times:
        replay = Replay(lane_of(book, State()), None, life_by(book))
        replay.run(_given(feed, mixed, book, times, books), progress)
        source = replay.source(asked.feed.name, book.digest, (), feed.header.begins.astimezone(UTC))
        tally = replay.old_tally
        load = load_of(tally, source.begins, source.ends, books.assumed)
        tried.append(Tried(times, tally.signals, tally.routes["joined"], load))
    name = asked.mixed.name if asked.mixed is not None else ""
    return Rehearsal(source, name, book.version, books.assumed, tuple(tried))


def _mixed(path: Path, feed: Feed, estate: Estate) -> list[Timed]:
    """Return what a feed or a story adds from the beginning on; operators and crews of a story stay out.

    Raises `FeedError`, and BooksRefused for a story that cannot be told.
    """
    if path.suffix != STORY:
        return list(_spoken(read_feed(path)))
    begins = feed.header.begins.astimezone(UTC)
    try:
        (told,) = load_stories({str(path): text_of(path)}, estate)
        said = script(told.story, estate)
    except (InvalidRulesError, Bad) as fault:
        raise BooksRefused([f"{path}: {fault}"]) from fault
    return [
        (round(one.at * 1_000_000), number, wire_of(one, begins + timedelta(seconds=one.at)))
        for number, one in enumerate(said)
        if isinstance(one, Saying)
    ]


def _given(feed: Feed, mixed: Sequence[Timed], book: ReplayBook, times: int, books: Books) -> Iterator[Given]:
    """Yield an opened room and everything that is said, as the production decoder reads it."""
    begins = feed.header.begins.astimezone(UTC)
    opened = RoomOpened("rehearsal", 1, book.version, book.handbook.house.demonstration)
    yield Given(OWN_NUMBERS - 2, begins, opened)
    yield Given(OWN_NUMBERS - 1, begins, LinkRestored())
    said = multiplied(feed, book.handbook.estate, times)
    if mixed:
        said = heapq.merge(said, mixed, key=lambda one: one[0])
    for number, (at_us, _, wire) in enumerate(said, 1):
        now = begins + timedelta(microseconds=at_us)
        event = decode(wire, book.handbook.estate, books.limits, now)
        if event is not None:
            yield Given(number, now, event)


def multiplied(feed: Feed, estate: Estate, times: int) -> Iterator[Timed]:
    """Yield the feed's messages and, for each, `times` - 1 of the same at other places, in order of time."""
    others = _Others(estate)
    waiting: list[Timed] = []
    order = itertools.count()
    for at_us, _, wire in _spoken(feed):
        while waiting and waiting[0][0] <= at_us:
            yield heapq.heappop(waiting)
        yield at_us, next(order), wire
        for copy in range(1, times):
            moved = others.moved(wire, copy)
            if moved is not None:
                heapq.heappush(waiting, (at_us + SPREAD_US * copy // times, next(order), moved))
    while waiting:
        yield heapq.heappop(waiting)


def _spoken(feed: Feed) -> Iterator[Timed]:
    for number, one in enumerate(feed.messages()):
        yield one.at_us, number, one.wire()


class _Others:
    """The other places of each kind, to which a message can be moved."""

    def __init__(self, estate: Estate) -> None:
        self._alike: dict[tuple[str, str], list[Place]] = {}
        self._at: dict[str, tuple[Place, int]] = {}
        for place in estate.places.values():
            alike = self._alike.setdefault((place.kind, place.site_kind), [])
            self._at[place.topic] = place, len(alike)
            alike.append(place)

    def moved(self, wire: Wire, copy: int) -> Wire | None:
        """Return the message as another place says it; None for what is no signal of a place, or a beat."""
        found = self._at.get(wire.topic)
        if found is None:
            return None
        place, number = found
        alike = self._alike[place.kind, place.site_kind]
        other = alike[(number + copy * STRIDE) % len(alike)]
        try:
            body: Any = _decode(wire.payload)
        except msgspec.DecodeError:
            return None
        structured = wire.content_type is None or wire.content_type.startswith(STRUCTURED)
        data = body.get("data") if structured and isinstance(body, dict) else body
        if not isinstance(data, dict) or data.get("fault") == "heartbeat":
            return None
        data |= {name: other.key for name, value in data.items() if value == place.key}
        if structured:
            body |= {"id": f"{body.get('id')}-x{copy}", "source": other.topic}
        names = {"id": f"-x{copy}", "source": None}
        attributes = tuple(
            (name, value if name not in names else f"{value}-x{copy}" if name == "id" else other.topic)
            for name, value in wire.attributes
        )
        return replace(wire, topic=other.topic, payload=_encode(body), attributes=attributes)

"""The contract of the stream: every position once, in order, whatever the connection does."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.console.feed import Feed
from controlroom.console.messages import Follower, Resync, resync
from controlroom.console.sse import Place, message, place_of
from tests.console.small_room import EPOCH, LENS, SmallRoom


class Page:
    """What a browser does: reads messages, remembers the last id, connects again from there."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.last = Place(feed.epoch, feed.decided)
        self.follower = Follower(feed, self.last)
        self.seen: list[int] = []
        self.joins: list[tuple[int, int]] = []

    def reads(self, messages: int) -> None:
        """Read so many messages, or as many as there are."""
        for _ in range(messages):
            said = self.follower.next()
            if said is None:
                return
            self._take(said)

    def loses_the_line(self, *, in_flight: int = 0) -> None:
        """Connect again; so many messages that the server had sent never arrived."""
        for _ in range(in_flight):
            self.follower.next()
        self.follower = Follower(self.feed, self.last)

    def _take(self, said: bytes) -> None:
        lines = dict(line.split(": ", 1) for line in said.decode().strip().split("\n"))
        place = place_of(lines["id"])
        assert place is not None
        batch = msgspec.json.decode(lines["data"])
        self.joins.append((self.last.position, batch["after"]))
        self.last = place
        self.seen += [delta["p"] for delta in batch["deltas"]]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("happens"), st.integers(1, 40)),
            st.tuples(st.just("reads"), st.integers(1, 3)),
            st.tuples(st.just("breaks"), st.integers(0, 2)),
        ),
        max_size=40,
    )
)
def test_no_position_is_missed_or_repeated_however_often_the_line_breaks(
    steps: list[tuple[str, int]],
) -> None:
    """Over random disconnects, with messages lost in flight, a page sees every position exactly once."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 0)
    room = SmallRoom(feed.released)
    page = Page(feed)
    for what, count in steps:
        if what == "happens":
            room.happens(*room.signals(count))
        elif what == "reads":
            page.reads(count)
        else:
            page.loses_the_line(in_flight=count)
    page.reads(1_000)
    assert page.seen == list(range(1, room.state.position + 1))
    assert all(last == after for last, after in page.joins)


def test_a_page_below_the_floor_has_to_start_over() -> None:
    """A place that the log does not reach any more is lost, and the reason is told."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 100)
    follower = Follower(feed, Place(EPOCH, 99))
    assert (follower.next(), follower.lost) == (None, Resync.BEHIND)


@pytest.mark.parametrize("place", [Place(EPOCH - 1, 5), Place(EPOCH + 1, 5)])
def test_a_page_of_another_epoch_has_to_start_over(place: Place) -> None:
    """Positions of another writer mean nothing here."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 5)
    follower = Follower(feed, place)
    assert (follower.next(), follower.lost) == (None, Resync.OTHER_EPOCH)


def test_a_new_epoch_reaches_a_page_that_is_open() -> None:
    """When another writer opens the room, a page that was following is told to start over."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 0)
    follower = Follower(feed, Place(EPOCH, 0))
    follower.next()
    feed.opened(EPOCH + 1, 0)
    assert (follower.next(), follower.lost) == (None, Resync.OTHER_EPOCH)


def test_a_page_from_the_future_has_to_start_over() -> None:
    """A position that was never given out cannot be gone on from."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 5)
    follower = Follower(feed, Place(EPOCH, 6))
    assert (follower.next(), follower.lost) == (None, Resync.BEHIND)


def test_the_mark_of_what_is_stored_travels_without_a_delta() -> None:
    """When provisional records become durable, pages hear it even though nothing else is new."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 0)
    room = SmallRoom()
    records = room.decided(*room.signals(2))
    follower = Follower(feed, Place(EPOCH, 0))
    feed.provisional(records)
    first = follower.next()
    assert first is not None
    assert b'"stored":0' in first
    feed.released(records)
    assert (
        follower.next() == b'id: 7-2\nevent: batch\ndata: {"after":2,"through":2,"stored":2,"deltas":[]}\n\n'
    )
    assert follower.next() is None


@pytest.mark.parametrize("text", ["", "7", "7-", "-5", "a-b", "7-5-1", "+7-5", "7-٣", "7-" + "9" * 30])
def test_what_is_no_place_is_refused(text: str) -> None:
    """Only an epoch and a position, in plain digits, name a place."""
    assert place_of(text) is None


@given(st.integers(0, 2**63), st.integers(0, 2**63))
def test_a_place_reads_back(epoch: int, position: int) -> None:
    """The id that a page hands back is the place it was given."""
    place = Place(epoch, position)
    assert place_of(str(place)) == place


def test_messages_have_the_form_of_server_sent_events() -> None:
    """An event name, one line of data, an empty line."""
    assert message("beat", b"{}") == b"event: beat\ndata: {}\n\n"
    assert resync(Resync.BEHIND) == b'event: resync\ndata: {"reason":"behind"}\n\n'

import msgspec

from controlroom.commands.entries import Briefing
from controlroom.commands.entry_words import BriefingOn
from controlroom.commands.log_book import EntryWritten
from controlroom.console import feed as feeding
from controlroom.console.feed import BATCH_RECORDS, KEPT_RECORDS, Feed
from controlroom.console.sight import Sight
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, signal
from tests.console.small_room import EPOCH, LENS, SmallRoom, doubtful, garbage


def followed() -> tuple[SmallRoom, Feed]:
    """Return a room and the feed that is told what it decides."""
    feed = Feed(LENS)
    feed.opened(EPOCH, 0)
    return SmallRoom(feed.released), feed


def positions(feed: Feed, after: int) -> list[int]:
    """Return the positions of the deltas that follow this place."""
    batch = feed.read(after)
    assert batch is not None
    return [msgspec.json.decode(delta)["p"] for delta in batch.deltas]


def test_a_page_reads_exactly_what_follows_its_place() -> None:
    """Reading names the positions it covers and holds every delta among them once, in order."""
    room, feed = followed()
    room.happens(*room.signals(5))
    assert positions(feed, 2) == [3, 4, 5]
    batch = feed.read(5)
    assert batch is not None
    assert (batch.after, batch.through, batch.deltas, batch.more) == (5, 5, (), False)


def test_a_delta_is_encoded_once_for_all_pages() -> None:
    """Two pages get the same bytes object, not two encodings."""
    room, feed = followed()
    room.happens(*room.signals(1))
    first, second = feed.read(0), feed.read(0)
    assert first is not None
    assert second is not None
    assert first.deltas[0] is second.deltas[0]


def test_who_sees_the_same_is_answered_once() -> None:
    """Two people read one answer, until something is for one of them alone, and behind that again."""
    room, feed = followed()
    room.happens(*room.signals(1))
    ada, grace = Sight("ada"), Sight("grace")
    assert feed.read(0, ada) is feed.read(0, grace)
    briefing = Briefing(BriefingOn.OTHER, 2, "For the two of us.")
    room.happens(EntryWritten("ada", NOON, briefing, restricted=("ada",)))
    room.happens(*room.signals(1))
    assert feed.read(0, ada) is not feed.read(0, grace)
    assert feed.read(2, ada) is feed.read(2, grace)
    assert feed.read(2, ada) is not feed.read(2, Sight("ada", quarantine=False))


def test_one_message_is_bounded_and_says_that_more_is_waiting() -> None:
    """A page that is far behind catches up in several messages."""
    room, feed = followed()
    room.happens(*room.signals(BATCH_RECORDS + 1))
    batch = feed.read(0)
    assert batch is not None
    assert (batch.through, batch.more) == (BATCH_RECORDS, True)
    assert positions(feed, batch.through) == [BATCH_RECORDS + 1]


def test_the_log_forgets_its_oldest_first() -> None:
    """Past its bound the log keeps the newest records, and whoever stands below the floor is told so."""
    room, feed = followed()
    room.happens(*room.signals(KEPT_RECORDS + 10))
    assert feed.floor == 10
    assert feed.read(9) is None
    assert feed.read(10) is not None


def test_large_payloads_shorten_the_log() -> None:
    """Hostile messages cost their bytes of the bound, never more memory."""
    room, feed = followed()
    payload = b"x" * (feeding.KEPT_BYTES // 4)
    for _ in range(6):
        room.happens(garbage(payload))
    assert feed.decided - feed.floor <= 4
    assert len(feed.quarantine) == 6
    assert all(len(held.head) <= len(payload) // 1_000 for held in feed.quarantine)


def test_provisional_records_are_shown_before_the_mark_and_once() -> None:
    """What is decided and not stored is readable above `stored`; its release moves the mark alone."""
    room, feed = followed()
    records = room.decided(*room.signals(3))
    feed.released(records[:1])
    feed.provisional(records[1:])
    assert (feed.stored, feed.decided, positions(feed, 1)) == (1, 3, [2, 3])
    feed.released(records[1:])
    assert (feed.stored, feed.decided, positions(feed, 1)) == (3, 3, [2, 3])
    assert feed.counts[Kind.GUARD, Route.LOG] == 3


def test_provisional_records_behind_a_hole_wait_for_the_store() -> None:
    """Records whose predecessors nobody has told yet are not shown early; nothing is lost by that."""
    room, feed = followed()
    records = room.decided(*room.signals(4))
    feed.provisional(records[2:])
    assert feed.decided == 0
    feed.released(records)
    assert positions(feed, 0) == [1, 2, 3, 4]


def test_a_hole_makes_every_page_start_over() -> None:
    """When a record is missing, the log never pretends to be whole: who stands before the hole is told."""
    room, feed = followed()
    records = room.decided(*room.signals(4))
    feed.released(records[:2])
    feed.released(records[3:])
    assert (feed.holes, feed.read(2)) == (1, None)
    assert positions(feed, 3) == [4]


def test_counts_are_by_kind_and_route() -> None:
    """Every routed signal is counted under its kind and where it went; a joined one went to response."""
    room, feed = followed()
    room.happens(signal(Kind.ARC_ALARM, "a1"), signal(Kind.ARC_ALARM, "a2"), signal(Kind.GUARD, "g1"))
    assert feed.counts[Kind.ARC_ALARM, Route.MOBILE_RESPONSE] == 2
    assert feed.counts[Kind.GUARD, Route.LOG] == 1
    assert sum(feed.counts.values()) == 3


def test_what_was_quarantined_is_counted_and_kept() -> None:
    """Unreadable messages and doubtful signals both stand in the list of the quarantine."""
    room, feed = followed()
    room.happens(garbage(b"{"), doubtful("d1"))
    assert feed.quarantined == 2
    assert [held.decided for held in feed.quarantine] == [False, True]


def test_the_newest_signals_are_found_among_everything_else() -> None:
    """A page starts from the last routed signals, oldest first, whatever else was recorded in between."""
    room, feed = followed()
    room.happens(*room.signals(3), garbage(b"{"), *room.signals(1))
    assert [msgspec.json.decode(delta)["p"] for delta in feed.recent(2)] == [3, 5]

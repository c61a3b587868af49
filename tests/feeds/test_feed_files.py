"""Feed files: what is written is read, and whatever was changed or cut off on the way is noticed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from controlroom.feeds.model import FORM, Cut, Entry, Header, estate_digest, moment, spoken
from controlroom.feeds.read import FeedError, read_feed
from controlroom.feeds.write import FeedWriter, OutOfOrderError
from controlroom.signals.wire import Wire

BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
HEADER = Header(FORM, BEGINS, "Europe/London", "a test", "0" * 64, seed=1, simulated=True)
FEW: tuple[Entry, ...] = (
    spoken(0, Wire("leedswatch/inner-east/arc-alarm/SCH-001", b'{"a":1}', "application/json")),
    Cut(5, 1_000_000),
    spoken(5, Wire("x", b"\xff\x00", None, (("id", "1"), ("id", "2")), retained=True, correlation=b"\x01")),
    spoken(9_000_000, Wire("leedswatch/y", b"")),
)


def written(path: Path, entries: tuple[Entry, ...] = FEW, key: bytes | None = None) -> Path:
    """Return the file with these entries in it."""
    with FeedWriter(path, HEADER, key=key) as feed:
        for entry in entries:
            feed.add(entry)
    return path


def lines_of(path: Path) -> list[bytes]:
    """Return what is in the file, line by line."""
    return zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read().splitlines(keepends=True)


def rewritten(path: Path, lines: list[bytes]) -> Path:
    """Return the file with other lines in it."""
    path.write_bytes(zstandard.ZstdCompressor().compress(b"".join(lines)))
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Header, messages with every property, and cuts come back as they were, as often as asked for."""
    feed = read_feed(written(tmp_path / "a.jsonl.zst"))
    assert feed.header == HEADER
    assert tuple(feed) == tuple(feed) == FEW
    assert feed.verify().messages == 3
    assert [each.wire().payload for each in feed.messages()] == [b'{"a":1}', b"\xff\x00", b""]
    assert moment(HEADER, 1_500_000) == datetime(2026, 3, 2, 0, 0, 1, 500_000, UTC)


def test_the_same_entries_are_the_same_bytes(tmp_path: Path) -> None:
    """A feed has no time of writing in it."""
    first, second = (written(tmp_path / name) for name in ("a", "b"))
    assert first.read_bytes() == second.read_bytes()
    assert not [*tmp_path.glob("*.part")]


WIRES = st.builds(
    Wire,
    topic=st.text(max_size=20),
    payload=st.binary(max_size=40),
    content_type=st.none() | st.text(max_size=5),
    attributes=st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=3).map(tuple),
    retained=st.booleans(),
    response_topic=st.none() | st.text(max_size=5),
    correlation=st.none() | st.binary(max_size=5),
)


@given(wires=st.lists(WIRES, max_size=6))
def test_every_message_survives_the_file(tmp_path_factory: pytest.TempPathFactory, wires: list[Wire]) -> None:
    """Any message at all comes out of a feed byte for byte as it went in."""
    path = tmp_path_factory.mktemp("any") / "feed"
    written(path, tuple(spoken(number, wire) for number, wire in enumerate(wires)))
    assert [each.wire() for each in read_feed(path).messages()] == wires


def test_a_feed_that_was_cut_off_says_so_after_its_last_message(tmp_path: Path) -> None:
    """What is there is yielded, and then the line at which it stops."""
    path = written(tmp_path / "a.jsonl.zst")
    rewritten(path, lines_of(path)[:-1])
    entries = iter(read_feed(path))
    assert tuple(next(entries) for _ in FEW) == FEW
    with pytest.raises(FeedError, match=r"a\.jsonl\.zst:6: the feed stops here without an end line"):
        next(entries)


@pytest.mark.parametrize("cut", range(8, 130, 11))
def test_bytes_that_are_missing_are_noticed(tmp_path: Path, cut: int) -> None:
    """Wherever the file ends too early, reading it is an error that names it."""
    path = written(tmp_path / "a.jsonl.zst")
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(FeedError, match=r"a\.jsonl\.zst:\d+: "):
        read_feed(path).verify()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [*lines[:1], *lines[2:]], "the end speaks of 3 messages, 2 are there"),
        (lambda lines: [lines[0].replace(b":1,", b":2,", 1), *lines[1:]], ":1: form 2 of a feed"),
        (lambda lines: [lines[0], lines[1].replace(b"SCH", b"LIB"), *lines[2:]], ":6: the feed was changed"),
        (lambda lines: [*lines[1:]], ":1: the first line is no header"),
        (lambda lines: [lines[0], *lines], ":2: a second header"),
        (lambda lines: [lines[0], lines[4], *lines[1:]], ":3: at_us 0 is before 9000000"),
        (lambda lines: [lines[0], b"{}\n", *lines[1:]], ":2: no line of a feed: "),
        (lambda lines: [lines[0], b'{"line":"message","at_us":"x"}\n'], ":2: no line of a feed: .*at_us"),
        (lambda lines: [*lines, lines[1]], ":7: something stands behind the end line"),
        (lambda _: [], ":1: an empty feed"),
    ],
)
def test_what_was_changed_is_named_with_its_line(tmp_path: Path, change: object, says: str) -> None:
    """Each way of spoiling a feed is an error that says where and what."""
    path = written(tmp_path / "a.jsonl.zst")
    assert callable(change)
    rewritten(path, change(lines_of(path)))
    with pytest.raises(FeedError, match=says):
        read_feed(path).verify()


def test_what_is_no_zstd_is_told_so(tmp_path: Path) -> None:
    """Another file is refused at its first line."""
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(FeedError, match=r"notes\.txt:1: not zstd"):
        read_feed(path)


def test_a_signature_is_asked_for_and_held(tmp_path: Path) -> None:
    """A signed feed passes under its key and no other; an unsigned one passes under none."""
    signed, unsigned = written(tmp_path / "a", key=b"k" * 32), written(tmp_path / "b")
    assert read_feed(signed, b"k" * 32).verify().hmac is not None
    assert read_feed(signed).verify().messages == 3
    with pytest.raises(FeedError, match="the signature is not by this key"):
        read_feed(signed, b"j" * 32).verify()
    with pytest.raises(FeedError, match="the feed is not signed, and a key was given"):
        read_feed(unsigned, b"k" * 32).verify()


def test_a_feed_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    """A writer that is told to go back in time stops; its part file reads up to where it was."""
    path = tmp_path / "a.jsonl.zst"
    with pytest.raises(OutOfOrderError):
        written(path, (FEW[3], FEW[0]))
    assert not path.exists()
    entries = iter(read_feed(tmp_path / "a.jsonl.zst.part"))
    assert next(entries) == FEW[3]
    with pytest.raises(FeedError, match="without an end line"):
        next(entries)


def test_the_digest_of_an_estate_tells_its_files_apart() -> None:
    """Order of naming does not matter; a moved boundary between two files does."""
    assert estate_digest({"a": "1", "b": "2"}) == estate_digest({"b": "2", "a": "1"})
    assert estate_digest({"a": "1", "b": "2"}) != estate_digest({"a": "1b", "b": "2"})

"""A feed several times over: the copies are news of other places, and a desk breaks where it has to."""

from pathlib import Path

import pytest

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.feeds.read import read_feed
from controlroom.incidents.handbook import HouseRules
from controlroom.replay.load import Assumptions
from controlroom.replay.rehearsal import rehearsal_lines, rehearsal_page, steps_of
from controlroom.signals.envelope import read
from controlroom.wiring.rehearsing import Asked, multiplied, rehearse
from controlroom.wiring.replay_books import ReplayBook, read_replay_book
from controlroom.wiring.replaying import Books
from tests.simulation.house import LIMITS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def book() -> ReplayBook:
    """The shipped rules and estate."""
    return read_replay_book(ROOT / "config" / "rules", ROOT / "config" / "estate", HouseRules())


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory, book: ReplayBook) -> Path:
    """Some minutes of the city, with heartbeats."""
    path = tmp_path_factory.mktemp("feed") / "minutes.jsonl.zst"
    write_feed(path, book.handbook.estate, book.digest, Wanted(0.05, 2.0))
    return path


def test_a_copy_is_a_good_signal_of_another_place(feed: Path, book: ReplayBook) -> None:
    """Every copy is read by the production reader, speaks for itself alone, and repeats nothing."""
    estate = book.handbook.estate
    once, thrice = (list(multiplied(read_feed(feed), estate, times)) for times in (1, 3))
    signals = [read(wire) for _, _, wire in thrice]

    assert [at for at, _, _ in thrice] == sorted(at for at, _, _ in thrice)
    assert all(one.source == wire.topic for one, (_, _, wire) in zip(signals, thrice, strict=True))
    assert len({(one.source, one.id) for one in signals}) == len(signals)
    assert all(estate.place(wire.topic) is not None for _, _, wire in thrice)
    beats = sum(getattr(read(wire).data, "fault", None) == "heartbeat" for _, _, wire in once)
    assert len(thrice) == 3 * (len(once) - beats) + beats


def test_a_desk_breaks_at_the_multiple_that_it_does_not_bear(feed: Path, book: ReplayBook) -> None:
    """More of the same makes more incidents and a smaller share in time, until a desk is broken."""
    books = Books(book, None, LIMITS, Assumptions(operators=3))
    story = ROOT / "simulators" / "stories" / "panic-at-night.yaml"
    asked = Asked(feed, (1, 4, 12), story)
    told, again = (rehearse(asked, books, lambda *_: None) for _ in range(2))
    incidents = [sum(one.load.incidents.values()) for one in told.tried]

    assert incidents == sorted(incidents)
    assert told.tried[-1].load.desks[0].in_time < 0.9
    assert told.breaks_at(1) is not None
    assert (told.breaks_at(3) or 99) >= (told.breaks_at(1) or 0)
    assert rehearsal_page(told) == rehearsal_page(again)
    assert any("1 operators break at times" in line for line in rehearsal_lines(told))


def test_a_range_is_tried_at_its_ends_and_some_steps_between() -> None:
    """Two to fifty are nine trials, not forty-nine."""
    assert steps_of(2, 50) == (2, 3, 5, 10, 20, 30, 40, 50)
    assert steps_of(4, 4) == (4,)

"""A journal replayed by the rules it was lived by is the same journal again."""

import pytest

from controlroom.incidents.state import to_bytes
from controlroom.replay.report import to_json
from controlroom.wiring.replaying import Span
from tests.replay.days import book, lived, replayed


@pytest.mark.parametrize("seed", [1, 3, 8])
def test_the_same_rules_decide_the_same_day_again(seed: int) -> None:
    """With crashes, outages, operators and crews in it: no decision differs, the state is equal in bytes."""
    world = lived(seed)
    assert world.judge.findings == []
    assert world.process is not None

    report, state = replayed(world, Span())

    assert report.differences == ()
    assert report.source.events == world.judge.records
    assert to_bytes(state) == to_bytes(world.process.folded.state)


def test_a_part_of_a_journal_begins_where_the_room_stood() -> None:
    """A range in the middle is decided over the state that its beginning found."""
    world = lived(5)
    middle = world.judge.records // 2

    report, state = replayed(world, Span(first=middle))

    assert report.differences == ()
    assert report.source.events == world.judge.records - middle + 1
    assert world.process is not None
    assert to_bytes(state) == to_bytes(world.process.folded.state)


def test_a_range_ends_where_it_should() -> None:
    """The last position of a range is told, and nothing behind it."""
    world = lived(5)

    report, state = replayed(world, Span(first=10, last=20))

    assert (report.source.events, state.position) == (11, 20)


def test_the_same_replay_gives_the_same_bytes() -> None:
    """Twice the same journal by the same rules: the same report, byte for byte."""
    world = lived(3)

    first, second = (to_json(replayed(world, Span(), book())[0]) for _ in range(2))

    assert first == second

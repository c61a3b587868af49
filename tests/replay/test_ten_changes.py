"""What a change of the rules would have done, held against an evaluator that shares no code with it."""

import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.replay_feed import Wanted, write_feed
from controlroom.incidents.handbook import HouseRules
from controlroom.incidents.state import State
from controlroom.replay.difference import Comparison
from controlroom.replay.given import Given
from controlroom.replay.run import Pair, Run
from controlroom.rules.verdict import Circumstances
from controlroom.rules.wording import verdict_text
from controlroom.wiring.replay_books import ReplayBook, life_by, read_replay_book
from controlroom.wiring.replaying import given_of, lane_of
from tests.replay.naive import NaiveRules, facts_of
from tests.replay.ten_changes import CHANGES
from tests.simulation.house import LIMITS

ROOT = Path(__file__).parents[2]
ESTATE = ROOT / "config" / "estate"
HOUSE = HouseRules(demonstration=True)
FEED_ENDS = 10**8
OWN = re.compile(r"\b10000\d{5}\b")


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory, shipped: ReplayBook) -> list[Given]:
    """The first part of a busy morning in the city, without its heartbeats."""
    path = tmp_path_factory.mktemp("feed") / "morning.jsonl.zst"
    write_feed(path, shipped.handbook.estate, shipped.digest, Wanted(0.75, 2.0, beats=False))
    return list(given_of(path, shipped, LIMITS))


@pytest.fixture(scope="module")
def shipped() -> ReplayBook:
    """The shipped rules and estate."""
    return read_replay_book(ROOT / "config" / "rules", ESTATE, HOUSE)


@pytest.fixture(scope="module")
def apart(shipped: ReplayBook, feed: list[Given]) -> dict[int, str]:
    """What the shipped rules decide when nothing else runs beside them."""
    return _alone(shipped, feed)


@pytest.fixture
def changed(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of the shipped rules with one change."""
    for part in ("rules", "plans"):
        shutil.copytree(ROOT / "config" / part, tmp_path / part)
    shutil.copy(ROOT / "config" / "calendars.yaml", tmp_path)
    CHANGES[request.param](tmp_path)
    return tmp_path / "rules"


def _alone(book: ReplayBook, feed: list[Given], old: ReplayBook | None = None) -> dict[int, str]:
    """Return what one rule set decides of each message, in a life of its own; `old` lends its sentences.

    What only happens in a replay is numbered in the order of happening, so those numbers are left out.
    """
    said: dict[int, str] = {}

    def heed(given: Given, pair: Pair) -> None:
        step = pair[0]
        if step is not None and given.number < FEED_ENDS:
            decision = step.decision
            ruling = decision.ruling and (decision.ruling.table, decision.ruling.rule)
            asks = [verdict_text(verdict) for verdict in step.said]
            told = (decision.changes, decision.orders, decision.reasons, ruling, asks)
            said[given.number] = OWN.sub("own", repr(told))

    for _ in Run(lane_of(book, State(), old), None, heed).over(feed):
        pass
    return said


def _opinion(rules: NaiveRules, asked: Circumstances) -> tuple[str, Any]:
    place = asked.place
    names = ("site", "site_kind", "risk", "tags", "keys_held")
    known = {name: getattr(place, name) for name in names} if place is not None else None
    facts = facts_of(asked.signal.model_dump(mode="json"), known, msgspec.structs.asdict(asked.room))
    return rules.verdict(str(asked.kind), facts, asked.now)


@pytest.mark.parametrize("changed", CHANGES, indirect=True)
def test_the_difference_lists_exactly_what_differs(
    changed: Path, shipped: ReplayBook, feed: list[Given], apart: dict[int, str]
) -> None:
    """A naive reading of both tables finds the same direct differences, two lives apart the same in all."""
    candidate = read_replay_book(changed, ESTATE, HOUSE)
    before, after = NaiveRules(ROOT / "config" / "rules"), NaiveRules(changed)
    old, new = lane_of(shipped, State()), lane_of(candidate, State(), shipped)
    comparison = Comparison(old, new, life_by(shipped, candidate))
    expected: set[int] = set()
    direct: set[int] = set()
    differing: set[int] = set()

    def heed(given: Given, pair: Pair) -> None:
        first, second = pair
        if first is not None and second is not None:
            for asked in first.asked:
                theirs = _opinion(before, asked)
                assert first.said[-1].rule == theirs[0]
                if theirs != _opinion(after, asked):
                    expected.add(given.number)
        found = comparison.look(given, first, second)
        if found is not None:
            differing.add(given.number)
            if found.difference.direct:
                direct.add(given.number)

    for _ in Run(old, new, heed).over(feed):
        pass

    assert direct == expected
    assert direct
    other = _alone(candidate, feed, shipped)
    assert {number for number in differing if number < FEED_ENDS} == {
        number for number, said in apart.items() if other[number] != said
    }

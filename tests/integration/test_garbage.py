"""The day of mixed garbage in a size that every test run can afford; `make garbage` is the full one."""

from collections import Counter
from typing import Any

import msgspec
import pytest

from tests.chaos.client import OrderListener
from tests.chaos.garbage import CORNERS, Bad, Trouble, odd_signals
from tests.chaos.garbage_day import Day, live_through, problems_of
from tests.chaos.journal_reading import Entry
from tests.chaos.packets import Letter

MESSAGES = 3_000


async def test_no_garbage_costs_a_good_signal_and_none_is_thrown_away() -> None:
    """Good signals are decided once, bad messages kept once under their reason, and the room stays well."""
    report = await live_through(MESSAGES, seed=7)
    assert report["sound"], report["problems"][:10]
    assert report["refused"] == 0  # all of it reached the room
    assert set(report["quarantined"]) == {
        "bad_json",
        "future_time",
        "not_utf8",
        "oversize",
        "unknown_kind",
        "unknown_source",
        "wrong_topic",
        "wrong_type",
    }


def kept(bad: Bad, reason: str) -> Entry:
    """One quarantined message as the journal shows it."""
    wire: dict[str, Any] = {"topic": bad.letter.topic, "payload": bad.letter.payload}
    changes = [{"type": "quarantined", "reason": reason}]
    return Entry(1, 1, {"type": "quarantined", "wire": wire, "reason": reason}, {"changes": changes})


BAD = Bad(Letter("leedswatch/inner-east/arc-alarm/SCH-001", b"{"), "bad_json")


@pytest.mark.parametrize(
    ("stored", "sound"),
    [
        ([kept(BAD, "bad_json")], True),
        ([], False),
        ([kept(BAD, "wrong_type")], False),
        ([kept(BAD, "bad_json"), msgspec.structs.replace(kept(BAD, "bad_json"), position=2)], False),
    ],
)
def test_the_day_is_judged_strictly(stored: list[Entry], *, sound: bool) -> None:
    """A bad message that is missing, doubled or kept under another reason is found."""
    day = Day(1)
    day.bad.append(BAD)
    assert (not problems_of(day, stored, OrderListener())) is sound


def test_the_same_seed_makes_the_same_trouble() -> None:
    """A run can be repeated from its seed, and every corner case turns up in a day."""
    first, second = (Trouble(3) for _ in range(2))
    assert [first.make() for _ in range(500)] == [second.make() for _ in range(500)]
    day = Counter(first.make().letter.payload for _ in range(20_000))
    assert all(payload in day for payload, _ in CORNERS)


def test_odd_signals_have_names_of_their_own() -> None:
    """No two odd signals share a name, so each must be decided for itself."""
    names = [odd.said.name for odd in odd_signals("run", Day(1).started)]
    assert len(set(names)) == len(names)

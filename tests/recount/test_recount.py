"""The ledger against a recount that shares no code with it, over a simulated plan year."""

from collections import Counter
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import msgspec
import pytest
import yaml

from controlroom.journal.records import decode_applied
from controlroom.measures.cells import events_of
from controlroom.measures.figures import events, how_many
from controlroom.measures.ledger import Ledger
from controlroom.measures.periods import plan_year
from controlroom.measures.recount import Cell, Recount, difference
from controlroom.measures.taking import take
from tests.build import PLAN, REAL_BOOK
from tests.recount.year import Year, shipped

EVENTS = 12_000
RAW = yaml.safe_load((Path(__file__).parents[2] / "config" / "plan-on-a-page.yaml").read_text("utf-8"))


@cache
def year() -> tuple[bytes, ...]:
    """Return the frames of a small year."""
    return tuple(Year(shipped(), EVENTS, seed=2015).frames())


def counted(frames: tuple[bytes, ...], ledger: Ledger | None = None) -> Ledger:
    """Return the ledger after these frames."""
    ledger = Ledger() if ledger is None else ledger
    for frame in frames:
        body = decode_applied(frame)
        for position, record in enumerate(body.records, body.position):
            take(ledger, REAL_BOOK, position, record.now, record.decision)
    return ledger


def recounted(frames: tuple[bytes, ...]) -> Counter[Cell]:
    """Return the figures of the recount."""
    recount = Recount(RAW["measures"], count_simulated=False)
    for frame in frames:
        recount.frame(frame)
    return recount.figures()


def figures_of(ledger: Ledger) -> dict[Cell, int]:
    """Return the ledger's figures by measure, day and area."""
    return {
        (measure, date.fromordinal(day).isoformat(), area): cell.value
        for measure, days in ledger.cells.items()
        for day, areas in days.items()
        for area, cell in areas.items()
    }


def test_each_figure_equals_an_independent_recount() -> None:
    """Of every measure, day and area, over both changes of the clock and the year's end."""
    mine, theirs = figures_of(counted(year())), recounted(year())
    assert difference(mine, theirs) is None
    moved = {cell[0] for cell in mine}
    assert {"alarms_handled", "alarms_responded", "care_ring_responded", "lone_worker_checks"} <= moved
    assert {"mispers_contributed", "acquisitive_evidence", "tenancy_breach_training"} <= moved
    assert sum(mine.values()) > EVENTS / 10


@pytest.mark.parametrize(("at", "day"), [(date.min, "2000-01-01"), (date.max, "2100-01-01")])
def test_a_moment_that_no_zone_can_hold_counts_at_the_edge(at: date, day: str) -> None:
    """Whatever an old journal holds, the proof goes on, and says of it what the ledger says."""
    logged = {"type": "logged", "kind": "arc-alarm", "source": "leedswatch/inner-east/arc-alarm/S1"}
    said = logged | {"event": "panic", "activation": True, "simulated": False}
    body = msgspec.msgpack.encode(["r", 1, [[datetime.combine(at, time(23), UTC), {"changes": [said]}, {}]]])
    recount = Recount(RAW["measures"], count_simulated=False)
    recount.frame(body)
    assert recount.figures() == {("alarms_handled", day, "inner-east"): 1}


def test_the_events_behind_each_figure_add_up_to_it() -> None:
    """A figure is the sum of its events' weights, each position once, in a year and in each cell."""
    ledger, whole = counted(year()), plan_year(2026)
    for measure in PLAN.measures:
        found = list(events(ledger, measure.id, whole))
        assert sum(one.weight for one in found) == how_many(ledger, measure.id, whole)
        assert len({one.position for one in found}) == len(found)
    for days in ledger.cells.values():
        for areas in days.values():
            assert all(sum(weight for _, weight in events_of(cell)) == cell.value for cell in areas.values())


def test_a_restart_at_any_frame_counts_the_same_to_the_byte() -> None:
    """Snapshot, crash, and the tail told once more: no counter goes back, nothing twice, nothing lost."""
    frames = year()
    whole = msgspec.msgpack.encode(counted(frames))
    for cut in range(0, len(frames), 40):
        kept = msgspec.msgpack.encode(counted(frames[:cut]))
        restored = msgspec.msgpack.decode(kept, type=Ledger)
        before = dict(restored.counted)
        again = counted(frames[max(0, cut - 3) :], restored)  # the tail is told again from before the cut
        assert msgspec.msgpack.encode(again) == whole
        assert all(again.counted[name] >= count for name, count in before.items())


@pytest.mark.parametrize("measure", ["alarms_handled", "mispers_reported"])
def test_a_difference_is_found_and_named(measure: str) -> None:
    """One event too many on one day in one area is told as that, with both counts."""
    mine = figures_of(counted(year()[:60]))
    cell = next(cell for cell in sorted(mine) if cell[0] == measure)
    mine[cell] += 1
    assert difference(mine, recounted(year()[:60])) == (cell, mine[cell], mine[cell] - 1)

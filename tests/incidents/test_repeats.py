"""Counting runs: as a plain recount of the whole history does, and within bounds."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controlroom.incidents import repeats
from controlroom.incidents.repeats import RUN_GAP_S, Runs, before_this, count
from controlroom.signals.vocabulary import Kind
from tests.build import NOON, after, signal
from tests.incidents.test_decide import Told

_steps = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from(["intruder", "test"]),
        st.sampled_from([0, 1, 60, RUN_GAP_S - 1, RUN_GAP_S, RUN_GAP_S + 1, 3 * RUN_GAP_S]),
    ),
    max_size=40,
)


def _recounted(history: list[tuple[str, datetime]], name: str, now: datetime) -> int:
    """Count the run of this name backwards through all that was ever said."""
    found, later = 0, now
    for said, at in reversed(history):
        if said == name:
            if later - at >= timedelta(seconds=RUN_GAP_S):
                break
            found, later = found + 1, at
    return found


@given(_steps)
def test_a_run_is_what_a_recount_of_everything_says(steps: list[tuple[str, str, int]]) -> None:
    """Whatever comes when, the count before each signal is the one that the whole history gives."""
    runs, now = Runs(), NOON
    history: list[tuple[str, datetime]] = []
    for source, event, later_s in steps:
        now += timedelta(seconds=later_s)
        before = before_this(runs, source, event, now)
        assert before == _recounted(history, f"{source} {event}", now)
        count(runs, source, event, before + 1, now)
        history.append((f"{source} {event}", now))


def test_a_run_that_ended_leaves_nothing_behind() -> None:
    """After two gaps of other signals, an old run takes no room."""
    runs = Runs()
    count(runs, "old", "intruder", 7, NOON)
    for later in (1, 2):
        count(runs, "new", "intruder", 1, NOON + timedelta(seconds=later * RUN_GAP_S))

    assert "old intruder" not in runs.recent | runs.before


def test_a_flood_of_unknown_sources_is_bounded() -> None:
    """More runs than there is room for push the oldest out; the latest is always counted."""
    runs = Runs()
    for number in range(2 * repeats.RUNS_MAX + 5):
        count(runs, f"ghost-{number}", "intruder", 1, NOON)

    assert len(runs.recent) + len(runs.before) <= 2 * repeats.RUNS_MAX
    assert before_this(runs, f"ghost-{number}", "intruder", NOON) == 1


def test_restores_and_panel_tests_are_not_counted() -> None:
    """A run counts what is there, not that it went away nor that somebody tries the panel."""
    room = Told()
    said: list[dict[str, Any]] = [{}, {"condition": "restored"}, {"test": True}, {}]
    for number, data in enumerate(said):
        room.tell(signal(Kind.ARC_ALARM, f"s{number}", **data), number)

    assert before_this(room.state.runs, "leedswatch/inner-east/arc-alarm/S1", "intruder", after(9)) == 2

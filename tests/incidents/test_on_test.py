"""Tests of sites, places and zones: who may begin one, what it covers, how it ends, what it reports."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.events import PutOnTest, TakeOffTest, Tick
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.lessons import CameOffTest, Swallowed
from controlroom.incidents.on_test import LISTED_MAX, TESTS_MAX, covering
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal, topic_of
from tests.incidents.test_decide import Told

DAY_S = 86_400
PANEL = PutOnTest("S1", "new detectors", "Fitters Ltd", after(600), "op-1", second_author="op-2")
CAMERA = replace(PANEL, target=topic_of(Kind.CAMERA_FAULT), second_author=None)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (PANEL, Reason.TEST_BEGUN),
        (replace(PANEL, until=after(DAY_S)), Reason.TEST_BEGUN),
        (replace(PANEL, until=after(DAY_S) + timedelta(seconds=1)), Reason.TEST_END_NOT_ALLOWED),
        (replace(PANEL, until=after(0)), Reason.TEST_END_NOT_ALLOWED),
        (replace(PANEL, target="nowhere"), Reason.TEST_TARGET_UNKNOWN),
        (replace(PANEL, reason="  "), Reason.TEST_NOT_SAID),
        (replace(PANEL, owner=""), Reason.TEST_NOT_SAID),
        (replace(PANEL, second_author=None), Reason.TEST_NEEDS_SECOND),
        (replace(PANEL, second_author=" OP-1 "), Reason.TEST_NEEDS_SECOND),
        (replace(PANEL, zone="Z1", second_author=None), Reason.TEST_NEEDS_SECOND),
        (replace(CAMERA, target=topic_of(Kind.LONE_WORKER)), Reason.TEST_NEEDS_SECOND),
        (replace(CAMERA, target=topic_of(Kind.HELP_POINT)), Reason.TEST_NEEDS_SECOND),
        (replace(CAMERA, target=topic_of(Kind.GUARD)), Reason.TEST_BEGUN),
        (CAMERA, Reason.TEST_BEGUN),
    ],
)
def test_a_test_begins_with_all_that_it_needs(command: PutOnTest, reason: Reason) -> None:
    """A known target, a reason, an owner, an end within a day; two persons where a life may depend on it."""
    room = Told()
    assert room.tell(command).reasons == (reason,)
    assert bool(room.state.tests) is (reason is Reason.TEST_BEGUN)


def test_a_test_is_not_prolonged_but_begun_anew() -> None:
    """Who wants more time takes the target off test and says it again."""
    room = Told()
    room.tell(PANEL)
    assert room.tell(PANEL).reasons == (Reason.TEST_STANDS,)
    assert room.tell(TakeOffTest("S1", "op-3")).reasons == (Reason.TEST_ENDED,)
    assert room.tell(TakeOffTest("S1", "op-3")).reasons == (Reason.TEST_NOT_THERE,)
    assert room.tell(PANEL).reasons == (Reason.TEST_BEGUN,)


def test_tests_are_bounded() -> None:
    """A room that would have everything on test says no."""
    room = Told()
    for number in range(TESTS_MAX + 1):
        last = room.tell(replace(CAMERA, zone=f"Z{number}"))

    assert last.reasons == (Reason.TESTS_FULL,)
    assert len(room.state.tests) == TESTS_MAX


def test_a_test_ends_by_itself_also_after_a_restart() -> None:
    """The watch ends it at its moment, not before, and a snapshot carries it."""
    room = Told()
    room.tell(PANEL)
    room.state = from_bytes(to_bytes(room.state))

    assert next_deadline(room.state) == PANEL.until
    assert room.tell(Tick(), 599).reasons == (Reason.NOTHING_DUE,)
    assert room.tell(Tick(), 600).reasons == (Reason.TEST_RAN_OUT,)
    assert (room.state.tests, room.state.watches.armed) == ({}, {})


def test_a_test_that_was_ended_does_not_end_the_next_one() -> None:
    """The watch of an old test is gone with it."""
    room = Told()
    room.tell(PANEL)
    room.tell(TakeOffTest("S1", "op-3"), 100)
    room.tell(replace(PANEL, until=after(900)), 200)

    assert room.tell(Tick(), 700).reasons == (Reason.NOTHING_DUE,)
    assert list(room.state.tests) == ["S1"]


@pytest.mark.parametrize(
    ("target", "zone", "covered"),
    [
        ("S1", None, True),
        (topic_of(Kind.ARC_ALARM), None, True),
        ("S1", "Z1", True),
        (topic_of(Kind.ARC_ALARM), "Z1", True),
        ("S1", "Z2", False),
        ("C1", None, False),
    ],
)
def test_a_test_covers_its_target_and_nothing_else(target: str, zone: str | None, *, covered: bool) -> None:
    """A site covers all that speaks there, a zone only itself."""
    room = Told()
    room.tell(replace(PANEL, target=target, zone=zone))
    found = covering(room.state.tests, "S1", topic_of(Kind.ARC_ALARM), "Z1")
    assert (found is not None) is covered


def test_the_report_counts_all_and_lists_the_first() -> None:
    """What was only logged while on test is counted by event; the list of positions has an end."""
    room = Told()
    room.tell(CAMERA)
    for number in range(LISTED_MAX + 5):
        told = room.tell(signal(Kind.CAMERA_FAULT, f"s{number}"), 1)
        assert Swallowed(CAMERA.target, "offline") in told.changes
    room.tell(signal(Kind.CAMERA_FAULT, "again", state="cleared"), 1)
    over = room.tell(TakeOffTest(CAMERA.target, "op-3"), 2)

    (ended,) = over.changes
    assert isinstance(ended, CameOffTest)
    assert ended.by == "op-3"
    assert ended.test.swallowed == {"offline": LISTED_MAX + 5}
    assert ended.test.positions == tuple(range(2, LISTED_MAX + 2))


def test_what_still_reaches_somebody_is_not_called_swallowed() -> None:
    """A panic on test sends a crew by this judge's rules, so the test reports nothing of it."""
    room = Told()
    room.tell(PANEL)
    assert room.tell(signal(Kind.ARC_ALARM, event="panic"), 1).orders
    assert room.state.tests["S1"].swallowed == {}


@given(
    st.lists(
        st.tuples(st.sampled_from(["on", "off", "ask"]), st.sampled_from([1, 60, 400]), st.integers(1, 900)),
        max_size=30,
    )
)
def test_a_target_is_on_test_exactly_between_its_beginning_and_its_end(
    steps: list[tuple[str, int, int]],
) -> None:
    """Whatever is put on, taken off and let run out, the room agrees with a plain note of the end."""
    room, at_s, ends_s = Told(), 0, 0
    for step, later_s, lasts_s in steps:
        at_s += later_s
        while room.tell(Tick(), at_s).reasons != (Reason.NOTHING_DUE,):
            pass
        standing = ends_s > at_s
        assert (topic_of(Kind.CAMERA_FAULT) in room.state.tests) is standing
        armed = room.state.watches.armed.get(WatchKind.END_OF_TEST, {})
        assert len(armed) == len(room.state.tests)
        if step == "on":
            room.tell(replace(CAMERA, until=after(at_s + lasts_s)), at_s)
            ends_s = ends_s if standing else at_s + lasts_s
        elif step == "off":
            room.tell(TakeOffTest(CAMERA.target, "op-3"), at_s)
            ends_s = 0

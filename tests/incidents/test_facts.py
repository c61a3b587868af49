"""The facts that a single note answers: the path, the shift, and that a retained message is no news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.incidents.lessons import PathMoved
from controlroom.incidents.paths import PATHS_MAX, moved, path_ok
from controlroom.signals.vocabulary import Kind
from tests.build import handbook, signal
from tests.incidents.test_confirmation import Listening
from tests.incidents.test_decide import Told


class Asked(Told):
    """A room whose judge keeps the facts of each signal."""

    def __init__(self) -> None:
        usual = handbook()
        self.judge = Listening()
        super().__init__(type(usual)(self.judge, usual.estate, usual.house))


def test_a_shift_is_known_between_its_bookings() -> None:
    """Unknown before the first sign of life, which begins a duty like a booking; off after off duty."""
    room = Asked()
    for number, event in enumerate(("check_call", "on_duty", "check_call", "off_duty", "check_call")):
        room.tell(signal(Kind.GUARD, f"s{number}", event=event), number)

    assert [asked.room.booked_on for asked in room.judge.asked] == [None, True, True, True, False]


@pytest.mark.parametrize(
    ("told", "ok"),
    [
        ([], None),
        ([("P1", True)], False),
        ([("P1", True), ("P1", False)], True),
        ([("P1", True), ("P2", True), ("P1", False)], False),
        ([("P1", True), ("P2", True), ("", False)], True),
        ([("", True), ("P1", False)], False),
        ([("", True), ("", False)], True),
    ],
)
def test_a_path_is_failed_until_its_restore(told: list[tuple[str, bool]], *, ok: bool | None) -> None:
    """None before any report, False while one stands failed, True when all came back."""
    room = Asked()
    for number, (zone, failed) in enumerate(told):
        condition = "active" if failed else "restored"
        event = signal(
            Kind.ARC_ALARM, f"s{number}", event="path_fault", zone=zone or None, condition=condition
        )
        room.tell(event, number)
    room.tell(signal(Kind.ARC_ALARM, "last"), 60)

    assert room.judge.asked[-1].room.path_ok is ok


def test_a_path_told_twice_is_not_both_paths() -> None:
    """Only another path beside the failed one means that a site is mute."""
    room = Asked()
    for number, zone in enumerate(("P1", "P1", "P2")):
        room.tell(signal(Kind.ARC_ALARM, f"s{number}", event="path_fault", zone=zone), number)

    assert [asked.room.path_ok for asked in room.judge.asked] == [None, None, False]


@given(st.lists(st.tuples(st.integers(0, 12).map(str), st.booleans()), max_size=40))
def test_failed_paths_are_bounded_and_end(told: list[tuple[str, bool]]) -> None:
    """However many paths a panel invents, few are kept, and a restore without a name ends them all."""
    paths: dict[str, tuple[str, ...]] = {}
    for path, failed in [*told, ("", False)]:
        after = moved(paths, PathMoved("S1", path, failed=failed))
        if after is not None:
            paths["S1"] = after
        assert len(paths.get("S1", ())) <= PATHS_MAX

    assert path_ok(paths, "S1", None) in {None, True}

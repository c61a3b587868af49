"""Each clause by an example, and all together against a plain reading of the history."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from controlroom.events import PutOnTest
from controlroom.incidents.confirmation import CLUES_MAX, HOLD_UP_APART_S, HOLD_UP_WINDOW_S
from controlroom.incidents.handbook import Handbook, HouseRules
from controlroom.incidents.lessons import Confirmed, Threat
from controlroom.rules.verdict import Circumstances, Verdict
from controlroom.signals.vocabulary import Kind
from tests.build import OneWordJudge, after, estate, handbook, signal
from tests.incidents.test_decide import Told

WINDOW_S = 30 * 60


class Listening(OneWordJudge):
    """A judge that keeps the facts that it was asked with."""

    def __init__(self) -> None:
        self.asked: list[Circumstances] = []

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Keep what was asked, and answer as always."""
        self.asked.append(circumstances)
        return super().judge(circumstances)


class Panel(Told):
    """A room that hears one panel; each report gives back whether it was confirmed, and by what."""

    def __init__(self, house: HouseRules | None = None) -> None:
        self.judge = Listening()
        super().__init__(Handbook(self.judge, estate(), house or handbook().house))

    def says(self, event: str, at_s: float = 0, **data: Any) -> tuple[bool, tuple[int, ...] | None]:
        """Tell one report; the positions are None where nothing is newly confirmed."""
        identifier = f"s{len(self.judge.asked)}"
        told = self.tell(signal(Kind.ARC_ALARM, identifier, event=event, **data), at_s)
        by = next((change.by for change in told.changes if isinstance(change, Confirmed)), None)
        return self.judge.asked[-1].room.confirmed, by


_ALONE = (False, None)


@pytest.mark.parametrize(
    ("first", "second", "later_s", "confirmed"),
    [
        (("intruder", "Z1"), ("intruder", "Z2"), WINDOW_S, True),
        (("intruder", "Z1"), ("intruder", "Z2"), WINDOW_S + 1, False),
        (("intruder", "Z1"), ("intruder", "Z1"), 5, False),
        (("intruder", None), ("intruder", "Z2"), 5, False),
        (("intruder", "Z1"), ("tamper", "Z2"), 5, True),
        (("tamper", "Z2"), ("intruder", "Z1"), 5, True),
        (("intruder_external", "Z1"), ("intruder", "Z2"), 5, False),
        (("intruder", "Z2"), ("intruder_external", "Z1"), 5, False),
        (("path_fault", "P1"), ("intruder", "Z1"), 5, True),
        (("intruder", "Z1"), ("path_fault", "P1"), 5, True),
        (("path_fault", "P1"), ("path_fault", "P2"), 5, True),
        (("path_fault", "P1"), ("path_fault", "P1"), 5, False),
        (("hold_up", "H1"), ("hold_up", "H1"), HOLD_UP_APART_S, False),
        (("hold_up", "H1"), ("hold_up", "H1"), HOLD_UP_APART_S + 1, True),
        (("hold_up", "H1"), ("hold_up", "H2"), HOLD_UP_WINDOW_S, True),
        (("hold_up", "H1"), ("hold_up", "H1"), HOLD_UP_WINDOW_S + 1, False),
        (("hold_up", "H1"), ("tamper", "Z1"), HOLD_UP_APART_S, True),
        (("tamper", "Z1"), ("hold_up", "H1"), HOLD_UP_APART_S, True),
        (("tamper", "Z1"), ("hold_up", "H1"), HOLD_UP_APART_S + 1, False),
        (("hold_up", "H1"), ("intruder", "Z1"), 5, False),
    ],
)
def test_two_signals_confirm_or_they_do_not(
    first: tuple[str, str | None], second: tuple[str, str | None], later_s: int, *, confirmed: bool
) -> None:
    """Each clause, on both sides of its limit."""
    room = Panel()
    assert room.says(first[0], zone=first[1]) == _ALONE
    assert room.says(second[0], later_s, zone=second[1]) == ((True, (1, 2)) if confirmed else _ALONE)


def test_a_hold_up_is_measured_from_the_first_of_its_run() -> None:
    """A button pressed every minute is confirmed on the fourth press, by the first."""
    room = Panel()
    assert [room.says("hold_up", 60 * press) for press in range(4)] == [*[_ALONE] * 3, (True, (1, 4))]


def test_a_path_that_came_back_confirms_nothing() -> None:
    """A line that flickers before an alarm is a line that flickers."""
    room = Panel()
    room.says("path_fault", zone="P1")
    room.says("path_fault", 10, zone="P1", condition="restored")
    assert room.says("intruder", 20) == _ALONE


def test_a_panel_that_confirms_is_believed_and_not_confirmed_twice() -> None:
    """Its own word is one confirmation; a further detector is part of it, and neither is told again."""
    room = Panel()
    assert room.says("intruder", zone="Z1", panel_confirmed=True) == (True, (1,))
    assert room.says("intruder", 60, zone="Z2") == (True, None)
    assert room.says("intruder", 70, zone="Z2", panel_confirmed=True) == (True, None)


def test_what_was_heard_while_unset_confirms_nothing_but_a_hold_up() -> None:
    """Cleaners trip detectors before they set the system; a hold-up is pressed by day."""
    room = Panel()
    room.says("intruder", zone="Z1", set_state="unset")
    assert room.says("intruder", 60, zone="Z2", set_state="set") == _ALONE
    room.says("hold_up", 100, set_state="unset")
    assert room.says("hold_up", 300, set_state="unset") == (True, (3, 4))


def test_what_is_heard_while_unset_takes_nothing_from_what_was_heard_while_set() -> None:
    """A path that fails at night and is told again by day still stands when the next one fails."""
    room = Panel()
    room.says("path_fault", zone="P1", set_state="set")
    room.says("path_fault", 60, zone="P1", set_state="unset")
    assert room.says("path_fault", 120, zone="P2", set_state="set") == (True, (1, 3))


@pytest.mark.parametrize("marked", [{"test": True}, {"condition": "restored"}])
def test_tests_and_restores_neither_confirm_nor_are_confirmed(marked: dict[str, Any]) -> None:
    """A walk test trips every zone of the building."""
    room = Panel()
    assert room.says("intruder", zone="Z1", **marked) == _ALONE
    assert room.says("intruder", 1, zone="Z2") == _ALONE
    assert room.says("intruder", 2, zone="Z3", **marked) == _ALONE


def test_a_site_on_test_leaves_no_clue_for_later() -> None:
    """What a fitter tripped does not confirm what comes after the test."""
    room = Panel()
    room.tell(PutOnTest("S1", "visit", "Fitters Ltd", after(60), "op-1", second_author="op-2"))
    room.says("intruder", 50, zone="Z1")
    assert room.says("intruder", 55, zone="Z2") == _ALONE
    assert not room.state.clues


def test_a_site_has_its_own_window() -> None:
    """A site whose alarm company set sixty minutes is confirmed within sixty minutes."""
    room = Panel()
    places = {
        topic: replace(place, confirm_within_min=60) for topic, place in room.book.estate.places.items()
    }
    room.book = Handbook(room.judge, replace(room.book.estate, places=places), room.book.house)
    room.says("intruder", zone="Z1")
    assert room.says("intruder", 3600, zone="Z2")[0]


def test_a_simulated_alarm_confirms_no_real_one() -> None:
    """In a live room a pretended detector leaves no trace that a real one could be confirmed by."""
    room = Panel()
    event = signal(Kind.ARC_ALARM, "pretended", zone="Z1")
    room.tell(replace(event, signal=event.signal.model_copy(update={"simulated": True})))
    assert room.says("intruder", 5, zone="Z2") == _ALONE


def test_a_ghost_that_names_a_site_confirms_nothing_there() -> None:
    """A source that the estate does not know cannot speak for a site that it does."""
    room = Panel()
    room.tell(signal(Kind.ARC_ALARM, "ghost", source="GHOST", zone="Z1"))
    assert room.says("intruder", 5, zone="Z2") == _ALONE
    assert set(room.state.clues) == {"S1"}


def test_clues_are_bounded_and_keep_the_hold_up() -> None:
    """However many zones speak, a site keeps few clues, the hold-up among them."""
    room = Panel()
    room.says("hold_up")
    for number in range(3 * CLUES_MAX):
        room.says("intruder", number + 1, zone=f"Z{number}")

    assert len(room.state.clues["S1"]) <= CLUES_MAX + 1
    assert room.says("hold_up", HOLD_UP_APART_S + 60) == (True, (1, 2 + 3 * CLUES_MAX))


class Said(Struct, frozen=True):
    """One report of a random history."""

    event: str
    zone: str | None
    later_s: int
    condition: str = "active"


_said = st.builds(
    Said,
    st.sampled_from(["intruder", "intruder_external", "tamper", "hold_up", "path_fault", "fire"]),
    st.sampled_from([None, "Z1", "Z2"]),
    st.sampled_from([0, 30, 119, 121, 1700, 1801, 28_000]),
    st.sampled_from(["active", "active", "active", "restored"]),
)


def _failed(faults: Iterable[Said]) -> set[str | None]:
    """Return the paths that stand failed after these reports."""
    failed: set[str | None] = set()
    for said in faults:
        if said.condition == "active":
            failed.add(said.zone)
        else:
            failed -= {said.zone} if said.zone is not None else set(failed)
    return failed


def _naively(history: list[tuple[Said, datetime]], new: Said, now: datetime) -> bool:
    """Read the clauses off the whole history, as slowly as they are written."""
    if new.condition != "active":
        return False
    active = [(said, at) for said, at in history if said.condition == "active"]
    failed = _failed(said for said, _ in history if said.event == "path_fault")
    for said, at in active:
        age_s = (now - at).total_seconds()
        pair = {said.event, new.event}
        if pair == {"hold_up", "tamper"} and age_s <= HOLD_UP_APART_S:
            return True
        if age_s > WINDOW_S or not pair <= {"intruder", "tamper", "path_fault"}:
            continue
        if said.event == "path_fault":
            if said.zone in failed and (new.event != "path_fault" or said.zone != new.zone):
                return True
        elif new.event == "path_fault" or (None not in {said.zone, new.zone} and said.zone != new.zone):
            return True
    if new.event != "hold_up":
        return False
    later = now
    for said, at in reversed(active):
        if said.event == "hold_up":
            if later - at > timedelta(seconds=HOLD_UP_WINDOW_S):
                return False
            if now - at > timedelta(seconds=HOLD_UP_APART_S):
                return True
            later = at
    return False


@given(st.lists(_said, max_size=25))
def test_confirmation_is_what_a_plain_reading_of_the_history_says(reports: list[Said]) -> None:
    """Whatever a panel says, the bounded clues give the answer that all of its history gives."""
    room, at_s = Panel(), 0
    history: list[tuple[Said, datetime]] = []
    for said in reports:
        at_s += said.later_s
        expected = _naively(history, said, after(at_s))
        confirmed, _ = room.says(said.event, at_s, zone=said.zone, condition=said.condition)
        assert confirmed == expected, (history, said)
        history.append((said, after(at_s)))


@given(st.lists(_said, max_size=25))
def test_a_threat_is_confirmed_once_within_its_window(reports: list[Said]) -> None:
    """Between two confirmations of one threat lies its whole window, and each names signals up to itself."""
    room, at_s = Panel(), 0
    last: dict[Threat, int] = {}
    for said in reports:
        at_s += said.later_s
        event = signal(Kind.ARC_ALARM, f"r{room.state.position}", event=said.event, zone=said.zone)
        for change in room.tell(event, at_s).changes:
            if isinstance(change, Confirmed):
                window_s = WINDOW_S if change.threat is Threat.INTRUSION else HOLD_UP_WINDOW_S
                assert at_s - last.get(change.threat, -(10**9)) > window_s
                assert change.by[-1] == room.state.position
                last[change.threat] = at_s

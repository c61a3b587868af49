"""The same recorded day through both nights on which the clocks change, clean and in bad condition."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec
import pytest

from controlroom.events import QuarantineReason
from controlroom.rules.model import During
from controlroom.wiring.rule_files import read_rule_files
from tests.simulation.fate import LONDON
from tests.simulation.recording import Played, Trouble, play, recording
from tests.simulation.streets import CONFIG, handbook

SPRING, AUTUMN = date(2026, 3, 28), date(2026, 10, 24)
WEEK = timedelta(days=7)
CHANGES = {
    SPRING: datetime(2026, 3, 29, 1, tzinfo=UTC),
    AUTUMN: datetime(2026, 10, 25, 1, tzinfo=UTC),
}
"""The moments at which the clocks change, by the day before."""

CLEAN = Trouble()
SKEWED = Trouble(skewed=0.3)
DOUBLED = Trouble(doubled=0.3)
SWAPPED = Trouble(swapped=0.5)
RESTARTED = Trouble(restarts=True)
ALL = Trouble(skewed=0.3, doubled=0.3, swapped=0.5, restarts=True)


@cache
def played(eve: date, trouble: Trouble) -> Played:
    """Return the recorded day played through the night after `eve`."""
    return play(recording(2015, handbook().estate), eve, trouble)


@cache
def calendar_rules() -> set[str]:
    """Return the rules that ask what time it is."""
    tables = read_rule_files(CONFIG / "rules").rules().tables.values()
    return {
        rule.id
        for table in tables
        for rule in table.rules
        if any(isinstance(condition, During) for condition in rule.when)
    }


def undoubted(day: Played) -> dict[str, object]:
    """Return the answers without the doubt about a device's clock."""
    return {name: msgspec.structs.replace(answer, doubt="") for name, answer in day.answers.items()}


@pytest.mark.parametrize("eve", CHANGES)
@pytest.mark.parametrize("trouble", [DOUBLED, RESTARTED], ids=["doubled", "restarted"])
def test_repeats_and_restarts_change_nothing_at_all(eve: date, trouble: Trouble) -> None:
    """On both nights every signal is decided once and alike, and every deadline runs out at its second."""
    clean, bad = played(eve, CLEAN), played(eve, trouble)

    assert bad.answers == clean.answers
    assert set(bad.decided.values()) == {1}
    assert bad.expired == clean.expired


@pytest.mark.parametrize("eve", CHANGES)
def test_a_wrong_clock_changes_nothing_but_a_doubt(eve: date) -> None:
    """A panel an hour ahead is decided by our clock; it is named `future_time` and nothing else differs."""
    clean, bad = played(eve, CLEAN), played(eve, SKEWED)
    differ = {name for name, answer in bad.answers.items() if answer != clean.answers[name]}

    assert undoubted(bad) == undoubted(clean)
    assert {bad.answers[name].doubt for name in differ} == {QuarantineReason.FUTURE_TIME}
    assert bad.expired == clean.expired


@pytest.mark.parametrize("eve", CHANGES)
@pytest.mark.parametrize("trouble", [SWAPPED, ALL], ids=["swapped", "everything at once"])
def test_signals_that_overtake_each_other_are_decided_alike(eve: date, trouble: Trouble) -> None:
    """Two sources that change places within two seconds get the answers that they would have got in order."""
    clean, bad = played(eve, CLEAN), played(eve, trouble)

    assert undoubted(bad) == undoubted(clean)
    assert set(bad.decided.values()) == {1}
    for name, fired in clean.expired.items():
        moved = bad.expired[name]
        assert [kind for kind, _ in moved] == [kind for kind, _ in fired]
        assert all(abs(at - before) <= 2 for (_, at), (_, before) in zip(moved, fired, strict=True))


@pytest.mark.parametrize("eve", CHANGES)
def test_a_changed_clock_moves_only_what_a_rule_asks_of_the_clock(eve: date) -> None:
    """Against the week before, answers differ only where a rule names a calendar, and after the change.

    No deadline is an hour early or late: each runs out as many seconds after its signal as a week before.
    """
    before, night = played(eve - WEEK, CLEAN), played(eve, CLEAN)
    differ = {name for name, answer in night.answers.items() if answer != before.answers[name]}

    assert night.answers.keys() == before.answers.keys()
    for name in differ:
        assert {night.answers[name].rule, before.answers[name].rule} & calendar_rules(), name
        assert night.said_at[name] >= CHANGES[eve]
        assert night.said_at[name].astimezone(LONDON).hour != (
            before.said_at[name].astimezone(LONDON).hour
        ), name
    alike = before.expired.keys() - differ
    assert {name: night.expired[name] for name in alike} == {name: before.expired[name] for name in alike}


def test_the_recording_is_worth_comparing() -> None:
    """It has signals in the hours that the changes touch, deadlines that run out there, and differences."""
    for eve, change in CHANGES.items():
        night, before = played(eve, CLEAN), played(eve - WEEK, CLEAN)
        near = [at for at in night.said_at.values() if abs(at - change) < timedelta(hours=1)]
        start = min(night.said_at.values())
        fired = [at_s for fired in night.expired.values() for _, at_s in fired]

        assert len(near) > 50
        assert any(abs(start + timedelta(seconds=at_s) - change) < timedelta(hours=1) for at_s in fired)
        assert any(answer != before.answers[name] for name, answer in night.answers.items())

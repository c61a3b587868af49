"""What the police would refuse is said before anybody asks them, and kept with what is referred."""

from datetime import date

import pytest
from msgspec.structs import replace

from controlroom.commands.referrals import Referred
from controlroom.estate.model import Estate
from controlroom.estate.partners import Category, Partner, Reached
from controlroom.estate.police import PoliceReference, System
from controlroom.incidents.reasons import Reason
from controlroom.incidents.referrals.findings import Found
from controlroom.incidents.referrals.preflight import Preflight, preflight
from controlroom.incidents.sites.changes import FalseCallCounted
from controlroom.incidents.sites.false_calls import standing_calls
from controlroom.incidents.sites.state import note
from tests.build import NOON, estate
from tests.incidents.work.test_lifecycle import ID, Work

TODAY = NOON.date()
POLICE = Partner("wyp", "The police", Reached.SHEET, frozenset({Category.ALARM, Category.ASB}), police=True)
GOOD = PoliceReference("U-1", "S1", System.INTRUDER, "WYP", 1, "library of s1", date(2020, 1, 1))


class Station(Work):
    """A room whose one incident is a tamper, which is an intruder system's, and that knows these numbers."""

    def __init__(self, *numbers: PoliceReference) -> None:
        super().__init__()
        known = estate()
        with_numbers = Estate(known.places, known.crews, police={one.reference: one for one in numbers})
        self.book = replace(self.book, estate=with_numbers, partners={"wyp": POLICE})

    def check(self, reference: str | None = None, category: Category = Category.ALARM) -> Preflight:
        """Check a referral of the incident."""
        asked = (category, reference)
        return preflight(self.book, self.state, self.incident, POLICE, asked, NOON)

    def found(self, reference: str | None = None) -> dict[Found, bool]:
        """Return what is found and whether the police would refuse it; confirmation is another matter."""
        findings = self.check(reference).findings
        return {one.what: one.rejects for one in findings if one.what is not Found.NOT_CONFIRMED}


def test_the_sites_own_number_is_given_where_nobody_names_one() -> None:
    """A valid one goes before another; a good one has no finding but that nothing is confirmed."""
    old = replace(GOOD, reference="U-0", valid_to=date(2021, 1, 1))
    room = Station(old, GOOD)

    assert room.check().reference == "U-1"
    assert room.found() == {}
    assert not room.check().rejected


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"system": System.HOLD_UP}, Found.WRONG_KIND),
        ({"site": "S2"}, Found.DATA_MISMATCH),
        ({"premises": "The Old Library"}, Found.DATA_MISMATCH),
        ({"level": 3}, Found.WITHDRAWN),
        ({"valid_from": date(2027, 1, 1)}, Found.NOT_YET_VALID),
        ({"valid_to": date(2026, 3, 1)}, Found.EXPIRED),
    ],
)
def test_what_would_be_refused_is_found(change: dict[str, object], found: Found) -> None:
    """Wrong kind, other data, withdrawn, too early, run out: each alone stands against a named number."""
    assert Station(replace(GOOD, **change)).found("U-1") == {found: True}


def test_the_last_day_still_counts() -> None:
    """A number is valid to the end of its last day in Leeds."""
    assert Station(replace(GOOD, valid_to=TODAY, valid_from=TODAY)).found("U-1") == {}


def test_an_unknown_number_and_none_are_found() -> None:
    """A number that is nobody's, and a site without one."""
    assert Station(GOOD).found("U-9") == {Found.UNKNOWN: True}
    assert Station().found() == {Found.NO_REFERENCE: True}


def test_only_an_alarm_needs_a_number() -> None:
    """Anti-social behaviour is referred without; nothing is checked of it."""
    assert Station().check(category=Category.ASB) == Preflight(None)


def test_false_calls_are_a_warning_and_none_is_counted_twice() -> None:
    """Those of the file and those of the room together; at the limit somebody should ring the force."""
    calls = (date(2025, 6, 1), date(2026, 1, 1), date(2024, 1, 1))
    room = Station(replace(GOOD, false_calls=tuple(sorted(calls))))
    assert room.found() == {}
    for day in (date(2026, 1, 1), date(2026, 2, 1)):
        note(room.state.sites, FalseCallCounted("S1", System.INTRUDER, day), 1, NOON)

    counted = room.state.sites.false_calls
    assert standing_calls(room.book.estate, counted, "S1", System.INTRUDER, TODAY) == 3
    assert room.found() == {Found.FALSE_CALLS: False}
    assert not room.check().rejected


def test_a_referral_that_would_come_back_is_not_made_by_accident() -> None:
    """It is refused until its author says that they know; then the findings stay with it."""
    room = Station(replace(GOOD, level=3))
    refer = Referred(ID, 1, "op-1", "wyp", Category.ALARM, "somebody is inside")
    assert room.tell(refer).reasons == (Reason.POLICE_WOULD_REFUSE,)
    assert not room.state.referrals.kept

    room.tell(replace(refer, anyway=True))
    (made,) = room.state.referrals.kept.values()
    assert made.reference == "U-1"
    assert Found.WITHDRAWN in {one.what for one in made.findings}

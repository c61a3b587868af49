"""A year of false calls by the calendar: what counts on which day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from controlroom.estate.police import System
from controlroom.incidents.sites.false_calls import counting, over_on, system_of

days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def test_the_leap_day_has_its_year_too() -> None:
    """A call of 29 February counts up to the next 28 February; one of 1 March counts over a leap day."""
    assert over_on(date(2028, 2, 29)) == date(2029, 3, 1)
    assert over_on(date(2027, 3, 1)) == date(2028, 3, 1)
    assert counting((date(2027, 3, 1),), date(2028, 2, 29)) == (date(2027, 3, 1),)
    assert counting((date(2027, 3, 1),), date(2028, 3, 1)) == ()


@given(days)
def test_a_call_counts_for_a_year_and_no_day_longer(call: date) -> None:
    """It counts on each of 365 days, of 366 where a leap day lies in its year, and then no more."""
    last = over_on(call) - timedelta(days=1)
    assert counting((call,), call) == counting((call,), last) == (call,)
    assert counting((call,), over_on(call)) == ()
    assert (over_on(call) - call).days in {365, 366}


def test_each_system_has_its_own_number() -> None:
    """An intruder is no hold-up, and neither a fire nor a warning of ours is a call to the police."""
    assert system_of("tamper") is System.INTRUDER
    assert system_of("duress") is System.HOLD_UP
    assert system_of("fire") is None
    assert system_of("false_call_warning") is None

"""The plan's time: plan years from 1 April to 31 March, their quarters and months, days in Europe/London.

A year is named after the one it begins in: `2026` is 2026/27. Quarter 1 is April to June, so `2026Q3` is
October to December 2026 and `2026Q4` January to March 2027. Months (`2026-11`) and days (`2026-11-29`) are
the calendar's. A day begins at midnight on the wall in Leeds, in winter and in summer, so the day on which
the clocks change has 23 or 25 hours and no moment belongs to two days.
"""

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from controlroom.commands.moments import EARLIEST, LATEST, nearest
from controlroom.rules.calendars import LONDON

FIRST_MONTH = 4
"""April."""

_DAY = timedelta(days=1)
_NAME = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?", re.ASCII)

YEARS = range(EARLIEST.year - 1, LATEST.year + 1)
"""Years that a name may have, those of every day that is counted: the year 1 is a slip of the hand or worse,
and the quarters before it are in no calendar."""

ALLOWED = (
    "a plan year (2026), its quarter (2026Q3: October to December 2026), a month (2026-11) or a day, "
    f"of the years {YEARS[0]} to {YEARS[-1]}"
)
"""What a name of a period may be."""


class Period(Struct, frozen=True, order=True):
    """Days from `first` to `last`, both included."""

    first: date
    last: date
    name: str

    def holds(self, day: date) -> bool:
        """Say whether this day is in it."""
        return self.first <= day <= self.last

    @property
    def in_words(self) -> str:
        """The period as a person says it."""
        if "Q" in self.name:
            year, quarter = self.name.split("Q")
            months = f"{self.first:%B} to {self.last:%B %Y}"
            return f"Quarter {quarter} of {_double(int(year))} ({months})"
        if len(self.name) == len("2026"):
            return f"Plan year {_double(int(self.name))}"
        return f"{self.first:%B %Y}" if self.first != self.last else f"{self.first.day} {self.first:%B %Y}"


def day_of(moment: datetime) -> date:
    """Return the day on the wall in Leeds; a moment out of bounds counts at the nearer edge."""
    return nearest(moment).astimezone(LONDON).date()


def begins(day: date) -> datetime:
    """Return the moment at which this day begins in Leeds."""
    return datetime.combine(day, time(), LONDON)


def plan_year(year: int) -> Period:
    """Return the plan year that begins in this year."""
    return Period(date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - _DAY, str(year))


def quarter(year: int, number: int) -> Period:
    """Return a quarter of a plan year, by its number from 1 to 4."""
    months = FIRST_MONTH + 3 * (number - 1)
    first, after = _month(year, months), _month(year, months + 3)
    return Period(first, after - _DAY, f"{year}Q{number}")


def month(day: date) -> Period:
    """Return the month of this day."""
    return Period(day.replace(day=1), _month(day.year, day.month + 1) - _DAY, f"{day:%Y-%m}")


def single(day: date) -> Period:
    """Return this day."""
    return Period(day, day, day.isoformat())


def year_of(day: date) -> Period:
    """Return the plan year of this day."""
    return plan_year(day.year - (day.month < FIRST_MONTH))


def quarter_of(day: date) -> Period:
    """Return the quarter of this day."""
    return quarter(year_of(day).first.year, (day.month - FIRST_MONTH) % 12 // 3 + 1)


def parse(name: str) -> Period:
    """Return the period of this name; raises ValueError that says what is allowed."""
    found = _NAME.fullmatch(name)
    if found is None or int(found["year"]) not in YEARS:
        raise _no_period(name)
    try:
        year = int(found["year"])
        if found["quarter"] is not None:
            return quarter(year, int(found["quarter"]))
        if found["month"] is None:
            return plan_year(year)
        day = date(year, int(found["month"]), int(found["day"] or 1))
    except ValueError:
        raise _no_period(name) from None
    return month(day) if found["day"] is None else single(day)


def _no_period(name: str) -> ValueError:
    return ValueError(f"{name!r} is no period; allowed: {ALLOWED}")


def year_before(period: Period) -> Period:
    """Return the same period a year earlier; of 29 February it is the 28th."""
    if "Q" in period.name:
        year, number = period.name.split("Q")
        return quarter(int(year) - 1, int(number))
    if len(period.name) == len("2026"):
        return plan_year(int(period.name) - 1)
    first = period.first
    try:
        earlier = first.replace(year=first.year - 1)
    except ValueError:
        earlier = first.replace(year=first.year - 1, day=28)
    return single(earlier) if period.first == period.last else month(earlier)


def quarters_until(period: Period, count: int) -> tuple[Period, ...]:
    """Return so many quarters, the last of them this one."""
    found = [period]
    while len(found) < count:
        found.append(quarter_of(found[-1].first - _DAY))
    return tuple(reversed(found))


def _month(year: int, number: int) -> date:
    """Return the first day of a month counted from January of this year, past December too."""
    return date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def _double(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"

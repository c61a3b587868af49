"""Columns of the estate's files that hold days: one, one or none, or several."""

import re
from datetime import date

from controlroom.estate.table import Column

_DAY = "a day as year-month-day"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def date_column(name: str, *, optional: bool = False) -> Column:
    """Return a column that holds a day (2026-11-30); with `optional`, nothing means None."""
    if optional:
        return Column(name, f"{_DAY}, or nothing", lambda text: _day(text) if text else None, default="")
    return Column(name, _DAY, _day)


def dates_column(name: str) -> Column:
    """Return a column that holds days with `;` between them, or none; they are kept in order."""

    def read(text: str) -> tuple[date, ...]:
        return tuple(sorted(_day(part.strip()) for part in text.split(";") if part.strip()))

    return Column(name, f"days with ';' between them ({_DAY}), or nothing", read, default="")


def _day(text: str) -> date:
    if _ISO_DAY.fullmatch(text) is None:
        raise ValueError(text)
    return date.fromisoformat(text)

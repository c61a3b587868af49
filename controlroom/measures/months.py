"""Months as the plan counts them: by the clock of Leeds, the oldest leaving first."""

from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from controlroom.commands.moments import nearest

LONDON = ZoneInfo("Europe/London")

MONTHS_KEPT = 28
"""Eight quarters for comparison, the quarter that runs, and the month before it all."""

Kept = TypeVar("Kept")


@lru_cache(maxsize=4096)
def _month_of_hour(hour: datetime) -> str:
    return hour.astimezone(LONDON).strftime("%Y-%m")


def month_of(moment: datetime) -> str:
    """Return the month of this moment in Leeds, as "2026-04"; months begin on the hour, in UTC as well."""
    return _month_of_hour(nearest(moment).replace(minute=0, second=0, microsecond=0))


def keep_last(months: dict[str, Kept], count: int) -> None:
    """Let the oldest months go, so that `count` are left."""
    while len(months) > count:
        del months[min(months)]

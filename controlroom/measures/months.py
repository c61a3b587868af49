"""Months as the plan counts them: by the clock of Leeds, the oldest leaving first."""

from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from controlroom.commands.moments import EARLIEST, LATEST

LONDON = ZoneInfo("Europe/London")

MONTHS_KEPT = 28
"""Eight quarters for comparison, the quarter that runs, and the month before it all."""

Kept = TypeVar("Kept")


HOUR_S = 3_600
"""Months, and the hours of the clock in Leeds, begin on the full hour in UTC as well."""

_EARLIEST, _LATEST = (int(edge.timestamp()) // HOUR_S for edge in (EARLIEST, LATEST))


@lru_cache(maxsize=4096)
def _of_hour(hour: int) -> tuple[str, int]:
    """Return the month and the hour of the day of this hour since 1970; many records fall into one."""
    local = datetime.fromtimestamp(min(max(hour, _EARLIEST), _LATEST) * HOUR_S, LONDON)
    return local.strftime("%Y-%m"), local.hour


def month_of(moment: datetime) -> str:
    """Return the month of this moment in Leeds, as "2026-04"; what is not thinkable is in the nearest one."""
    return _of_hour(int(moment.timestamp()) // HOUR_S)[0]


def hour_of(moment: datetime) -> int:
    """Return the hour of the day of this moment by the clock of Leeds, 0 to 23."""
    return _of_hour(int(moment.timestamp()) // HOUR_S)[1]


def keep_last(months: dict[str, Kept], count: int) -> None:
    """Let the oldest months go, so that `count` are left."""
    while len(months) > count:
        del months[min(months)]

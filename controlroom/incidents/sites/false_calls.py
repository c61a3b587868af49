"""How often the police were called for nothing, and when that is about to cost a site their answer.

The police withdraw their response from a system after a number of false calls in a rolling twelve months
and write after the one before (NPCC requirements; the domain notes quote 3 for intruder, and 2 or 3 for
hold-up by source). Intruder and hold-up have numbers (URN) of their own and are counted apart. The room
counts incidents that were closed as a false alarm, and warns one call before the limit and at it.

Twelve months are a year of the calendar, by the date in Leeds: a call of 1 March counts up to and
including 28 (in a leap year 29) February, one of 29 February up to and including the next 28 February.

Limits: the room does not know which incidents the police were really called to, so it counts every false
alarm of the system: it may warn too early and never too late. Calls from before its journal are known as far
as somebody wrote them into `police_references.csv`.
"""

from datetime import date, datetime
from typing import Final

from controlroom.estate.model import Estate
from controlroom.estate.police import System
from controlroom.incidents.sites.house import Patience
from controlroom.rules.calendars import LONDON
from controlroom.signals.vocabulary import AlarmEvent

FALSE_CALLS_KEPT: Final = 50
"""Dates that are kept of a system: far past every limit; the oldest go first."""

LEAP_MONTH, LEAP_DAY, MARCH = 2, 29, 3
"""The day that three years in four do not have, and the month after it."""

_SYSTEMS: dict[str, System] = {
    AlarmEvent.INTRUDER: System.INTRUDER,
    AlarmEvent.INTRUDER_EXTERNAL: System.INTRUDER,
    AlarmEvent.TAMPER: System.INTRUDER,
    AlarmEvent.PATH_FAULT: System.INTRUDER,
    AlarmEvent.HOLD_UP: System.HOLD_UP,
    AlarmEvent.PANIC: System.HOLD_UP,
    AlarmEvent.DURESS: System.HOLD_UP,
}


def system_of(event: str) -> System | None:
    """Return the system whose incident this word opens; None where the police have no part in it."""
    return _SYSTEMS.get(event)


def day_of(now: datetime) -> date:
    """Return the date in Leeds."""
    return now.astimezone(LONDON).date()


def over_on(call: date) -> date:
    """Return the first day on which a call of this date counts no longer."""
    if (call.month, call.day) == (LEAP_MONTH, LEAP_DAY):
        return date(call.year + 1, MARCH, 1)
    return call.replace(year=call.year + 1)


def counting(calls: tuple[date, ...], today: date) -> tuple[date, ...]:
    """Return the calls that count on this day."""
    return tuple(call for call in calls if call <= today < over_on(call))


def standing_calls(
    estate: Estate, counted: dict[str, tuple[date, ...]], site: str, system: System, today: date
) -> int:
    """Return how many false calls of a system count on this day: those that the file knows, and the room's.

    `counted` are the room's, by site and system. Of the file's, those count that are older than all of the
    room's: it is for calls from before the room's journal, and none is counted twice.
    """
    ours = counted.get(f"{site} {system}", ())
    first = min(ours, default=date.max)
    before = tuple(
        call
        for one in estate.police.values()
        if one.site == site and one.system is system
        for call in one.false_calls
        if call < first
    )
    return len(counting((*before, *ours), today))


def limit_of(patience: Patience, system: System) -> int:
    """Return the number of false calls at which the police withdraw from this system."""
    return patience.hold_up_calls_max if system is System.HOLD_UP else patience.intruder_calls_max


def kept(calls: tuple[date, ...]) -> tuple[date, ...]:
    """Return as many of the calls as are kept, the newest."""
    return tuple(sorted(calls))[-FALSE_CALLS_KEPT:]

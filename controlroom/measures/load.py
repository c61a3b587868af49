"""How much came to the operators, and from where: incidents in windows of ten minutes, and by source.

What counts is an incident that opens: the moment at which somebody's attention is asked for. Further signals
that join it ask for none. The windows begin on the full ten minutes, and quiet ones count as well, from the
first incident on; so *per operator per ten minutes* is a mean over all time, and not over the busy part.

EEMUA 191 is the usual guide to such numbers (about one alarm per operator in ten minutes as a long-term
mean, more than ten as a flood). It was written for process plants and is quoted here from secondary
sources: a guide, and not a limit that a security control room has to meet.

Bounds: `MONTHS_KEPT` months, `SOURCES_KEPT` sources each; what comes beyond is counted under `OTHERS`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from controlroom.incidents.changes import IncidentOpened
from controlroom.incidents.record import Decision
from controlroom.measures.months import LONDON, MONTHS_KEPT, hour_of, keep_last, month_of

WINDOW_S = 600
"""Ten minutes, the window of EEMUA 191."""

SOURCES_KEPT = 5_000
"""Sources that are told apart a month: twice the estate, so only a flood of invented ones reaches it."""

OTHERS = "others"


class MonthOfLoad(msgspec.Struct):
    """One month. `windows` says how many windows of ten minutes had so many incidents.

    `hours` says how many incidents fell into each hour of the day in Leeds, `sources` how many each opened.
    """

    windows: dict[int, int] = {}
    hours: dict[int, int] = {}
    sources: dict[str, int] = {}


class Load(msgspec.Struct):
    """The load of the last months; `window` is the one that is being filled, counted from the epoch."""

    window: int | None = None
    count: int = 0
    months: dict[str, MonthOfLoad] = {}


def bear(load: Load, now: datetime, decision: Decision, *, count_simulated: bool) -> None:
    """Count what this decision opened."""
    for change in decision.changes:
        if type(change) is not IncidentOpened:
            continue
        incident = change.incident
        if incident.simulated and not count_simulated:
            continue
        _reach(load, _window_of(now))
        load.count += 1
        month = _month(load, now)
        hour = hour_of(now)
        month.hours[hour] = month.hours.get(hour, 0) + 1
        known = incident.source in month.sources or len(month.sources) < SOURCES_KEPT
        source = incident.source if known else OTHERS
        month.sources[source] = month.sources.get(source, 0) + 1


def up_to(load: Load, now: datetime) -> Load:
    """Return the load with every window that is over by now; the one that runs is not in it."""
    copy = msgspec.msgpack.decode(msgspec.msgpack.encode(load), type=Load)
    if copy.window is not None:
        _reach(copy, _window_of(now))
    return copy


def _reach(load: Load, window: int) -> None:
    """End the window that was being filled, and count the quiet ones between it and this one."""
    if load.window is None:
        load.window = window
    if window <= load.window:
        return  # a restart may set the clock back: what comes then counts with the window that was open
    _end(load, load.window, load.count, 1)
    for first, count in _by_month(load.window + 1, window):
        _end(load, first, 0, count)
    load.window, load.count = window, 0


def _end(load: Load, window: int, incidents: int, times: int) -> None:
    windows = _month(load, _start_of(window)).windows
    windows[incidents] = windows.get(incidents, 0) + times


def _by_month(first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the first window of each month between these two, and how many of its windows lie there."""
    while first < end:
        local = _start_of(first).astimezone(LONDON)
        year, month = divmod(local.year * 12 + local.month, 12)
        following = datetime(year, month + 1, 1, tzinfo=LONDON)
        until = min(end, max(first + 1, _window_of(following)))
        yield first, until - first
        first = until


def _window_of(moment: datetime) -> int:
    return int(moment.timestamp()) // WINDOW_S


def _start_of(window: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=window * WINDOW_S)


def _month(load: Load, moment: datetime) -> MonthOfLoad:
    name = month_of(moment)
    month = load.months.get(name)
    if month is None:
        month = load.months[name] = MonthOfLoad()
        keep_last(load.months, MONTHS_KEPT)
    return month

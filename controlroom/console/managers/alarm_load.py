"""The load of alarms as a page shows it: per operator in ten minutes, floods, hours of the day, worst sites.

The numbers of EEMUA 191 stand beside it as a guide, with what they are: written for process plants, quoted
from secondary sources, and no limit that a security control room has to meet.
"""

from collections.abc import Iterable

import msgspec

from controlroom.estate.model import Estate
from controlroom.measures.load import OTHERS, WINDOW_S, Load

MEAN_GUIDE = 1
"""Alarms for one operator in ten minutes that EEMUA 191 calls acceptable over a long time."""

FLOOD_FROM = 10
"""More than so many alarms for one operator in ten minutes are a flood in EEMUA 191."""

SITES_SHOWN = 10
HOURS = 24


class Worst(msgspec.Struct, frozen=True):
    """One site of the worst: its name, its incidents, its share of all."""

    site: str
    name: str
    count: int
    share: float


class Page(msgspec.Struct, frozen=True):
    """The load of some months for so many operators; None where nothing was counted."""

    operators: int
    incidents: int
    windows: int
    mean: float | None
    busy_share: float | None
    flood_minutes: int
    most: int
    hours: tuple[int, ...]
    sites: tuple[Worst, ...]


def page_of(load: Load, months: Iterable[str], operators: int, estate: Estate) -> Page:
    """Return the load of these months together."""
    windows: dict[int, int] = {}
    hours = [0] * HOURS
    sources: dict[str, int] = {}
    for name in months:
        month = load.months.get(name)
        if month is None:
            continue
        for count, times in month.windows.items():
            windows[count] = windows.get(count, 0) + times
        for hour, count in month.hours.items():
            hours[hour] += count
        for source, count in month.sources.items():
            sources[source] = sources.get(source, 0) + count
    total = sum(windows.values())
    incidents = sum(hours)
    counted = sum(count * times for count, times in windows.items())
    busy = sum(times for count, times in windows.items() if count > MEAN_GUIDE * operators)
    floods = sum(times for count, times in windows.items() if count > FLOOD_FROM * operators)
    return Page(
        operators,
        incidents,
        total,
        counted / total / operators if total else None,
        busy / total if total else None,
        floods * WINDOW_S // 60,
        max(windows, default=0),
        tuple(hours),
        _worst(sources, estate, incidents),
    )


def _worst(sources: dict[str, int], estate: Estate, incidents: int) -> tuple[Worst, ...]:
    sites: dict[str, int] = {}
    names: dict[str, str] = {OTHERS: "sources beyond those that are told apart"}
    for source, count in sources.items():
        place = estate.place(source)
        site = place.site if place is not None else source
        names.setdefault(site, place.name if place is not None else "not in the estate")
        sites[site] = sites.get(site, 0) + count
    worst = sorted(sites.items(), key=lambda item: (-item[1], item[0]))[:SITES_SHOWN]
    return tuple(Worst(site, names[site], count, count / incidents) for site, count in worst if incidents)

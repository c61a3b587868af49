"""How often zones tripped in this set period, which of them are shelved, and how fast areas open incidents.

Bounds: places of the estate only; `ZONES_KEPT` zones a site, forgotten at the next setting or unsetting; one
entry an area. A further zone is not counted, so it is never shelved.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from controlroom.estate.areas import Area

ZONES_KEPT = 64
"""Zones of a site that are counted: a large panel's."""

WINDOW_S = 600
"""Ten minutes, the window in which EEMUA 191 counts a flood (through secondary sources)."""

_WINDOW = timedelta(seconds=WINDOW_S)


class RollUp(StrEnum):
    """Why something was rolled up; a metric label, so the set is closed."""

    SWINGER = "swinger"
    RUNAWAY = "runaway"
    FLOOD = "flood"


class Zone(Struct, frozen=True, gc=False):
    """One zone in this set period: its trips, since when it is shelved, and what was rolled up since."""

    trips: int = 0
    shelved_at: datetime | None = None
    rolled_up: int = 0


class Openings(Struct, frozen=True, gc=False):
    """How many incidents an area opened in this window, and in the one before."""

    since: datetime
    count: int
    before: int


class Rollups(Struct):
    """Zones by site and name; openings by area."""

    zones: dict[str, dict[str, Zone]] = field(default_factory=dict)
    areas: dict[Area, Openings] = field(default_factory=dict)


class ZoneTripped(Struct, frozen=True, gc=False, tag="zone_tripped"):
    """A zone tripped once more in this set period; `shelved` says that this was once too often."""

    site: str
    zone: str
    shelved: bool = False


class ZonesRested(Struct, frozen=True, gc=False, tag="zones_rested"):
    """The zones of a site count from nothing again, or one of them does; with what was rolled up by each."""

    site: str
    zones: dict[str, int]
    only: str | None = None


class RolledUp(Struct, frozen=True, gc=False, tag="rolled_up"):
    """A signal did not become an incident of its own, for this reason."""

    how: RollUp
    area: Area
    site: str
    zone: str | None = None


RollupChange = ZoneTripped | ZonesRested | RolledUp
"""Everything that rolling up changes."""


def apply_rollup(rollups: Rollups, change: RollupChange, now: datetime) -> None:
    """Bring the counts one change further."""
    match change:
        case ZoneTripped(site=site, zone=zone):
            zones = rollups.zones.setdefault(site, {})
            counted = zones.get(zone, Zone())
            since = now if change.shelved else counted.shelved_at
            zones[zone] = replace(counted, trips=counted.trips + 1, shelved_at=since)
        case ZonesRested(site=site, only=only):
            if only is None:
                del rollups.zones[site]
            else:
                del rollups.zones[site][only]
        case RolledUp(how=RollUp.SWINGER, site=site, zone=str() as zone):
            shelved = rollups.zones[site][zone]
            rollups.zones[site][zone] = replace(shelved, rolled_up=shelved.rolled_up + 1)
        case RolledUp(how=RollUp.FLOOD):
            count_opening(rollups, change.area, now)
        case RolledUp():
            pass  # a runaway's run is counted with its repeats
        case _:
            assert_never(change)


def count_opening(rollups: Rollups, area: Area, now: datetime) -> None:
    """Count one more incident of this area, or one that would have been."""
    counted = _turned(rollups.areas.get(area), now)
    rollups.areas[area] = replace(counted, count=counted.count + 1)


def in_flood(rollups: Rollups, area: Area, limit: int, now: datetime) -> bool:
    """Say whether this area opens as many in a window, this one or the last, as nobody can work."""
    counted = rollups.areas.get(area)
    if counted is None or (counted.count < limit and counted.before < limit):
        return False
    turned = _turned(counted, now)
    return turned.count >= limit or turned.before >= limit


def _turned(counted: Openings | None, now: datetime) -> Openings:
    """Return the counts of the window that holds `now`."""
    if counted is None or now - counted.since >= 2 * _WINDOW:
        return Openings(now, 0, 0)
    if now - counted.since >= _WINDOW:
        return Openings(counted.since + _WINDOW, 0, counted.count)
    return counted


BETWEEN = " / "
"""Stands between site and zone in the name of a shelf; no site's name has it."""


def name_of_shelf(site: str, zone: str) -> str:
    """Return the name under which a shelved zone is watched."""
    return f"{site}{BETWEEN}{zone}"

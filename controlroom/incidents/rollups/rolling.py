"""Who is rolled up: a detector that swings, a source that runs away, an area in flood. Nothing is dropped.

*Swinger*: one zone that trips `swinger_after` times between a setting and the next unsetting is shelved for
the rest of it, at most `shelved_max_s`; its further trips join the site's incident without a new alarm, or
are logged, and are counted. *Runaway*: from the 30th signal of a source, each less than 30 min after the one
before, what its rule would keep apart joins one incident of that place. *Flood*: while an area opens
`flood_from` incidents in ten minutes, its further ones of priority 3 and 4 that an operator looks at first
join one incident of the area.
A chattering detector is a swinger or a runaway by the same counts.

Limits: never about a life, never what is confirmed, never an unknown place for a swinger. A shelved zone
still confirms others.
"""

from datetime import datetime

from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.incidents.changes import Change, WatchArmed, WatchExpired
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.moments import after
from controlroom.incidents.on_test import covering, said
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.rollups.state import (
    BETWEEN,
    ZONES_KEPT,
    RollUp,
    Zone,
    ZonesRested,
    ZoneTripped,
    in_flood,
    name_of_shelf,
)
from controlroom.incidents.state import State
from controlroom.incidents.work.limits import URGENT, WorkRules, is_about_life
from controlroom.rules.verdict import Dispatch, RoomFacts, Verdict
from controlroom.signals.envelope import ArcAlarmSignal, Signal
from controlroom.signals.vocabulary import AlarmEvent

RUNAWAY_FROM = 30
"""The signal of a run from which a source has run away: 30, each under 30 min after the one before, as
monitoring firms have it."""

FLOODED_PRIORITIES = (3, 4)
"""What a flood may roll up: what is more urgent keeps a line of its own."""

_SWING = frozenset({AlarmEvent.INTRUDER, AlarmEvent.INTRUDER_EXTERNAL, AlarmEvent.TAMPER})
"""Detectors that swing: a moth, a loose door, a worn contact."""

_TURNS = frozenset({AlarmEvent.OPENED, AlarmEvent.CLOSED})
"""What ends one set period and begins the next."""


def zones_told(
    work: WorkRules, state: State, signal: ArcAlarmSignal, meaning: Meaning, place: Place, now: datetime
) -> list[Change]:
    """Return what this report of a panel changes in the counts of its zones."""
    zones = state.rollups.zones.get(place.site)
    if not meaning.fresh:
        return []
    if meaning.event in _TURNS:
        if zones is None:
            return []
        shelved = {name: zone.rolled_up for name, zone in zones.items() if zone.shelved_at is not None}
        return [ZonesRested(place.site, shelved)]
    name = signal.data.zone
    if meaning.event not in _SWING or name is None:
        return []
    if state.tests and covering(state.tests, place.site, place.topic, name, said(signal)) is not None:
        return []
    zone = (zones or {}).get(name)
    if zone is None and zones is not None and len(zones) >= ZONES_KEPT:
        return []
    counted = zone or Zone()
    if counted.shelved_at is not None or counted.trips + 1 < work.swinger_after:
        return [ZoneTripped(place.site, name)]
    due = after(now, work.shelved_max_s)
    watch = Watch(due, WatchKind.END_OF_SHELF, name_of_shelf(place.site, name))
    return [ZoneTripped(place.site, name, shelved=True), WatchArmed(watch)]


def shelf_over(state: State, watch: Watch) -> Decision:
    """Let a shelved zone count from nothing again."""
    site, _, zone = watch.subject.partition(BETWEEN)
    rolled_up = state.rollups.zones[site][zone].rolled_up
    rested = ZonesRested(site, {zone: rolled_up}, only=zone)
    return Decision((WatchExpired(watch), rested), reasons=(Reason.SHELF_OVER,))


def is_shelved(state: State, signal: Signal, place: Place | None) -> bool:
    """Say whether the zone of this signal was shelved by the trips before it."""
    if place is None or type(signal) is not ArcAlarmSignal or signal.data.event not in _SWING:
        return False
    zones = state.rollups.zones.get(place.site)
    zone = zones.get(signal.data.zone or "") if zones is not None else None
    return zone is not None and zone.shelved_at is not None


def may_roll_up(verdict: Verdict, facts: RoomFacts, meaning: Meaning) -> bool:
    """Say whether this may lose a line of its own at all: never about a life, nor what is confirmed."""
    if verdict.priority == URGENT or facts.confirmed:
        return False
    return not is_about_life(meaning.kind, meaning.event)


def rolls_up(
    work: WorkRules, state: State, area: Area, verdict: Verdict, nth: int, now: datetime
) -> RollUp | None:
    """Return why a signal that may be rolled up joins an incident of many; None where it does not."""
    if verdict.merge is None and nth >= RUNAWAY_FROM:
        return RollUp.RUNAWAY
    looked_at = verdict.dispatch is Dispatch.OPERATOR and verdict.priority in FLOODED_PRIORITIES
    if looked_at and in_flood(state.rollups, area, work.flood_from, now):
        return RollUp.FLOOD
    return None

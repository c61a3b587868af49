"""What the room learns, applied: each change is handed to the part of the room that made it.

Apart from `apply` only for its length; the same holds here: nothing is decided, and the union is closed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, assert_never

from controlroom.incidents.cameras.changes import AtCameras
from controlroom.incidents.cameras.note import note as note_camera
from controlroom.incidents.confirmation import keep
from controlroom.incidents.handovers.state import HandoverChange, HandoverGiven, HandoverSigned
from controlroom.incidents.handovers.state import keep as keep_handover
from controlroom.incidents.hearing import HearsAgain, Heeded, WentDeaf, heed
from controlroom.incidents.help_points.changes import AtHelpPoint
from controlroom.incidents.help_points.note import note as note_point
from controlroom.incidents.holds.changes import HoldChange, HoldEased, HoldEnded, SignalHeld
from controlroom.incidents.holds.state import apply_hold
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.lessons import (
    CameOffTest,
    ClueKept,
    Confirmed,
    Lesson,
    PathMoved,
    Swallowed,
    WentOnTest,
)
from controlroom.incidents.log_book.changes import EntryKept, EntryOverdue, EntryStruck, LogBookChange
from controlroom.incidents.log_book.state import keep as keep_entry
from controlroom.incidents.on_test import REPORTS_KEPT, swallow
from controlroom.incidents.paths import moved
from controlroom.incidents.people.duty import (
    Checked,
    CheckSlipped,
    DutyBegan,
    DutyEnded,
    DutyNoted,
    NotWatched,
    Watched,
    watch_over,
)
from controlroom.incidents.plan.changes import NarrativeKept, PlanChange, QuarterFrozen
from controlroom.incidents.repeats import count
from controlroom.incidents.restores.state import (
    FaultChange,
    FaultCleared,
    FaultNoted,
    FaultUnpaired,
    apply_fault,
)
from controlroom.incidents.rollups.state import (
    RolledUp,
    RollupChange,
    ZonesRested,
    ZoneTripped,
    apply_rollup,
    name_of_shelf,
)
from controlroom.incidents.rule_changes.state import AtRules
from controlroom.incidents.rule_changes.state import note as note_rules
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    ExpectationMissed,
    FalseCallCounted,
    PatrolSeeded,
    PlaceForgotten,
    SetNoted,
    SignNoted,
    SiteChange,
    VisitCalled,
    VisitSettled,
)
from controlroom.incidents.sites.state import note
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm


def _of_camera(state: State, change: AtCameras, now: datetime) -> None:
    """Remember something of a camera, and expect no longer what this ends."""
    for kind, subject in note_camera(state.cameras, state.incidents, change.step, state.position, now):
        disarm(state.watches, kind, subject)


def _of_rules(state: State, change: AtRules, _now: datetime) -> None:
    """Remember something of a rule set on its way into force."""
    note_rules(state.rule_changes, change.step)


def _of_point(state: State, change: AtHelpPoint, now: datetime) -> None:
    """Remember something of a help point, and expect no longer what this ends."""
    for kind, subject in note_point(state.help_points, state.incidents, change.step, now):
        disarm(state.watches, kind, subject)


def _of_log_book(state: State, change: LogBookChange, _now: datetime) -> None:
    """Keep what people wrote, and expect by its deadline what they promised."""
    keep_entry(state.log_book, state.watches, change, state.position)


def _of_handover(state: State, change: HandoverChange, _now: datetime) -> None:
    """Keep what one shift told the next."""
    keep_handover(state.handovers, change)


def _of_plan(state: State, change: PlanChange, _now: datetime) -> None:
    """Remember that a quarter is signed; what is said beside figures is not the room's to remember."""
    if type(change) is QuarterFrozen:
        state.quarters_signed[change.quarter] = change.at


def _of_duty(state: State, change: Watched, now: datetime) -> None:
    """Remember who is at work, and how their checks went."""
    watch_over(state.duties, state.watches, change, now)


def _of_fault(state: State, change: FaultChange, now: datetime) -> None:
    """Remember a fault until its restore, which is expected no longer then."""
    apply_fault(state.faults, change, state.position, now)
    if type(change) is FaultCleared:
        disarm(state.watches, WatchKind.RESTORE, change.name)


def _heed(state: State, change: Heeded, now: datetime) -> None:
    """Remember whether the field can be heard."""
    state.hearing = heed(state.hearing, change, now)


def _of_site(state: State, change: SiteChange, now: datetime) -> None:
    """Note it of the site; what is expected no longer leaves the watches."""
    note(state.sites, change, state.position, now)
    if type(change) is ExpectationDropped:
        disarm(state.watches, change.kind, change.subject)


def _roll_up(state: State, change: RollupChange, now: datetime) -> None:
    """Count it; a zone that counts anew is on no shelf."""
    apply_rollup(state.rollups, change, now)
    if type(change) is ZonesRested:
        for zone in change.zones:
            disarm(state.watches, WatchKind.END_OF_SHELF, name_of_shelf(change.site, zone))


def _hold(state: State, change: HoldChange, now: datetime) -> None:
    """Change what waits for an abort."""
    apply_hold(state.holds, change, now)
    if type(change) is SignalHeld:
        incident = change.draft.incident
        count(state.runs, incident.source, incident.event, change.draft.nth, now)
    elif type(change) is HoldEnded:
        disarm(state.watches, WatchKind.END_OF_HOLD, change.name)


def _learn(state: State, change: Lesson, now: datetime) -> None:
    """Remember what a later signal's facts depend on."""
    match change:
        case ClueKept():
            state.clues[change.site] = keep(state.clues.get(change.site, ()), change, state.position, now)
        case Confirmed():
            state.confirmed[f"{change.threat} {change.site}"] = now
        case PathMoved():
            failed = moved(state.paths, change)
            if failed is not None:
                state.paths[change.site] = failed
        case WentOnTest():
            state.tests[change.test.name] = change.test
        case CameOffTest():
            del state.tests[change.test.name]
            state.tests_over.append(change.test)
            del state.tests_over[:-REPORTS_KEPT]
            disarm(state.watches, WatchKind.END_OF_TEST, change.test.name)
        case Swallowed():
            state.tests[change.test] = swallow(state.tests[change.test], change.event, state.position)
        case _:
            assert_never(change)


LEARNERS: Final[dict[type, Callable[[State, Any, datetime], None]]] = {
    **dict.fromkeys((SignalHeld, HoldEased, HoldEnded), _hold),
    **dict.fromkeys((ZoneTripped, ZonesRested, RolledUp), _roll_up),
    **dict.fromkeys((FaultNoted, FaultCleared, FaultUnpaired), _of_fault),
    **dict.fromkeys((ClueKept, Confirmed, PathMoved, WentOnTest, CameOffTest, Swallowed), _learn),
    **dict.fromkeys((WentDeaf, HearsAgain), _heed),
    **dict.fromkeys((DutyBegan, DutyEnded, Checked, CheckSlipped, DutyNoted, NotWatched), _of_duty),
    **dict.fromkeys((SetNoted, SignNoted, ExpectationMissed), _of_site),
    **dict.fromkeys((ExpectationDropped, PlaceForgotten, FalseCallCounted), _of_site),
    **dict.fromkeys((PatrolSeeded, VisitCalled, VisitSettled), _of_site),
    **dict.fromkeys((EntryKept, EntryStruck, EntryOverdue), _of_log_book),
    **dict.fromkeys((HandoverGiven, HandoverSigned), _of_handover),
    **dict.fromkeys((NarrativeKept, QuarterFrozen), _of_plan),
    AtCameras: _of_camera,
    AtHelpPoint: _of_point,
    AtRules: _of_rules,
}
"""Which part of the room learns from a change of this type; `apply` looks it up."""

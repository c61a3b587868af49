"""What the room learns, applied: each change is handed to the part of the room that made it.

Apart from `apply` only for its length; the same holds here: nothing is decided, and the union is closed.
"""

from datetime import datetime
from typing import assert_never

from controlroom.incidents.cameras.changes import AtCameras
from controlroom.incidents.cameras.note import note as note_camera
from controlroom.incidents.changes import Learnt
from controlroom.incidents.confirmation import keep
from controlroom.incidents.hearing import HearsAgain, WentDeaf, heed
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
from controlroom.incidents.on_test import REPORTS_KEPT, swallow
from controlroom.incidents.paths import moved
from controlroom.incidents.people.duty import (
    Checked,
    CheckSlipped,
    DutyBegan,
    DutyEnded,
    DutyNoted,
    NotWatched,
    watch_over,
)
from controlroom.incidents.repeats import count
from controlroom.incidents.restores.state import (
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
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    ExpectationMissed,
    FalseCallCounted,
    PlaceForgotten,
    SetNoted,
    SignNoted,
    SiteChange,
)
from controlroom.incidents.sites.state import note
from controlroom.incidents.state import State
from controlroom.incidents.watches import disarm


def learn(state: State, change: Learnt, now: datetime) -> None:
    """Hand a change to the part of the room that made it."""
    match change:
        case SignalHeld() | HoldEased() | HoldEnded():
            _hold(state, change, now)
        case ZoneTripped() | ZonesRested() | RolledUp():
            _roll_up(state, change, now)
        case FaultNoted() | FaultCleared() | FaultUnpaired():
            apply_fault(state.faults, change, state.position, now)
            if type(change) is FaultCleared:
                disarm(state.watches, WatchKind.RESTORE, change.name)
        case ClueKept() | Confirmed() | PathMoved() | WentOnTest() | CameOffTest() | Swallowed():
            _learn(state, change, now)
        case WentDeaf() | HearsAgain():
            state.hearing = heed(state.hearing, change, now)
        case DutyBegan() | DutyEnded() | Checked() | CheckSlipped() | DutyNoted() | NotWatched():
            watch_over(state.duties, state.watches, change, now)
        case SetNoted() | SignNoted() | ExpectationMissed() | PlaceForgotten() | FalseCallCounted():
            _of_site(state, change, now)
        case ExpectationDropped():
            _of_site(state, change, now)
        case AtCameras() | AtHelpPoint():
            _of_device(state, change, now)
        case _:
            assert_never(change)


def _of_device(state: State, change: AtCameras | AtHelpPoint, now: datetime) -> None:
    """Remember something of a camera or a help point, and expect no longer what this ends."""
    match change:
        case AtCameras(step=step):
            ended = note_camera(state.cameras, state.incidents, step, state.position, now)
        case AtHelpPoint(step=told):
            ended = note_point(state.help_points, state.incidents, told, now)
        case _:
            assert_never(change)
    for kind, subject in ended:
        disarm(state.watches, kind, subject)


def _of_site(state: State, change: SiteChange, now: datetime) -> None:
    """Note it of the site; what is expected no longer leaves the watches."""
    if type(change) is ExpectationDropped:
        disarm(state.watches, change.kind, change.subject)
    else:
        note(state.sites, change, state.position, now)


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

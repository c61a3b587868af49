"""What follows when something that was expected has not happened. One watch a tick, the earliest first."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.cameras.due import OfCameras, camera_due
from controlroom.incidents.changes import WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.hearing import excused_until
from controlroom.incidents.help_points.due import OfHelpPoints, help_point_due
from controlroom.incidents.holds.holding import hold_over
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.keyholders.calling import keyholder_overdue
from controlroom.incidents.lessons import CameOffTest
from controlroom.incidents.log_book.on_log_book import footage_overdue
from controlroom.incidents.people.on_silence import on_silence
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.restores.tracking import restore_overdue
from controlroom.incidents.rollups.rolling import shelf_over
from controlroom.incidents.sites.fired import on_site_watch
from controlroom.incidents.state import State
from controlroom.incidents.watches import OF_THE_FIELD, first
from controlroom.incidents.work.expected import crew_still_awaited
from controlroom.incidents.work.overdue import overdue


def on_tick(handbook: Handbook, state: State, now: datetime) -> Decision:
    """Return what follows from the earliest watch that is due; nothing when none is."""
    watch = first(state.watches, hearing=state.hearing.deaf_since is None)
    if watch is None or watch.due > now:
        return Decision(reasons=(Reason.NOTHING_DUE,))
    if watch.kind in OF_THE_FIELD:
        until = excused_until(state.hearing, watch.due, handbook.house.after_outage_s)
        if until is not None:
            return Decision((WatchArmed(replace(watch, due=until)),), reasons=(Reason.OUTAGE_EXPLAINS,))
    return _expired(handbook, state, watch, now)


def _expired(  # noqa: PLR0911 - one return a domain
    handbook: Handbook, state: State, watch: Watch, now: datetime
) -> Decision:
    """Hand the watch to the domain that armed it."""
    match watch.kind:
        case (
            WatchKind.ACCEPTANCE
            | WatchKind.ANSWER
            | WatchKind.ESCALATION
            | WatchKind.OWNER_MOVES
            | WatchKind.ARRIVAL
            | WatchKind.CLEARANCE
            | WatchKind.END_OF_PARKING
            | WatchKind.REOPENING
            | WatchKind.UPDATE_HEARD
        ):
            return overdue(handbook, state, watch, now)
        case WatchKind.KEYHOLDER_CALL | WatchKind.KEYHOLDER_ATTENDS:
            told, incident = (
                keyholder_overdue(handbook, state, watch, now),
                state.incidents.get(watch.subject),
            )
            return told if incident is None else crew_still_awaited(state, incident, told)
        case WatchKind.END_OF_HOLD:
            return hold_over(handbook, state, watch, now)
        case WatchKind.RESTORE:
            return restore_overdue(watch)
        case WatchKind.END_OF_SHELF:
            return shelf_over(state, watch)
        case WatchKind.END_OF_TEST:
            over = CameOffTest(state.tests[watch.subject])
            return Decision((WatchExpired(watch), over), reasons=(Reason.TEST_RAN_OUT,))
        case (
            WatchKind.LATE_TO_SET
            | WatchKind.EARLY_OPEN
            | WatchKind.TEST_OVERDUE
            | WatchKind.PATH_SILENT
            | WatchKind.FALSE_CALLS
            | WatchKind.GATE_OPENING
            | WatchKind.GATE_CLOSING
            | WatchKind.VISIT
            | WatchKind.ROLL_CALL
        ):
            return on_site_watch(handbook, state, watch, now)
        case WatchKind.FOOTAGE_DUE:
            return footage_overdue(watch, now)
        case WatchKind.CHECK | WatchKind.CONTACT | WatchKind.AMBER | WatchKind.SHIFT_END | WatchKind.BOOK_ON:
            return on_silence(handbook, state, watch, now)
        case _:
            return _of_device(handbook, state, watch.kind, watch, now)


def _of_device(
    handbook: Handbook, state: State, kind: OfCameras | OfHelpPoints, watch: Watch, now: datetime
) -> Decision:
    """Hand the watch over a camera or a help point to its part of the room."""
    match kind:
        case (
            WatchKind.CAMERA_SILENCE
            | WatchKind.CAMERA_SETTLED
            | WatchKind.CAMERA_FLAPPING
            | WatchKind.CAMERA_GROUP
        ):
            return camera_due(handbook, state, kind, watch, now)
        case (
            WatchKind.HELP_POINT_CALL
            | WatchKind.HELP_POINT_ABANDONED
            | WatchKind.HELP_POINT_STUCK
            | WatchKind.HELP_POINT_TEST
        ):
            return help_point_due(handbook, state, kind, watch, now)
        case _:
            assert_never(kind)

"""What follows when something that was expected has not happened. One watch a tick, the earliest first."""

from datetime import datetime
from typing import assert_never

from controlroom.incidents.changes import WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.holds.holding import hold_over
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.lessons import CameOffTest
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.overdue import overdue


def on_tick(handbook: Handbook, state: State, now: datetime) -> Decision:
    """Return what follows from the earliest watch that is due; nothing when none is."""
    if not state.watches or state.watches[0][0] > now:
        return Decision(reasons=(Reason.NOTHING_DUE,))
    watch = state.watches[0][2]
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
        ):
            return overdue(handbook.house.work, state, watch, now)
        case WatchKind.END_OF_HOLD:
            return hold_over(handbook, state, watch, now)
        case WatchKind.END_OF_TEST:
            over = CameOffTest(state.tests[watch.subject])
            return Decision((WatchExpired(watch), over), reasons=(Reason.TEST_RAN_OUT,))
        case _:
            assert_never(watch.kind)

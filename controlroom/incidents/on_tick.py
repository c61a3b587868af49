"""What follows when something that was expected has not happened. One watch a tick, the earliest first."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.changes import Change, IncidentMoved, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.hearing import excused_until
from controlroom.incidents.incident import Status, Watch, WatchKind
from controlroom.incidents.lessons import CameOffTest
from controlroom.incidents.people.on_silence import on_silence
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import OF_THE_FIELD, first


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


def _expired(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Hand the watch to the domain that armed it."""
    match watch.kind:
        case WatchKind.ACCEPTANCE:
            return _nobody_moved(
                state, watch, state.orders[watch.subject].order.incident, Reason.NOT_ACCEPTED
            )
        case WatchKind.ANSWER:
            return _nobody_moved(state, watch, watch.subject, Reason.NOT_ANSWERED)
        case WatchKind.END_OF_TEST:
            over = CameOffTest(state.tests[watch.subject])
            return Decision((WatchExpired(watch), over), reasons=(Reason.TEST_RAN_OUT,))
        case WatchKind.CHECK | WatchKind.CONTACT | WatchKind.AMBER | WatchKind.SHIFT_END | WatchKind.BOOK_ON:
            return on_silence(handbook, state, watch, now)
        case _:
            assert_never(watch.kind)


def _nobody_moved(state: State, watch: Watch, incident: str, reason: Reason) -> Decision:
    """Escalate the incident, where it is still open."""
    changes: list[Change] = [WatchExpired(watch)]
    if incident in state.incidents:
        changes.append(IncidentMoved(incident, Status.ESCALATED, because=reason))
    return Decision(tuple(changes), reasons=(reason,))

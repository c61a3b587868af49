"""What follows when something that was expected has not happened. One watch a tick, the earliest first."""

from datetime import datetime
from typing import assert_never

from controlroom.incidents.changes import Change, IncidentMoved, WatchExpired
from controlroom.incidents.incident import Status, Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State


def on_tick(state: State, now: datetime) -> Decision:
    """Return what follows from the earliest watch that is due; nothing when none is."""
    if not state.watches or state.watches[0][0] > now:
        return Decision(reasons=(Reason.NOTHING_DUE,))
    watch = state.watches[0][2]
    incident, reason = _expected(state, watch)
    changes: list[Change] = [WatchExpired(watch)]
    if incident in state.incidents:
        changes.append(IncidentMoved(incident, Status.ESCALATED, because=reason))
    return Decision(tuple(changes), reasons=(reason,))


def _expected(state: State, watch: Watch) -> tuple[str, Reason]:
    """Return the incident that was waited for, and what did not happen."""
    match watch.kind:
        case WatchKind.ACCEPTANCE:
            return state.orders[watch.subject].order.incident, Reason.NOT_ACCEPTED
        case WatchKind.ANSWER:
            return watch.subject, Reason.NOT_ANSWERED
        case _:
            assert_never(watch.kind)

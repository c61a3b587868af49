"""What the later steps of a help point call do to the incident that its start has opened.

A desk that answers has the incident; the end of an answered call is the end of its incident. Three
incidents stay for a person: one that a crew was sent to (the crew's word ends it), one that somebody
other than the answering desk has taken over, and one of a caller who was never answered: nobody knows
what that person wanted. An incident that several calls share is not over with one of them either.
"""

from datetime import datetime

from controlroom.incidents.changes import Change, IncidentClosed
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import owned_by
from controlroom.incidents.work.limits import WorkRules
from controlroom.signals.envelope import HelpPointSignal, Signal
from controlroom.signals.vocabulary import CallStep, Kind

UNNAMED_DESK = "help point desk"
"""Who has a call that was answered by a desk that did not say its name."""

_WAITING = frozenset({Status.NEW, Status.ESCALATED})


def call_key(source: str, call: str) -> str:
    """Return the merge key of one call at one point: all its steps are about one incident."""
    return f"{point_key(source)} {call}"


def point_key(source: str) -> str:
    """Return the merge key of everything at one point."""
    return f"{Kind.HELP_POINT} {source}"


def call_went_on(
    work: WorkRules, state: State, signal: Signal, now: datetime
) -> tuple[Reason, tuple[Change, ...]] | None:
    """Return what an answered or ended call changes, and why; None where it changes nothing."""
    if type(signal) is not HelpPointSignal:  # a model's `isinstance` is slow to say no
        return None
    incident = _incident(state, signal)
    if incident is None or incident.simulated != signal.simulated or incident.order is not None:
        return None
    desk = signal.data.answered_by or UNNAMED_DESK
    if signal.data.step is CallStep.ANSWERED and incident.status in _WAITING:
        return Reason.CALL_ANSWERED, owned_by(work, incident, desk, now)
    over = signal.data.step is CallStep.ENDED and incident.status is Status.OWNED
    if over and incident.owner == desk and incident.signals == 1:
        closed = IncidentClosed(incident.id, at=now, outcome=Ending.ANSWERED_BY_VOICE, by=desk)
        return Reason.CALL_ENDED, (closed,)
    return None


def _incident(state: State, signal: HelpPointSignal) -> Incident | None:
    """Return the open incident of this call: its own, or the one that its point's calls share."""
    own = state.joinable.get(call_key(signal.source, signal.data.call))
    shared = state.joinable.get(point_key(signal.source))
    return state.incidents.get(own or shared or "")

"""How incidents about cameras end without a person: taken into a larger one, or over by themselves.

Only what nobody has touched ends so: no owner, no crew, no engineer's work order. That a camera is back says
that nothing is left to do; it never takes work out of somebody's hands.
"""

from collections.abc import Iterable
from datetime import datetime

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change, IncidentAbsorbed, IncidentClosed
from controlroom.incidents.endings import Ending
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.state import State
from controlroom.signals.vocabulary import CameraFault, Kind

_WAITING = frozenset({Status.NEW, Status.ESCALATED})


def closed_if_untouched(state: State, incident: str | None, now: datetime) -> tuple[Change, ...]:
    """Return the end of an incident whose cameras are all back; nothing where somebody has it."""
    open_one = state.incidents.get(incident or "")
    if open_one is None or not _untouched(state, open_one):
        return ()
    return (IncidentClosed(open_one.id, at=now, outcome=Ending.CAME_BACK),)


def taken_in(
    state: State, cameras: Iterable[Place], incident: str | None, now: datetime
) -> tuple[Change, ...]:
    """Return the ends of these cameras' own untouched incidents, which a larger one now stands for.

    They are found by their merge keys: the camera's, and its site's where a camera of ours opened it.
    Tampering is never taken in: somebody was at the camera.
    """
    if incident is None:
        return ()
    ours = {place.topic: place for place in cameras}
    keys = dict.fromkeys(
        f"{Kind.CAMERA_FAULT} {key}" for place in ours.values() for key in (place.topic, place.site)
    )
    found = dict.fromkeys(state.joinable[key] for key in keys if key in state.joinable)
    singles = (state.incidents[one] for one in found if one != incident)
    return tuple(
        IncidentAbsorbed(single.id, incident, now)
        for single in singles
        if single.source in ours and single.event != CameraFault.TAMPER and _untouched(state, single)
    )


def _untouched(state: State, incident: Incident) -> bool:
    free = incident.status in _WAITING and incident.owner is None and incident.order is None
    return free and all(order.incident != incident.id for order in state.cameras.work_orders.values())

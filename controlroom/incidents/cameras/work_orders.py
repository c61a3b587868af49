"""Engineers' work orders: raised by an operator on an open incident, attended, cleared with a result.

A work order is about what the incident is about, a camera or what many hang on; there is one open at a
time for each. It ends no incident and no incident ends it: a camera may be well again before anybody came,
and an engineer may have been there in vain.
"""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.events import WorkOrderCommand
from controlroom.incidents.cameras.changes import AtCameras, WorkOrder, WorkOrderMoved
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.signals.maintenance import WorkStep
from controlroom.signals.vocabulary import Kind

_REPAIRABLE = frozenset({Kind.CAMERA_FAULT, Kind.HELP_POINT})
"""What the installers look after: an engineer goes to a device, never to a person."""

_REFUSED = Decision(reasons=(Reason.COMMAND_REFUSED,))


def on_work_order(state: State, command: WorkOrderCommand, now: datetime) -> Decision:
    """Return what follows from a word about a work order; what is not possible changes nothing."""
    match command.step:
        case WorkStep.RAISED:
            return _raise(state, command, now)
        case WorkStep.ATTENDED:
            order = _open(state, command)
            if order is None or order.attended_at is not None:
                return _REFUSED
            return _taken(replace(order, attended_at=now, attended_by=command.author))
        case WorkStep.CLEARED:
            order = _open(state, command)
            if order is None or command.result is None:
                return _REFUSED
            note = command.note or order.note
            done = replace(order, cleared_at=now, cleared_by=command.author, result=command.result, note=note)
            return _taken(done)
        case _:
            assert_never(command.step)


def _open(state: State, command: WorkOrderCommand) -> WorkOrder | None:
    """Return the open work order that is meant; None where there is none that its author may see."""
    order = state.cameras.work_orders.get(command.about)
    readers = state.restricted.get(order.incident, ()) if order is not None else ()
    return order if may_see(readers, command.author) else None


def _raise(state: State, command: WorkOrderCommand, now: datetime) -> Decision:
    incident = state.incidents.get(command.about)
    if incident is None or not may_see(incident.readers, command.author):
        return _REFUSED
    if incident.kind not in _REPAIRABLE:
        return _REFUSED
    if any(order.subject == incident.source for order in state.cameras.work_orders.values()):
        return _REFUSED
    order = WorkOrder(
        id=f"WO-{state.position + 1}",
        subject=incident.source,
        incident=incident.id,
        fault=incident.event,
        note=command.note,
        raised_at=now,
        raised_by=command.author,
    )
    return _taken(order)


def _taken(order: WorkOrder) -> Decision:
    return Decision((AtCameras(WorkOrderMoved(order)),), reasons=(Reason.COMMAND,))

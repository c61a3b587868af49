"""What the room itself says about a camera, and how a case about one is made and collected."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.estate.model import Place
from controlroom.incidents.changes import Change, IncidentOpened, SignalJoined
from controlroom.incidents.facts import Known, known_of
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.inferred import room_id
from controlroom.incidents.meaning import meaning_of
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.routing import Case, route
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import conditions_over, name_of_condition
from controlroom.rules.verdict import Circumstances, Route
from controlroom.signals.envelope import CameraFaultSignal
from controlroom.signals.payloads import CameraFaultReport
from controlroom.signals.vocabulary import CameraFault, FaultState, Kind


def said(
    handbook: Handbook, state: State, place: Place, fault: CameraFault, now: datetime
) -> CameraFaultSignal:
    """Return the room's own word about a camera or a parent; marked simulated where all signals are."""
    report = CameraFaultReport.model_construct(camera=place.key, fault=fault, state=FaultState.RAISED)
    return CameraFaultSignal.model_construct(
        specversion="1.0",
        id=room_id(state),
        source=place.topic,
        time=now,
        type="uk.gov.leeds.leedswatch.camera-fault.v1",
        simulated=handbook.house.demonstration,
        data=report,
    )


def case_of(handbook: Handbook, state: State, signal: CameraFaultSignal, place: Place, now: datetime) -> Case:
    """Return the signal with its facts and the rules' verdict."""
    meaning = meaning_of(signal)
    known = known_of(handbook, state, signal, meaning, place, now)
    asked = Circumstances(signal, Kind.CAMERA_FAULT, place.area, place, known.room, now)
    return Case(asked, meaning, handbook.rules.judge(asked), known)


def own_case(handbook: Handbook, state: State, place: Place, fault: CameraFault, now: datetime) -> Case:
    """Return the case of the room's own word: it is no repeat, and no rule holds it any longer."""
    case = case_of(handbook, state, said(handbook, state, place, fault, now), place, now)
    case.known = Known(case.known.room, 0, case.known.test)
    case.verdict = replace(case.verdict, hold_s=None)
    return case


def only_logged(
    handbook: Handbook, state: State, case: Case, reason: Reason, changes: list[Change]
) -> Decision:
    """Send the case to the log, whatever its rule says, and say why."""
    case.verdict = replace(case.verdict, route=Route.LOG)
    case.reasons.append(reason)
    return route(handbook, state, case, changes)


def collected(
    handbook: Handbook, state: State, case: Case, incident: str | None, changes: list[Change]
) -> Decision:
    """Count the case in the incident that collects its like; log it where that is not open (any more).

    The reason for it is the last one of the case.
    """
    collecting = state.incidents.get(incident or "")
    if collecting is None or (case.verdict.route is Route.LOG and case.known.test is not None):
        return only_logged(handbook, state, case, case.reasons.pop(), changes)
    changes.append(
        SignalJoined(
            incident=collecting.id,
            kind=case.meaning.kind,
            source=case.asked.signal.source,
            priority=collecting.priority,
            event=case.meaning.event,
            activation=False,
            simulated=case.asked.signal.simulated,
            nth=case.known.nth,
            standing=name_of_condition(case.asked.signal),
        )
    )
    return Decision(tuple(changes), reasons=(*case.reasons, Reason.JOINED), ruling=case.ruling)


def over(state: State, topic: str, fault: CameraFault) -> tuple[Change, ...]:
    """Return the end of this condition of an open incident; nothing where none has it."""
    return tuple(conditions_over(state, (f"{topic} {fault}",)))


def incident_in(decision: Decision) -> str | None:
    """Return the incident that a routed case opened or joined; None where it was only logged."""
    for change in decision.changes:
        if type(change) is IncidentOpened:
            return change.incident.id
        if type(change) is SignalJoined:
            return change.incident
    return None

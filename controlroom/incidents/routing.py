"""Where a case goes once the rules have spoken: the log, an open incident, or a new one.

A *case* is something that asks for a decision: a signal of the field (`on_signal`), or what the room itself
noticed because it did not come (`inferred`). Both go this one way, so a missed check is routed, prioritised,
merged and answered by the same tables as an alarm.
"""

from msgspec.structs import replace

from controlroom.estate.model import Place
from controlroom.incidents.calls import call_key, call_went_on
from controlroom.incidents.changes import (
    Change,
    IncidentMoved,
    Logged,
    SignalJoined,
    WatchArmed,
)
from controlroom.incidents.crews.orders import last_seen, somebody_goes
from controlroom.incidents.crews.raising import News, sooner, told_on_the_way
from controlroom.incidents.draft import Draft
from controlroom.incidents.facts import Known
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.holds.holding import hold, may_be_held, with_held
from controlroom.incidents.incident import Incident, Member, Status
from controlroom.incidents.lessons import Confirmed, Swallowed
from controlroom.incidents.meaning import Meaning
from controlroom.incidents.opening import first_watch, open_draft, order_for
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision, Ruling
from controlroom.incidents.restores.tracking import closed_by_restore
from controlroom.incidents.rollups.rolling import is_shelved, may_roll_up, rolls_up
from controlroom.incidents.rollups.state import RolledUp, RollUp
from controlroom.incidents.state import State
from controlroom.incidents.work.conditions import name_of_condition
from controlroom.rules.verdict import NO_RULE, Circumstances, Dispatch, MergeKey, Route, Verdict
from controlroom.signals.envelope import HelpPointSignal, LoneWorkerSignal, Signal
from controlroom.signals.payloads import ArcAlarm, Position


def for_testing(handbook: Handbook, signal: Signal) -> bool:
    """Say whether this signal must leave no trace in what is decided about real ones."""
    return signal.simulated and not handbook.house.demonstration


class Case:
    """A signal with its circumstances, its meaning, what the rules said of it and what the room knew."""

    __slots__ = ("asked", "confirmed_by", "known", "meaning", "reasons", "rolled_up", "ruling", "verdict")

    def __init__(self, asked: Circumstances, meaning: Meaning, verdict: Verdict, known: Known) -> None:
        self.asked = asked
        self.meaning = meaning
        self.verdict = verdict
        self.known = known
        self.rolled_up: RollUp | None = None
        self.ruling = Ruling(verdict.table, verdict.rule, verdict.rule_set)
        self.reasons = [Reason.NO_RULE if verdict.rule == NO_RULE else Reason.RULE]
        self.confirmed_by: tuple[int, ...] = ()
        for lesson in known.lessons:
            if type(lesson) is Confirmed:
                self.confirmed_by = lesson.by
                self.reasons.append(Reason.CONFIRMED)


def route(handbook: Handbook, state: State, case: Case, changes: list[Change]) -> Decision:
    """Send the case to the log, to an open incident, or to a new one."""
    signal, verdict, meaning = case.asked.signal, case.verdict, case.meaning
    testing = for_testing(handbook, signal)
    if verdict.route is Route.LOG or testing:
        changes.append(_logged(case))
        reasons = case.reasons
        if testing:
            reasons.append(Reason.TEST_SIGNAL)
        if case.known.test is not None and meaning.fresh:
            changes.append(Swallowed(case.known.test, meaning.event))
        closed = () if meaning.fresh else closed_by_restore(state, changes, case.asked.now)
        if closed:
            changes += closed
            reasons.append(Reason.RESTORED)
        if type(signal) is HelpPointSignal:
            went_on = call_went_on(handbook.house.work, state, signal, case.asked.now)
            if went_on is not None:
                reasons.append(went_on[0])
                changes += went_on[1]
        return Decision(tuple(changes), reasons=tuple(reasons), ruling=case.ruling)
    joins = state.joinable.get(_merge_key(case, _site(case.asked.place, meaning)) or "")
    if may_roll_up(verdict, case.known.room, meaning):
        if is_shelved(state, signal, case.asked.place):
            return _shelved(case, state.incidents[joins] if joins is not None else None, changes)
        work, now = handbook.house.work, case.asked.now
        how = rolls_up(work, state, case.asked.area, verdict, case.known.nth, now)
        if how is not None and joins is None and not _may_be_held(case):
            joins = _roll_up(state, case, how, changes)
    if joins is not None:
        return _join(handbook, state, case, state.incidents[joins], changes)
    return _open(handbook, state, case, changes)


def _roll_up(state: State, case: Case, how: RollUp, changes: list[Change]) -> str | None:
    """Lead the case to the incident that stands for many; None where it is the first of them."""
    case.rolled_up = how
    case.reasons.append(Reason(f"{how}_rolled_up"))
    changes.append(RolledUp(how, case.asked.area, _site(case.asked.place, case.meaning)))
    return state.joinable.get(_rolled_key(case, how))


def _rolled_key(case: Case, how: RollUp) -> str:
    return f"{how} {case.asked.area if how is RollUp.FLOOD else case.asked.signal.source}"


def _shelved(case: Case, joins: Incident | None, changes: list[Change]) -> Decision:
    """Count a trip of a shelved zone with its site's incident, or in the log; it alarms nobody anew."""
    asked, data = case.asked, case.asked.signal.data
    zone = data.zone if isinstance(data, ArcAlarm) else None
    changes += (
        RolledUp(RollUp.SWINGER, asked.area, _site(asked.place, case.meaning), zone),
        _joined(case, joins) if joins is not None else _logged(case),
    )
    return Decision(tuple(changes), reasons=(*case.reasons, Reason.SWINGER), ruling=case.ruling)


def _joined(case: Case, incident: Incident) -> SignalJoined:
    meaning, signal, verdict = case.meaning, case.asked.signal, case.verdict
    raises = verdict.priority < incident.priority
    return SignalJoined(
        incident=incident.id,
        kind=meaning.kind,
        source=signal.source,
        priority=verdict.priority,
        event=meaning.event,
        activation=meaning.activation,
        simulated=signal.simulated,
        nth=case.known.nth,
        standing=_standing(case),
        confirmed_by=case.confirmed_by,
        answer_within_s=verdict.answer_within_s if raises else None,
        respond_within_s=verdict.respond_within_s if raises else None,
    )


def _logged(case: Case) -> Logged:
    meaning, signal, verdict = case.meaning, case.asked.signal, case.verdict
    return Logged(
        kind=meaning.kind,
        source=signal.source,
        priority=verdict.priority,
        rule=verdict.rule,
        event=meaning.event,
        simulated=signal.simulated,
        activation=meaning.activation,
        nth=case.known.nth,
    )


def _join(
    handbook: Handbook, state: State, case: Case, incident: Incident, changes: list[Change]
) -> Decision:
    """Join the incident; nothing that the signal would have got alone is lost by it.

    Where nobody goes yet a crew is sent if the rule sends one, and a more urgent signal makes the
    incident wait for a person anew, also one that somebody already had. A crew that goes is told.
    """
    verdict, now = case.verdict, case.asked.now
    changes.append(_joined(case, incident))
    reasons = (*case.reasons, Reason.JOINED)
    if somebody_goes(state, incident):
        then = told_on_the_way(handbook, state, incident, _news(case), now)
        if then.orders:
            reasons = (*reasons, Reason.CREW_TOLD)
        return Decision((*changes, *then.changes), then.orders, reasons, case.ruling)
    draft = _drafted(handbook, state, case)
    order = order_for(handbook, state, draft, incident.id, now)
    watch = first_watch(handbook, draft, order, incident.id, now)
    if order is not None:
        moved = IncidentMoved(incident.id, Status.DISPATCHED, due=watch.due, order=order.id)
        return Decision((*changes, moved, WatchArmed(watch)), (order,), reasons, case.ruling)
    if verdict.priority < incident.priority and incident.status is Status.ESCALATED:
        changes += sooner(handbook.house.work, state, incident, _news(case), now)
    elif verdict.priority < incident.priority:
        if incident.due is not None and incident.due < watch.due:
            watch = replace(watch, due=incident.due)
        changes += (IncidentMoved(incident.id, Status.NEW, due=watch.due), WatchArmed(watch))
    return Decision(tuple(changes), reasons=reasons, ruling=case.ruling)


def _open(handbook: Handbook, state: State, case: Case, changes: list[Change]) -> Decision:
    """Open an incident, unless the rule leaves time for an abort; a hold of the same cause ends with it."""
    draft = _drafted(handbook, state, case)
    if _may_be_held(case):
        changes += hold(state, draft, case.verdict.hold_s or 0, case.asked.now, changes)
        case.reasons.append(Reason.HELD)
        return Decision(tuple(changes), reasons=tuple(case.reasons), ruling=case.ruling)
    draft, ended = with_held(state, draft, case.asked.now, changes)
    opened, orders, alone = open_draft(handbook, state, draft, case.asked.now)
    changes += (*ended, *opened)
    if alone is not None:
        case.reasons.append(alone)
    return Decision(tuple(changes), orders, tuple(case.reasons), case.ruling)


def _may_be_held(case: Case) -> bool:
    return may_be_held(case.verdict, case.known.room, case.meaning)


def _news(case: Case) -> News:
    """Return what this signal says to a crew that goes already."""
    verdict = case.verdict
    return News(
        word=case.meaning.event,
        priority=verdict.priority,
        instruction=_instruction(case),
        answer_within_s=verdict.answer_within_s,
        respond_within_s=verdict.respond_within_s,
        looks=verdict.dispatch is Dispatch.OPERATOR,
    )


def _drafted(handbook: Handbook, state: State, case: Case) -> Draft:
    """Return the incident that this signal asks for."""
    asked, verdict, meaning = case.asked, case.verdict, case.meaning
    site = _site(asked.place, meaning)
    standing = _standing(case)
    incident = Incident(
        id="",
        kind=meaning.kind,
        area=asked.area,
        source=asked.signal.source,
        site=site,
        event=meaning.event,
        priority=verdict.priority,
        status=Status.NEW,
        opened_at=asked.now,
        rule=verdict.rule,
        why=verdict.why,
        simulated=asked.signal.simulated,
        activation=meaning.activation,
        merge=_rolled_key(case, case.rolled_up) if case.rolled_up is not None else _merge_key(case, site),
        rolled_up=case.rolled_up,
        answer_within_s=verdict.answer_within_s,
        respond_within_s=verdict.respond_within_s,
        members=(_member(case, state.position + 1, standing),),
        standing=(standing,) if standing else (),
        cameras=handbook.estate.cameras_near.get(asked.signal.source, ()),
        confirmed_by=case.confirmed_by,
    )
    instruction = _instruction(case) + last_seen(state, asked.place, _said(asked.signal))
    return Draft(incident, verdict.dispatch, instruction, asked.signal.id, case.known.nth)


def _instruction(case: Case) -> str:
    """Return what it is and where, in words."""
    place, event = case.asked.place, case.meaning.event
    return f"{event.replace('_', ' ')} at {_name(place, _site(place, case.meaning))}"


def _said(signal: Signal) -> Position | None:
    """Return the position that somebody's device gave with this signal."""
    return signal.data.position if type(signal) is LoneWorkerSignal else None


def _merge_key(case: Case, site: str) -> str | None:
    """Return under which key further signals join; None where the rule keeps each on its own.

    A call is one thing whatever the rule says: its steps find their way back to what its start opened.
    """
    merge, signal = case.verdict.merge, case.asked.signal
    if merge is None:
        return call_key(signal.source, signal.data.call) if type(signal) is HelpPointSignal else None
    return f"{case.meaning.kind} {signal.source if merge == MergeKey.PLACE else site}"


def _standing(case: Case) -> str:
    """Return the name of the condition that this signal says is there now; empty where it says of none."""
    return name_of_condition(case.asked.signal) if case.meaning.fresh else ""


def _member(case: Case, position: int, standing: str) -> Member:
    meaning, priority = case.meaning, case.verdict.priority
    return Member(position, case.asked.signal.source, meaning.event, priority, meaning.activation, standing)


def _site(place: Place | None, meaning: Meaning) -> str:
    return place.site if place is not None else meaning.subject


def _name(place: Place | None, site: str) -> str:
    return place.name if place is not None else f"unknown source {site}"

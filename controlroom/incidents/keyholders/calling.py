"""What a call to a keyholder leads to: the next one, a wait with an end, or a person who is told.

The list is that of the site, in its order, of those who can be called at this hour (`keyholders.csv`, column
`hours`); where nobody can be, it is the whole list: somebody asleep is better than nobody. Who was called is
called no second time by the list; after the last one the incident is escalated, and the operators go on as
they think.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.keyholders import CallResult, KeyholderCalled
from controlroom.estate.model import Keyholder
from controlroom.incidents.changes import Change, IncidentMoved, WatchArmed, WatchExpired
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import THE_ROOM, Incident, Status, Watch, WatchKind
from controlroom.incidents.keyholders.calls import (
    FAILED,
    Call,
    KeyholderNoted,
    KeyholderRules,
    is_there,
    on_the_way,
)
from controlroom.incidents.moments import after
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import escalated, owned_by
from controlroom.rules.calendars import LONDON

OF_THE_ROOM = frozenset({CallResult.NO_WORD, CallResult.NOT_THERE})
"""Results that only the room itself comes to."""


def call_list(handbook: Handbook, site: str, now: datetime) -> tuple[Keyholder, ...]:
    """Return who is called for this site at this hour, in order."""
    holders = handbook.estate.keyholders.get(site, ())
    calendars = handbook.rules.calendars
    at_hand = tuple(
        one
        for one in holders
        if one.hours is None or ((hours := calendars.get(one.hours)) is not None and hours.holds(now))
    )
    return at_hand or holders


def next_holder(handbook: Handbook, incident: Incident, now: datetime) -> Keyholder | None:
    """Return who is called next; None where everybody was, or nobody needs to be."""
    calls = incident.calls
    if is_there(calls) or on_the_way(calls):
        return None
    called = {call.keyholder for call in calls}
    return next((one for one in call_list(handbook, incident.site, now) if one.reference not in called), None)


def on_keyholder(handbook: Handbook, incident: Incident, command: KeyholderCalled, now: datetime) -> Decision:
    """Return what follows from a call that somebody made, or why it is none."""
    holders = {one.reference for one in handbook.estate.keyholders.get(incident.site, ())}
    if command.keyholder not in holders:
        return Decision(reasons=(Reason.KEYHOLDER_UNKNOWN,))
    if incident.status is Status.RESOLVED:
        return Decision(reasons=(Reason.IS_RESOLVED,))
    if command.result in OF_THE_ROOM:
        return Decision(reasons=(Reason.COMMAND_REFUSED,))
    changes = _called(handbook, incident, Call(command.keyholder, command.result, command.author, now), now)
    moved = any(isinstance(change, IncidentMoved) for change in changes)
    if not moved and incident.status is Status.OWNED and incident.owner == command.author:
        word, armed = owned_by(handbook.house.work, incident, command.author, now)
        changes += (replace(word, what="keyholder called"), armed)
    return Decision(changes, reasons=(Reason.COMMAND,))


def keyholder_overdue(handbook: Handbook, state: State, watch: Watch, now: datetime) -> Decision:
    """Return what follows when a call has led to no word, the next was not made, or nobody has come."""
    incident, over = state.incidents.get(watch.subject), WatchExpired(watch)
    if incident is None or not incident.calls or incident.status is Status.RESOLVED:
        return Decision((over,), reasons=(Reason.KEYHOLDER_NOT_AWAITED,))
    if watch.kind is WatchKind.KEYHOLDER_ATTENDS:
        way = on_the_way(incident.calls)
        if not way:
            return Decision((over,), reasons=(Reason.KEYHOLDER_NOT_AWAITED,))
        missed = Call(way[0].keyholder, CallResult.NOT_THERE, THE_ROOM, now)
        changes = (over, *_called(handbook, incident, missed, now))
        return Decision(changes, reasons=(Reason.KEYHOLDER_NOT_THERE,))
    last = incident.calls[-1]
    if last.result in FAILED:
        holder = next_holder(handbook, incident, now)
        because = f"{holder.reference} was not called" if holder is not None else "no keyholder was called"
        told = escalated(handbook.house.work, incident, because, now)
        return Decision((over, *told), reasons=(Reason.KEYHOLDER_NOT_CALLED,))
    silent = Call(last.keyholder, CallResult.NO_WORD, THE_ROOM, now)
    return Decision((over, *_called(handbook, incident, silent, now)), reasons=(Reason.KEYHOLDER_NO_WORD,))


def awaited(handbook: Handbook, incident: Incident, now: datetime) -> tuple[WatchArmed, ...]:
    """Return what the calls of this incident let us expect; nothing where there were none.

    Nothing is armed for a time that is over. What fell due while nobody waited has the time of one call more:
    who opens the incident again, or goes on calling, is not told at once that they did nothing.
    """
    calls, rules = incident.calls, handbook.house.keyholders
    if not calls or incident.status is Status.RESOLVED:
        return ()
    watches = []
    way = on_the_way(calls)
    if way and not is_there(calls):
        watches.append(Watch(after(way[0].at, rules.attend_s), WatchKind.KEYHOLDER_ATTENDS, incident.id))
    wait_s = _wait_s(rules, calls[-1].result)
    if wait_s and (calls[-1].result not in FAILED or next_holder(handbook, incident, now) is not None):
        watches.append(Watch(after(calls[-1].at, wait_s), WatchKind.KEYHOLDER_CALL, incident.id))
    anew = after(now, rules.next_s)
    return tuple(WatchArmed(one if one.due > now else replace(one, due=anew)) for one in watches)


def _called(handbook: Handbook, incident: Incident, call: Call, now: datetime) -> tuple[Change, ...]:
    """Return the call on record, what is awaited after it, and who is told where nobody is left or came."""
    then = replace(incident, calls=(*incident.calls, call))
    told: tuple[Change, ...] = ()
    if call.result is CallResult.NOT_THERE:
        said = on_the_way(incident.calls)[0].at.astimezone(LONDON)
        because = f"{call.keyholder} said at {said:%H:%M} that they come, and is not there"
        told = escalated(handbook.house.work, incident, because, now)
    elif _nobody_left(handbook, then, now):
        called = len({one.keyholder for one in then.calls})
        because = f"no keyholder of {incident.site} comes: {called} called"
        told = escalated(handbook.house.work, incident, because, now)
    return (KeyholderNoted(incident.id, call), *told, *awaited(handbook, then, now))


def _nobody_left(handbook: Handbook, incident: Incident, now: datetime) -> bool:
    """Say whether the last call failed, nobody is on the way or there, and nobody is left to be called."""
    calls = incident.calls
    somebody = is_there(calls) or on_the_way(calls) or next_holder(handbook, incident, now) is not None
    return calls[-1].result in FAILED and not somebody


def _wait_s(rules: KeyholderRules, result: CallResult) -> int | None:
    """Return how long what comes after this result may take; None where nothing has to."""
    match result:
        case CallResult.CALLING:
            return rules.call_s
        case CallResult.REACHED:
            return rules.decide_s
        case CallResult.ON_THE_WAY | CallResult.ARRIVED:
            return None
        case _:
            return rules.next_s

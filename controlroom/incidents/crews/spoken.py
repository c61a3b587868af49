"""What follows from a crew's word about itself: on duty or off, busy or free, alive, or in danger.

A crew that goes off duty in the middle of a job leaves it to the next crew, or to the supervisor. Its SOS is
a lone worker's: the rule tables say what it needs, and the safety properties hold for it.
"""

from datetime import datetime
from typing import Any, assert_never

from msgspec.structs import replace

from controlroom.commands.crews import CrewSpeaking, CrewSpoke
from controlroom.estate.areas import Area
from controlroom.estate.model import Crew
from controlroom.estate.nearby import Point
from controlroom.incidents.changes import Change, Heard
from controlroom.incidents.crews.changes import CrewNote, CrewNoted
from controlroom.incidents.crews.ending import ended
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.crews.going import SUPERVISOR, goes_on, next_crew
from controlroom.incidents.crews.watching import sign_of_life, watch_over
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.inferred import on_inferred, room_id
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import at_least, person_still_awaited
from controlroom.orders import Order, order_id
from controlroom.signals.dispatch_messages import CrewWord
from controlroom.signals.envelope import LoneWorkerSignal, type_of
from controlroom.signals.payloads import BY_THE_ROOM
from controlroom.signals.vocabulary import Kind, WorkerEvent

UNKNOWN_AREA = Area.INNER_EAST
"""The area under which an SOS of a unit that is in no record opens: the city centre's. Nobody knows where it
is, and an operator, who finds out, sees every area."""


def on_crew_word(handbook: Handbook, state: State, event: CrewSpeaking, now: datetime) -> Decision:
    """Return what follows; a word that comes twice counts once."""
    first = state.first_heard(event.key)
    if first is not None:
        return Decision(reasons=(Reason.DUPLICATE,), first_position=first)
    crew = handbook.estate.crews.get(event.unit)
    if crew is None and event.word is CrewWord.SOS:
        return _sos(handbook, state, event, [Heard(event.key)], now)
    if crew is None:
        return Decision((Heard(event.key),), reasons=(Reason.CREW_UNKNOWN,))
    by = None if isinstance(event, CrewSpoke) else event.author
    note = CrewNoted(event.unit, event.word, event.latitude, event.longitude, by=by or "")
    heard: list[Change] = [Heard(event.key), note]
    match event.word:
        case CrewWord.BOOKED_OFF:
            return _off_duty(handbook, state, crew, heard, by, now)
        case CrewWord.SOS:
            return _sos(handbook, state, event, heard, now)
        case CrewWord.BOOKED_ON | CrewWord.BUSY | CrewWord.AVAILABLE | CrewWord.CHECK_IN:
            heard += sign_of_life(handbook, state, crew.unit, by, now)
            return Decision(tuple(heard), reasons=(Reason.CREW_NOTED,))
        case _:
            assert_never(event.word)


def _off_duty(
    handbook: Handbook, state: State, crew: Crew, heard: list[Change], by: str | None, now: datetime
) -> Decision:
    """Let somebody else have what the crew had in hand."""
    reasons = [Reason.CREW_NOTED]
    orders: list[Order] = []
    because, load = f"{crew.unit} went off duty", dict(state.load)
    for name in state.in_hand.get(crew.unit, ()):
        standing = state.orders[name]
        end, word = ended(standing, OrderEnd.OFF_DUTY, because, by or "")
        heard.append(end)
        orders.append(word)
        incident = state.incidents.get(standing.order.incident)
        if incident is None or incident.order != name:
            continue
        given = next_crew(handbook, state, incident, standing.order, now, load)
        if given is not None:
            nth = sum(load.values()) - sum(state.load.values())
            given = replace(given, id=order_id(state.position + 1, nth))
            load[given.unit] = load.get(given.unit, 0) + 1
            orders.append(given)
        going = goes_on(handbook, incident, standing.order, given, because, now)
        moved = replace(
            at_least(going.moved, incident, SUPERVISOR), by=by or crew.unit, what=OrderEnd.OFF_DUTY
        )
        going_on = Decision((moved, going.armed))
        heard += person_still_awaited(state, incident, going_on).changes
        reasons.append(Reason.NOBODY_LEFT if given is None else Reason.NEXT_CREW_AFTER_OFF_DUTY)
    heard += watch_over(handbook, state, crew.unit, by)
    return Decision(tuple(heard), tuple(orders), tuple(dict.fromkeys(reasons)))


def _sos(
    handbook: Handbook, state: State, event: CrewSpeaking, heard: list[Change], now: datetime
) -> Decision:
    """Say it as a lone worker's device would: the rule tables know what an SOS needs, of anybody."""
    crew = handbook.estate.crews.get(event.unit)
    data: dict[str, Any] = {"worker": event.unit, "event": WorkerEvent.SOS}
    at = _last_position(state, event)
    if at is not None:
        data["position"] = {"latitude": at[0], "longitude": at[1]}
    said: dict[str, Any] = {
        "specversion": "1.0",
        "id": room_id(state),
        "source": crew.topic if crew is not None else f"leedswatch/{UNKNOWN_AREA}/lone-worker/{event.unit}",
        "time": now,
        "type": type_of(Kind.LONE_WORKER),
        "simulated": handbook.house.demonstration,
        "data": data,
    }
    signal = LoneWorkerSignal.model_validate(said, context=BY_THE_ROOM)
    if crew is not None and at is not None:  # whoever is nearest to where it is now goes
        note = replace(state.crews.get(crew.unit, CrewNote()), latitude=at[0], longitude=at[1])
        state = replace(state, crews={**state.crews, crew.unit: note})
    decision = on_inferred(handbook, state, signal, tuple(heard), now)
    first = Reason.CREW_NOTED if crew is not None else Reason.CREW_UNKNOWN
    return replace(decision, reasons=(first, *decision.reasons))


def _last_position(state: State, event: CrewSpeaking) -> Point | None:
    """Return where the unit says it is, else where it was last; None where nobody knows."""
    if event.latitude is not None and event.longitude is not None:
        return event.latitude, event.longitude
    note = state.crews.get(event.unit)
    if note is None or note.latitude is None or note.longitude is None:
        return None
    return note.latitude, note.longitude

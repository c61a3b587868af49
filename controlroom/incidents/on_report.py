"""What a crew's report leads to. One that comes late, twice or out of order changes nothing it should not.

The crew's terminal sends it, or somebody takes it down: the same steps, the same answers. A later step
implies that the order was accepted, so a lost acceptance is made up for and the figures stay exact. That it
knows of an update it says by the name of that update, so an old word is not taken for a new one. Of an
order that is over a word changes nothing but where the crew is, and that it is away from the place.

A crew that clears ends the incident, but for one that was told of something worse and never said that it
knows: the panic that joined while it was at the door is nobody's yet, so people are told and it stays.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.crews import StepTaken
from controlroom.estate.model import CREW_TAG
from controlroom.events import CrewReported
from controlroom.incidents.changes import Change, Heard, IncidentClosed, OrderMoved
from controlroom.incidents.crews.changes import CrewNoted, UpdateHeard
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.crews.going import goes_on, next_crew
from controlroom.incidents.crews.watching import away, sign_of_life, watched_at
from controlroom.incidents.endings import Ending
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import (
    Move,
    at_the_place,
    escalated,
    on_its_way,
    person_still_awaited,
)
from controlroom.signals.dispatch_messages import Step

Report = CrewReported | StepTaken
"""A step of an order, on either way."""

_MAY_STILL_REFUSE = {None, Step.ACCEPTED, Step.EN_ROUTE}
"""A unit that breaks down on its way says no as well; one that is there says what it found."""

_LEAVES = frozenset({Step.STOOD_DOWN, Step.REFUSED})
"""Steps that take the crew away from a place only where it was at the place of that order."""

_RANK = {
    None: 0,
    Step.ACCEPTED: 1,
    Step.EN_ROUTE: 2,
    Step.ON_SCENE: 3,
    Step.CLEARED: 4,
    Step.REFUSED: 4,
    Step.STOOD_DOWN: 0,
    Step.ACKNOWLEDGED: 0,
}
"""How far each step is; only a step further counts, and nothing follows the last two. Standing down is no
step of an order that lives, and knowing more of it is none either."""


def on_report(handbook: Handbook, state: State, event: Report, now: datetime) -> Decision:
    """Return what follows from a unit's word about its order."""
    if event.key:
        first = state.first_heard(event.key)
        if first is not None:
            return Decision(reasons=(Reason.DUPLICATE,), first_position=first)
    changes = _heard(handbook, event)
    if event.step is Step.ACKNOWLEDGED:
        return _knows(handbook, state, event, changes, now)
    standing = state.orders.get(event.order)
    if standing is None or standing.order.unit != event.unit:
        changes += _of_the_crew(handbook, state, event, now)
        return Decision(tuple(changes), reasons=(Reason.ORDER_UNKNOWN,))
    if not standing.live:
        return _over(handbook, state, standing, event, changes, now)
    refused_late = event.step is Step.REFUSED and standing.step not in _MAY_STILL_REFUSE
    if _RANK[event.step] <= _RANK[standing.step] or refused_late:
        changes += sign_of_life(handbook, state, event.unit, _by(event), now)
        return Decision(tuple(changes), reasons=(Reason.REPORT_STALE,))
    return _further(handbook, state, standing, event, changes, now)


def _further(
    handbook: Handbook,
    state: State,
    standing: StandingOrder,
    event: Report,
    changes: list[Change],
    now: datetime,
) -> Decision:
    """Take the order one step further."""
    by = _by(event)
    if standing.step is None and event.step not in {Step.ACCEPTED, Step.REFUSED}:
        changes.append(OrderMoved(event.order, Step.ACCEPTED, by or ""))
    changes.append(OrderMoved(event.order, event.step, by or ""))
    changes += _of_the_crew(handbook, state, event, now)
    if event.step is Step.ON_SCENE:
        changes.append(_arrived(handbook, standing))
    incident = state.incidents.get(standing.order.incident)
    if incident is None or (incident.status is Status.RESOLVED and event.step is not Step.CLEARED):
        return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,))
    if event.step is Step.REFUSED:
        return _refused(handbook, state, incident, event, changes, now)
    if event.step is Step.CLEARED and standing.unheard is not None:
        changes += _cleared_unknowing(handbook, incident, standing, event, now)
        return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN, Reason.UPDATE_NOT_HEARD))
    changes += _moved(handbook, incident, standing, event, now)
    return person_still_awaited(state, incident, Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,)))


def _knows(handbook: Handbook, state: State, event: Report, changes: list[Change], now: datetime) -> Decision:
    """Take a crew's word that it knows of an update; of an older one, or another's, it is a sign of life."""
    changes += sign_of_life(handbook, state, event.unit, _by(event), now)
    for name in state.in_hand.get(event.unit, ()):
        if state.orders[name].unheard == event.order:
            changes.append(UpdateHeard(name, event.order, _by(event) or ""))
            return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,))
    return Decision(tuple(changes), reasons=(Reason.REPORT_STALE,))


def _over(
    handbook: Handbook,
    state: State,
    standing: StandingOrder,
    event: Report,
    changes: list[Change],
    now: datetime,
) -> Decision:
    """Take a word about an order that is over: that the crew stands down, or what nobody needs any more."""
    changes += _of_the_crew(handbook, state, event, now)
    answers = standing.ended is not None and standing.step is not Step.STOOD_DOWN
    if event.step is Step.STOOD_DOWN and answers:
        changes.append(OrderMoved(event.order, Step.STOOD_DOWN, _by(event) or ""))
        return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,))
    return Decision(tuple(changes), reasons=(Reason.REPORT_STALE,))


def _refused(
    handbook: Handbook,
    state: State,
    incident: Incident,
    event: Report,
    changes: list[Change],
    now: datetime,
) -> Decision:
    """Send the next unit where the room had sent the first, else ask the operators; never be silent."""
    because = f"{event.unit} refused: {event.reason or 'no reason given'}"
    old = state.orders[event.order].order
    given = next_crew(handbook, state, incident, old, now)
    going = goes_on(handbook, incident, old, given, because, now)
    changes += (replace(going.moved, by=_by(event) or event.unit, what=event.step), going.armed)
    if given is None:
        return Decision(tuple(changes), reasons=(Reason.REPORT_TAKEN,))
    then = Decision(tuple(changes), (given,), (Reason.REPORT_TAKEN, Reason.NEXT_CREW))
    return person_still_awaited(state, incident, then)


def _moved(
    handbook: Handbook, incident: Incident, standing: StandingOrder, event: Report, now: datetime
) -> tuple[Change, ...]:
    house = handbook.house
    match event.step:
        case Step.CLEARED:
            outcome, cause = event.outcome or Ending.NOT_SAID, event.cause or ""
            return (IncidentClosed(incident.id, at=now, outcome=outcome, by=event.unit, cause=cause),)
        case Step.ON_SCENE:
            return at_the_place(house.work, incident, event.unit, now)
        case _:
            return on_its_way(house.work, house.accept_within_s, incident, standing, now)


def _cleared_unknowing(
    handbook: Handbook, incident: Incident, standing: StandingOrder, event: Report, now: datetime
) -> Move:
    """Tell people that the crew is done and may not have known what it was there for in the end."""
    found = str(event.outcome or Ending.NOT_SAID).replace("_", " ")
    words = ", ".join(standing.told).replace("_", " ") or f"priority {standing.order.priority}"
    because = f"{event.unit} cleared ({found}) without a word that it knew: {words}"
    moved, armed = escalated(handbook.house.work, incident, because, now)
    return replace(moved, by=event.unit, what=event.step), armed


def _heard(handbook: Handbook, event: Report) -> list[Change]:
    """Return that the report came, and where it came from."""
    changes: list[Change] = [Heard(event.key)] if event.key else []
    if event.latitude is not None and event.unit in handbook.estate.crews:
        changes.append(CrewNoted(event.unit, None, event.latitude, event.longitude))
    return changes


def _of_the_crew(handbook: Handbook, state: State, event: Report, now: datetime) -> list[Change]:
    """Return what the report says of the crew itself: there, away, or alive.

    A word about the order of another unit, or a no to a job that it never went to, brings nobody home.
    """
    by = _by(event)
    standing = state.orders.get(event.order)
    if standing is not None and standing.order.unit != event.unit:
        return sign_of_life(handbook, state, event.unit, by, now)
    there = standing is None or standing.step is Step.ON_SCENE
    if event.step is Step.CLEARED or (event.step in _LEAVES and there):
        return away(handbook, state, event.unit, by, event.order)
    if event.step is Step.ON_SCENE and standing is not None and standing.live:
        return watched_at(handbook, state, event.unit, by, now)
    return sign_of_life(handbook, state, event.unit, by, now)


def _arrived(handbook: Handbook, standing: StandingOrder) -> CrewNoted:
    """Return where the crew is now: where the order sent it, as far as that is known."""
    order = standing.order
    place = handbook.estate.place(order.source)
    if place is None or CREW_TAG in place.tags:
        return CrewNoted(order.unit, site=order.site)
    return CrewNoted(order.unit, None, place.latitude, place.longitude, order.site)


def _by(event: Report) -> str | None:
    """Return who took the word down; None for the crew's terminal."""
    return event.author if isinstance(event, StepTaken) else None

"""What a crew goes for is less than it was told, or again what it was: after a split, and after an undo.

A crew that goes for a panic has to hear that the panic is another matter now: it drives otherwise, and looks
for something else. It hears it like news of something worse: the same order, other words, another priority,
and it has to say that it knows. What was taken out and joins again is news again.

Limits: after a split the time to be there stays as short as it was made, because an incident does not keep
the times of its signals; an undo gives the crew its time back. Where an incident cannot list all its signals
nobody knows what is left of it, and the crew is told nothing.
"""

from datetime import datetime
from math import ceil

from controlroom.incidents.changes import WatchArmed
from controlroom.incidents.crews.changes import OrderUpdated
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.crews.orders import going_for
from controlroom.incidents.crews.raising import WORDS_MAX
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Undo, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.orders import UpdateOrder
from controlroom.signals.dispatch_messages import Step


def told_of_less(handbook: Handbook, state: State, rest: Incident, now: datetime) -> Decision:
    """Return what the crew is told where part of what it goes for was split off; often nothing."""
    standing = going_for(state, rest)
    if standing is None or rest.signals != len(rest.members):
        return Decision()
    words = {member.event for member in rest.members}
    told = tuple(word for word in standing.told if word in words)
    order = standing.order
    if told == standing.told and order.priority >= rest.priority:
        return Decision()
    priority = max(order.priority, rest.priority)
    first = min(rest.members, key=lambda member: (member.priority, member.position))
    gone = tuple(word for word in dict.fromkeys(standing.told) if word not in words)
    no_longer = ", ".join(gone).replace("_", " ") or f"priority {order.priority}"
    said = f"now priority {priority}: {first.event.replace('_', ' ')} at {rest.site}; no longer {no_longer}"
    update = OrderUpdated(
        order.id, standing.next_update, first.event, priority, said[:WORDS_MAX], order.respond_within_s, told
    )
    return _told(handbook, standing, update, None, now)


def told_as_before(handbook: Handbook, state: State, back: Incident, kept: Undo, now: datetime) -> Decision:
    """Return what the crew is told where a merge or a split is undone: what it went for before."""
    standing, before = going_for(state, back), kept.order
    if standing is None or before is None or before.order.id != standing.order.id:
        return Decision()
    was = before.order
    same = was.instruction == standing.order.instruction and was.priority == standing.order.priority
    if same and before.told == standing.told:
        return Decision()
    text = was.instruction.removeprefix("now ").removeprefix("again ")
    again = text if text.startswith("priority ") else f"priority {was.priority}: {text}"
    within_s = _from_now(handbook, standing, was.respond_within_s, now)
    update = OrderUpdated(
        order=was.id,
        update=standing.next_update,
        word=before.told[-1] if before.told else back.event,
        priority=was.priority,
        instruction=f"again {again}"[:WORDS_MAX],
        respond_within_s=was.respond_within_s,
        told=before.told,
    )
    return _told(handbook, standing, update, within_s, now)


def _from_now(handbook: Handbook, standing: StandingOrder, had_s: int | None, now: datetime) -> int | None:
    """Return how long the crew has again from now on; None where that is what it has, or it is there."""
    if standing.step is Step.ON_SCENE or had_s == standing.order.respond_within_s:
        return None
    gone_s = ceil((now - standing.issued_at).total_seconds())
    return max(1, (had_s or handbook.house.work.arrive_within_s) - gone_s)


def _told(
    handbook: Handbook, standing: StandingOrder, update: OrderUpdated, within_s: int | None, now: datetime
) -> Decision:
    """Return the order as it is now, what its crew hears, and by when it has said that it knows."""
    order = standing.order
    word = UpdateOrder(
        id=update.update,
        order=order.id,
        incident=order.incident,
        unit=order.unit,
        priority=update.priority,
        instruction=update.instruction,
        simulated=order.simulated,
        respond_within_s=within_s,
    )
    heard_by = after(now, handbook.house.accept_within_s)
    return Decision((update, WatchArmed(Watch(heard_by, WatchKind.UPDATE_HEARD, order.id))), (word,))

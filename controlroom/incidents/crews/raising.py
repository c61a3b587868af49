"""What is more urgent than was known, where a crew goes already: the crew is told, and its time gets shorter.

A panic joins an intruder alarm, and somebody is on the way to a door that they think stands open. Nobody else
is sent and the order stays the same one: its priority, its words and its time change, the crew hears of it,
and has to say so. So has a person, where one has the incident for what it was before, or where the rule of
the new signal asks for one.

Each word is told once an order. Limits: what is not more urgent, and no new word of the first priority, is
told by the incident alone; a crew that is there already is told as well, and its time stays.
"""

from datetime import datetime
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from controlroom.incidents.changes import Change, WatchArmed
from controlroom.incidents.crews.changes import OrderUpdated
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status, Watch, WatchKind
from controlroom.incidents.moments import after
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.incidents.watches import due_of
from controlroom.incidents.work.expected import (
    ANSWER_DEFAULT_S,
    Move,
    as_it_stands,
    crew_still_awaited,
)
from controlroom.incidents.work.limits import URGENT, WorkRules, escalate_s, owner_s
from controlroom.orders import UpdateOrder
from controlroom.signals.dispatch_messages import Step

WORDS_MAX = 500
"""Characters that a crew's terminal takes (`dispatch_messages.Order`)."""

_ASKS = frozenset({Status.NEW, Status.ESCALATED})
"""A person is asked for already."""


class News(Struct, frozen=True, gc=False):
    """What is known now of an incident: the word, its priority, where, and the times of its rule in seconds.

    `looks` says whether the rule asks for a person.
    """

    word: str
    priority: int
    instruction: str
    answer_within_s: int | None = None
    respond_within_s: int | None = None
    looks: bool = False


def told_on_the_way(
    handbook: Handbook, state: State, incident: Incident, news: News, now: datetime
) -> Decision:
    """Return what the news changes for the crew that goes, and for who has the incident; often nothing."""
    told = crew_told(handbook, state, incident, news, now)
    if news.priority >= incident.priority:
        return told
    changes = (*told.changes, *_raised(handbook, state, incident, news, now))
    return crew_still_awaited(state, incident, replace(told, changes=changes))


def crew_told(handbook: Handbook, state: State, incident: Incident, news: News, now: datetime) -> Decision:
    """Return what the crew that goes to this incident is told; nothing where it is no news or nobody goes."""
    standing = state.orders.get(incident.order or "")
    if standing is None or not standing.live or not _is_news(standing, incident, news):
        return Decision()
    update, word = _update(handbook, standing, incident, news, now)
    heard_by = after(now, handbook.house.accept_within_s)
    armed = WatchArmed(Watch(heard_by, WatchKind.UPDATE_HEARD, standing.order.id))
    return Decision((update, armed), (word,))


def _is_news(standing: StandingOrder, incident: Incident, news: News) -> bool:
    if news.priority < standing.order.priority:
        return True
    known = {incident.event, *standing.told, *(member.event for member in incident.members)}
    return news.priority == URGENT and news.word not in known


def _update(
    handbook: Handbook, standing: StandingOrder, incident: Incident, news: News, now: datetime
) -> tuple[OrderUpdated, UpdateOrder]:
    """Return the order as it is now, and what its crew is told."""
    order = standing.order
    name = standing.next_update
    priority = min(order.priority, news.priority)
    before = ", ".join(dict.fromkeys((incident.event, *standing.told))).replace("_", " ")
    instruction = f"now priority {priority}: {news.instruction}; before it {before}"[:WORDS_MAX]
    gone_s = ceil((now - standing.issued_at).total_seconds())
    had_s = order.respond_within_s or handbook.house.work.arrive_within_s
    within_s = news.respond_within_s if standing.step is not Step.ON_SCENE else None
    sooner = within_s is not None and gone_s + within_s < had_s
    has_s = gone_s + (within_s or 0) if sooner else order.respond_within_s
    update = OrderUpdated(order.id, name, news.word, priority, instruction, has_s)
    word = UpdateOrder(
        id=name,
        order=order.id,
        incident=incident.id,
        unit=order.unit,
        priority=priority,
        instruction=instruction,
        simulated=order.simulated,
        respond_within_s=within_s if sooner else None,
    )
    return update, word


def _raised(handbook: Handbook, state: State, incident: Incident, news: News, now: datetime) -> list[Change]:
    """Return the incident as urgent as it is now, and who has to have moved by when because of it."""
    changes: list[Change] = [*sooner(handbook.house.work, state, incident, news, now)]
    if incident.status not in _ASKS and (incident.owner is not None or news.looks):
        by = after(now, news.answer_within_s or ANSWER_DEFAULT_S)
        asked = due_of(state.watches, WatchKind.ANSWER, incident.id) or by
        changes.append(WatchArmed(Watch(min(by, asked), WatchKind.ANSWER, incident.id)))
    return changes


def sooner(work: WorkRules, state: State, incident: Incident, news: News, now: datetime) -> Move:
    """Return the incident where it stands, with the earlier of its deadline and the one that the news has."""
    moved, armed = as_it_stands(state, incident, now)
    moved = replace(moved, what=f"now priority {news.priority}: {news.word.replace('_', ' ')}")
    match armed.watch.kind:
        case WatchKind.ARRIVAL:
            within_s = news.respond_within_s
        case WatchKind.ESCALATION:
            within_s = escalate_s(work, news.priority)
        case WatchKind.OWNER_MOVES:
            within_s = owner_s(work, news.priority)
        case WatchKind.ANSWER:
            within_s = news.answer_within_s or ANSWER_DEFAULT_S
        case _:
            within_s = None
    if within_s is None:
        return moved, armed
    due = min(armed.watch.due, after(now, within_s))
    return replace(moved, due=due), WatchArmed(replace(armed.watch, due=due))

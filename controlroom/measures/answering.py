"""How long people waited: for a person's first act, for a crew, for its arrival. A pure projection.

**The answer** runs from the record that opened an incident (for one that was held, from the end of its
hold) to the first act of a person about it: owning, noting, sending, parking, closing, merging, or a desk's
voice at a help point. **The sending** runs from the same moment to the first order, **the arrival** from the
first order, refusals included, to the first unit on scene. The limits are the rule's own.

What the room handled by itself is counted apart and never enters a percentile of answers, or the figure
would be flattered: what a rule sent a crew to, and what was over before anybody had to look.

Times are kept as counts of tenths of a second, rounded up, past an hour as whole minutes: so a percentile
is that of the times themselves, *within 30 s* means what it says, and the memory is bounded by
`MONTHS_KEPT` and the few thousand different times that a month brings.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from controlroom.incidents.changes import (
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    PlanStepMarked,
)
from controlroom.incidents.help_points.changes import AtHelpPoint, CallAnswered
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.record import Decision
from controlroom.incidents.work.expected import ANSWER_DEFAULT_S
from controlroom.measures.months import MONTHS_KEPT, keep_last, month_of
from controlroom.measures.waits import (
    RESPOND_DEFAULT_S,
    Answering,
    Case,
    Judged,
    MonthOfAnswers,
    Stage,
    Times,
    Told,
    Waited,
    tenths,
)
from controlroom.orders import SendCrew


def follow(book: Answering, now: datetime, decision: Decision, *, count_simulated: bool) -> list[Told]:
    """Bring the waits one decision further; return what came to an end by it."""
    told: list[Told] = []
    for change in decision.changes:
        hand = FOLLOWED.get(type(change))
        if hand is not None:
            told += hand(book, change, now, count_simulated)
    for order in decision.orders:
        case = book.open.get(order.incident)
        if case is not None and isinstance(order, SendCrew):
            told += _sent(book, case, order.unit, now)
    return told


def _opened(book: Answering, change: IncidentOpened, now: datetime, count_simulated: bool) -> Iterator[Told]:  # noqa: FBT001 - one shape for every hand
    incident = change.incident
    if incident.simulated and not count_simulated:
        return
    waits = incident.status is Status.NEW
    book.open[incident.id] = _case(incident, now, waits=waits)
    if not waits:
        by_room = _month(book, now).by_room
        by_room[incident.kind] = by_room.get(incident.kind, 0) + 1
    yield from ()


def _stands_again(
    book: Answering,
    change: IncidentReopened | IncidentReturned | IncidentDivided,
    now: datetime,
    count_simulated: bool,  # noqa: FBT001 - one shape for every hand
) -> Iterator[Told]:
    """A person gave it its place among the open ones, so it is answered; its crew was counted before."""
    incident = change.incident
    if incident.simulated and not count_simulated:
        return
    if not isinstance(change, IncidentReopened) and change.of in book.open:
        yield from _acted(book, book.open[change.of], now)
    case = _case(incident, now, waits=False)
    case.answered, case.arrived, case.sent_at = True, True, now
    book.open[incident.id] = case


def _case(incident: Incident, now: datetime, *, waits: bool) -> Case:
    return Case(
        kind=incident.kind,
        opened_at=now,
        answer_s=incident.answer_within_s or ANSWER_DEFAULT_S,
        respond_s=incident.respond_within_s or RESPOND_DEFAULT_S,
        waits=waits,
    )


def _moved(book: Answering, change: IncidentMoved, now: datetime, _: bool) -> Iterator[Told]:  # noqa: FBT001 - one shape for every hand
    case = book.open.get(change.incident)
    if case is None:
        return
    if change.by and change.by not in case.units:
        yield from _acted(book, case, now)
    if change.status is Status.ON_SCENE and not case.arrived and case.sent_at is not None:
        case.arrived = True
        seconds = _since(case.sent_at, now)
        _count(_month(book, case.opened_at).arrived, case.kind, case.respond_s, seconds)
        yield Waited(Stage.ARRIVED, case.kind, seconds)
        if not case.arrival_judged:
            case.arrival_judged = True
            yield Judged(Stage.ARRIVED, case.kind, tenths(seconds) <= case.respond_s * 10)
    elif change.status is Status.ESCALATED and not change.by:
        yield from _overdue(case, now)


def _overdue(case: Case, now: datetime) -> Iterator[Told]:
    """Somebody is told that nobody moved: a limit that has passed is missed."""
    if case.waits and not case.answer_judged and _since(case.opened_at, now) >= case.answer_s:
        case.answer_judged = True
        yield Judged(Stage.ANSWERED, case.kind, within=False)
    if case.sent_at is None or case.arrived or case.arrival_judged:
        return
    if _since(case.sent_at, now) >= case.respond_s:
        case.arrival_judged = True
        yield Judged(Stage.ARRIVED, case.kind, within=False)


def _touched(
    book: Answering,
    change: IncidentNoted | PlanStepMarked | IncidentRestated,
    now: datetime,
    _: bool,  # noqa: FBT001 - one shape for every hand
) -> Iterator[Told]:
    name = change.incident if isinstance(change.incident, str) else change.incident.id
    case = book.open.get(name)
    if case is not None:
        yield from _acted(book, case, now)


def _absorbed(book: Answering, change: IncidentAbsorbed, now: datetime, _: bool) -> Iterator[Told]:  # noqa: FBT001 - one shape for every hand
    case = book.open.pop(change.incident, None)
    for each in (case, book.open.get(change.into)):
        if each is not None:
            yield from _acted(book, each, now)


def _closed(book: Answering, change: IncidentClosed, now: datetime, _: bool) -> Iterator[Told]:  # noqa: FBT001 - one shape for every hand
    case = book.open.pop(change.incident, None)
    if case is None:
        return
    if change.by and change.by not in case.units:
        yield from _acted(book, case, now)
    elif case.waits and not case.answered:
        month = _month(book, case.opened_at)
        month.by_room[case.kind] = month.by_room.get(case.kind, 0) + 1


def _voice(book: Answering, change: AtHelpPoint, now: datetime, _: bool) -> Iterator[Told]:  # noqa: FBT001 - one shape for every hand
    if type(change.step) is CallAnswered and change.step.incident is not None:
        case = book.open.get(change.step.incident)
        if case is not None:
            yield from _acted(book, case, now)


def _acted(book: Answering, case: Case, now: datetime) -> Iterator[Told]:
    """A person did something about it: the first time is the answer."""
    if case.answered or not case.waits:
        return
    case.answered = True
    seconds = _since(case.opened_at, now)
    _count(_month(book, case.opened_at).answered, case.kind, case.answer_s, seconds)
    yield Waited(Stage.ANSWERED, case.kind, seconds)
    if not case.answer_judged:
        case.answer_judged = True
        yield Judged(Stage.ANSWERED, case.kind, tenths(seconds) <= case.answer_s * 10)


def _sent(book: Answering, case: Case, unit: str, now: datetime) -> Iterator[Told]:
    """The first order ends the sending; the room's own ends the answering as well."""
    if unit not in case.units:
        case.units.append(unit)
    if case.sent_at is not None:
        return
    case.sent_at = now
    by_room = not case.answered
    if by_room and case.waits:
        case.waits = False
        month = _month(book, case.opened_at)
        month.by_room[case.kind] = month.by_room.get(case.kind, 0) + 1
    seconds = _since(case.opened_at, now)
    if not by_room:
        _count(_month(book, case.opened_at).sent, case.kind, case.respond_s, seconds)
    yield Waited(Stage.SENT, case.kind, seconds, by_room=by_room)


def _since(start: datetime, now: datetime) -> float:
    return max(0.0, (now - start).total_seconds())


def _count(times: Times, kind: str, limit_s: int, seconds: float) -> None:
    kept = times.setdefault(f"{kind} {limit_s}", {})
    time = tenths(seconds)
    kept[time] = kept.get(time, 0) + 1


def _month(book: Answering, moment: datetime) -> MonthOfAnswers:
    name = month_of(moment)
    month = book.months.get(name)
    if month is None:
        month = book.months[name] = MonthOfAnswers()
        keep_last(book.months, MONTHS_KEPT)
    return month


FOLLOWED: Final[dict[type, Callable[[Answering, Any, datetime, bool], Iterator[Told]]]] = {
    IncidentOpened: _opened,
    IncidentReopened: _stands_again,
    IncidentReturned: _stands_again,
    IncidentDivided: _stands_again,
    IncidentMoved: _moved,
    IncidentNoted: _touched,
    PlanStepMarked: _touched,
    IncidentRestated: _touched,
    IncidentAbsorbed: _absorbed,
    IncidentClosed: _closed,
    AtHelpPoint: _voice,
}
"""What a change of this type does to the waits: a look at the type passes the others over."""

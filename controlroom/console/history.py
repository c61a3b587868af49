"""Which records are about an incident, and what each of them says: the incident's timeline.

The index is a follower that keeps positions alone, a few numbers an incident; the records themselves are read
from the journal when somebody asks. Bounded: the incidents touched last, and so many positions of each.
What is older than the index is in the incident's own list of signals, which is read as well.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, assert_never

import msgspec

from controlroom.console.parts import Parts
from controlroom.console.raw import short, visible
from controlroom.console.views import Lens
from controlroom.events import SignalReceived
from controlroom.incidents.changes import (
    Change,
    ConditionEnded,
    IncidentAbsorbed,
    IncidentClosed,
    IncidentDivided,
    IncidentMoved,
    IncidentNoted,
    IncidentOpened,
    IncidentReopened,
    IncidentRestated,
    IncidentReturned,
    OrderMoved,
    PlanStepMarked,
    ReadersSet,
    SignalJoined,
)
from controlroom.incidents.crews.changes import OrderEnded, UpdateHeard
from controlroom.incidents.incident import THE_ROOM, Incident
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.work.restricting import LET_IN
from controlroom.orders import Order, SendCrew, StandDown, UpdateOrder

INCIDENTS_KEPT = 6_000
"""Incidents whose positions are kept: as many as a page shows open, and the last closed."""

POSITIONS_KEPT = 300
"""Positions of one incident, the last ones: a runaway has thousands of signals, and nobody reads them."""

_NAMED = frozenset(
    {
        *(SignalJoined, IncidentMoved, IncidentClosed, IncidentNoted, PlanStepMarked),
        *(ConditionEnded, IncidentAbsorbed),
    }
)
"""Changes that name their incident by its id."""

_OF_ORDERS = frozenset({OrderMoved, OrderEnded, UpdateHeard})
_WHOLE = frozenset(
    {IncidentOpened, IncidentReopened, IncidentRestated, IncidentReturned, IncidentDivided, ReadersSet}
)
"""Changes that carry their incident whole."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a timeline: what happened at a position, who or what did it, and by which rule."""

    position: int
    at: datetime
    what: str
    said: str = ""
    by: str = ""
    rule: str | None = None
    why: str | None = None
    asks: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Timelines:
    """Keeps which positions are about which incident. A follower of the room."""

    def __init__(self) -> None:
        # A dict that loses its first entries looks for the next one ever longer; this one does not.
        self._positions: OrderedDict[str, list[int]] = OrderedDict()
        self._orders: OrderedDict[str, str] = OrderedDict()

    def released(self, records: Sequence[Record]) -> None:
        """Note what these records are about."""
        for record in records:
            self.note(record.position, record.decision)

    def note(self, position: int, decision: Decision) -> None:
        """Note what the decision at this position is about."""
        changes: tuple[Any, ...] = decision.changes  # their types are asked below, by look-up
        for change in changes:
            kind = type(change)
            if kind in _NAMED:
                self._note(change.incident, position)
            elif kind in _WHOLE:
                self._note(change.incident.id, position)
            elif kind in _OF_ORDERS and change.order in self._orders:
                self._note(self._orders[change.order], position)
        for order in decision.orders:
            if isinstance(order, SendCrew):
                self._remember(order)

    def of(self, incident: Incident) -> list[int]:
        """Return the positions that are about this incident, in order."""
        members = {member.position for member in incident.members}
        return sorted(members | set(self._positions.get(incident.id, ())))[-POSITIONS_KEPT:]

    def is_of(self, order: str, incident: str) -> bool:
        """Say whether an order is for this incident; of one that is known no longer it is believed."""
        return self._orders.get(order, incident) == incident

    def _note(self, incident: str, position: int) -> None:
        positions = self._positions.get(incident)
        if positions is None:
            if len(self._positions) >= INCIDENTS_KEPT:
                self._positions.popitem(last=False)
            self._positions[incident] = [position]
            return
        self._positions.move_to_end(incident)
        if positions[-1] < position:
            positions.append(position)
            if len(positions) > POSITIONS_KEPT:
                del positions[0]

    def _remember(self, order: SendCrew) -> None:
        if len(self._orders) >= INCIDENTS_KEPT:
            self._orders.popitem(last=False)
        self._orders[order.id] = order.incident


async def timeline(parts: Parts, timelines: Timelines, incident: Incident) -> list[Entry]:
    """Return what happened to this incident, the oldest first; raises what reading the journal raises."""
    records = await parts.records(timelines.of(incident))
    ours = partial(timelines.is_of, incident=incident.id)
    return [entry for record in records for entry in _entries(record, incident.id, parts.lens, ours)]


def _entries(record: Record, incident: str, lens: Lens, ours: Callable[[str], bool]) -> Iterator[Entry]:
    """Yield what this record says of the incident; `ours` tells its orders from those of another one."""
    decision, ruling = record.decision, record.decision.ruling
    reasons = tuple(str(reason) for reason in decision.reasons)
    for change in decision.changes:
        told = _told(change, incident)
        if told is None or (
            isinstance(change, OrderMoved | OrderEnded | UpdateHeard) and not ours(change.order)
        ):
            continue
        what, said, by = told
        entry = Entry(record.position, record.now, what, visible(said), short(by), reasons=reasons)
        if what in {"opened", "signal"} and ruling is not None:
            entry = msgspec.structs.replace(
                entry, rule=ruling.rule, why=lens.why(ruling), asks=lens.asks(ruling)
            )
        yield entry
    for order in decision.orders:
        if order.incident == incident:
            what, said = _said_to_crew(order)
            yield Entry(record.position, record.now, what, f"{order.unit}: {visible(said)}")
    if isinstance(record.event, SignalReceived) and record.event.doubt is not None:
        yield Entry(record.position, record.now, "doubt", visible(record.event.detail))


def _told(change: Change, incident: str) -> tuple[str, str, str] | None:  # noqa: PLR0911 - one a kind
    """Return what, in which words, and by whom; None where the change is about something else."""
    match change:
        case IncidentOpened(incident=Incident(id=name) as opened) if name == incident:
            return "opened", opened.event, opened.source
        case SignalJoined(incident=name) if name == incident:
            return "signal", change.event, change.source
        case IncidentMoved(incident=name) if name == incident:
            return "moved", change.what or change.status, change.by or change.owner or THE_ROOM
        case IncidentNoted(incident=name) if name == incident:
            return "note", change.text, change.author
        case PlanStepMarked(incident=name) if name == incident:
            return ("step_skipped" if change.skipped else "step_done"), _step(change), change.author
        case IncidentClosed(incident=name) if name == incident:
            return "closed", change.outcome, change.by or THE_ROOM
        case ConditionEnded(incident=name) if name == incident:
            return "restored", change.standing, ""
        case IncidentAbsorbed(incident=name) if name == incident:
            return "merged", f"into {change.into}", ""
        case OrderMoved():
            return "crew", change.step, ""
        case OrderEnded():
            return "crew", change.how, change.by
        case UpdateHeard():
            return "crew", f"acknowledged {change.update}", change.by
        case _:
            return _regrouped(change, incident)


def _said_to_crew(order: Order) -> tuple[str, str]:
    match order:
        case SendCrew():
            because = f" ({order.because})" if order.because else ""
            return "order", f"{order.instruction}{because}"
        case UpdateOrder():
            return "crew_told", order.instruction
        case StandDown():
            return "stood_down", order.reason
        case _:
            assert_never(order)


def _step(change: PlanStepMarked) -> str:
    return f"{change.step}: {change.skipped}" if change.skipped else change.step


def _regrouped(change: Change, incident: str) -> tuple[str, str, str] | None:
    match change:
        case IncidentReopened(incident=Incident(id=name) as whole) if name == incident:
            return "reopened", whole.escalated_because or "", whole.owner or ""
        case IncidentRestated(incident=Incident(id=name) as whole) if name == incident:
            return "regrouped", f"{whole.signals} signals", whole.last.author if whole.last else ""
        case ReadersSet(incident=Incident(id=name) as whole) if name == incident:
            let_in = whole.last is not None and whole.last.what == LET_IN
            what = LET_IN if let_in else "restricted" if whole.readers else "opened to all"
            return what, change.reason, whole.last.author if whole.last else ""
        case IncidentReturned(incident=Incident(id=name)) if name == incident:
            return "returned", "", ""
        case IncidentDivided(incident=Incident(id=name)) if name == incident:
            return "split off", f"from {change.of}", ""
        case _:
            return None

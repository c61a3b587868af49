"""The room as one person may see it: what is restricted to others is not in it. Pure.

Every view, list, command and page reads the room through `Parts.state` and `Parts.records`, and every delta
goes through `Feed`; all three ask here, with who looks. So nothing that is added later has to remember it. An
incident that is hidden is gone with all that belongs to it: its watches, referrals, work orders, the doubtful
messages it came from, entries of the log book about it. A crew's order for it stays as an order without its
job, so that a desk sees the crew going and sends it nowhere else; the crew itself sees its job. Where the
vehicle is stays on the map, for the crew's sake; which place that is is not said.

Who nobody knows sees what all may see. A room in which nothing is restricted is handed on as it is.
"""

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from controlroom.access.accounts import Restricted
from controlroom.console.deltas import Delta, Gone, IncidentStep, Opened, Stepped
from controlroom.console.queue import rank
from controlroom.events import SignalReceived
from controlroom.incidents.cameras.changes import WorkOrder
from controlroom.incidents.cameras.state import Cameras
from controlroom.incidents.changes import Change, IncidentOpened, SignalJoined
from controlroom.incidents.crews.changes import CrewNote
from controlroom.incidents.crews.given import GivenWord, StandingOrder
from controlroom.incidents.handovers.state import Handover
from controlroom.incidents.incident import Incident
from controlroom.incidents.log_book.entry import LogEntry, may_see
from controlroom.incidents.record import Decision, Record
from controlroom.incidents.state import State
from controlroom.incidents.watches import Watches

_NAMES = re.compile(rb'"((?:INC|ORD|REF|LOG|WO)-[0-9]+(?:-[0-9]+)?)"')
"""Ids as they stand in the JSON of a record: of incidents, orders, referrals, entries and work orders."""

_WORDS = re.compile(r"\b(?:INC|ORD|REF|WO)-[0-9]+(?:-[0-9]+)?")

_ENCODER = msgspec.json.Encoder()
Entry = TypeVar("Entry")


class Looker(msgspec.Struct, frozen=True):
    """Who looks: the name, None for nobody that is known, and the crew's unit that they speak for."""

    name: str | None = None
    unit: str | None = None


NOBODY = Looker()


class Hidden(msgspec.Struct, frozen=True):
    """What is not for somebody: incidents, what was ordered for them, and the positions of their signals.

    Ordered are crews, referrals and work orders, by their ids.
    """

    incidents: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    positions: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Return whether there is anything."""
        return bool(self.incidents)


NOTHING = Hidden()


def hidden_from(state: State, looker: Looker) -> Hidden:
    """Return what is hidden from this person now."""
    return hidden_in(state, gone_from(state, looker), looker) if state.restricted else NOTHING


def gone_from(state: State, looker: Looker) -> frozenset[str]:
    """Return the incidents that are hidden from this person now."""
    return frozenset(one for one, readers in state.restricted.items() if not may_see(readers, looker.name))


def restricted_in(state: State) -> tuple[Restricted, ...]:
    """Return each restricted operation that is open and who alone may see it, what presses most first."""
    kept = (state.incidents.get(name) for name in tuple(state.restricted))
    found = sorted((one for one in kept if one is not None), key=rank)
    return tuple(Restricted(one.id, one.version, one.readers) for one in found)


def hidden_in(state: State, incidents: frozenset[str], looker: Looker) -> Hidden:
    """Return all that is hidden from this person in a state, where these incidents are."""
    if not incidents:
        return NOTHING
    orders = frozenset(
        one
        for one, standing in state.orders.items()
        if standing.order.incident in incidents and standing.order.unit != looker.unit
    )
    referrals = (name for name, one in state.referrals.kept.items() if one.incident in incidents)
    repairs = (*state.cameras.work_orders.values(), *state.cameras.cleared.values())
    repaired = (one.id for one in repairs if one.incident in incidents)
    kept = (state.incidents.get(one) or state.closed.get(one) for one in incidents)
    positions = frozenset(member.position for one in kept if one is not None for member in one.members)
    return Hidden(incidents, orders.union(referrals, repaired), positions)


def seen(state: State, looker: Looker, hidden: Hidden) -> State:
    """Return the room as this person may see it; the room's own state where nothing is hidden."""
    if not hidden:
        return state
    gone = hidden.incidents
    incidents = _without(state.incidents, gone)
    return replace(
        state,
        incidents=incidents,
        closed=_without(state.closed, gone),
        open_at=_counted(incidents.values()),
        orders={name: _bare(one) if name in hidden.orders else one for name, one in state.orders.items()},
        words={name: one for name, one in state.words.items() if not _is_for(one, gone)},
        crews=_crews(state, hidden),
        watches=_watches(state.watches, gone | hidden.orders),
        duties={
            name: replace(duty, incident=None) if duty.incident in gone else duty
            for name, duty in state.duties.items()
        },
        undo=_without(state.undo, gone),
        cameras=_cameras(state.cameras, gone),
        help_points=replace(
            state.help_points,
            stuck={
                name: replace(one, incident=None) if one.incident in gone else one
                for name, one in state.help_points.stuck.items()
            },
        ),
        log_book=replace(
            state.log_book,
            opened=_entries(state.log_book.opened, looker, gone),
            recent=_entries(state.log_book.recent, looker, gone),
        ),
        handovers={name: _handover(one, gone) for name, one in state.handovers.items()},
        referrals=replace(
            state.referrals,
            kept={name: one for name, one in state.referrals.kept.items() if one.incident not in gone},
        ),
        restricted=_without(state.restricted, gone),
    )


def open_to_all(state: State) -> State:
    """Return the room as everybody may see it: for what one person writes and all others read."""
    return seen(state, NOBODY, hidden_from(state, NOBODY))


def told(record: Record, hidden: Hidden) -> Record | None:
    """Return the record without what is about something hidden; None where that is all of it."""
    if not hidden:
        return record
    event = record.event
    # A signal names no incident: it is known by its position.
    asked = type(event) is not SignalReceived
    if record.position in hidden.positions or (asked and _names(event, hidden)):
        return None
    decision = record.decision
    if not asked and any(_leads_to(change, hidden) for change in decision.changes):
        return None  # of more signals than an incident lists, or of one that is long over
    changes = tuple(change for change in decision.changes if not _names(change, hidden))
    orders = tuple(order for order in decision.orders if order.incident not in hidden.incidents)
    if len(changes) == len(decision.changes) and len(orders) == len(decision.orders):
        return record
    if not changes and not orders:
        return None
    rest = Decision(changes, orders, decision.reasons, decision.ruling, decision.first_position)
    return replace(record, decision=rest)


def shown(delta: Delta, hidden: Hidden) -> Delta | None:
    """Return the delta without what is about something hidden; None where that is all of it."""
    ours = delta.signal is None or delta.signal.incident not in hidden.incidents
    if delta.p in hidden.positions or not ours:
        signal, quarantine = None, None
    else:
        signal, quarantine = delta.signal, delta.quarantine
    steps = tuple(kept for step in delta.steps if (kept := _step(step, hidden)) is not None)
    if signal is None and quarantine is None and not steps:
        return None
    return replace(delta, signal=signal, quarantine=quarantine, steps=steps)


def touches(position: int, delta: bytes, hidden: Hidden) -> bool:
    """Return whether a delta, as JSON, is about something hidden: cheap, as each page asks it of each."""
    if position in hidden.positions:
        return True
    names = {name.decode() for name in _NAMES.findall(delta)}
    return not names.isdisjoint(hidden.incidents) or not names.isdisjoint(hidden.orders)


def says(words: str, hidden: Hidden) -> bool:
    """Return whether words name something hidden by its id."""
    names = set(_WORDS.findall(words))
    return not names.isdisjoint(hidden.incidents) or not names.isdisjoint(hidden.orders)


def _leads_to(change: Change, hidden: Hidden) -> bool:
    """Return whether a signal became something hidden by this change, or a part of it."""
    if isinstance(change, IncidentOpened):
        return change.incident.id in hidden.incidents
    return isinstance(change, SignalJoined) and change.incident in hidden.incidents


def _step(step: IncidentStep, hidden: Hidden) -> IncidentStep | None:
    if isinstance(step, Stepped):
        return None if step.order in hidden.orders else step
    name = step.incident.id if isinstance(step, Opened) else step.id
    if name not in hidden.incidents:
        return step
    return Gone(name) if isinstance(step, Opened) and step.incident.restricted else None


def _names(part: object, hidden: Hidden) -> bool:
    """Return whether this names something hidden by its id, wherever: a new change need not be known here."""
    names = {name.decode() for name in _NAMES.findall(_ENCODER.encode(part))}
    return not names.isdisjoint(hidden.incidents) or not names.isdisjoint(hidden.orders)


def _without(entries: Mapping[str, Entry], gone: Collection[str]) -> dict[str, Entry]:
    return {name: one for name, one in entries.items() if name not in gone}


def _counted(incidents: Collection[Incident]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for incident in incidents:
        counts[incident.site] = counts.get(incident.site, 0) + 1
    return counts


def _bare(standing: StandingOrder) -> StandingOrder:
    """Return the order without its job: that a unit goes, and how far it is."""
    order = replace(standing.order, incident="", source="", site="", instruction="", because="", signal=None)
    return replace(standing, order=order, told=())


def _crews(state: State, hidden: Hidden) -> dict[str, CrewNote]:
    """Return what units said of themselves, without the name of a place that only a hidden job led to."""
    there = {(one.order.unit, one.order.site) for name, one in state.orders.items() if name in hidden.orders}
    return {
        unit: replace(note, site=None) if (unit, note.site) in there else note
        for unit, note in state.crews.items()
    }


def _is_for(given: GivenWord, gone: Collection[str]) -> bool:
    return given.order.incident in gone


def _watches(watches: Watches, gone: Collection[str]) -> Watches:
    return Watches({kind: _without(armed, gone) for kind, armed in watches.armed.items()})


def _cameras(cameras: Cameras, gone: Collection[str]) -> Cameras:
    def orders(given: Mapping[str, WorkOrder]) -> dict[str, WorkOrder]:
        return {name: one for name, one in given.items() if one.incident not in gone}

    return replace(
        cameras,
        flapping={
            name: replace(one, incident=None) if one.incident in gone else one
            for name, one in cameras.flapping.items()
        },
        groups={
            name: replace(one, incident=None) if one.incident in gone else one
            for name, one in cameras.groups.items()
        },
        work_orders=orders(cameras.work_orders),
        cleared=orders(cameras.cleared),
    )


def _entries(entries: Mapping[str, LogEntry], looker: Looker, gone: Collection[str]) -> dict[str, LogEntry]:
    return {
        name: one
        for name, one in entries.items()
        if name not in gone and one.incident not in gone and may_see(one.readers, looker.name)
    }


def _handover(handover: Handover, gone: Collection[str]) -> Handover:
    return replace(handover, sheet=tuple(line for line in handover.sheet if line.about not in gone))

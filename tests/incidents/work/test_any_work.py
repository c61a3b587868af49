"""Whatever people do with incidents, in whatever order, each seeing what is there: what always holds."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.commands.work import (
    EscalatedByHand,
    Merged,
    Noted,
    Parked,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
)
from controlroom.events import Closed, Command, CrewReported, CrewSent, Event, Owned, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import WatchArmed
from controlroom.incidents.crews.orders import somebody_goes
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import EXPECTED, Incident, Level, Status, Watch, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Record
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.incidents.watches import OF_THE_CREW, in_order
from controlroom.journal.records import decode_applied, encode_frame
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import ALARMS_HANDLED, BOOK, after, figure, handbook, signal
from tests.moving_on import due_now, moved_on

PATIENCE = 2_000
"""Records after which a history is not followed any further."""

LEVELS = len(Level)

Asked = Callable[[Incident, str, int], Command]
"""A command of an author about the incident that is seen, at a second after noon."""

_ASKED: dict[str, Asked] = {
    "own": lambda one, who, _: Owned(one.id, one.version, who, one.owner),
    "send": lambda one, who, _: CrewSent(one.id, one.version, who),
    "park": lambda one, who, at_s: Parked(one.id, one.version, who, after(at_s + 600), "wait", "second"),
    "unpark": lambda one, who, _: Unparked(one.id, one.version, who),
    "resolve": lambda one, who, _: Resolved(one.id, one.version, who, Outcome.NO_TRACE),
    "reopen": lambda one, who, _: Reopened(one.id, one.version, who, "again"),
    "escalate": lambda one, who, _: EscalatedByHand(one.id, one.version, who, "help"),
    "note": lambda one, who, _: Noted(one.id, one.version, who, "a word"),
    "split": lambda one, who, _: SplitOff(one.id, one.version, who, (one.members[-1].position,)),
    "undo": lambda one, who, _: Undone(one.id, one.version, who),
    "close": lambda one, who, _: Closed(one.id, one.version, who, Outcome.GENUINE),
}
_COMMAND = st.tuples(
    st.sampled_from(["merge", *sorted(_ASKED)]), st.sampled_from(["op-1", "op-2"]), st.integers(0, 9)
)
_ALARM = st.tuples(
    st.sampled_from(["panic", "intruder", "other"]),
    st.sampled_from(["Z1", "Z2"]),
    st.sampled_from(["active", "active", "restored"]),
)
_STEP = st.sampled_from(list(Step))
_TICK = st.none()
_history = st.lists(st.tuples(st.one_of(_COMMAND, _ALARM, _STEP, _TICK), st.integers(0, 400)), max_size=40)


class Room:
    """A room that is told a history; commands and reports always see what is there."""

    def __init__(self, book: Handbook | None = None) -> None:
        self.book = book or handbook(demonstration=True)
        self.state = State()
        self.ledger = Ledger()
        self.records: list[Record] = []
        self.at_s = 0

    def tell(self, event: Event) -> None:
        """Decide and apply one event, as live."""
        now, position = after(self.at_s), self.state.position + 1
        watch = due_now(self.state, event, now)
        decision = decide(self.book, self.state, event, now)
        if decision.first_position is None:
            apply(self.state, position, now, decision)
            take(self.ledger, BOOK, position, now, decision)
            self.records.append(Record(position, now, event, decision))
        assert moved_on(watch, self.state, decision), watch

    def event(self, said: object, number: int) -> Event:
        """Return the event that this part of a history is, in the present state."""
        match said:
            case (str() as verb, str() as who, int() as which):
                known = [*self.state.incidents.values(), *self.state.closed.values()]
                if verb == "merge" and len(known) > 1:
                    one, other = known[which % len(known)], known[(which + 1) % len(known)]
                    return Merged(one.id, one.version, who, other.id, other.version)
                if known and verb in _ASKED:
                    return _ASKED[verb](known[which % len(known)], who, self.at_s)
            case (str() as word, str() as zone, str() as condition):
                return signal(Kind.ARC_ALARM, f"n{number}", event=word, zone=zone, condition=condition)
            case Step() as step:
                orders = list(self.state.orders.values())
                if orders:
                    order = orders[number % len(orders)].order
                    return CrewReported(Wire("t", b""), order.id, order.unit, step)
            case _:
                pass
        return Tick()


def told(history: list[tuple[object, int]], book: Handbook | None = None) -> Room:
    """Return the room after this history; what is due is decided first, as the room's loop does."""
    room = Room(book)
    for number, (said, pause_s) in enumerate(history):
        room.at_s += pause_s
        while (due := next_deadline(room.state)) is not None and due <= after(room.at_s):
            room.tell(Tick())
        room.tell(room.event(said, number))
    return room


@given(_history)
@settings(max_examples=150)
def test_no_open_incident_is_ever_without_a_deadline(history: list[tuple[object, int]]) -> None:
    """Every open incident has one watch, due when it says; an owned one has its owner as well.

    Besides it there is at most what is awaited of a crew whose order goes on, and of a person beside it.
    """
    state = told(history).state
    for incident in state.incidents.values():
        about = {incident.id, incident.order}
        standing = [watch for watch in in_order(state.watches) if watch.subject in about]
        first = EXPECTED[incident.status]
        order = state.orders.get(incident.order or "")
        if incident.status is Status.DISPATCHED and order is not None and order.step is None:
            first = WatchKind.ACCEPTANCE
        assert [one.due for one in standing if one.kind is first] == [incident.due], incident
        beside = {one.kind for one in standing if one.kind is not first}
        assert beside <= {*OF_THE_CREW, WatchKind.UPDATE_HEARD, WatchKind.ANSWER}
        assert not beside or somebody_goes(state, incident)
        assert incident.owner is not None or incident.status not in {Status.OWNED, Status.RESOLVED}
        assert (incident.status is Status.PARKED) is (incident.parked is not None)
    assert all(incident.due is None for incident in state.closed.values())


@given(_history)
@settings(max_examples=60)
def test_work_left_alone_reaches_the_duty_manager(history: list[tuple[object, int]]) -> None:
    """When nobody does anything any more, whatever stays open reaches the last level within a day."""
    room = told(history)
    end_s = room.at_s + 86_400
    while (deadline := next_deadline(room.state)) is not None and len(room.records) < PATIENCE:
        room.at_s = round((deadline - after(0)).total_seconds())
        if room.at_s > end_s or all(one.escalations >= LEVELS for one in room.state.incidents.values()):
            break
        room.tell(Tick())

    assert room.at_s <= end_s
    assert all(one.level is Level.DUTY_MANAGER for one in room.state.incidents.values())


@given(_history)
@settings(max_examples=60)
def test_the_records_alone_rebuild_the_work(history: list[tuple[object, int]]) -> None:
    """Folding the stored decisions, snapshots between them, gives the state and the figures byte for byte."""
    room = told(history)
    rebuilt, figures = State(), Ledger()
    for record in room.records:
        frame = decode_applied(encode_frame("w", [record]))
        rebuilt = from_bytes(to_bytes(rebuilt))
        apply(rebuilt, frame.position, frame.records[0].now, frame.records[0].decision)
        take(figures, BOOK, frame.position, frame.records[0].now, frame.records[0].decision)

    assert to_bytes(rebuilt) == to_bytes(room.state)
    assert figures == room.ledger


@given(_history)
@settings(max_examples=60)
def test_reopening_counts_no_alarm_twice(history: list[tuple[object, int]]) -> None:
    """However often incidents are closed and opened again, an activation is handled once."""
    room = told(history)
    heard = sum(
        1
        for record in room.records
        if getattr(getattr(record.event, "signal", None), "type", None) is not None
    )
    assert figure(room.ledger, ALARMS_HANDLED) <= heard


@given(_history)
@settings(max_examples=60)
def test_what_stands_is_known_both_ways(history: list[tuple[object, int]]) -> None:
    """A condition that stands leads to the open incidents which list it, and to no other."""
    state = told(history).state
    leads = {(name, incident) for name, leads in state.standing.items() for incident in leads}
    assert leads == {(name, one.id) for one in state.incidents.values() for name in one.standing}


@given(_history, st.sampled_from(["merge", "split"]), st.integers(0, 9))
@settings(max_examples=150)
def test_an_undo_gives_exactly_the_state_before(
    history: list[tuple[object, int]], verb: str, which: int
) -> None:
    """Whatever stands, a merge or a split and its undo leave open work, deadlines and ways as they were.

    But for one thing: what a merge has told a crew is said, and the crew has to say that it heard.
    """
    room = told(history)
    before = _open_work(room.state)
    room.tell(room.event((verb, "op-1", which), 0))
    if room.records and room.records[-1].decision.reasons == (Reason.COMMAND,):
        changed, said = room.records[-1].event, _said_to_crews(room.records[-1])
        assert isinstance(changed, Merged | SplitOff)
        room.tell(Undone(changed.incident, room.state.incidents[changed.incident].version, "op-1"))
        assert room.records[-1].decision.reasons == (Reason.COMMAND,)
        before = (*before[:1], before[1] | said, *before[2:])
    assert _open_work(room.state) == before


def _said_to_crews(record: Record) -> set[Watch]:
    """Return what is awaited of crews because this record tells them something."""
    armed = [change.watch for change in record.decision.changes if isinstance(change, WatchArmed)]
    return {watch for watch in armed if watch.kind is WatchKind.UPDATE_HEARD}


def _open_work(state: State) -> tuple[Any, ...]:
    """Return all that concerns open incidents, without versions and last acts."""
    incidents = {name: replace(one, version=0, last=None) for name, one in state.incidents.items()}
    armed = set(in_order(state.watches))
    return (
        incidents,
        armed,
        dict(state.joinable),
        {name: set(leads) for name, leads in state.standing.items()},
        dict(state.open_at),
        dict(state.load),
    )

"""Whatever the room is told, in whatever order: what always holds."""

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.events import (
    Closed,
    CrewReported,
    CrewSent,
    Event,
    OrdersHandedOver,
    Owned,
    PutOnTest,
    TakeOffTest,
    Tick,
)
from controlroom.incidents.apply import apply
from controlroom.incidents.decide import decide
from controlroom.incidents.incident import Status
from controlroom.incidents.record import Record
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.incidents.watches import in_order
from controlroom.journal.records import decode_applied, decode_frame, encode_frame
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import BOOK, after, handbook, signal, topic_of

_ids = st.integers(1, 12).map(str)
_orders = st.integers(1, 30).map("ORD-{}".format)
_incidents = st.integers(1, 30).map("INC-{}".format)
_versions = st.integers(1, 4)
_alarms = st.builds(
    lambda identifier, event, zone, condition: signal(
        Kind.ARC_ALARM, identifier, event=event, zone=zone, condition=condition
    ),
    _ids,
    st.sampled_from(["intruder", "panic", "closed", "test", "other", "hold_up", "tamper", "path_fault"]),
    st.sampled_from(["Z1", "Z2", None]),
    st.sampled_from(["active", "active", "restored"]),
)
_shifts = st.sampled_from(["on_duty", "off_duty", "check_call"])
_targets = st.sampled_from(["S1", topic_of(Kind.CAMERA_FAULT), "nowhere"])
_zones = st.sampled_from([None, "Z1"])
_events: st.SearchStrategy[Event] = st.one_of(
    _alarms,
    st.builds(lambda identifier: signal(Kind.LONE_WORKER, identifier), _ids),
    st.builds(
        lambda identifier, call, step: signal(Kind.HELP_POINT, identifier, call=call, step=step),
        _ids,
        st.sampled_from(["K1", "K2"]),
        st.sampled_from(["started", "answered", "ended"]),
    ),
    st.builds(
        CrewReported,
        st.just(Wire("t", b"")),
        _orders,
        st.sampled_from(["MR-01", "MR-02"]),
        st.sampled_from(list(Step)),
        st.sampled_from([None, *Outcome]),
    ),
    st.builds(OrdersHandedOver, st.lists(_orders, max_size=3).map(tuple)),
    st.builds(Owned, _incidents, _versions, st.just("operator-1")),
    st.builds(Closed, _incidents, _versions, st.just("operator-1"), st.sampled_from(list(Outcome))),
    st.builds(CrewSent, _incidents, _versions, st.just("operator-1")),
    st.builds(
        lambda target, zone, end_s, second: PutOnTest(
            target, "visit", "Fitters Ltd", after(end_s), "op-1", zone, second
        ),
        _targets,
        _zones,
        st.integers(0, 3000),
        st.sampled_from([None, "op-1", "op-2"]),
    ),
    st.builds(lambda target, zone: TakeOffTest(target, "op-1", zone), _targets, _zones),
    st.builds(lambda identifier, event: signal(Kind.GUARD, identifier, event=event), _ids, _shifts),
    st.builds(lambda identifier: signal(Kind.CAMERA_FAULT, identifier), _ids),
    st.just(Tick()),
)
_history = st.lists(st.tuples(_events, st.integers(0, 90)), max_size=60)


def _live(history: list[tuple[Event, int]]) -> tuple[State, list[Record]]:
    """Tell a room a history, as the service does, and return its state and its records."""
    book, state, records, at_s = handbook(), State(), [], 0
    for event, later_s in history:
        at_s += later_s
        decision = decide(book, state, event, after(at_s))
        if decision.first_position is None:
            apply(state, state.position + 1, after(at_s), decision)
            records.append(Record(state.position, after(at_s), event, decision))
    return state, records


@given(_history)
def test_the_journal_gives_the_same_state_and_figures_back(history: list[tuple[Event, int]]) -> None:
    """Frames cut anywhere, with a snapshot between them, rebuild the state and the ledger byte for byte."""
    state, records = _live(history)
    ledger = Ledger()
    for record in records:
        take(ledger, BOOK, record.position, record.now, record.decision)

    rebuilt, figures = State(), Ledger()
    for start in range(0, len(records), 7):
        frame = decode_applied(encode_frame("w", records[start : start + 7]))
        rebuilt = from_bytes(to_bytes(rebuilt))
        for offset, stored in enumerate(frame.records):
            apply(rebuilt, frame.position + offset, stored.now, stored.decision)
            take(figures, BOOK, frame.position + offset, stored.now, stored.decision)

    assert to_bytes(rebuilt) == to_bytes(state)
    assert figures == ledger


@given(_history)
def test_a_frame_gives_its_records_back(history: list[tuple[Event, int]]) -> None:
    """What was told and decided can be read from the stored bytes, signals included."""
    _, records = _live(history)
    if records:
        assert decode_frame(encode_frame("w", records)) == records


@given(_history)
def test_one_signal_leads_to_at_most_one_crew(history: list[tuple[Event, int]]) -> None:
    """However often a signal comes, it orders one crew at most, and no order id is ever given twice."""
    _, records = _live(history)
    by_key: dict[bytes, int] = {}
    given_ids: list[str] = []
    for record in records:
        given_ids += [order.id for order in record.decision.orders]
        key = getattr(record.event, "key", None)
        if key is not None:
            by_key[key] = by_key.get(key, 0) + len(record.decision.orders)

    assert all(count <= 1 for count in by_key.values())
    assert len(given_ids) == len(set(given_ids))


@given(_history)
@settings(max_examples=60)
def test_no_open_incident_is_forgotten(history: list[tuple[Event, int]]) -> None:
    """Every open incident has one watch, due when it says; an owned one has its owner as well."""
    state, _ = _live(history)
    for incident in state.incidents.values():
        standing = [
            watch for watch in in_order(state.watches) if watch.subject in {incident.id, incident.order}
        ]

        assert [watch.due for watch in standing] == [incident.due], incident
        assert incident.owner is not None or incident.status is not Status.OWNED

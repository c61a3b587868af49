"""Whatever a panel says, and whoever works on it: what waits is known, and nothing of it is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from controlroom.incidents.apply import apply
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.state import State, from_bytes, to_bytes
from controlroom.incidents.watches import due_of
from controlroom.journal.records import decode_applied, encode_frame
from controlroom.signals.vocabulary import ALARM_ACTIVATIONS, AlarmEvent, Condition
from tests.build import ALARMS_HANDLED, figure, handbook
from tests.incidents.holds.test_holding import HOLD_S, Careful, Holding
from tests.incidents.work.test_any_work import Room, told

_WORDS = ("intruder", "tamper", "fire", "mains_fault", "path_fault", "opened", "closed", "cancel")
_REPORT = st.tuples(
    st.sampled_from(_WORDS), st.sampled_from(["Z1", "Z2"]), st.sampled_from(["active", "active", "restored"])
)
_WORK = st.tuples(st.sampled_from(["own", "close", "resolve", "reopen"]), st.just("op-1"), st.integers(0, 5))
_PAUSE_S = st.one_of(st.integers(0, 20), st.integers(0, 200))
_history = st.lists(st.tuples(st.one_of(_REPORT, _REPORT, _WORK), _PAUSE_S), max_size=40)


_judges = st.sampled_from([Holding(), Careful(), Careful(HOLD_S)])
"""What the rules may say of an unset: nothing, that somebody looks at once, that somebody looks later."""


def waited(history: list[tuple[object, int]], judge: Holding) -> Room:
    """Return a room that holds everything it may for two minutes, after this history."""
    book = handbook(demonstration=True)
    work = replace(book.house.work, swinger_after=3, flood_from=4)
    return told(history, replace(book, rules=judge, house=replace(book.house, work=work)))


@given(_history, _judges)
@settings(max_examples=150)
def test_what_waits_has_its_watch_and_its_place(history: list[tuple[object, int]], judge: Holding) -> None:
    """Every hold, fault and shelf has exactly its watch, and every hold is known at its site."""
    state = waited(history, judge).state
    for name, held in state.holds.by_name.items():
        assert due_of(state.watches, WatchKind.END_OF_HOLD, name) == held.until
        assert name in state.holds.at_site[held.draft.incident.site]
    for name, fault in state.faults.items():
        assert (due_of(state.watches, WatchKind.RESTORE, name) is None) is fault.unpaired
    shelved = {
        f"{site} / {name}"
        for site, zones in state.rollups.zones.items()
        for name, zone in zones.items()
        if zone.shelved_at is not None
    }
    assert set(state.watches.armed.get(WatchKind.END_OF_SHELF, {})) == shelved
    assert set(state.watches.armed.get(WatchKind.END_OF_HOLD, {})) == set(state.holds.by_name)


@given(_history, _judges)
@settings(max_examples=100)
def test_every_activation_is_somewhere(history: list[tuple[object, int]], judge: Holding) -> None:
    """What a panel reported is handled, in an open incident, or held: the plan's figure loses none."""
    room = waited(history, judge)
    heard = sum(
        1
        for said, _ in history
        if isinstance(said, tuple)
        and said[-1] == Condition.ACTIVE
        and AlarmEvent(said[0]) in ALARM_ACTIVATIONS
    )
    held = sum(
        member.activation
        for one in room.state.holds.by_name.values()
        for member in one.draft.incident.members
    )
    # An incident that was reopened keeps what was handled when it closed; only the rest is still to be.
    open_now = sum(len(entry.activations) - entry.handled for entry in room.ledger.opened.values())
    assert figure(room.ledger, ALARMS_HANDLED) + open_now + held == heard


@given(_history, _judges)
@settings(max_examples=60)
def test_the_records_alone_rebuild_what_waits(history: list[tuple[object, int]], judge: Holding) -> None:
    """Folding the stored decisions, snapshots between them, gives the state byte for byte."""
    room = waited(history, judge)
    rebuilt = State()
    for record in room.records:
        frame = decode_applied(encode_frame("w", [record]))
        rebuilt = from_bytes(to_bytes(rebuilt))
        apply(rebuilt, frame.position, frame.records[0].now, frame.records[0].decision)

    assert to_bytes(rebuilt) == to_bytes(room.state)

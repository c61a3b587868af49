"""What the state keeps and what it lets go: bounded, and never something that is still to be done."""

from typing import Any, get_args, get_type_hints

import pytest

from controlroom.events import Closed, CrewReported, OrdersHandedOver, Tick
from controlroom.incidents import apply as applying
from controlroom.incidents.apply import HANDS, apply
from controlroom.incidents.changes import Change, ConditionNoted, WatchArmed
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.record import Decision
from controlroom.incidents.state import CLOSED_KEPT, State, next_deadline
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import after, signal
from tests.incidents.test_decide import Told


def close_many(room: Told, number: int) -> None:
    """So many more incidents were opened and closed by an operator."""
    for one in range(number):
        room.tell(signal(Kind.HELP_POINT, f"later{one}", call=f"later{one}", step="answered"))
        incident = next(reversed(room.state.incidents))
        room.tell(Closed(incident, 1, "operator-1", Outcome.NO_TRACE))


def test_an_order_outlives_its_incident_until_the_broker_has_it() -> None:
    """Whatever is listed as unsent can be sent: it is kept however many incidents were closed since."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.tell(Closed("INC-1", 1, "operator-1", Outcome.FALSE_ALARM))

    close_many(room, CLOSED_KEPT + 1)

    assert "INC-1" not in room.state.closed
    assert set(room.state.unsent) == {"ORD-1", "ORD-1-stand-down"}
    assert (set(room.state.orders), set(room.state.words)) == ({"ORD-1"}, {"ORD-1-stand-down"})
    room.tell(OrdersHandedOver(("ORD-1", "ORD-1-stand-down")))
    assert not room.state.orders
    assert not room.state.words
    assert not room.state.unsent


def test_an_order_of_a_closed_incident_burdens_its_unit_no_longer() -> None:
    """Whoever closes an incident stands its crew down, and the unit is free for the next one."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.tell(OrdersHandedOver(("ORD-1",)))
    room.report(Step.ACCEPTED)
    (word,) = room.tell(Closed("INC-1", 2, "operator-1", Outcome.FALSE_ALARM)).orders
    assert (word.id, word.unit) == ("ORD-1-stand-down", "MR-01")
    assert room.state.load["MR-01"] == 0
    room.tell(OrdersHandedOver((word.id,)))

    close_many(room, CLOSED_KEPT)

    assert not room.state.orders


def test_a_refused_order_leaves_with_the_order_that_replaces_it() -> None:
    """However often crews refuse, an incident keeps one order; a late word about an old one is noted only."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.tell(OrdersHandedOver(("ORD-1",)))
    second = room.report(Step.REFUSED).orders[0].id

    assert list(room.state.orders) == [second]
    assert room.state.load == {"MR-01": 0, "MR-02": 1}
    assert not room.report(Step.ACCEPTED).changes


def test_a_refused_order_that_the_broker_never_confirmed_stays_until_it_does() -> None:
    """A refusal may overtake the broker's word; until that comes the order is listed and can be sent."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    second = room.report(Step.REFUSED).orders[0].id

    assert set(room.state.unsent) == set(room.state.orders) == {"ORD-1", second}
    room.tell(OrdersHandedOver(("ORD-1", second)))
    assert list(room.state.orders) == [second]
    assert room.state.load == {"MR-01": 0, "MR-02": 1}


def test_a_late_clearing_of_a_forgotten_order_is_no_error() -> None:
    """A crew that reports on work of last month is recorded and changes nothing."""
    room = Told()
    room.tell(CrewReported(Wire("t", b""), "ORD-1", "MR-01", Step.CLEARED, Outcome.GENUINE))

    assert room.state.load == {}


def test_invented_sources_cannot_grow_the_state_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conditions of the sources that changed last are known, up to the bound."""
    monkeypatch.setattr(applying, "CONDITIONS_KEPT", 3)
    state = State()
    for position, source in enumerate(("a", "b", "c", "a", "d"), start=1):
        apply(state, position, after(0), Decision((ConditionNoted(source, f"set-{position}"),)))

    assert state.conditions == {"c": "set-3", "a": "set-4", "d": "set-5"}


def test_a_watch_that_is_armed_anew_fires_at_its_new_moment_only() -> None:
    """Arming a watch again moves it: the old moment passes in silence."""
    state = State()
    for position, due_s in enumerate((10, 5, 20), start=1):
        armed = WatchArmed(Watch(after(due_s), WatchKind.ANSWER, "INC-1"))
        apply(state, position, after(0), Decision((armed,)))

    assert next_deadline(state) == after(20)
    assert len(state.watches) == 1


def test_a_watch_that_fell_due_while_nobody_ran_fires_once() -> None:
    """After a long stop every overdue watch is decided once; what is expected then is counted from now."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))

    assert room.tell(Tick(), at_s=86_400).changes
    assert next_deadline(room.state) == after(86_460)


def types_in(hint: Any) -> set[type]:
    """Return the members of a union, or the one type that the hint is."""
    return set(get_args(hint)) or {hint}


def test_every_change_has_a_hand_that_takes_it() -> None:
    """A new member of the union is neither left without a hand nor under one that takes another type."""
    assert set(HANDS) == set(get_args(Change))
    for kind, hand in HANDS.items():
        hints = get_type_hints(hand)
        changed = next(hint for name, hint in hints.items() if name in {"change", "_change"})
        assert kind in types_in(changed), f"{hand} does not take {kind}"

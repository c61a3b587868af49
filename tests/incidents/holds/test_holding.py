"""The abort window: what waits, what ends the waiting, and what never waits."""

from typing import Any

import pytest
from msgspec.structs import replace

from controlroom.events import Event, Tick
from controlroom.incidents.changes import IncidentOpened
from controlroom.incidents.holds.changes import HoldEnd, HoldEnded, SignalHeld
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.measures.ledger import Ledger
from controlroom.measures.taking import take
from controlroom.orders import SendCrew
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import AlarmEvent, Condition, Kind
from tests.build import (
    ALARMS_HANDLED,
    ALARMS_RESPONDED,
    BOOK,
    OneWordJudge,
    after,
    figure,
    handbook,
    signal,
    topic_of,
)
from tests.incidents.test_decide import Told

HOLD_S = 120


class Holding(OneWordJudge):
    """Holds everything for two minutes by site, but what is confirmed; logs restores and what is unset."""

    def __init__(self, dispatch: Dispatch = Dispatch.OPERATOR, priority: int = 2) -> None:
        self.dispatch = dispatch
        self.priority = priority

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        data = circumstances.signal.data
        over = getattr(data, "condition", None) is Condition.RESTORED
        logged = over or getattr(data, "event", "") in {AlarmEvent.OPENED, AlarmEvent.CANCEL}
        return replace(
            super().judge(circumstances),
            route=Route.LOG if logged else Route.MOBILE_RESPONSE,
            priority=self.priority,
            dispatch=self.dispatch,
            hold_s=None if circumstances.room.confirmed else HOLD_S,
            merge="site",
        )


class Careful(Holding):
    """Also looks at whoever unsets: opens for it at once, or holds that too."""

    def __init__(self, hold_s: int | None = None) -> None:
        super().__init__()
        self.hold_s = hold_s

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        verdict = super().judge(circumstances)
        if getattr(circumstances.signal.data, "event", "") != AlarmEvent.OPENED:
            return verdict
        return replace(verdict, route=Route.MOBILE_RESPONSE, hold_s=self.hold_s)


class Waiting(Told):
    """A room that holds, with its figures."""

    def __init__(self, judge: Holding | None = None) -> None:
        super().__init__(replace(handbook(), rules=judge or Holding()))
        self.ledger = Ledger()
        self.heard = 0

    def tell(self, event: Event, at_s: float = 0) -> Decision:
        """Decide and apply one event, and let the figures follow."""
        decision = super().tell(event, at_s)
        take(self.ledger, BOOK, self.state.position, after(at_s), decision)
        return decision

    def alarm(self, event: str, at_s: float = 0, **data: Any) -> Decision:
        """Tell a new report of the panel."""
        self.heard += 1
        return self.tell(signal(Kind.ARC_ALARM, f"h{self.heard}", event=event, **data), at_s)

    def ends(self, decision: Decision) -> list[HoldEnd]:
        """Return how holds ended in this decision."""
        return [change.how for change in decision.changes if isinstance(change, HoldEnded)]


def test_a_held_signal_opens_nothing_and_sends_nobody() -> None:
    """Until its moment there is no incident and no order, but a watch, and a line that says so."""
    room = Waiting(Holding(Dispatch.AUTOMATIC))

    told = room.alarm("intruder")

    assert any(isinstance(change, SignalHeld) for change in told.changes)
    assert told.reasons == (Reason.RULE, Reason.HELD)
    assert (room.state.incidents, told.orders) == ({}, ())
    assert next_deadline(room.state) == after(HOLD_S)


def test_at_its_moment_it_goes_on_as_its_rule_says() -> None:
    """The crew is ordered, the incident stands with its signal's place in the journal and its time held."""
    room = Waiting(Holding(Dispatch.AUTOMATIC))
    room.alarm("intruder")

    over = room.tell(Tick(), HOLD_S)

    incident = room.state.incidents["INC-2"]
    assert over.reasons == (Reason.HOLD_OVER,)
    (order,) = over.orders
    assert isinstance(order, SendCrew)
    assert (order.unit, order.incident, order.signal) == ("MR-01", "INC-2", "h1")
    assert (incident.status, incident.held_s, incident.opened_at) == (Status.DISPATCHED, 120, after(HOLD_S))
    assert [member.position for member in incident.members] == [1]
    assert not room.state.holds.by_name
    assert not room.state.holds.at_site


def test_an_unset_or_cancel_within_the_hold_aborts_it() -> None:
    """It ends as aborted, nothing is expected any more, and the plan counts the alarm as handled, once."""
    for word in ("opened", "cancel"):
        room = Waiting()
        room.alarm("intruder")
        aborted = room.alarm(word, 60)

        assert room.ends(aborted) == [HoldEnd.ABORTED]
        assert Reason.ABORTED in aborted.reasons
        assert next_deadline(room.state) is None
        assert figure(room.ledger, ALARMS_HANDLED) == 1


def test_an_unset_that_itself_asks_for_a_look_aborts_and_opens() -> None:
    """Unset when it should be closed: the hold ends once, as aborted, and the incident is about the unset."""
    room = Waiting(Careful())
    room.alarm("intruder")

    unset = room.alarm("opened", 60)

    assert room.ends(unset) == [HoldEnd.ABORTED]
    (incident,) = room.state.incidents.values()
    assert [member.event for member in incident.members] == ["opened"]
    assert (incident.held_s, incident.signals) == (None, 1)
    assert not room.state.holds.at_site
    assert figure(room.ledger, ALARMS_HANDLED) == 1


def test_an_unset_that_is_held_aborts_and_has_its_own_moment() -> None:
    """What it aborts is over; it waits by itself, from its own moment on."""
    room = Waiting(Careful(HOLD_S))
    room.alarm("intruder")

    assert room.ends(room.alarm("opened", 60)) == [HoldEnd.ABORTED]
    assert next_deadline(room.state) == after(60 + HOLD_S)

    room.tell(Tick(), 60 + HOLD_S)
    (incident,) = room.state.incidents.values()
    assert [member.event for member in incident.members] == ["opened"]


def test_what_the_panel_calls_a_test_aborts_nothing() -> None:
    """A test transmission in the words of an unset is not somebody at the keypad."""
    room = Waiting()
    room.alarm("intruder")
    assert room.ends(room.alarm("cancel", 60, test=True)) == []


def test_further_trips_wait_with_the_first_and_do_not_put_it_off() -> None:
    """The same cause is held once, with all its signals; its moment stays that of the first."""
    room = Waiting()
    room.alarm("intruder")
    room.alarm("intruder", 100)
    assert next_deadline(room.state) == after(HOLD_S)

    room.tell(Tick(), HOLD_S)

    incident = next(iter(room.state.incidents.values()))
    assert (incident.signals, [member.position for member in incident.members]) == (2, [1, 2])


def test_a_confirming_signal_ends_the_hold_at_once() -> None:
    """A second detector opens the incident with both signals; each activation is counted once."""
    room = Waiting(Holding(Dispatch.AUTOMATIC))
    room.alarm("intruder", zone="Z1")

    second = room.alarm("intruder", 30, zone="Z2")

    assert room.ends(second) == [HoldEnd.CONFIRMED]
    opened = next(change.incident for change in second.changes if isinstance(change, IncidentOpened))
    assert (opened.signals, opened.held_s) == (2, 30)
    assert next_deadline(room.state) == after(90)
    room.report(Step.ACCEPTED, order=second.orders[0].id, at_s=40)
    room.report(Step.CLEARED, order=second.orders[0].id, at_s=50)
    assert (figure(room.ledger, ALARMS_HANDLED), figure(room.ledger, ALARMS_RESPONDED)) == (2, 2)


@pytest.mark.parametrize("event", ["medical", "fire", "panic", "duress", "hold_up", "gas"])
def test_nothing_about_a_life_is_held_whatever_a_table_says(event: str) -> None:
    """Where a table holds what it must never hold, the room does not obey."""
    room = Waiting()
    assert any(isinstance(change, IncidentOpened) for change in room.alarm(event).changes)


def test_neither_are_workers_calls_nor_the_most_urgent() -> None:
    """A help call, an SOS, and whatever its rule calls priority 1, open at once."""
    room = Waiting()
    assert any(isinstance(one, IncidentOpened) for one in room.tell(signal(Kind.HELP_POINT)).changes)
    sos = signal(Kind.LONE_WORKER, event="sos")
    assert any(isinstance(one, IncidentOpened) for one in room.tell(sos).changes)
    for kind, event in ((Kind.PARK, "person_in_water"), (Kind.TELECARE, "fall")):
        assert any(
            isinstance(one, IncidentOpened) for one in room.tell(signal(kind, event, event=event)).changes
        )
    urgent = Waiting(Holding(priority=1))
    assert any(isinstance(one, IncidentOpened) for one in urgent.alarm("intruder").changes)


def test_a_mains_fault_waits_for_its_restore_and_not_for_a_key() -> None:
    """An unset does not bring the mains back; the restore does, and then nothing is opened."""
    room = Waiting()
    room.alarm("mains_fault", zone="M")
    assert room.ends(room.alarm("opened", 10)) == []

    back = room.alarm("mains_fault", 20, zone="M", condition="restored")

    assert room.ends(back) == [HoldEnd.RESTORED]
    assert next_deadline(room.state) is None


def test_a_detector_that_comes_to_rest_is_still_an_alarm() -> None:
    """A restore of an intruder's zone ends no hold: the door is closed behind him."""
    room = Waiting()
    room.alarm("intruder")
    assert room.ends(room.alarm("intruder", 20, condition="restored")) == []
    room.tell(Tick(), HOLD_S)
    incident = next(iter(room.state.incidents.values()))
    assert incident.condition is Condition.RESTORED


def test_a_restart_goes_on_holding() -> None:
    """What is held stands in the snapshot, with its watch."""
    room = Waiting()
    room.alarm("intruder")
    room.state = from_bytes(to_bytes(room.state))

    over = room.tell(Tick(), HOLD_S + 500)

    assert over.reasons[0] is Reason.HOLD_OVER
    assert not room.state.watches.armed.get(WatchKind.END_OF_HOLD)


class ByPlace(Holding):
    """Joins what one panel says, whatever building the records put it in."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        return replace(super().judge(circumstances), merge="place")


def test_a_panel_that_moves_to_another_site_while_it_is_held_is_held_there() -> None:
    """The estate's records change over a restart: the hold goes with the panel, and ends once."""
    room = Waiting(ByPlace())
    room.alarm("intruder", 0)
    known = room.book.estate
    panel = replace(known.places[topic_of(Kind.ARC_ALARM)], site="S9")
    room.book = replace(room.book, estate=replace(known, places=known.places | {panel.topic: panel}))

    room.alarm("intruder", 10)
    assert list(room.state.holds.at_site) == ["S9"]

    assert room.ends(room.alarm("cancel", 20)) == [HoldEnd.ABORTED]
    assert not room.state.holds.at_site

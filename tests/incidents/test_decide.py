"""What the room decides about signals, reports, commands and the passing of time."""

from msgspec.structs import replace

from controlroom.events import (
    Closed,
    CrewReported,
    CrewSent,
    Event,
    OrdersHandedOver,
    Owned,
    QuarantineReason,
    Tick,
)
from controlroom.incidents.apply import apply
from controlroom.incidents.changes import ConditionNoted, IncidentOpened, Logged, Quarantined, SignalJoined
from controlroom.incidents.decide import decide
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State, from_bytes, next_deadline, to_bytes
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.dispatch_messages import Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import OneWordJudge, after, handbook, signal
from tests.moving_on import due_now, moved_on


class Told:
    """A room without a loop: tells events one by one and keeps what was decided."""

    def __init__(self, book: Handbook | None = None) -> None:
        self.book = book or handbook()
        self.state = State()

    def tell(self, event: Event, at_s: float = 0) -> Decision:
        """Decide and apply one event, that many seconds after noon."""
        now = after(at_s)
        watch = due_now(self.state, event, now)
        decision = decide(self.book, self.state, event, now)
        if decision.first_position is None:
            apply(self.state, self.state.position + 1, now, decision)
        assert moved_on(watch, self.state, decision), watch
        return decision

    def report(self, step: Step, *, order: str = "ORD-1", unit: str = "MR-01", at_s: float = 1) -> Decision:
        """Tell the room how far a unit is."""
        outcome = Outcome.GENUINE if step is Step.CLEARED else None
        return self.tell(CrewReported(Wire("t", b""), order, unit, step, outcome), at_s)


class OneSite(OneWordJudge):
    """Joins everything of a site: a crew for a panic, an operator within 30 s for gas, within 180 s else."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        word = getattr(circumstances.signal.data, "event", "")
        return replace(
            super().judge(circumstances),
            route=Route.MOBILE_RESPONSE,
            priority=1 if word in {"panic", "gas"} else 3,
            dispatch=Dispatch.AUTOMATIC if word == "panic" else Dispatch.OPERATOR,
            answer_within_s=30 if word == "gas" else 180,
            merge="site",
        )


def test_an_urgent_signal_opens_an_incident_and_sends_the_areas_crew() -> None:
    """A signal that a rule routes to mobile response becomes an incident, and its area's unit is ordered."""
    room = Told()

    decision = room.tell(signal(Kind.ARC_ALARM, event="panic"))

    opened = next(change for change in decision.changes if isinstance(change, IncidentOpened)).incident
    assert [order.unit for order in decision.orders] == ["MR-01"]
    assert decision.orders[0].incident == opened.id
    assert opened.status is Status.DISPATCHED
    assert list(room.state.unsent) == [decision.orders[0].id]


def test_a_minor_signal_goes_to_the_log_and_nobody_is_sent() -> None:
    """A signal that a rule routes to the log ends there: no incident, no order."""
    room = Told()

    decision = room.tell(signal(Kind.LONE_WORKER))

    assert any(isinstance(change, Logged) for change in decision.changes)
    assert not decision.orders
    assert not room.state.incidents


def test_the_same_signal_twice_is_decided_once() -> None:
    """A signal with a (source, id) that was heard before changes nothing and names the first position."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    before = to_bytes(room.state)

    again = room.tell(signal(Kind.ARC_ALARM, event="panic"), at_s=600)

    assert again == Decision(reasons=(Reason.DUPLICATE,), first_position=1)
    assert to_bytes(room.state) == before


def test_a_retained_message_is_state_and_sends_nobody() -> None:
    """What the broker kept from the past tells how things stand; it is not news, however urgent its word."""
    room = Told()
    event = signal(Kind.ARC_ALARM, event="panic")
    retained = replace(event, wire=replace(event.wire, retained=True))

    decision = room.tell(retained)

    assert decision.reasons == (Reason.RETAINED_STATE,)
    assert ConditionNoted(event.signal.source, "set") in decision.changes
    assert not decision.orders


def test_a_second_signal_of_one_site_joins_and_sends_no_second_crew() -> None:
    """Signals that a rule merges by site share one incident, and its crew is not sent twice."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, "1"))

    second = room.tell(signal(Kind.ARC_ALARM, "2"))

    assert any(isinstance(change, SignalJoined) for change in second.changes)
    assert not second.orders
    assert room.state.incidents["INC-1"].signals == 2


def test_a_signal_that_joins_still_sends_the_crew_that_nobody_has_sent() -> None:
    """A panic at a site whose tamper waits for an operator's look gets its crew, as it would have alone."""
    room = Told(replace(handbook(), rules=OneSite()))
    room.tell(signal(Kind.ARC_ALARM, "1", event="tamper"))
    assert room.state.incidents["INC-1"].status is Status.NEW

    panic = room.tell(signal(Kind.ARC_ALARM, "2", event="panic"), at_s=10)
    again = room.tell(signal(Kind.ARC_ALARM, "3", event="panic"), at_s=20)

    incident = room.state.incidents["INC-1"]
    assert [order.incident for order in panic.orders] == ["INC-1"]
    assert not again.orders
    assert (incident.status, incident.priority, incident.order) == (Status.DISPATCHED, 1, "ORD-2")
    assert next_deadline(room.state) == incident.due == after(70)


def test_a_more_urgent_signal_that_joins_asks_for_a_look_anew() -> None:
    """An operator who has a minor incident is asked again, in the time of the more urgent signal."""
    room = Told(replace(handbook(), rules=OneSite()))
    room.tell(signal(Kind.ARC_ALARM, "1", event="tamper"))
    room.tell(Owned("INC-1", 1, "operator-1"), at_s=5)

    room.tell(signal(Kind.ARC_ALARM, "2", event="tamper"), at_s=6)
    assert next_deadline(room.state) == after(905)
    room.tell(signal(Kind.ARC_ALARM, "3", event="gas"), at_s=10)

    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.owner) == (Status.NEW, "operator-1")
    assert next_deadline(room.state) == incident.due == after(40)
    assert room.tell(Tick(), at_s=40).reasons == (Reason.NOT_ANSWERED,)


def test_joining_never_puts_a_look_off() -> None:
    """A more urgent signal that joins shortly before the first one's deadline leaves that deadline alone."""
    room = Told(replace(handbook(), rules=OneSite()))
    room.tell(signal(Kind.ARC_ALARM, "1", event="tamper"))
    room.tell(signal(Kind.ARC_ALARM, "2", event="gas"), at_s=170)

    assert next_deadline(room.state) == room.state.incidents["INC-1"].due == after(180)


def test_a_signal_that_no_rule_takes_waits_for_an_operator() -> None:
    """Nothing falls through: without a rule a person looks, at high priority, with a deadline."""
    room = Told()

    decision = room.tell(signal(Kind.ARC_ALARM, event="other"))

    incident = room.state.incidents["INC-1"]
    assert decision.reasons == (Reason.NO_RULE, Reason.OPERATOR_LOOKS)
    assert (incident.status, incident.priority) == (Status.NEW, 2)
    assert incident.due is not None


def test_a_doubtful_source_is_quarantined_and_decided() -> None:
    """A panic button that nobody owns is still somebody pressing a button."""
    room = Told()
    ghost = signal(Kind.ARC_ALARM, source="GHOST", event="panic")

    decision = room.tell(ghost)

    assert Quarantined(ghost.wire.topic, QuarantineReason.UNKNOWN_SOURCE, ghost.detail) in decision.changes
    assert decision.orders


def test_a_simulated_signal_sends_nobody_in_a_real_room() -> None:
    """Outside a demonstration a simulated panic is logged as a test, whatever the rules say."""
    event = signal(Kind.ARC_ALARM, event="panic")
    pretended = replace(event, signal=event.signal.model_copy(update={"simulated": True}))

    real, demonstration = Told(), Told(handbook(demonstration=True))

    assert not real.tell(pretended).orders
    assert real.tell(replace(pretended, key=b"2")).reasons == (Reason.RULE, Reason.TEST_SIGNAL)
    assert demonstration.tell(pretended).orders


def test_a_simulated_opening_does_not_unset_a_real_panel() -> None:
    """A test signal on a real source changes nothing that the next real alarm is judged by."""
    event = signal(Kind.ARC_ALARM, "2", event="opened", set_state=None)
    pretended = replace(event, signal=event.signal.model_copy(update={"simulated": True}))
    real, demonstration = Told(), Told(handbook(demonstration=True))
    for room in (real, demonstration):
        room.tell(signal(Kind.ARC_ALARM, "1", event="closed"))
        room.tell(pretended)

    assert list(real.state.conditions.values()) == ["set"]
    assert list(demonstration.state.conditions.values()) == ["unset"]


def test_a_crew_that_clears_closes_the_incident() -> None:
    """Accepted, on scene, cleared: the incident follows its crew and ends with what was found."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))

    for step in (Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE):
        room.report(step)
    assert room.state.incidents["INC-1"].status is Status.ON_SCENE
    room.report(Step.CLEARED)

    assert room.state.closed["INC-1"].outcome == "genuine"
    assert room.state.load["MR-01"] == 0
    assert next_deadline(room.state) is None


def test_a_report_that_comes_late_twice_or_from_another_unit_changes_nothing() -> None:
    """Only a step further by the unit that was ordered counts; everything else is recorded as it came."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.report(Step.ON_SCENE)

    assert room.report(Step.ACCEPTED).reasons == (Reason.REPORT_STALE,)
    assert room.report(Step.ON_SCENE).reasons == (Reason.REPORT_STALE,)
    assert room.report(Step.REFUSED).reasons == (Reason.REPORT_STALE,)
    assert room.report(Step.CLEARED, unit="MR-02").reasons == (Reason.ORDER_UNKNOWN,)
    assert room.report(Step.CLEARED, order="ORD-99").reasons == (Reason.ORDER_UNKNOWN,)


def test_an_order_that_nobody_accepts_goes_to_the_next_crew_and_then_to_people() -> None:
    """When no acceptance comes another crew goes; when none is left somebody has to answer that."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))

    assert room.tell(Tick(), at_s=59.9).reasons == (Reason.NOTHING_DUE,)
    assert room.tell(Tick(), at_s=60).reasons == (Reason.NOT_ACCEPTED, Reason.NEXT_CREW_AFTER_SILENCE)
    assert room.state.incidents["INC-1"].order == "ORD-3"
    assert room.tell(Tick(), at_s=120).reasons == (Reason.NOT_ACCEPTED,)

    assert room.state.incidents["INC-1"].status is Status.ESCALATED
    assert next_deadline(room.state) == after(180)


def test_an_accepted_order_is_no_longer_watched() -> None:
    """A crew that accepted in time is not reported as silent later."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.report(Step.ACCEPTED, at_s=10)

    assert room.tell(Tick(), at_s=600).reasons == (Reason.NOTHING_DUE,)


def test_a_refused_order_goes_to_the_next_crew_and_then_to_the_operators() -> None:
    """A refusal is never silent: the next crew is asked at once, and where none is left, a person."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    again = room.report(Step.REFUSED)
    assert [(order.unit, order.incident) for order in again.orders] == [("MR-02", "INC-1")]
    assert again.reasons == (Reason.REPORT_TAKEN, Reason.NEXT_CREW)

    assert not room.report(Step.REFUSED, order=again.orders[0].id, unit="MR-02", at_s=2).orders
    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.refused_by) == (Status.ESCALATED, ("MR-01", "MR-02"))
    decision = room.tell(CrewSent("INC-1", incident.version, "operator-1", unit="MR-02"), at_s=5)

    assert [order.unit for order in decision.orders] == ["MR-02"]
    assert room.state.incidents["INC-1"].order == decision.orders[0].id


def test_a_second_crew_is_not_sent_while_one_is_going() -> None:
    """An operator cannot send a second person to a job that a crew already has."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))

    refused = room.tell(CrewSent("INC-1", 1, "operator-1"))

    assert refused.reasons == (Reason.COMMAND_REFUSED,)


def test_a_command_that_saw_an_old_version_is_refused() -> None:
    """Two operators race: the second one's command names a version that is gone and changes nothing."""
    room = Told()
    room.tell(signal(Kind.HELP_POINT, step="answered"))
    room.tell(Owned("INC-1", 1, "operator-1"))

    late = room.tell(Closed("INC-1", 1, "operator-2", Outcome.NO_TRACE))

    assert late.reasons == (Reason.COMMAND_STALE,)
    assert room.state.incidents["INC-1"].owner == "operator-1"


def test_an_unanswered_incident_escalates_and_an_owned_one_does_not() -> None:
    """An operator's look is expected by a deadline; owning the incident meets it."""
    looked_at, forgotten = Told(), Told()
    for room in (looked_at, forgotten):
        room.tell(signal(Kind.HELP_POINT, step="answered"))
    looked_at.tell(Owned("INC-1", 1, "operator-1"), at_s=5)

    assert looked_at.tell(Tick(), at_s=900).reasons == (Reason.NOTHING_DUE,)
    assert forgotten.tell(Tick(), at_s=900).reasons == (Reason.NOT_ANSWERED,)


def test_orders_that_the_broker_has_are_not_listed_as_unsent() -> None:
    """A hand-over is remembered; naming an order again or an unknown one changes nothing."""
    room = Told()
    room.tell(signal(Kind.ARC_ALARM, event="panic"))
    room.tell(OrdersHandedOver(("ORD-1",)))
    before = to_bytes(room.state)

    assert room.tell(OrdersHandedOver(("ORD-1", "ORD-9"))).changes == ()

    assert not room.state.unsent
    assert from_bytes(before).unsent == {}

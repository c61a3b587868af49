"""The life of an order: offered, passed on, recalled, given to another crew; and words that come late."""

import pytest

from controlroom.commands.crews import CrewReassigned, CrewRecalled, CrewSpoke, CrewWordTaken, StepTaken
from controlroom.commands.work import Merged, Resolved
from controlroom.events import Closed, CrewReported, CrewSent, Owned, Tick
from controlroom.incidents.changes import OrderMoved
from controlroom.incidents.crews.given import OrderEnd
from controlroom.incidents.incident import Level, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import next_deadline
from controlroom.orders import SendCrew, StandDown
from controlroom.signals.dispatch_messages import Cause, CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from controlroom.signals.wire import Wire
from tests.build import after, handbook, signal
from tests.incidents.test_decide import Told

WIRE = Wire("t", b"")
CREW = "leedswatch/inner-east/lone-worker/MR-01"


class Ordered(Told):
    """A room that has sent MR-01 to a panic."""

    def __init__(self) -> None:
        super().__init__(handbook(demonstration=True))
        self.tell(signal(Kind.ARC_ALARM, event="panic"))

    def says(self, word: CrewWord, unit: str = "MR-01", at_s: float = 5) -> Decision:
        """Let a unit's terminal say how the crew is."""
        return self.tell(CrewSpoke(WIRE, unit, word, f"{unit} {word} {at_s}".encode()), at_s)

    @property
    def version(self) -> int:
        """The version of the incident that somebody who looks now sees."""
        return self.state.incidents["INC-1"].version


def words(decision: Decision) -> list[tuple[str, str]]:
    """Return what goes out, and to whom."""
    said = (one.reason if isinstance(one, StandDown) else one.id for one in decision.orders)
    return [(order.unit, what) for order, what in zip(decision.orders, said, strict=True)]


def test_closing_an_incident_stands_its_crew_down() -> None:
    """The crew hears that it is over, and the order lives no longer than its incident."""
    room = Ordered()
    room.report(Step.EN_ROUTE)

    decision = room.tell(Closed("INC-1", room.version, "op-1", Outcome.FALSE_ALARM), 9)

    why = "INC-1 is closed: false alarm"
    word = StandDown("ORD-1-stand-down", "ORD-1", "INC-1", "MR-01", why, simulated=False)
    assert decision.orders == (word,)
    assert room.state.orders["ORD-1"].ended is OrderEnd.RECALLED
    assert not room.state.in_hand
    assert Reason.RECALLED in decision.reasons


def test_a_crew_that_clears_is_not_stood_down() -> None:
    """Its own word ends the incident; nobody tells it what it said."""
    room = Ordered()
    assert not room.report(Step.CLEARED).orders


def test_why_an_alarm_was_false_stays_with_the_incident() -> None:
    """The crew saw a fox; so does the figure."""
    room = Ordered()
    cleared = CrewReported(WIRE, "ORD-1", "MR-01", Step.CLEARED, Outcome.FALSE_ALARM, None, Cause.ANIMAL)
    room.tell(cleared, 9)
    closed = room.state.closed["INC-1"]
    assert (closed.outcome, closed.cause) == ("false_alarm", "animal")


def test_an_operator_recalls_a_crew_and_has_the_incident() -> None:
    """What the crew had is the operator's; a second recall finds nobody."""
    room = Ordered()
    room.report(Step.ACCEPTED)
    decision = room.tell(CrewRecalled("INC-1", room.version, "op-1", "keyholder is there"), 9)
    incident = room.state.incidents["INC-1"]

    assert words(decision) == [("MR-01", "keyholder is there")]
    assert (incident.status, incident.owner, incident.due) == (Status.OWNED, "op-1", after(309))
    again = CrewRecalled("INC-1", room.version, "op-1", "again")
    assert room.tell(again, 10).reasons == (Reason.NOBODY_GOES,)


def test_an_offer_that_nobody_had_accepted_is_withdrawn() -> None:
    """It makes a difference in the figures whether somebody was on the way."""
    room = Ordered()
    room.tell(CrewRecalled("INC-1", 1, "op-1", "not needed"), 9)
    assert room.state.orders["ORD-1"].ended is OrderEnd.WITHDRAWN


def test_the_work_is_given_to_another_crew() -> None:
    """The first is stood down and the second ordered, in this order and in one decision."""
    room = Ordered()
    room.report(Step.ACCEPTED)
    decision = room.tell(CrewReassigned("INC-1", room.version, "op-1", "has the key", "MR-02"), 9)

    assert words(decision) == [("MR-01", "has the key"), ("MR-02", "ORD-3")]
    assert room.state.incidents["INC-1"].order == "ORD-3"
    assert room.state.load == {"MR-01": 0, "MR-02": 1}


def test_nobody_is_reassigned_to_itself_or_to_nobody() -> None:
    """The same unit and an unknown one are refused; without a name the room takes another one."""
    room = Ordered()
    for unit in ("MR-01", "MR-99"):
        told = room.tell(CrewReassigned("INC-1", 1, "op-1", "why", unit), 9)
        assert told.reasons == (Reason.COMMAND_REFUSED,)
    told = room.tell(CrewReassigned("INC-1", 1, "op-1", "why"), 9)
    assert [order.unit for order in told.orders] == ["MR-01", "MR-02"]


@pytest.mark.parametrize("step", [Step.ACCEPTED, Step.EN_ROUTE, Step.ON_SCENE, Step.CLEARED, Step.REFUSED])
def test_a_word_about_an_order_that_is_over_changes_nothing(step: Step) -> None:
    """The incident, its owner and its deadline stay as they are, whatever the first crew still says."""
    room = Ordered()
    room.report(Step.ACCEPTED)
    room.tell(CrewRecalled("INC-1", room.version, "op-1", "keyholder is there"), 9)
    before = room.state.incidents["INC-1"]

    assert room.report(step, at_s=11).reasons == (Reason.REPORT_STALE,)

    assert room.state.incidents["INC-1"] == before
    assert room.state.load == {"MR-01": 0}


def test_a_crew_answers_that_it_stands_down_once() -> None:
    """The answer is on record; of an order that lives it is no word at all."""
    room = Ordered()
    assert room.report(Step.STOOD_DOWN).reasons == (Reason.REPORT_STALE,)
    room.tell(CrewRecalled("INC-1", 1, "op-1", "keyholder is there"), 9)
    assert room.report(Step.STOOD_DOWN, at_s=11).reasons == (Reason.REPORT_TAKEN,)
    assert room.report(Step.STOOD_DOWN, at_s=12).reasons == (Reason.REPORT_STALE,)


def test_a_later_step_implies_that_the_order_was_accepted() -> None:
    """An acceptance that was lost on its way is made up for, so the figures miss nobody."""
    room = Ordered()
    changes = room.report(Step.ON_SCENE).changes
    steps = [change.step for change in changes if isinstance(change, OrderMoved)]
    assert steps == [Step.ACCEPTED, Step.ON_SCENE]


def test_a_report_of_the_same_name_counts_once_on_either_way() -> None:
    """What the terminal sent and somebody took down as well is one report."""
    room = Ordered()
    key = b"report one"
    sent = CrewReported(WIRE, "ORD-1", "MR-01", Step.ACCEPTED, key=key)
    assert room.tell(sent, 2).reasons == (Reason.REPORT_TAKEN,)
    taken = StepTaken("ORD-1", "MR-01", Step.ACCEPTED, "op-1", key)
    assert room.tell(taken, 3).first_position == 2


def test_what_somebody_took_down_by_radio_moves_the_order_and_names_them() -> None:
    """An operator's pen is as good as a terminal."""
    room = Ordered()
    room.tell(StepTaken("ORD-1", "MR-01", Step.ACCEPTED, "op-1", b"k1"), 2)
    decision = room.tell(StepTaken("ORD-1", "MR-01", Step.EN_ROUTE, "op-1", b"k2"), 3)
    assert room.state.incidents["INC-1"].due == after(1_800)
    assert [one.by for one in decision.changes if isinstance(one, OrderMoved)] == ["op-1"]


def test_a_crew_that_does_not_accept_is_stood_down_and_the_next_one_goes() -> None:
    """Each time one level more is told; when nobody is left the offer stands and the supervisor is told."""
    room = Ordered()
    decision = room.tell(Tick(), 60)
    incident = room.state.incidents["INC-1"]
    assert words(decision) == [("MR-01", "MR-01 did not accept in time"), ("MR-02", "ORD-2")]
    assert (incident.status, incident.level, incident.due) == (Status.DISPATCHED, Level.OPERATOR, after(120))

    assert room.tell(Tick(), 120).orders == ()
    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.level) == (Status.ESCALATED, Level.SUPERVISOR)
    assert room.report(Step.ACCEPTED, order="ORD-2", unit="MR-02", at_s=130).reasons == (Reason.REPORT_TAKEN,)
    assert room.state.incidents["INC-1"].status is Status.DISPATCHED


def test_a_crew_that_a_person_sent_is_that_persons_to_replace() -> None:
    """The room passes nothing on over the head of whoever chose."""
    room = Told(handbook())
    room.tell(signal(Kind.HELP_POINT, call="K9", step="answered"))
    room.tell(CrewSent("INC-1", 1, "op-1", "MR-01"), 5)
    decision = room.tell(Tick(), 65)
    assert decision.orders == ()
    assert room.state.incidents["INC-1"].level is Level.OPERATOR


def test_a_person_says_why_another_crew_and_the_rooms_own_choice_keeps_its_reasons() -> None:
    """What the room would send has the room's reasons, also where a person names it; another one, theirs."""
    for unit, reason, because in (
        ("MR-01", "", "in the area, about 10 min, nothing in hand"),
        ("MR-02", "it knows the place", "chosen by op-1: it knows the place"),
        ("MR-02", "", "chosen by op-1"),
    ):
        room = Told(handbook())
        room.tell(signal(Kind.HELP_POINT, call="K9", step="answered"))
        (order,) = room.tell(CrewSent("INC-1", 1, "op-1", unit, reason), 5).orders
        assert isinstance(order, SendCrew)
        assert (order.unit, order.because) == (unit, because)


def test_a_crew_that_goes_off_duty_leaves_its_job_to_the_next_one() -> None:
    """Also from the scene; who went is stood down, and its watch is over."""
    room = Ordered()
    room.report(Step.ON_SCENE)
    decision = room.says(CrewWord.BOOKED_OFF)

    assert words(decision) == [("MR-01", "MR-01 went off duty"), ("MR-02", "ORD-3")]
    assert room.state.incidents["INC-1"].order == "ORD-3"
    assert CREW not in room.state.duties
    assert room.state.orders.keys() == {"ORD-1", "ORD-3"}


def test_the_last_crew_that_goes_off_duty_leaves_its_jobs_to_the_supervisor() -> None:
    """Nothing that was accepted is forgotten because somebody went home."""
    room = Ordered()
    room.says(CrewWord.BOOKED_OFF, "MR-02", 1)
    room.report(Step.ACCEPTED)
    decision = room.says(CrewWord.BOOKED_OFF)
    incident = room.state.incidents["INC-1"]

    assert words(decision) == [("MR-01", "MR-01 went off duty")]
    assert (incident.status, incident.level) == (Status.ESCALATED, Level.SUPERVISOR)
    assert Reason.NOBODY_LEFT in decision.reasons
    assert next_deadline(room.state) == incident.due


def test_every_job_of_a_crew_that_goes_off_duty_has_an_order_of_its_own() -> None:
    """Two jobs, two orders, two names, and the second goes where the first did not."""
    room = Ordered()
    room.says(CrewWord.BUSY, "MR-02", 1)
    room.tell(signal(Kind.ARC_ALARM, "2", event="fire"), 2)
    room.says(CrewWord.AVAILABLE, "MR-02", 3)
    assert room.state.load == {"MR-01": 2}
    decision = room.says(CrewWord.BOOKED_OFF)
    assert [order.id for order in decision.orders if isinstance(order, SendCrew)] == ["ORD-5", "ORD-5-2"]
    assert room.state.load == {"MR-01": 0, "MR-02": 2}


def test_an_incident_that_a_crew_goes_to_is_neither_resolved_nor_taken_in() -> None:
    """Nobody is stood down by accident: the crew is recalled first."""
    room = Ordered()
    room.tell(signal(Kind.ARC_ALARM, "2", event="fire"), 2)
    assert room.tell(Resolved("INC-1", 1, "op-1", Outcome.GENUINE), 3).reasons == (Reason.CREW_HAS_IT,)
    assert room.tell(Merged("INC-1", 1, "op-1", "INC-2", 1), 3).reasons == (Reason.CREW_HAS_IT,)


def test_a_crew_at_a_place_is_watched_over_until_it_says_that_it_left() -> None:
    """It owes a sign of life every half hour; whatever it says is one; a recall brings nobody home."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    assert room.state.duties[CREW].checked_at == after(10)
    room.says(CrewWord.CHECK_IN, at_s=600)
    assert room.state.duties[CREW].checked_at == after(600)
    room.tell(Closed("INC-1", room.version, "op-1", Outcome.GENUINE), 700)
    assert CREW in room.state.duties
    room.report(Step.STOOD_DOWN, at_s=710)
    assert CREW not in room.state.duties


def test_a_crew_that_is_not_heard_at_a_place_is_looked_for() -> None:
    """A missed check goes through the rules as a lone worker's does."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    room.tell(Owned("INC-1", room.version, "op-1"), 11)
    late = room.tell(Tick(), 1_810)
    assert late.reasons[0] is Reason.NOT_HEARD
    assert late.ruling is not None
    assert late.ruling.rule == "about-check_late"


def test_an_sos_of_a_crew_is_an_incident_and_another_crew_goes() -> None:
    """The rules say what it needs; whoever calls for help is not sent to itself."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    decision = room.says(CrewWord.SOS, at_s=20)
    incident = room.state.incidents["INC-3"]

    assert decision.reasons[:2] == (Reason.CREW_NOTED, Reason.RULE)
    assert (incident.kind, incident.event, incident.priority) == (Kind.LONE_WORKER, "sos", 1)
    (order,) = decision.orders
    assert isinstance(order, SendCrew)
    said = "sos at Crew MR-01, last at S1, last position 53.80000 -1.55000"
    assert (order.unit, order.instruction) == ("MR-02", said)
    assert room.says(CrewWord.SOS, at_s=20).reasons == (Reason.DUPLICATE,)


def test_an_unknown_unit_is_told_so() -> None:
    """Its word is on record and changes nothing."""
    told = Ordered().tell(CrewWordTaken("MR-99", CrewWord.BOOKED_ON, "op-1", b"k"), 2)
    assert told.reasons == (Reason.CREW_UNKNOWN,)

"""An incident that stands still is somebody's business again after a known time, and then the next one's."""

from msgspec.structs import replace

from controlroom.events import Event, Owned, RoomOpened, Tick
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.hearing import WentDeaf
from controlroom.incidents.incident import THE_ROOM, Act, Level, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.incidents.watches import Watches
from controlroom.incidents.work.limits import WorkRules
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import after, handbook, signal
from tests.incidents.test_decide import Told


def patient(**limits: int) -> Handbook:
    """Return a handbook whose house waits so long, in seconds."""
    book = handbook()
    return replace(book, house=replace(book.house, work=WorkRules(**limits)))


class Waiting(Told):
    """A room with one incident, a panic with a crew ordered."""

    def __init__(self, book: Handbook | None = None, event: Event | None = None) -> None:
        super().__init__(book)
        self.tell(event or signal(Kind.ARC_ALARM, event="panic"))

    def due(self) -> list[tuple[float, Reason]]:
        """Let the next five deadlines pass; return when each fell, in seconds after noon, and what it was."""
        fell = []
        for _ in range(5):
            deadline = next_deadline(self.state)
            assert deadline is not None
            at_s = (deadline - after(0)).total_seconds()
            fell.append((at_s, self.tell(Tick(), at_s).reasons[0]))
        return fell

    def level(self) -> Level | None:
        """Who was told last."""
        return self.state.incidents["INC-1"].level


def test_an_escalated_incident_that_nobody_takes_goes_up_level_by_level() -> None:
    """Operators, supervisor, duty manager: each a minute after the last for a life, and the last for ever."""
    room = Waiting()

    levels = []
    for at_s in (60, 120, 180, 240):
        room.tell(Tick(), at_s)
        levels.append(room.level())

    assert levels == [Level.OPERATOR, Level.SUPERVISOR, Level.DUTY_MANAGER, Level.DUTY_MANAGER]
    incident = room.state.incidents["INC-1"]
    assert (incident.escalations, incident.due) == (4, after(300))
    assert incident.escalated_because == Reason.NOT_ACCEPTED


def test_what_is_not_urgent_goes_up_more_slowly() -> None:
    """Below priority 1 three minutes pass between two levels."""
    room = Waiting(event=signal(Kind.ARC_ALARM, event="other"))

    assert [at_s for at_s, _ in room.due()] == [60, 240, 420, 600, 780]


def test_an_owner_who_does_nothing_is_asked_after_a_quarter_of_an_hour() -> None:
    """Owning an incident is a promise: without a word from its owner it comes back to everybody."""
    room = Waiting(event=signal(Kind.ARC_ALARM, event="other"))
    room.tell(Owned("INC-1", 1, "operator-1"), at_s=10)
    assert room.state.incidents["INC-1"].due == after(910)

    assert room.tell(Tick(), at_s=910).reasons == (Reason.OWNER_IDLE,)

    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.owner) == (Status.ESCALATED, "operator-1")
    assert incident.last == Act(THE_ROOM, "escalated", after(910))


def test_a_second_failure_is_the_supervisors_business() -> None:
    """An incident that was taken after an escalation and left lying again goes on where it was."""
    room = Waiting(event=signal(Kind.ARC_ALARM, event="other"))
    room.tell(Tick(), at_s=60)
    room.tell(Owned("INC-1", room.state.incidents["INC-1"].version, "operator-1"), at_s=70)

    room.tell(Tick(), at_s=970)

    assert room.level() is Level.SUPERVISOR


def test_a_crew_that_accepts_and_never_arrives_is_missed() -> None:
    """The rule's response time runs from the order; without one the house's half hour does."""
    room = Waiting(patient(arrive_within_s=600))
    room.report(Step.ACCEPTED, at_s=10)
    room.report(Step.EN_ROUTE, at_s=300)

    assert room.due()[0] == (600, Reason.NOT_ARRIVED)
    room.report(Step.ON_SCENE, at_s=900)
    assert room.state.incidents["INC-1"].status is Status.ON_SCENE


def test_a_crew_that_moves_after_its_time_has_one_acceptance_time_more() -> None:
    """A late word from the road is heard, and does not put the alarm off for long."""
    room = Waiting(patient(arrive_within_s=100))
    room.report(Step.ACCEPTED, at_s=10)
    room.tell(Tick(), at_s=100)

    room.report(Step.EN_ROUTE, at_s=120)

    assert room.state.incidents["INC-1"].status is Status.DISPATCHED
    assert next_deadline(room.state) == after(180)


def test_a_crew_that_arrives_and_says_nothing_more_is_asked_about() -> None:
    """After half an hour at the place somebody asks whether the crew itself needs help."""
    room = Waiting()
    room.report(Step.ON_SCENE, at_s=30)

    assert room.due()[:2] == [(1830, Reason.NOT_HEARD), (1830, Reason.NOT_CLEARED)]


def test_a_crew_that_breaks_down_on_its_way_is_replaced() -> None:
    """Saying no after having accepted counts as well; what a unit found there it does not refuse any more."""
    room = Waiting()
    room.report(Step.ACCEPTED)
    assert [order.unit for order in room.report(Step.REFUSED, at_s=60).orders] == ["MR-02"]


def test_no_crew_is_sent_over_the_head_of_a_person_who_has_the_incident() -> None:
    """Where an operator took the incident, a refusal comes back to people instead of to the next crew."""
    room = Waiting()
    for at_s in (60, 120):
        room.tell(Tick(), at_s)
    room.tell(Owned("INC-1", room.state.incidents["INC-1"].version, "operator-1"), at_s=130)

    refused = room.report(Step.REFUSED, order="ORD-2", unit="MR-02", at_s=140)

    assert not refused.orders
    assert room.state.incidents["INC-1"].status is Status.ESCALATED


def test_a_room_of_an_older_version_gets_its_missing_deadlines_when_it_opens() -> None:
    """Open incidents that an older version left without a deadline have one from the opening on."""
    room = Waiting()
    room.report(Step.ACCEPTED)
    old = from_bytes(to_bytes(room.state))
    old.incidents["INC-1"] = replace(old.incidents["INC-1"], due=None)
    old.watches = Watches()
    room.state = old

    room.tell(RoomOpened("w", 2, "r", demonstration=False), at_s=100)

    assert next_deadline(room.state) == room.state.incidents["INC-1"].due == after(1800)
    assert room.tell(RoomOpened("w", 3, "r", demonstration=False), at_s=200).changes == (WentDeaf(),)

"""What must not happen to a crew or to who waits for one: a deadline, a watch or a position is lost."""

import pytest
from msgspec.structs import replace

from controlroom.commands.crews import CrewRecalled, CrewSpoke, CrewWordTaken, StepTaken
from controlroom.commands.work import EscalatedByHand
from controlroom.estate.model import Estate
from controlroom.events import Closed, CrewReported, Owned, PersonBookedOff, Tick
from controlroom.incidents.crews.cards import card_of
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.people.duty import DutyNoted
from controlroom.incidents.people.duty import watch_over as apply_watch
from controlroom.incidents.reasons import Reason
from controlroom.incidents.watches import due_of
from controlroom.orders import SendCrew
from controlroom.signals.dispatch_messages import CrewWord, Outcome, Step
from controlroom.signals.vocabulary import Kind
from tests.build import after, signal
from tests.incidents.crews.test_orders import CREW, WIRE, Ordered


def test_telling_people_takes_no_acceptance_off() -> None:
    """Escalated by hand: the crew that does not accept is still followed by the next one."""
    room = Ordered()
    room.tell(EscalatedByHand("INC-1", room.version, "op-1", "look"), 10)
    decision = room.tell(Tick(), 60)
    assert Reason.NEXT_CREW_AFTER_SILENCE in decision.reasons
    assert [one.unit for one in decision.orders if isinstance(one, SendCrew)] == ["MR-02"]


def test_who_takes_an_escalated_incident_is_told_of_the_silent_crew() -> None:
    """Owning it takes the acceptance off as little."""
    room = Ordered()
    room.tell(EscalatedByHand("INC-1", room.version, "op-1", "look"), 10)
    room.tell(Owned("INC-1", room.version, "op-2"), 11)
    assert room.tell(Tick(), 60).reasons == (Reason.NOT_ACCEPTED,)


@pytest.mark.parametrize("step", [Step.EN_ROUTE, Step.ON_SCENE])
def test_telling_people_takes_no_later_watch_off(step: Step) -> None:
    """On its way and at the place too: what was awaited stays until the crew is there, or it is over."""
    kind = WatchKind.ARRIVAL if step is Step.EN_ROUTE else WatchKind.CLEARANCE
    room = Ordered()
    room.report(step, at_s=5)
    due = due_of(room.state.watches, kind, "INC-1")
    room.tell(EscalatedByHand("INC-1", room.version, "op-1", "look"), 10)
    assert due is not None
    assert due_of(room.state.watches, kind, "INC-1") == due
    room.tell(Closed("INC-1", room.version, "op-1", Outcome.GENUINE), 20)
    assert due_of(room.state.watches, kind, "INC-1") is None


def test_an_arrival_takes_the_arrival_off_where_it_was_escalated() -> None:
    """Nobody is told that a crew has not arrived that is there."""
    room = Ordered()
    room.report(Step.EN_ROUTE, at_s=5)
    room.tell(EscalatedByHand("INC-1", room.version, "op-1", "look"), 10)
    room.report(Step.ON_SCENE, at_s=15)
    assert room.state.incidents["INC-1"].status is Status.ON_SCENE
    assert due_of(room.state.watches, WatchKind.ARRIVAL, "INC-1") is None


def test_a_no_to_another_job_keeps_the_watch_of_a_crew_that_is_inside() -> None:
    """Recalled and not away yet, it refuses the next job: that is a sign of life and brings nobody home."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    room.tell(CrewRecalled("INC-1", room.version, "op-1", "other job"), 20)
    room.says(CrewWord.BUSY, "MR-02", 21)
    (another,) = room.tell(signal(Kind.ARC_ALARM, "2", event="fire"), 30).orders
    assert another.unit == "MR-01"
    room.tell(StepTaken(another.id, "MR-01", Step.REFUSED, "op-1", b"b", reason="still inside"), 40)
    assert room.state.duties[CREW].checked_at == after(40)


def test_the_end_of_another_units_order_keeps_the_senders_watch() -> None:
    """A mistaken order id brings nobody home either."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    standing = room.state.orders["ORD-1"]
    room.state.orders["ORD-9"] = replace(standing, order=replace(standing.order, id="ORD-9", unit="MR-02"))
    room.tell(CrewRecalled("INC-1", room.version, "op-1", "other job"), 20)
    room.report(Step.CLEARED, order="ORD-9", at_s=40)
    assert room.state.duties[CREW].checked_at == after(40)


def test_a_crews_word_ends_no_duress_alarm() -> None:
    """Somebody else may hold the terminal: only an operator's check ends the silence."""
    room = Ordered()
    room.report(Step.ON_SCENE, at_s=10)
    apply_watch(room.state.duties, room.state.watches, DutyNoted(CREW, silent=True), after(15))
    room.says(CrewWord.CHECK_IN, at_s=20)
    assert room.state.duties[CREW].silent


def test_an_sos_says_where_it_is() -> None:
    """The helper gets no base's coordinates and is noted at no base."""
    room = Ordered()
    room.tell(CrewSpoke(WIRE, "MR-01", CrewWord.CHECK_IN, b"in", 53.90, -1.51), 10)
    (order,) = room.tell(CrewSpoke(WIRE, "MR-01", CrewWord.SOS, b"sos", 53.70, -1.71), 20).orders
    assert isinstance(order, SendCrew)
    assert order.instruction == "sos at Crew MR-01, last position 53.70000 -1.71000"
    assert card_of(room.book.estate, room.state.orders[order.id]).position is None
    room.report(Step.ON_SCENE, order=order.id, unit="MR-02", at_s=30)
    assert room.state.crews["MR-02"].latitude is None


@pytest.mark.parametrize("wire", [True, False])
def test_an_sos_of_an_unknown_unit_is_an_incident(*, wire: bool) -> None:
    """Nobody knows the unit and somebody is in danger: an operator finds out who and where."""
    room, sos = Ordered(), CrewWord.SOS
    word = CrewSpoke(WIRE, "MR-99", sos, b"k") if wire else CrewWordTaken("MR-99", sos, "op-1", b"k")
    assert Reason.CREW_UNKNOWN in room.tell(word, 2).reasons
    incident = room.state.incidents["INC-2"]
    assert (incident.event, incident.site) == ("sos", "MR-99")


def test_a_crew_that_left_the_estate_can_still_end_its_watch() -> None:
    """Its own CLEARED ends it, and so does an operator who books it off."""
    for ends in (
        CrewReported(WIRE, "ORD-1", "MR-01", Step.CLEARED, Outcome.GENUINE),
        PersonBookedOff(CREW, "op-1"),
    ):
        room = Ordered()
        room.report(Step.ON_SCENE, at_s=10)
        known = room.book.estate
        places = {topic: place for topic, place in known.places.items() if topic != CREW}
        crews = {unit: crew for unit, crew in known.crews.items() if unit != "MR-01"}
        room.book = replace(room.book, estate=Estate(places, crews))
        assert CREW in room.state.duties
        room.tell(ends, 20)
        assert CREW not in room.state.duties

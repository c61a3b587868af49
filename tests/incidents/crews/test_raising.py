"""Something worse joins what a crew goes to already: the crew is told, and everybody has less time."""

import pytest
from msgspec.structs import replace

from controlroom.commands.work import EscalatedByHand, Merged, Noted
from controlroom.events import CrewSent, Event, Owned, Tick
from controlroom.incidents.changes import IncidentMoved
from controlroom.incidents.incident import Status, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import from_bytes, next_deadline, to_bytes
from controlroom.incidents.watches import due_of
from controlroom.orders import SendCrew, UpdateOrder
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.dispatch_messages import Step
from controlroom.signals.vocabulary import Kind
from tests.build import OneWordJudge, after, handbook, signal
from tests.incidents.test_decide import Told


class AnOpenDoor(OneWordJudge):
    """A crew within 30 min for an intruder, within 10 min for a panic; a person within 30 s for gas."""

    def judge(self, circumstances: Circumstances) -> Verdict:
        """Return this judge's opinion."""
        word = getattr(circumstances.signal.data, "event", "")
        word = word or getattr(circumstances.signal.data, "step", "")
        urgent = word in {"panic", "gas", "duress", "started"}
        return replace(
            super().judge(circumstances),
            route=Route.MOBILE_RESPONSE,
            priority=1 if urgent else 3,
            dispatch=Dispatch.OPERATOR if word in {"gas", "started"} else Dispatch.AUTOMATIC,
            answer_within_s=30 if urgent else 180,
            respond_within_s=600 if urgent else 1_800,
            merge="site",
        )


class OnTheWay(Told):
    """A room that has sent MR-01 to an intruder alarm."""

    def __init__(self, *, owned: bool = False) -> None:
        super().__init__(replace(handbook(demonstration=True), rules=AnOpenDoor()))
        self.tell(signal(Kind.ARC_ALARM))
        if owned:
            self.tell(Owned("INC-1", 1, "op-1", None))

    def tells(self, command: Event) -> Decision:
        """Let an operator say something."""
        return self.tell(command, 110)

    def hears(self, event: str = "panic", at_s: float = 100) -> Decision:
        """Let something worse join."""
        return self.tell(signal(Kind.ARC_ALARM, f"{event}-{at_s}", event=event), at_s)

    def due(self, kind: WatchKind, subject: str = "INC-1") -> object:
        """Return by when that is expected; None where it is not."""
        return due_of(self.state.watches, kind, subject)

    @property
    def version(self) -> int:
        """The version of the incident that somebody who looks now sees."""
        return self.state.incidents["INC-1"].version


def test_the_crew_is_told_under_the_same_order() -> None:
    """Nobody else goes and nothing is ordered anew: the order is for a panic now, and its crew hears so."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)

    decision = room.hears()

    words = "now priority 1: panic at Library of S1; before it intruder"
    said = UpdateOrder("ORD-1-update-1", "ORD-1", "INC-1", "MR-01", 1, words, simulated=False)
    assert decision.orders == (replace(said, respond_within_s=600),)
    assert Reason.CREW_TOLD in decision.reasons
    standing = room.state.orders["ORD-1"]
    assert (standing.order.priority, standing.order.instruction) == (1, words)
    assert standing.unheard == "ORD-1-update-1"
    assert "ORD-1-update-1" in room.state.unsent
    assert to_bytes(from_bytes(to_bytes(room.state))) == to_bytes(room.state)


def test_there_is_less_time_to_be_there() -> None:
    """Ten minutes from the panic on, and no longer than the order gave: the earlier of the two counts."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears()
    incident = room.state.incidents["INC-1"]

    assert (incident.status, incident.priority, incident.due) == (Status.DISPATCHED, 1, after(700))
    assert room.due(WatchKind.ARRIVAL) == after(700)
    assert (incident.answer_within_s, incident.respond_within_s) == (30, 600)


def test_a_time_that_is_over_sooner_stays() -> None:
    """Nobody gets more time because it became worse."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears(at_s=1_500)
    assert room.state.incidents["INC-1"].due == after(1_800)


def test_an_offer_keeps_its_minute_and_the_crew_that_accepts_late_has_the_shorter_time() -> None:
    """Who has not answered yet is waited for as before, and then has ten minutes from the panic on."""
    room = OnTheWay()
    room.hears(at_s=20)
    assert room.due(WatchKind.ACCEPTANCE, "ORD-1") == after(60)
    room.report(Step.ACCEPTED, at_s=50)
    assert room.state.incidents["INC-1"].due == after(620)


def test_the_crew_says_that_it_knows() -> None:
    """Its word takes the watch off, once, and moves neither its order nor the incident."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears()
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") == after(160)
    version = room.version

    decision = room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=110)

    assert decision.reasons == (Reason.REPORT_TAKEN,)
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") is None
    standing = room.state.orders["ORD-1"]
    assert (standing.step, standing.unheard, room.version) == (Step.EN_ROUTE, None, version)
    again = room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=111)
    assert again.reasons == (Reason.REPORT_STALE,)


def test_a_crew_that_does_not_say_so_is_somebodys_business() -> None:
    """After a minute people are told, so that the radio is taken; the crew is still awaited at the place."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears()
    decision = room.tell(Tick(), 160)
    assert decision.reasons == (Reason.UPDATE_NOT_HEARD,)
    assert room.state.incidents["INC-1"].status is Status.ESCALATED
    assert room.due(WatchKind.ARRIVAL) == after(700)


@pytest.mark.parametrize("step", [Step.CLEARED, Step.REFUSED])
def test_nobody_waits_for_the_word_of_a_crew_that_is_done(step: Step) -> None:
    """With the order its update is over; the next crew is told everything with its own order."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears()
    decision = room.report(step, at_s=110)
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") is None
    for order in decision.orders:
        assert isinstance(order, SendCrew)
        assert (order.unit, order.priority) == ("MR-02", 1)
        assert "panic" in order.instruction


def test_a_crew_that_is_done_without_knowing_of_the_panic_closes_nothing() -> None:
    """It clears the open door while the panic is on its way to it: a person hears, and the incident stays."""
    room = OnTheWay()
    room.report(Step.ON_SCENE)
    room.hears()

    decision = room.report(Step.CLEARED, at_s=101)

    assert decision.reasons == (Reason.REPORT_TAKEN, Reason.UPDATE_NOT_HEARD)
    incident, standing = room.state.incidents["INC-1"], room.state.orders["ORD-1"]
    assert (incident.status, incident.due, standing.live) == (Status.ESCALATED, after(161), False)
    assert incident.escalated_because == "MR-01 cleared (genuine) without a word that it knew: panic"
    assert room.tells(CrewSent("INC-1", room.version, "op-1")).orders


def test_a_crew_that_knows_is_done_with_all_of_it() -> None:
    """Once it has said so, its word ends the incident as ever."""
    room = OnTheWay()
    room.report(Step.ON_SCENE)
    room.hears()
    room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=101)
    room.report(Step.CLEARED, at_s=102)
    assert room.state.closed["INC-1"].outcome == "genuine"


def test_the_same_word_is_told_once() -> None:
    """A second panic is the same news; a duress alarm is another, also where nothing is more urgent."""
    room = OnTheWay()
    room.hears()
    assert not room.hears(at_s=101).orders
    (word,) = room.hears("duress", 102).orders
    assert isinstance(word, UpdateOrder)
    assert (word.id, word.respond_within_s) == ("ORD-1-update-2", None)
    assert word.instruction == "now priority 1: duress at Library of S1; before it intruder, panic"
    stale = room.report(Step.ACKNOWLEDGED, order="ORD-1-update-1", at_s=103)
    assert stale.reasons == (Reason.REPORT_STALE,)


def test_what_is_not_more_urgent_tells_nobody() -> None:
    """A second door of the same building is a signal of the incident."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    before = room.state.orders["ORD-1"]
    decision = room.hears("intruder")
    assert not decision.orders
    assert not [change for change in decision.changes if isinstance(change, IncidentMoved)]
    assert room.state.orders["ORD-1"] == before


def test_who_has_it_as_a_lower_matter_looks_again() -> None:
    """An owner says so within the answer's time; a crew's word meanwhile answers for nobody."""
    room = OnTheWay(owned=True)
    room.report(Step.ACCEPTED)
    room.hears()
    assert room.due(WatchKind.ANSWER) == after(130)
    room.report(Step.EN_ROUTE, at_s=105)
    assert room.due(WatchKind.ANSWER) == after(130)

    decision = room.tell(Tick(), 130)

    assert decision.reasons == (Reason.NOT_ANSWERED,)
    assert room.state.incidents["INC-1"].status is Status.ESCALATED
    assert room.due(WatchKind.ARRIVAL) == after(700)


@pytest.mark.parametrize("word", ["own", "note", "escalate"])
def test_an_owner_who_says_a_word_has_looked(word: str) -> None:
    """To take it again, to write something down or to call for more: each says that the person is there."""
    room = OnTheWay(owned=True)
    room.report(Step.EN_ROUTE)
    room.hears()
    said: dict[str, Event] = {
        "own": Owned("INC-1", room.version, "op-1", "op-1"),
        "note": Noted("INC-1", room.version, "op-1", "crew called on the radio"),
        "escalate": EscalatedByHand("INC-1", room.version, "op-1", "somebody is in there"),
    }
    decision = room.tells(said[word])

    assert decision.reasons == (Reason.COMMAND,)
    assert room.due(WatchKind.ANSWER) is None
    assert room.due(WatchKind.ARRIVAL) == after(700)
    assert next_deadline(room.state) is not None


def test_a_rule_that_asks_for_a_person_is_heard_although_a_crew_goes() -> None:
    """Gas is looked at first; that somebody goes for an open door does not make up for it."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.hears("gas")
    assert room.due(WatchKind.ANSWER) == after(130)


def test_what_is_escalated_already_is_told_on_sooner() -> None:
    """Where nobody is left to send, the next level hears within the minute of an urgent matter."""
    room = OnTheWay()
    room.tell(EscalatedByHand("INC-1", 1, "op-1", "no answer"), 10)
    assert room.state.incidents["INC-1"].due == after(190)
    decision = room.hears(at_s=20)
    assert decision.orders
    assert room.state.incidents["INC-1"].due == after(80)
    assert room.due(WatchKind.ACCEPTANCE, "ORD-1") == after(60)


def test_what_is_merged_in_is_told_as_well() -> None:
    """That two alarms are one matter is news for the crew of the first."""
    room = OnTheWay()
    room.report(Step.EN_ROUTE)
    room.tell(signal(Kind.HELP_POINT, "h"), 50)
    call = room.state.incidents["INC-3"]
    assert (call.priority, call.order) == (1, None)

    decision = room.tell(Merged("INC-1", room.version, "op-1", call.id, call.version), 60)

    assert [order.id for order in decision.orders] == ["ORD-1-update-1"]
    assert room.state.orders["ORD-1"].order.priority == 1
    assert room.due(WatchKind.UPDATE_HEARD, "ORD-1") == after(120)

"""What becomes of a help point call's incident when the call is answered and ends."""

import pytest
from msgspec.structs import replace

from controlroom.events import CrewSent, Owned, SignalReceived, Tick
from controlroom.incidents.apply import apply
from controlroom.incidents.calls import UNNAMED_DESK
from controlroom.incidents.decide import decide
from controlroom.incidents.endings import Ending
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.state import State
from controlroom.rules.verdict import Circumstances, Dispatch, Route, Verdict
from controlroom.signals.dispatch_messages import Outcome
from controlroom.signals.vocabulary import Kind
from tests.build import OneWordJudge, after, handbook, signal


class _VoiceFirst(OneWordJudge):
    """Lets an operator speak with a caller first, and logs every later step; `merge` is its opinion."""

    def __init__(self, merge: str | None = None) -> None:
        self.merge = merge

    def judge(self, circumstances: Circumstances) -> Verdict:
        verdict = super().judge(circumstances)
        started = verdict.rule == "about-started"
        return replace(
            verdict,
            route=Route.MOBILE_RESPONSE if started else Route.LOG,
            dispatch=Dispatch.OPERATOR,
            answer_within_s=30,
            merge=self.merge,
        )


class Desk:
    """A room that hears calls."""

    def __init__(self, merge: str | None = None, *, demonstration: bool = True) -> None:
        usual = handbook(demonstration=demonstration)
        self.book = Handbook(_VoiceFirst(merge), usual.estate, usual.house)
        self.state = State()
        self.told = 0

    def tell(self, event: SignalReceived | Owned | CrewSent | Tick, at_s: float = 0) -> Decision:
        """Decide and apply one event."""
        decision = decide(self.book, self.state, event, after(at_s))
        apply(self.state, self.state.position + 1, after(at_s), decision)
        return decision

    def hears(self, step: str, call: str = "K1", desk: str | None = None, at_s: float = 0) -> Decision:
        """Tell one step of one call."""
        return self.tell(self.step(step, call, desk), at_s)

    def step(self, step: str, call: str = "K1", desk: str | None = None) -> SignalReceived:
        """Return one step of one call, never the same message twice."""
        self.told += 1
        more = {} if desk is None else {"answered_by": desk}
        return signal(Kind.HELP_POINT, f"s{self.told}", call=call, step=step, **more)


def test_the_desk_that_answers_has_the_incident() -> None:
    """An answered call is owned by the desk that took it, which is asked only when it stays silent."""
    room = Desk()
    room.hears("started")

    answered = room.hears("answered", desk="DESK-2", at_s=10)

    incident = room.state.incidents["INC-1"]
    assert answered.reasons == (Reason.RULE, Reason.CALL_ANSWERED)
    assert (incident.status, incident.owner, incident.due) == (Status.OWNED, "DESK-2", after(310))
    assert room.tell(Tick(), at_s=309).reasons == (Reason.NOTHING_DUE,)
    assert room.tell(Tick(), at_s=310).reasons == (Reason.OWNER_IDLE,)


def test_an_answered_call_that_ends_is_over() -> None:
    """The end of an answered call closes its incident, and says that a voice dealt with it."""
    room = Desk()
    room.hears("started")
    room.hears("answered", desk="DESK-2", at_s=10)

    ended = room.hears("ended", desk="DESK-2", at_s=60)

    assert ended.reasons == (Reason.RULE, Reason.CALL_ENDED)
    assert room.state.incidents == {}
    assert room.state.closed["INC-1"].outcome == Ending.ANSWERED_BY_VOICE
    assert room.state.joinable == {}


def test_a_call_answered_late_is_no_longer_escalated() -> None:
    """A desk that answers after the limit has the incident all the same; why it escalated stays known."""
    room = Desk()
    room.hears("started")
    room.tell(Tick(), at_s=30)
    assert room.state.incidents["INC-1"].status is Status.ESCALATED

    room.hears("answered", desk="DESK-1", at_s=40)

    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.escalated_because) == (Status.OWNED, Reason.NOT_ANSWERED)


def test_a_caller_who_was_never_answered_stays_somebodys_work() -> None:
    """A call that rings out is not closed by its end: nobody knows what that person wanted."""
    room = Desk()
    room.hears("started")

    ended = room.hears("ended", at_s=20)

    assert ended.reasons == (Reason.RULE,)
    assert room.state.incidents["INC-1"].status is Status.NEW
    assert room.tell(Tick(), at_s=30).reasons == (Reason.NOT_ANSWERED,)


def test_each_call_of_a_point_is_its_own_incident() -> None:
    """The end of one call does not close another one that the same point has open."""
    room = Desk()
    room.hears("started", call="K1")
    room.hears("started", call="K2", at_s=1)
    room.hears("answered", call="K2", desk="DESK-1", at_s=5)
    room.hears("ended", call="K2", desk="DESK-1", at_s=30)

    assert list(room.state.incidents) == ["INC-1"]
    assert room.state.incidents["INC-1"].status is Status.NEW


def test_an_incident_that_calls_share_is_not_over_with_one_of_them() -> None:
    """Where the rule merges by place, an answer takes the incident, and a person ends it."""
    room = Desk("place")
    room.hears("started", call="K1")
    room.hears("started", call="K2", at_s=1)
    room.hears("answered", call="K2", desk="DESK-1", at_s=5)
    room.hears("ended", call="K2", desk="DESK-1", at_s=30)

    incident = room.state.incidents["INC-1"]
    assert (incident.status, incident.owner, incident.signals) == (Status.OWNED, "DESK-1", 2)


@pytest.mark.parametrize("desk", ["DESK-1", None])
def test_what_a_person_took_over_is_left_to_that_person(desk: str | None) -> None:
    """An incident that an operator owns or sent a crew to does not change hands and is not closed."""
    owned, sent = Desk(), Desk()
    for room in (owned, sent):
        room.hears("started")
    owned.tell(Owned("INC-1", 1, "operator-1"))
    sent.tell(CrewSent("INC-1", 1, "operator-1"))

    for room in (owned, sent):
        room.hears("answered", desk=desk, at_s=9)
        room.hears("ended", desk=desk, at_s=60)

    assert owned.state.incidents["INC-1"].owner == "operator-1"
    assert sent.state.incidents["INC-1"].status is Status.DISPATCHED


def test_a_desk_without_a_name_is_a_desk() -> None:
    """An answer that does not say whose it was counts, from its start to the end of the call."""
    room = Desk()
    room.hears("started")
    room.hears("answered", at_s=9)
    assert room.state.incidents["INC-1"].owner == UNNAMED_DESK
    room.hears("ended", at_s=60)

    assert room.state.closed["INC-1"].outcome == Ending.ANSWERED_BY_VOICE


def test_a_simulated_answer_does_not_touch_a_real_call() -> None:
    """In a live room a pretended answer leaves a real person's call as it is."""
    room = Desk(demonstration=False)
    room.hears("started")
    answer = room.step("answered", desk="DESK-1")

    room.tell(replace(answer, signal=answer.signal.model_copy(update={"simulated": True})), at_s=9)

    assert room.state.incidents["INC-1"].owner is None


def test_every_outcome_a_person_can_give_is_an_ending() -> None:
    """The words of crews and operators are a part of the endings, so a metric knows them all."""
    assert {str(outcome) for outcome in Outcome} < {str(ending) for ending in Ending}

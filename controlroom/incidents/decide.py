"""The one entrance to the room's thinking: what follows from this event, in this state, at this moment.

Pure and total: no clock, no socket, no random number, no exception for anything the outside can send.
The same state, event and moment give the same decision, today, in a restart and in a replay.
"""

from datetime import datetime
from typing import assert_never

from controlroom.commands.access import AccessNoted
from controlroom.commands.crews import (
    CrewReassigned,
    CrewRecalled,
    CrewSpoke,
    CrewTaken,
    CrewWordTaken,
    StepTaken,
)
from controlroom.commands.keyholders import KeyholderCalled
from controlroom.commands.patrols import PatrolEvent, PatrolSeedDrawn, VisitReported
from controlroom.commands.plan_steps import StepDone, StepSkipped
from controlroom.commands.referrals import DeliveryEvent, DeliveryTried, ReferralResent, Referred
from controlroom.commands.rule_changes import (
    DifferencesAccepted,
    ShadowDiffered,
    ShadowStarted,
    ShadowStopped,
)
from controlroom.commands.work import (
    EscalatedByHand,
    LetIn,
    Merged,
    Noted,
    Parked,
    ReadersNamed,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
)
from controlroom.events import (
    Closed,
    CrewReported,
    CrewSent,
    DeskAsk,
    Event,
    LinkLost,
    LinkRestored,
    MessageQuarantined,
    OrdersHandedOver,
    Owned,
    PersonBookedOff,
    PersonBookedOn,
    PersonChecked,
    PutOnTest,
    RoomOpened,
    RulesRefused,
    RulesSwapped,
    SignalReceived,
    TakeOffTest,
    Tick,
    WorkOrderCommand,
)
from controlroom.incidents.cameras.work_orders import on_work_order
from controlroom.incidents.changes import Change, OrderHandedOver, Quarantined
from controlroom.incidents.crews.ending import with_recalls
from controlroom.incidents.crews.spoken import on_crew_word
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.hearing import HearsAgain, WentDeaf
from controlroom.incidents.on_command import on_command
from controlroom.incidents.on_paper import on_paper
from controlroom.incidents.on_report import on_report
from controlroom.incidents.on_signal import on_signal
from controlroom.incidents.on_test_command import on_test_command
from controlroom.incidents.on_tick import on_tick
from controlroom.incidents.people.on_person_command import on_person_command
from controlroom.incidents.people.on_silence import expect_shifts
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.delivering import on_delivery
from controlroom.incidents.rule_changes.decided import in_force, on_rules
from controlroom.incidents.sites.closings import count_false_calls
from controlroom.incidents.sites.patrols import on_patrol, proved_by_crews
from controlroom.incidents.sites.roll import roll_call
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import expected_anew

Asked = DeskAsk | PatrolSeedDrawn | DeliveryTried | RulesSwapped | RulesRefused
"""What people ask of the room, and what is told of the way that their wishes go."""


OfCrews = OrdersHandedOver | CrewReported | CrewSpoke | CrewTaken
"""What is told of orders on their way, and of crews."""


def decide(handbook: Handbook, state: State, event: Event, now: datetime) -> Decision:
    """Return what follows from `event`; the state is only read."""
    match event:
        case SignalReceived():
            return on_signal(handbook, state, event, now)
        case OrdersHandedOver() | CrewReported() | StepTaken() | CrewSpoke() | CrewWordTaken():
            return _of_crews(handbook, state, event, now)
        case Tick():
            return _ending(handbook, state, on_tick(handbook, state, now), now)
        case MessageQuarantined():
            kept = Quarantined(event.wire.topic, event.reason, event.detail)
            return Decision(changes=(kept,), reasons=(Reason.QUARANTINED,))
        case RoomOpened():
            return Decision(_opened(handbook, state, event, now), reasons=(Reason.OPENED,))
        case LinkLost() | LinkRestored():
            return _of_link(state, event)
        case _:
            return _asked(handbook, state, event, now)


def _asked(handbook: Handbook, state: State, event: Asked, now: datetime) -> Decision:
    """Return what follows from what people ask, and from what is told of their wishes."""
    match event:
        case (
            Owned()
            | Closed()
            | CrewSent()
            | CrewRecalled()
            | CrewReassigned()
            | Parked()
            | Unparked()
            | Resolved()
            | Reopened()
            | EscalatedByHand()
            | Noted()
            | Merged()
            | SplitOff()
            | Undone()
            | ReadersNamed()
            | LetIn()
            | StepDone()
            | StepSkipped()
            | Referred()
            | KeyholderCalled()
        ):
            return _ending(handbook, state, on_command(handbook, state, event, now), now)
        case PatrolSeedDrawn() | VisitReported() | DeliveryTried() | ReferralResent():
            return _from_outside(handbook, state, event, now)
        case PersonChecked() | PersonBookedOn() | PersonBookedOff():
            return on_person_command(handbook, state, event, now)
        case PutOnTest() | TakeOffTest():
            return on_test_command(handbook, state, event, now)
        case WorkOrderCommand():
            return on_work_order(state, event, now)
        case AccessNoted():
            return Decision(reasons=(Reason.ACCESS_NOTED,))
        case (
            RulesSwapped()
            | RulesRefused()
            | ShadowStarted()
            | ShadowStopped()
            | ShadowDiffered()
            | DifferencesAccepted()
        ):
            return on_rules(handbook, state, event, now)
        case _:
            return on_paper(handbook, state, event, now)


def _of_crews(handbook: Handbook, state: State, event: OfCrews, now: datetime) -> Decision:
    """Return what follows from what is told of orders and crews."""
    match event:
        case OrdersHandedOver():
            confirmed = tuple(OrderHandedOver(order) for order in event.orders if order in state.unsent)
            return Decision(confirmed, reasons=(Reason.HANDED_OVER,))
        case CrewReported() | StepTaken():
            reported = proved_by_crews(handbook, state, on_report(handbook, state, event, now))
            return _ending(handbook, state, reported, now)
        case CrewSpoke() | CrewWordTaken():
            return on_crew_word(handbook, state, event, now)
        case _:
            assert_never(event)


def _ending(handbook: Handbook, state: State, decision: Decision, now: datetime) -> Decision:
    """Return the decision with what follows from the incidents that it ends.

    Of what a signal ends by itself nothing follows: no crew goes to it, and it is no false alarm.
    """
    return count_false_calls(handbook, state, with_recalls(state, decision), now)


def _from_outside(
    handbook: Handbook, state: State, event: PatrolEvent | DeliveryEvent, now: datetime
) -> Decision:
    """Return what follows from a word about patrols, or about a referral on its way."""
    if isinstance(event, PatrolSeedDrawn | VisitReported):
        return on_patrol(handbook, state, event, now)
    return on_delivery(handbook, state, event, now)


def _opened(handbook: Handbook, state: State, event: RoomOpened, now: datetime) -> tuple[Change, ...]:
    """Return what a start expects: nothing is heard until the link stands, and nothing stays unwatched."""
    house = handbook.house
    anew = expected_anew(house.work, house.accept_within_s, state, now)
    shifts, roll = expect_shifts(handbook, state, now), roll_call(handbook, state, now)
    return (*in_force(state, event), WentDeaf(), *anew, *shifts, *roll)


def _of_link(state: State, event: LinkLost | LinkRestored) -> Decision:
    """Return what the session's word changes; said twice it changes nothing, and grants nothing anew."""
    deaf, restored = state.hearing.deaf_since is not None, isinstance(event, LinkRestored)
    change = HearsAgain() if restored else WentDeaf()
    reason = Reason.LINK_RESTORED if restored else Reason.LINK_LOST
    return Decision((change,) if deaf is restored else (), reasons=(reason,))

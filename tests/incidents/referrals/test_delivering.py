"""What the room makes of words about a delivery: nothing is lost, and what is given up is told."""

import pytest

from controlroom.commands.referrals import DeliveryTried, ReferralResent
from controlroom.events import Closed
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.referrals.state import Delivery
from controlroom.incidents.state import from_bytes, to_bytes
from controlroom.signals.dispatch_messages import Outcome
from tests.build import after
from tests.incidents.referrals.test_referring import Desk
from tests.incidents.work.test_lifecycle import ID

REF = "REF-2"


def sent() -> Desk:
    """Return a room whose one incident is referred to a partner with a receiver."""
    room = Desk()
    room.refer("wyp")
    return room


def test_what_a_receiver_took_is_delivered() -> None:
    """It leaves the list of what is undelivered, with the attempts that it took."""
    room = sent()
    assert room.tell(DeliveryTried(REF, 3), 70).reasons == (Reason.DELIVERED,)

    assert (room.referral.delivery, room.referral.attempts) == (Delivery.DELIVERED, 3)
    assert room.referral.moved_at == after(70)
    assert not room.state.referrals.undelivered


def test_a_failed_attempt_is_remembered_and_nothing_else_happens() -> None:
    """The attempts are state, so a restart goes on counting; the incident and its version stay."""
    room = sent()
    before = room.incident
    room.tell(DeliveryTried(REF, 1, "it answered 500"), 70)

    kept = from_bytes(to_bytes(room.state)).referrals
    assert (kept.kept[REF].attempts, kept.kept[REF].because) == (1, "it answered 500")
    assert list(kept.undelivered) == [REF]
    assert room.incident == before


def test_what_is_given_up_is_escalated_where_its_incident_is_open() -> None:
    """The referral is dead and stays listed; a person hears of it, with the reason."""
    room = sent()
    room.tell(DeliveryTried(REF, 12, "no connection", final=True), 70)

    assert room.referral.delivery is Delivery.DEAD
    assert room.incident.status is Status.ESCALATED
    assert room.incident.escalated_because == f"{REF} to wyp was not delivered: no connection"


def test_what_is_given_up_opens_no_closed_incident() -> None:
    """It is listed as dead; the incident is over and stays so."""
    room = sent()
    room.tell(Closed(ID, room.version, "op-1", Outcome.GENUINE), 65)
    room.tell(DeliveryTried(REF, 12, "no connection", final=True), 70)

    assert (room.referral.delivery, room.incident.status) == (Delivery.DEAD, Status.CLOSED)


def test_a_person_sends_it_again() -> None:
    """A dead referral goes on its way anew, its attempts counted from none; why it failed stays readable."""
    room = sent()
    room.tell(DeliveryTried(REF, 12, "no connection", final=True), 70)

    assert room.tell(ReferralResent(REF, "op-2"), 80).reasons == (Reason.COMMAND,)
    assert (room.referral.delivery, room.referral.attempts) == (Delivery.WAITING, 0)
    assert list(room.state.referrals.undelivered) == [REF]


def test_what_was_not_given_up_is_not_sent_again() -> None:
    """On its way, delivered, on paper: each is refused, so nobody sends a partner the same thing twice."""
    room = sent()
    assert room.tell(ReferralResent(REF, "op-2")).reasons == (Reason.REFERRAL_NOT_DEAD,)
    room.tell(DeliveryTried(REF, 1))
    assert room.tell(ReferralResent(REF, "op-2")).reasons == (Reason.REFERRAL_NOT_DEAD,)
    assert room.tell(ReferralResent("REF-9", "op-2")).reasons == (Reason.REFERRAL_UNKNOWN,)


def test_a_partner_that_has_no_receiver_now_is_not_sent_to_again() -> None:
    """Whoever took the partner out of the file prints the sheet."""
    room = sent()
    room.tell(DeliveryTried(REF, 12, "no connection", final=True), 70)
    room.book = type(room.book)(room.book.rules, room.book.estate, room.book.house)

    assert room.tell(ReferralResent(REF, "op-2")).reasons == (Reason.PARTNER_UNKNOWN,)


@pytest.mark.parametrize("final", [True, False])
def test_a_late_word_changes_nothing(*, final: bool) -> None:
    """A word about a referral that is over, or that nobody knows, is recorded and changes nothing."""
    room = sent()
    room.tell(DeliveryTried(REF, 1))
    late = DeliveryTried(REF, 2, "no connection", final)

    assert not room.tell(late).changes
    assert not room.tell(DeliveryTried("REF-9", 1)).changes
    assert room.referral.delivery is Delivery.DELIVERED

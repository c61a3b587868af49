"""What becomes of a referral on its way: tried again, delivered, given up, or taken up once more.

Whoever sends it counts the attempts and gives up; the room remembers, so that a restart goes on where it
was. What was given up is a person's business: its incident, where it is still open, is escalated.
"""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.referrals import DeliveryEvent, DeliveryTried, ReferralResent
from controlroom.estate.partners import Reached
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.state import Delivery, Referral, ReferralMoved
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import crew_still_awaited, escalated


def on_delivery(handbook: Handbook, state: State, event: DeliveryEvent, now: datetime) -> Decision:
    """Return what follows from a word about a delivery; one about a referral that is over changes nothing."""
    referral = state.referrals.kept.get(event.referral)
    if referral is None:
        return Decision(reasons=(Reason.REFERRAL_UNKNOWN,))
    if isinstance(event, ReferralResent):
        return _resent(handbook, referral, event)
    if referral.delivery is not Delivery.WAITING:
        return Decision(reasons=(Reason.REPORT_STALE,))
    return _tried(handbook, state, referral, event, now)


def _resent(handbook: Handbook, referral: Referral, event: ReferralResent) -> Decision:
    if referral.delivery is not Delivery.DEAD:
        return Decision(reasons=(Reason.REFERRAL_NOT_DEAD,))
    partner = handbook.partners.get(referral.partner)
    if partner is None or partner.reached is not Reached.WEBHOOK:
        return Decision(reasons=(Reason.PARTNER_UNKNOWN,))
    again = ReferralMoved(referral.id, Delivery.WAITING, 0, referral.because, by=event.author)
    return Decision((again,), reasons=(Reason.COMMAND,))


def _tried(
    handbook: Handbook, state: State, referral: Referral, event: DeliveryTried, now: datetime
) -> Decision:
    if event.because is None:
        taken = ReferralMoved(referral.id, Delivery.DELIVERED, event.attempt)
        return Decision((taken,), reasons=(Reason.DELIVERED,))
    moved = ReferralMoved(referral.id, Delivery.WAITING, event.attempt, event.because)
    if not event.final:
        return Decision((moved,), reasons=(Reason.NOT_DELIVERED,))
    dead, given_up = replace(moved, delivery=Delivery.DEAD), (Reason.DELIVERY_GIVEN_UP,)
    incident = state.incidents.get(referral.incident)
    if incident is None or incident.status is Status.RESOLVED:
        return Decision((dead,), reasons=given_up)
    because = f"{referral.id} to {referral.partner} was not delivered: {event.because}"
    told = escalated(handbook.house.work, incident, because, now)
    return crew_still_awaited(state, incident, Decision((dead, *told), reasons=given_up))

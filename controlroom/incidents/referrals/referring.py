"""What a referral leads to: it is made, or the command says why not."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.commands.referrals import Referred
from controlroom.estate.partners import Partner, Reached
from controlroom.incidents.changes import Change
from controlroom.incidents.handbook import Handbook
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.incidents.record import Decision
from controlroom.incidents.referrals.preflight import preflight
from controlroom.incidents.referrals.state import (
    PER_INCIDENT_MAX,
    About,
    Delivery,
    Referral,
    ReferralMade,
    referral_id,
)
from controlroom.incidents.state import State
from controlroom.incidents.work.expected import owned_by


def refer(handbook: Handbook, state: State, incident: Incident, command: Referred, now: datetime) -> Decision:
    """Refer the incident, open or lately closed; from its owner it is a word, and their time begins anew."""
    partner = handbook.partners.get(command.partner)
    if partner is None:
        return _refused(Reason.PARTNER_UNKNOWN)
    if command.category not in partner.takes:
        return _refused(Reason.NOT_FOR_PARTNER)
    if not command.reason.strip():
        return _refused(Reason.REFERRAL_NOT_SAID)
    if len(incident.referrals) >= PER_INCIDENT_MAX:
        return _refused(Reason.REFERRALS_FULL)
    check = preflight(handbook, state, incident, partner, (command.category, command.reference), now)
    if check.rejected and not command.anyway:
        return _refused(Reason.POLICE_WOULD_REFUSE)
    referral = _referral(handbook, state, incident, partner, command, now)
    made = ReferralMade(replace(referral, reference=check.reference, findings=check.findings))
    after: tuple[Change, ...] = ()
    if incident.status is Status.OWNED and incident.owner == command.author:
        moved, armed = owned_by(handbook.house.work, incident, command.author, now)
        after = (replace(moved, what=f"referred to {partner.name}"), armed)
    return Decision((made, *after), reasons=(Reason.COMMAND,))


def _referral(
    handbook: Handbook, state: State, incident: Incident, partner: Partner, command: Referred, now: datetime
) -> Referral:
    place = handbook.estate.place(incident.source)
    return Referral(
        id=referral_id(state.position + 1),
        incident=incident.id,
        partner=partner.key,
        category=command.category,
        reason=command.reason,
        author=command.author,
        at=now,
        about=About(
            kind=incident.kind,
            area=incident.area,
            site=incident.site,
            name=place.name if place is not None else incident.site,
            event=incident.event,
            priority=incident.priority,
            opened_at=incident.opened_at,
        ),
        reached=partner.reached,
        delivery=_begins(partner, incident, demonstration=handbook.house.demonstration),
        simulated=incident.simulated,
        moved_at=now,
    )


def _begins(partner: Partner, incident: Incident, *, demonstration: bool) -> Delivery:
    """Return where a referral begins; what is simulated leaves a live room neither way."""
    if incident.simulated and not demonstration:
        return Delivery.TEST
    return Delivery.WAITING if partner.reached is Reached.WEBHOOK else Delivery.SHEET


def _refused(reason: Reason) -> Decision:
    return Decision(reasons=(reason,))

"""Referrals and partners as the API shows them; what people wrote is made visible, never trusted."""

import msgspec

from controlroom.console.deltas import ReferralView
from controlroom.console.raw import short, visible
from controlroom.estate.partners import Category, Partner, Reached
from controlroom.incidents.incident import Incident
from controlroom.incidents.referrals.state import Referral
from controlroom.incidents.state import State


class PartnerView(msgspec.Struct, frozen=True):
    """One partner: key, name, how it hears of a referral, and what it takes. Its address is not shown."""

    key: str
    name: str
    reached: Reached
    takes: tuple[Category, ...]
    police: bool


def partner_view(partner: Partner) -> PartnerView:
    """Return the partner as an operator chooses it."""
    return PartnerView(
        partner.key, partner.name, partner.reached, tuple(sorted(partner.takes)), partner.police
    )


def referral_view(referral: Referral) -> ReferralView:
    """Return the referral as a list shows it."""
    return ReferralView(
        id=referral.id,
        incident=referral.incident,
        partner=referral.partner,
        category=referral.category,
        reason=visible(referral.reason),
        author=short(referral.author),
        at=referral.at,
        reached=referral.reached,
        delivery=referral.delivery,
        test=referral.simulated,
        reference=short(referral.reference) if referral.reference is not None else None,
        attempts=referral.attempts,
        because=short(referral.because) if referral.because is not None else None,
        moved_at=referral.moved_at,
        findings=referral.findings,
    )


def referrals_of(state: State, incident: Incident) -> tuple[ReferralView, ...]:
    """Return the referrals of an incident, the oldest first; those the room no longer keeps are left out."""
    kept = state.referrals.kept
    return tuple(referral_view(kept[name]) for name in incident.referrals if name in kept)

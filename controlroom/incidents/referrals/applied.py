"""How a change of referrals changes the state: a part of `apply`, which decides nothing."""

from datetime import datetime

from msgspec.structs import replace

from controlroom.incidents.incident import Act
from controlroom.incidents.referrals.state import ReferralChange, keep
from controlroom.incidents.state import State


def refer_on(state: State, change: ReferralChange, now: datetime) -> None:
    """Remember the referral, and let its incident list it: that is a change of the incident's version."""
    referral = change.referral
    keep(state.referrals, referral)
    stands = state.incidents if referral.incident in state.incidents else state.closed
    incident = stands[referral.incident]
    stands[incident.id] = replace(
        incident,
        referrals=(*incident.referrals, referral.id),
        version=incident.version + 1,
        last=Act(referral.author, f"referred to {referral.partner}", now),
    )

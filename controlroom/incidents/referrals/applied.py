"""How a change of referrals changes the state: a part of `apply`, which decides nothing."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from controlroom.incidents.incident import Act
from controlroom.incidents.referrals.state import Referral, ReferralChange, ReferralMade, ReferralMoved, keep
from controlroom.incidents.state import State


def refer_on(state: State, change: ReferralChange, now: datetime) -> None:
    """Remember where a referral stands; how it travels is no change of its incident."""
    match change:
        case ReferralMade(referral=referral):
            keep(state.referrals, referral)
            _list(state, referral, now)
        case ReferralMoved():
            moved = replace(
                state.referrals.kept[change.referral],
                delivery=change.delivery,
                attempts=change.attempts,
                because=change.because,
                moved_at=now,
            )
            keep(state.referrals, moved)
        case _:
            assert_never(change)


def _list(state: State, referral: Referral, now: datetime) -> None:
    """Let the incident list the referral: that is a change of its version."""
    stands = state.incidents if referral.incident in state.incidents else state.closed
    incident = stands[referral.incident]
    stands[incident.id] = replace(
        incident,
        referrals=(*incident.referrals, referral.id),
        version=incident.version + 1,
        last=Act(referral.author, f"referred to {referral.partner}", now),
    )

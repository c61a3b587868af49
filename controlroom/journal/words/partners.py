"""What is said about partners, keyholders and patrols as lines of the audit."""

from collections.abc import Callable
from typing import assert_never

from controlroom.commands.keyholders import KeyholderCalled, KeyholderCommand
from controlroom.commands.patrols import PatrolEvent, PatrolSeedDrawn, VisitReported
from controlroom.commands.referrals import (
    DeliveryEvent,
    DeliveryTried,
    ReferralCommand,
    ReferralResent,
    Referred,
)

Outside = ReferralCommand | DeliveryEvent | KeyholderCommand | PatrolEvent
"""What is told of those outside the house."""


def partner_line(event: Outside, clean: Callable[[str], str]) -> str:
    """Return what was told; `clean` makes free text printable."""
    match event:
        case Referred(author=author, incident=incident, partner=partner, category=category, reason=reason):
            return f"{clean(author)} refers {incident} to {clean(partner)} ({category}): {clean(reason)}"
        case ReferralResent(author=author, referral=referral):
            return f"{clean(author)} sends {clean(referral)} again"
        case DeliveryTried(referral=referral, attempt=attempt, because=because, final=final):
            how = "delivered" if because is None else f"not delivered: {clean(because)}"
            return f"{referral} {how}, attempt {attempt}{', given up' if final else ''}"
        case KeyholderCalled(author=author, incident=incident, keyholder=keyholder, result=result):
            return f"{clean(author)} on {incident}: {clean(keyholder)} {result}"
        case PatrolSeedDrawn():
            return "the seed of the random patrols was drawn"
        case VisitReported(author=author, round=name):
            return f"{clean(author)} took down a visit of {clean(name)}"
        case _:
            assert_never(event)

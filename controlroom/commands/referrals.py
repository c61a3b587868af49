"""What people ask of the room about partners, and what is told of a delivery. Events like any other."""

import msgspec

from controlroom.estate.partners import Category


class Referred(msgspec.Struct, frozen=True, gc=False, tag="referred"):
    """An incident is referred to a partner, for this reason; `version` is the one that the author saw.

    `partner` is the key of `config/partners.yaml`. `reference` is the police's number (URN) of the system,
    None where the author gives none. `anyway`: the author knows that the police would refuse it.
    """

    incident: str
    version: int
    author: str
    partner: str
    category: Category
    reason: str
    reference: str | None = None
    anyway: bool = False


class ReferralResent(msgspec.Struct, frozen=True, gc=False, tag="referral_resent"):
    """An operator has a referral that was given up delivered once more."""

    referral: str
    author: str


class DeliveryTried(msgspec.Struct, frozen=True, gc=False, tag="delivery_tried"):
    """A referral was sent to its partner for the `attempt`-th time since it was made or resent.

    `because` is why the partner does not have it, None where its receiver took it. `final`: it is not tried
    again.
    """

    referral: str
    attempt: int
    because: str | None = None
    final: bool = False


ReferralCommand = Referred
"""What can be asked of an incident about partners."""

DeliveryEvent = ReferralResent | DeliveryTried
"""What is told of the way of a referral."""

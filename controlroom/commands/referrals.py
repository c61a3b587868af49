"""What people ask of the room about partners. Events like any other, each with its author."""

import msgspec

from controlroom.estate.partners import Category


class Referred(msgspec.Struct, frozen=True, gc=False, tag="referred"):
    """An incident is referred to a partner, for this reason; `version` is the one that the author saw.

    `partner` is the key of `config/partners.yaml`. `reference` is the police's number (URN) of the system,
    None where the author gives none.
    """

    incident: str
    version: int
    author: str
    partner: str
    category: Category
    reason: str
    reference: str | None = None


ReferralCommand = Referred
"""What can be asked of an incident about partners."""

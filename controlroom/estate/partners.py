"""The partners that an incident can be referred to: who they are, what they take, how they are reached.

Who is one is data (`config/partners.yaml`, read by `rules.partner_file`); what a referral can be about is a
closed set, because it is a metric label and a word of the plan: measure 14 counts localities of concern.
"""

from enum import StrEnum

from msgspec import Struct

PARTNERS_MAX = 64
"""Partners that a city can have in its file: a label of metrics, so bounded."""


class Category(StrEnum):
    """What a referral is about."""

    LOCALITY_OF_CONCERN = "locality_of_concern"
    ALARM = "alarm"
    ASB = "asb"
    CRIME = "crime"
    FIRE = "fire"
    SAFEGUARDING = "safeguarding"
    PUBLIC_ORDER = "public_order"
    TRAFFIC = "traffic"
    PARKING = "parking"
    TRANSPORT = "transport"
    HOUSING = "housing"
    DAMAGE = "damage"
    EMERGENCY_PLANNING = "emergency_planning"
    OTHER = "other"


class Reached(StrEnum):
    """How a partner hears of a referral: a signed webhook, or a sheet that somebody prints and hands over."""

    WEBHOOK = "webhook"
    SHEET = "sheet"


class Partner(Struct, frozen=True):
    """One partner. `name` is for people; `takes` is what may be referred to it.

    `url` is where its webhook is, None for one that gets a sheet. `police` says that a reference (URN) is
    looked at before an alarm is referred there.
    """

    key: str
    name: str
    reached: Reached
    takes: frozenset[Category]
    url: str | None = None
    police: bool = False


NOBODY: dict[str, Partner] = {}
"""A city that refers to nobody: one without the file."""

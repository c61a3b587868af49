"""What the room remembers of its referrals: each with what the partner is told, and how far that has come.

A referral keeps a copy of what it says about the incident, so that the partner is told what was known when
it was made, and a later attempt says the same. It outlives its incident: what is undelivered stays until it
is delivered or somebody has given it up, however long that takes.

Bounds: `REFERRALS_KEPT` that are over, the oldest going first; the journal has all of them. What still
has to be delivered has no bound: people make it, some a shift.
"""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from controlroom.estate.areas import Area
from controlroom.estate.partners import Category, Reached
from controlroom.incidents.referrals.findings import Finding
from controlroom.signals.vocabulary import Kind

REFERRALS_KEPT = 1_000
"""Referrals that are over and still listed: a month of a busy centre, at about a kilobyte each."""

PER_INCIDENT_MAX = 32
"""Referrals of one incident: every partner of the city, and some twice."""


class Delivery(StrEnum):
    """How far a referral has come.

    `sheet`: it is printed, and people hand it over. `waiting`: it has to be delivered. `delivered`: the
    partner's receiver took it. `dead`: it was given up, and waits for a person. `test`: it is about a
    simulated signal in a live room, and leaves the house neither way.
    """

    SHEET = "sheet"
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    TEST = "test"


class About(Struct, frozen=True, gc=False):
    """What the partner is told of the incident, as it stood when it was referred."""

    kind: Kind
    area: Area
    site: str
    name: str
    event: str
    priority: int
    opened_at: datetime


class Referral(Struct, frozen=True, gc=False):
    """One referral. `id` names it for ever, at the partner's as here.

    `reference` is the police's number, if any. `attempts` and `because` are those of the last delivery that
    was tried; `moved_at` is when it came to where it stands. `findings` are what the check of the reference
    found.
    """

    id: str
    incident: str
    partner: str
    category: Category
    reason: str
    author: str
    at: datetime
    about: About
    reached: Reached
    delivery: Delivery
    simulated: bool
    reference: str | None = None
    attempts: int = 0
    because: str | None = None
    moved_at: datetime | None = None
    findings: tuple[Finding, ...] = ()


class ReferralMade(Struct, frozen=True, gc=False, tag="referral_made"):
    """An incident was referred to a partner."""

    referral: Referral


class ReferralMoved(Struct, frozen=True, gc=False, tag="referral_moved"):
    """A referral came to where it stands now, after so many attempts; `by` is a person who moved it."""

    referral: str
    delivery: Delivery
    attempts: int
    because: str | None = None
    by: str = ""


ReferralChange = ReferralMade | ReferralMoved
"""What referrals change."""


class Referrals(Struct):
    """The referrals by id, in the order in which they were made; `undelivered` are those on their way."""

    kept: dict[str, Referral] = field(default_factory=dict)
    undelivered: dict[str, None] = field(default_factory=dict)


def referral_id(position: int) -> str:
    """Return the id of the referral that the decision at this journal position made."""
    return f"REF-{position}"


def keep(referrals: Referrals, referral: Referral) -> None:
    """Remember a referral as it stands here; the oldest that is over makes room."""
    referrals.kept[referral.id] = referral
    if referral.delivery is Delivery.WAITING:
        referrals.undelivered[referral.id] = None
    else:
        referrals.undelivered.pop(referral.id, None)
    if len(referrals.kept) > REFERRALS_KEPT:
        _forget_the_oldest(referrals)


def _forget_the_oldest(referrals: Referrals) -> None:
    open_ones = {Delivery.WAITING, Delivery.DEAD}
    for name, referral in referrals.kept.items():
        if referral.delivery not in open_ones:
            del referrals.kept[name]
            return

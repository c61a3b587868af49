"""Referrals over the API: who can be referred to, the referral itself, and what became of it."""

from enum import StrEnum
from itertools import islice
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.commands.referrals import Referred
from controlroom.console.api import answer
from controlroom.console.bodies import read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Limit, Nothing, asked
from controlroom.console.referral_views import partner_view, referral_view
from controlroom.console.work import Words
from controlroom.estate.partners import Category
from controlroom.incidents.referrals.state import Delivery, Referral


class ReferBody(CommandBody):
    """This partner should deal with it, because of that."""

    partner: Annotated[str, Field(min_length=1, max_length=64)]
    category: Annotated[Category, Field(strict=False)]
    reason: Words
    reference: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class Shown(StrEnum):
    """Which referrals to list: all, those on their way, or those in one state."""

    ALL = "all"
    SHEET = Delivery.SHEET
    WAITING = Delivery.WAITING
    DELIVERED = Delivery.DELIVERED
    DEAD = Delivery.DEAD
    TEST = Delivery.TEST


class ReferralsQuestion(BaseModel):
    """Which referrals, and how many of them."""

    model_config = ConfigDict(extra="forbid")

    delivery: Shown = Shown.ALL
    limit: Limit = 100


class ReferralAnswers:
    """The handlers of partners and referrals. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._hand = Hand(parts)

    def routes(self) -> list[web.RouteDef]:
        """Return what these handlers answer."""
        return [
            web.get("/api/v1/partners", self.partners),
            web.get("/api/v1/referrals", self.referrals),
            web.get("/api/v1/referrals/{id}", self.referral),
            web.post("/api/v1/incidents/{id}/refer", self.refer),
        ]

    async def partners(self, request: web.Request) -> web.Response:
        """List who can be referred to."""
        asked(request, Nothing)
        partners = self._parts.handbook().partners.values()
        return answer({"partners": tuple(map(partner_view, partners))})

    async def referrals(self, request: web.Request) -> web.Response:
        """List referrals, the newest first."""
        question = asked(request, ReferralsQuestion)
        newest = reversed(self._parts.state().referrals.kept.values())
        wanted = (one for one in newest if question.delivery in {Shown.ALL, one.delivery.value})
        return answer({"referrals": tuple(map(referral_view, islice(wanted, question.limit)))})

    async def referral(self, request: web.Request) -> web.Response:
        """Answer with one referral."""
        asked(request, Nothing)
        return answer(referral_view(referral_of(self._parts, request.match_info["id"])))

    async def refer(self, request: web.Request) -> web.Response:
        """Refer an incident to a partner."""
        body = await read_body(request, ReferBody)
        referred = Referred(
            request.match_info["id"],
            body.version,
            body.author,
            partner=body.partner,
            category=body.category,
            reason=body.reason,
            reference=body.reference,
        )
        return await self._hand.tell(referred)


def referral_of(parts: Parts, name: str) -> Referral:
    """Return the referral of this id; raises the 404 problem when the room does not keep it any more."""
    found = parts.state().referrals.kept.get(name)
    if found is None:
        raise problem(404, "no-such-referral", "not among those that are kept; look in the journal")
    return found

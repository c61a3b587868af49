"""Referrals over the API: who can be referred to, the referral itself, and what became of it."""

from enum import StrEnum
from itertools import islice
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.commands.referrals import ReferralResent, Referred
from controlroom.console.admission import author_of
from controlroom.console.api import answer, incident_of
from controlroom.console.bodies import Authored, read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.questions import Limit, Nothing, asked
from controlroom.console.referral_views import partner_view, referral_view
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.console.work import Words
from controlroom.estate.partners import Category
from controlroom.incidents.reasons import Reason
from controlroom.incidents.referrals.preflight import Preflight, preflight
from controlroom.incidents.referrals.state import Delivery, Referral

_NOT_DEAD, _NO_RECEIVER = Reason.REFERRAL_NOT_DEAD, Reason.PARTNER_UNKNOWN
_REFUSALS = {
    _NOT_DEAD: "it was not given up, so it is on its way or over",
    _NO_RECEIVER: "the partner has no receiver now; print the sheet",
}


class ReferBody(CommandBody):
    """This partner should deal with it, because of that."""

    partner: Annotated[str, Field(min_length=1, max_length=64)]
    category: Annotated[Category, Field(strict=False)]
    reason: Words
    reference: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    anyway: bool = False


class ReferralsShown(StrEnum):
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

    delivery: ReferralsShown = ReferralsShown.ALL
    limit: Limit = 100


class PreflightQuestion(BaseModel):
    """Which referral is to be checked."""

    model_config = ConfigDict(extra="forbid")

    partner: Annotated[str, Field(max_length=64)]
    category: Category = Category.ALARM
    reference: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class ReferralAnswers:
    """The handlers of partners and referrals. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._hand = Hand(parts)

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/api/v1/partners", self.partners, Permission.SEE),
            get("/api/v1/referrals", self.referrals, Permission.SEE),
            get("/api/v1/referrals/{id}", self.referral, Permission.SEE),
            get("/api/v1/incidents/{id}/preflight", self.preflight, Permission.SEE),
            post("/api/v1/incidents/{id}/refer", self.refer, Permission.WORK),
            post("/api/v1/referrals/{id}/resend", self.resend, Permission.WORK),
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
        wanted = (one for one in newest if question.delivery in {ReferralsShown.ALL, one.delivery.value})
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
            author_of(request),
            partner=body.partner,
            category=body.category,
            reason=body.reason,
            reference=body.reference,
            anyway=body.anyway,
        )
        try:
            return await self._hand.tell(referred)
        except ProblemError as fault:
            if fault.body.get("reason") != Reason.POLICE_WOULD_REFUSE:
                raise
            check = self._check(referred.incident, body.partner, body.category, body.reference)
            detail = "the police would refuse it for what is listed; put it right, or send `anyway: true`"
            reason = Reason.POLICE_WOULD_REFUSE
            raise problem(409, "police-would-refuse", detail, reason=reason, preflight=check) from fault

    async def preflight(self, request: web.Request) -> web.Response:
        """Say what the police would refuse a referral for, before it is made."""
        question = asked(request, PreflightQuestion)
        name = request.match_info["id"]
        return answer(self._check(name, question.partner, question.category, question.reference))

    def _check(self, name: str, key: str, category: Category, reference: str | None) -> Preflight:
        handbook = self._parts.handbook()
        partner = handbook.partners.get(key)
        if partner is None:
            raise problem(404, "no-such-partner", "GET /api/v1/partners lists them")
        incident = incident_of(self._parts, name)
        now, state = self._parts.now(), self._parts.state()
        return preflight(handbook, state, incident, partner, (category, reference), now)

    async def resend(self, request: web.Request) -> web.Response:
        """Have a referral that was given up delivered once more, under its old id."""
        await read_body(request, Authored)
        name = request.match_info["id"]
        referral_of(self._parts, name)
        settled = await settled_by(
            self._parts, ReferralResent(name, author_of(request)), "GET /api/v1/referrals tells"
        )
        view = referral_view(referral_of(self._parts, name))
        reason = settled.decision.reasons[0]
        if reason is not Reason.COMMAND:
            raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason, referral=view)
        return answer({"position": settled.position, "referral": view})


def referral_of(parts: Parts, name: str) -> Referral:
    """Return the referral of this id; raises the 404 problem when the room does not keep it any more."""
    found = parts.state().referrals.kept.get(name)
    if found is None:
        raise problem(404, "no-such-referral", "not among those that are kept; look in the journal")
    return found

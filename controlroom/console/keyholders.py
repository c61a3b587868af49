"""Keyholders over the API: who is called next, each call, who is awaited, and the numbers they ring at.

Numbers are in one answer, by a permission of its own, and never in one about the past.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.keyholders import CallResult, KeyholderCalled
from controlroom.console.admission import author_of
from controlroom.console.api import answer, incident_of
from controlroom.console.bodies import read_body
from controlroom.console.commands import CommandBody, Hand
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.incidents.incident import WatchKind
from controlroom.incidents.keyholders.calling import call_list, next_holder
from controlroom.incidents.watches import due_of


class CallBody(CommandBody):
    """This keyholder was called, and this came of it."""

    keyholder: Annotated[str, Field(min_length=1, max_length=64)]
    result: Annotated[CallResult, Field(strict=False)]


class Called(msgspec.Struct, frozen=True):
    """One keyholder of the site: in the list of this hour or not, and what came of the last call and when."""

    keyholder: str
    role: str
    turn: int
    at_hand: bool
    result: CallResult | None
    at: datetime | None


class RingsAt(msgspec.Struct, frozen=True):
    """One keyholder of a site and the number to ring; None where the estate has none."""

    keyholder: str
    role: str
    turn: int
    at_hand: bool
    telephone: str | None
    dialled: str | None


class KeyholderAnswers:
    """The handlers of calls to keyholders. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._hand = Hand(parts)

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        place = "/api/v1/incidents/{id}/keyholders"
        return [
            get(place, self.keyholders, Permission.SEE),
            post(place, self.called, Permission.WORK),
            get("/api/v1/sites/{site}/keyholders", self.numbers, Permission.RING),
        ]

    async def keyholders(self, request: web.Request) -> web.Response:
        """Answer with the call list, who is next, and until when what is awaited."""
        asked(request, Nothing)
        parts, now = self._parts, self._parts.now()
        incident = incident_of(parts, request.match_info["id"])
        state, handbook = parts.state(), parts.handbook()
        last = {call.keyholder: call for call in incident.calls}
        at_hand = call_list(handbook, incident.site, now)
        listed = [
            Called(
                one.reference,
                one.role,
                one.turn,
                one in at_hand,
                call.result if (call := last.get(one.reference)) is not None else None,
                call.at if call is not None else None,
            )
            for one in handbook.estate.keyholders.get(incident.site, ())
        ]
        following = next_holder(handbook, incident, now)
        return answer(
            {
                "keyholders": listed,
                "next": following.reference if following is not None else None,
                "call_due": due_of(state.watches, WatchKind.KEYHOLDER_CALL, incident.id),
                "attends_by": due_of(state.watches, WatchKind.KEYHOLDER_ATTENDS, incident.id),
            }
        )

    async def numbers(self, request: web.Request) -> web.Response:
        """Answer with the numbers of a site's keyholders, in the order in which they are called."""
        asked(request, Nothing)
        site, handbook = request.match_info["site"], self._parts.handbook()
        estate = handbook.estate
        if site not in estate.kinds:
            raise problem(404, "no-such-site", "nothing of the estate is at a site of this key")
        at_hand = call_list(handbook, site, self._parts.now())
        listed = [
            RingsAt(
                one.reference,
                one.role,
                one.turn,
                one in at_hand,
                number.shown if (number := estate.telephones.get(one.reference)) is not None else None,
                number.dialled if number is not None else None,
            )
            for one in estate.keyholders.get(site, ())
        ]
        return answer({"site": site, "keyholders": listed})

    async def called(self, request: web.Request) -> web.Response:
        """Take down a call and what came of it."""
        body = await read_body(request, CallBody)
        told = KeyholderCalled(
            request.match_info["id"], body.version, author_of(request), body.keyholder, body.result
        )
        return await self._hand.tell(told)

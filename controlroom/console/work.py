"""What operators ask of the room about an incident: one body and one handler a command.

Who may do what, and what it leads to, is the room's to decide (`docs/incidents.md`); here is only the form.
"""

from datetime import UTC
from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.front_desk import FrontDesk
from controlroom.access.permissions import Permission
from controlroom.access.readers import able
from controlroom.commands.crews import CrewReassigned, CrewRecalled
from controlroom.commands.work import (
    EscalatedByHand,
    Merged,
    Noted,
    Parked,
    Reopened,
    Resolved,
    SplitOff,
    Undone,
    Unparked,
)
from controlroom.console.admission import author_of
from controlroom.console.bodies import read_body
from controlroom.console.commands import CommandBody, Hand, Version
from controlroom.console.moments import Moment
from controlroom.console.parts import Parts
from controlroom.console.plan_steps import Because, demands
from controlroom.console.problems import problem
from controlroom.console.routes import Declared, post
from controlroom.console.second import ByTwo, SecondPeople
from controlroom.events import Closed, CrewSent, Owned
from controlroom.incidents.work.commanded import FREE
from controlroom.signals.dispatch_messages import Outcome

Person = Annotated[str, Field(min_length=1, max_length=64)]
"""A name as long as an author's."""

Words = Annotated[str, Field(min_length=1, max_length=2_000)]
"""A reason or a note: a page of writing."""

Found = Annotated[Outcome, Field(strict=False)]
"""What was found."""


class OwnBody(CommandBody):
    """I take this incident, from this person where somebody has it, for a reason where they are there."""

    from_owner: Person | None = None
    reason: Because | None = None


class CloseBody(CommandBody):
    """This incident is over, or its work is done; what its plan requires and is open, for this reason."""

    outcome: Found
    skipped_because: Because | None = None


class SendBody(CommandBody):
    """A crew goes there: this unit, for this reason where it is not the one that the room would send."""

    unit: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    reason: Annotated[str, Field(max_length=500)] = ""


class ParkBody(CommandBody):
    """This waits until then."""

    until: Annotated[Moment, Field(strict=False)]
    reason: Words
    second_author: Person | None = None


class ReasonBody(CommandBody):
    """This, because of that."""

    reason: Words


class ReassignBody(ReasonBody):
    """Another crew goes there: this unit, or the best one that did not refuse."""

    unit: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class MergeBody(CommandBody):
    """That incident is a part of this one."""

    other: Annotated[str, Field(min_length=1, max_length=64)]
    other_version: Version


class SplitBody(CommandBody):
    """These signals, by the positions of their records, are another matter."""

    positions: Annotated[list[Annotated[int, Field(ge=1, le=2**53)]], Field(min_length=1, max_length=100)]


class NoteBody(CommandBody):
    """What happened."""

    text: Words


class Work:
    """The handlers of every command about an incident."""

    def __init__(self, parts: Parts, hand: Hand, second: SecondPeople, desk: FrontDesk) -> None:
        self._parts = parts
        self._hand = hand
        self._second = second
        self._desk = desk

    def routes(self) -> list[Declared]:
        """Return the address of each command."""
        verbs = {
            "own": self.own,
            "close": self.close,
            "send": self.send,
            "recall": self.recall,
            "reassign": self.reassign,
            "park": self.park,
            "unpark": self.unpark,
            "resolve": self.resolve,
            "reopen": self.reopen,
            "escalate": self.escalate,
            "note": self.note,
            "merge": self.merge,
            "split": self.split,
            "undo": self.undo,
        }
        return [
            post(
                f"/api/v1/incidents/{{id}}/{verb}",
                handler,
                Permission.NOTE if verb == "note" else Permission.WORK,
            )
            for verb, handler in verbs.items()
        ]

    async def own(self, request: web.Request) -> web.Response:
        """Take an incident."""
        body, author = await read_body(request, OwnBody), author_of(request)
        if body.reason is None and self._is_theirs(_id(request), body.from_owner, author):
            said = f"{body.from_owner} has it and is signed in; say why you take it over"
            raise problem(400, "not-valid", said, errors=[{"pointer": "/reason", "detail": said}])
        owned = Owned(_id(request), body.version, author, body.from_owner, body.reason or "")
        return await self._hand.tell(owned)

    def _is_theirs(self, incident: str, from_owner: str | None, author: str) -> bool:
        """Say whether the incident is taken from somebody who is there and works on it."""
        found = self._parts.state().incidents.get(incident)
        if found is None or from_owner in {None, author} or found.owner != from_owner:
            return False
        return found.status not in FREE and found.owner in able(self._desk)

    async def close(self, request: web.Request) -> web.Response:
        """Close an incident with what was found."""
        body = await read_body(request, CloseBody)
        plan = demands(self._parts, _id(request), body.skipped_because)
        return await self._hand.tell(
            Closed(_id(request), body.version, author_of(request), body.outcome, plan)
        )

    async def send(self, request: web.Request) -> web.Response:
        """Send a crew to an incident."""
        body = await read_body(request, SendBody)
        author, reason = author_of(request), body.reason.strip()
        return await self._hand.tell(CrewSent(_id(request), body.version, author, body.unit, reason))

    async def recall(self, request: web.Request) -> web.Response:
        """Stand the crew of an incident down."""
        body = await read_body(request, ReasonBody)
        return await self._hand.tell(
            CrewRecalled(_id(request), body.version, author_of(request), body.reason)
        )

    async def reassign(self, request: web.Request) -> web.Response:
        """Give an incident to another crew."""
        body = await read_body(request, ReassignBody)
        author = author_of(request)
        told = CrewReassigned(_id(request), body.version, author, body.reason, body.unit)
        return await self._hand.tell(told)

    async def park(self, request: web.Request) -> web.Response:
        """Lay an incident aside until a moment."""
        body = await read_body(request, ParkBody)
        second = self._second.named(request, body.second_author, ByTwo.PARK)
        until = body.until.astimezone(UTC)
        parked = Parked(_id(request), body.version, author_of(request), until, body.reason, second)
        return await self._hand.tell(parked)

    async def unpark(self, request: web.Request) -> web.Response:
        """Take up what was parked."""
        body = await read_body(request, CommandBody)
        return await self._hand.tell(Unparked(_id(request), body.version, author_of(request)))

    async def resolve(self, request: web.Request) -> web.Response:
        """Say that the work is done."""
        body = await read_body(request, CloseBody)
        plan = demands(self._parts, _id(request), body.skipped_because)
        return await self._hand.tell(
            Resolved(_id(request), body.version, author_of(request), body.outcome, plan)
        )

    async def reopen(self, request: web.Request) -> web.Response:
        """Say that it was not over."""
        body = await read_body(request, ReasonBody)
        return await self._hand.tell(Reopened(_id(request), body.version, author_of(request), body.reason))

    async def escalate(self, request: web.Request) -> web.Response:
        """Tell the next level."""
        body = await read_body(request, ReasonBody)
        told = EscalatedByHand(_id(request), body.version, author_of(request), body.reason)
        return await self._hand.tell(told)

    async def note(self, request: web.Request) -> web.Response:
        """Write something down."""
        body = await read_body(request, NoteBody)
        return await self._hand.tell(Noted(_id(request), body.version, author_of(request), body.text))

    async def merge(self, request: web.Request) -> web.Response:
        """Take another incident in."""
        body = await read_body(request, MergeBody)
        merged = Merged(_id(request), body.version, author_of(request), body.other, body.other_version)
        return await self._hand.tell(merged)

    async def split(self, request: web.Request) -> web.Response:
        """Make an incident of some of the signals."""
        body = await read_body(request, SplitBody)
        return await self._hand.tell(
            SplitOff(_id(request), body.version, author_of(request), tuple(body.positions))
        )

    async def undo(self, request: web.Request) -> web.Response:
        """Take the last merge or split back."""
        body = await read_body(request, CommandBody)
        return await self._hand.tell(Undone(_id(request), body.version, author_of(request)))


def _id(request: web.Request) -> str:
    return request.match_info["id"]

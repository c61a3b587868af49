"""What operators ask of the room: own, close, send. Each answer comes when the command is durable.

A command names the version of the incident that its author saw. When somebody was faster nothing happens, and
the answer is a 409 that says who did what, and when. A command that is still unanswered after
`ANSWER_WITHIN_S` gets a 503; it is not taken back, and the page will show what came of it.
"""

import asyncio
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.console.api import answer, incident_of
from controlroom.console.bodies import Authored, read_body
from controlroom.console.feed import Feed
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.snapshot import views
from controlroom.events import Closed, Command, CrewSent, Owned
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.room import Settled
from controlroom.signals.dispatch_messages import Outcome

ANSWER_WITHIN_S = 10.0
"""How long a person waits for the store before being told that it is not there yet."""


class _Body(Authored):
    """What every command about an incident says: who gives it, and the version that its author saw."""

    version: Annotated[int, Field(ge=1, le=2**53)]


class OwnBody(_Body):
    """I take this incident."""


class CloseBody(_Body):
    """This incident is over."""

    outcome: Annotated[Outcome, Field(strict=False)]


class SendBody(_Body):
    """A crew goes there: this unit, or the nearest free one."""

    unit: Annotated[str, Field(min_length=1, max_length=64)] | None = None


class Hand:
    """The handlers of every POST."""

    def __init__(self, parts: Parts, feed: Feed) -> None:
        self._parts = parts
        self._feed = feed

    async def own(self, request: web.Request) -> web.Response:
        """Take an incident."""
        body = await read_body(request, OwnBody)
        return await self._tell(Owned(request.match_info["id"], body.version, body.author))

    async def close(self, request: web.Request) -> web.Response:
        """Close an incident with what was found."""
        body = await read_body(request, CloseBody)
        return await self._tell(Closed(request.match_info["id"], body.version, body.author, body.outcome))

    async def send(self, request: web.Request) -> web.Response:
        """Send a crew to an incident."""
        body = await read_body(request, SendBody)
        return await self._tell(CrewSent(request.match_info["id"], body.version, body.author, body.unit))

    async def _tell(self, command: Command) -> web.Response:
        incident_of(self._parts, command.incident)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                settled = await self._parts.desk.tell(command)
        except TimeoutError as late:
            detail = (
                "decided or waiting, but not stored yet; do not repeat it, the page shows what comes of it"
            )
            raise problem(503, "not-stored-yet", detail) from late
        now = incident_of(self._parts, command.incident)
        if Reason.COMMAND not in settled.decision.reasons:
            raise self._refused(command, settled, now)
        view = next(iter(views(self._parts, [now])))
        return answer({"position": settled.position, "incident": view})

    def _refused(self, command: Command, settled: Settled, now: Incident) -> ProblemError:
        """Return the 409: what stands against the command, and who was there first."""
        reason = settled.decision.reasons[0]
        name = "somebody-was-first" if reason is Reason.COMMAND_STALE else "not-possible-now"
        said = [self._last_act(now, settled.told.now), _standing(now)]
        if now.version != command.version:
            said.append(f"you saw version {command.version}, it is now {now.version}")
        view = next(iter(views(self._parts, [now])))
        detail = "; ".join(part for part in said if part)
        return problem(409, name, detail, reason=reason, incident=view)

    def _last_act(self, incident: Incident, now: datetime) -> str:
        """Return who last did what to the incident, and how long ago; empty where nobody did lately."""
        record = self._feed.last_command(incident.id)
        if record is None:
            return ""
        ago_s = max(0, round((now - record.now).total_seconds()))
        match record.event:
            case Owned(author=author):
                return f"owned by {author} {ago_s} s ago"
            case Closed(author=author, outcome=outcome):
                return f"closed by {author} {ago_s} s ago as {outcome}"
            case CrewSent(author=author):
                return f"a crew was sent by {author} {ago_s} s ago"
            case _:
                return ""


def _standing(incident: Incident) -> str:
    """Return how the incident stands, in words."""
    by = f" by {incident.owner}" if incident.owner is not None else ""
    if incident.status is Status.CLOSED:
        return f"it is closed ({incident.outcome})"
    return f"it is {incident.status.replace('_', ' ')}{by}"

"""How a command reaches the room and how it is answered: when it is durable, or with why it was not taken.

A command names the version of the incident that its author saw. When somebody was faster nothing happens, and
the answer is a 409 that says who did what, and when. A command that is still unanswered after
`telling.ANSWER_WITHIN_S` gets a 503; it is not taken back, and the page will show what came of it.
"""

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.commands.work import LetIn
from controlroom.console.api import answer, incident_of
from controlroom.console.bodies import Authored
from controlroom.console.parts import Parts
from controlroom.console.problems import ProblemError, problem
from controlroom.console.snapshot import views
from controlroom.console.telling import settled_by
from controlroom.events import Command
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.reasons import Reason
from controlroom.room import Settled

Version = Annotated[int, Field(ge=1, le=2**53)]
"""The version of an incident that somebody saw; past 2**53 a browser would round it."""


class CommandBody(Authored):
    """What every command about an incident says: the version that its author saw."""

    version: Version


class Hand:
    """Hands commands in and answers for them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def tell(self, command: Command) -> web.Response:
        """Return the answer to this command; raises the problem that stands against it."""
        incident_of(self._parts, command.incident)
        settled = await settled_by(self._parts, command, "the page shows")
        now = incident_of(self._parts, command.incident)
        if Reason.COMMAND not in settled.decision.reasons:
            raise self._refused(command, settled, now)
        return self._done(settled, now)

    async def let_in(self, command: LetIn) -> web.Response:
        """Return the answer to one who sees the incident only after it; a refusal tells nothing of it."""
        settled = await settled_by(self._parts, command, "the page shows")
        if Reason.COMMAND not in settled.decision.reasons:
            detail = "it has changed in this very moment; ask again"
            raise problem(409, "not-possible-now", detail, reason=settled.decision.reasons[0])
        return self._done(settled, incident_of(self._parts, command.incident))

    def _done(self, settled: Settled, now: Incident) -> web.Response:
        view = next(iter(views(self._parts, [now])))
        return answer({"position": settled.position, "incident": view})

    def _refused(self, command: Command, settled: Settled, now: Incident) -> ProblemError:
        """Return the 409: what stands against the command, and who was there first."""
        reason = settled.decision.reasons[0]
        name = "somebody-was-first" if reason is Reason.COMMAND_STALE else "not-possible-now"
        said = [_last_act(now, settled.told.now), _standing(now)]
        if now.version != command.version:
            said.append(f"you saw version {command.version}, it is now {now.version}")
        view = next(iter(views(self._parts, [now])))
        detail = "; ".join(part for part in said if part)
        return problem(409, name, detail, reason=reason, incident=view)


def _last_act(incident: Incident, now: datetime) -> str:
    """Return who last did what to the incident, and how long ago; empty where nobody did."""
    last = incident.last
    if last is None:
        return ""
    ago_s = max(0, round((now - last.at).total_seconds()))
    return f"{last.what.replace('_', ' ')} by {last.author} {ago_s} s ago"


def _standing(incident: Incident) -> str:
    """Return how the incident stands, in words."""
    by = f" by {incident.owner}" if incident.owner is not None else ""
    if incident.status is Status.CLOSED:
        return f"it is closed ({incident.outcome})"
    return f"it is {incident.status.replace('_', ' ')}{by}"

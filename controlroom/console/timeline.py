"""The timeline of an incident over the API."""

from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.api import answer, incident_of
from controlroom.console.history import Timelines, timeline
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.journal.store import JournalError


class TimelineAnswers:
    """The handler of an incident's timeline."""

    def __init__(self, parts: Parts, timelines: Timelines) -> None:
        self._parts = parts
        self._timelines = timelines

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/incidents/{id}/timeline", self.timeline, Permission.SEE)]

    async def timeline(self, request: web.Request) -> web.Response:
        """Tell what happened to an incident, the oldest first, each signal with its rule and reasons."""
        asked(request, Nothing)
        incident = incident_of(self._parts, request.match_info["id"])
        try:
            entries = await timeline(self._parts, self._timelines, incident)
        except (JournalError, OSError, ValueError) as fault:
            raise problem(503, "journal-away", f"the journal cannot be read now: {fault}") from fault
        return answer({"incident": incident.id, "signals": incident.signals, "entries": entries})

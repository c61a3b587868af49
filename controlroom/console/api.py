"""The questions that the API answers: incidents, quarantine, the page's snapshot, how the room is.

All answers are JSON about the room's own state at the moment of the question, never cached. Listing is
bounded; a cursor leads on.
"""

import msgspec
from aiohttp import web
from msgspec.structs import replace

from controlroom.console.admission import person_of
from controlroom.console.feed import Feed
from controlroom.console.live import Hub
from controlroom.console.one_incident import told_in_full
from controlroom.console.openings import Openings
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import (
    IncidentsQuestion,
    IncidentsShown,
    Nothing,
    QuarantineQuestion,
    asked,
)
from controlroom.console.queue import page, rank_of
from controlroom.console.referral_views import referrals_of
from controlroom.console.sight import sight_of
from controlroom.console.snapshot import beat, quarantine, views
from controlroom.incidents.incident import Incident

_ENCODER = msgspec.json.Encoder()


class Answers:
    """The handlers of every GET. Beside what pages start from they hold no state of their own."""

    def __init__(self, parts: Parts, feed: Feed, hub: Hub) -> None:
        self._parts = parts
        self._feed = feed
        self._hub = hub
        self._openings = Openings(parts, feed)

    async def incidents(self, request: web.Request) -> web.Response:
        """List incidents in the order in which they need somebody."""
        question = asked(request, IncidentsQuestion)
        after = rank_of(question.cursor) if question.cursor is not None else None
        if question.cursor is not None and after is None:
            raise problem(400, "not-valid", "cursor: not one of ours; use the `next` of the answer before")
        found, cursor = page(self._of(question.status), after, question.limit)
        return answer({"incidents": tuple(views(self._parts, found)), "next": cursor})

    async def incident(self, request: web.Request) -> web.Response:
        """Answer with one incident, open or lately closed, and with who holds the keys of its site."""
        asked(request, Nothing)
        found = incident_of(self._parts, request.match_info["id"])
        view = told_in_full(next(iter(views(self._parts, [found]))), found, self._parts.lens)
        view = replace(view, referrals=referrals_of(self._parts.state(), found))
        return answer(view, headers={"ETag": f'"{found.version}"'})

    async def quarantine(self, request: web.Request) -> web.Response:
        """List the newest messages that could not be taken as they came."""
        question = asked(request, QuarantineQuestion)
        kept, total = quarantine(self._parts, self._feed, question.limit), self._feed.quarantined
        return answer({"quarantine": kept, "since_start": total, "ever": self._parts.state().quarantined})

    async def snapshot(self, request: web.Request) -> web.Response:
        """Answer with what a page starts from."""
        asked(request, Nothing)
        return _answer(await self._openings.asked(sight_of(person_of(request))))

    async def status(self, request: web.Request) -> web.Response:
        """Answer with the room's condition."""
        asked(request, Nothing)
        incidents = len(self._parts.state().incidents)
        return answer(beat(self._parts, self._feed, incidents, self._hub.pages))

    async def livez(self, _: web.Request) -> web.Response:
        """Answer at all: the event loop turns."""
        return answer({"alive": True})

    async def readyz(self, _: web.Request) -> web.Response:
        """Say whether the room can do its whole job, check by check; 503 when one is not met."""
        checks = self._parts.checks()
        ready = all(check.ok for check in checks)
        return answer({"ready": ready, "checks": checks}, status=200 if ready else 503)

    def _of(self, listed: IncidentsShown) -> list[Incident]:
        state = self._parts.state()
        if listed is IncidentsShown.CLOSED:
            return list(state.closed.values())
        if listed is IncidentsShown.OPEN:
            return list(state.incidents.values())
        return [incident for incident in state.incidents.values() if incident.status.value == listed.value]


def incident_of(parts: Parts, incident_id: str) -> Incident:
    """Return the incident of this id; raises the 404 problem when the room does not have it any more."""
    state = parts.state()
    found = state.incidents.get(incident_id) or state.closed.get(incident_id)
    if found is None:
        raise problem(404, "no-such-incident", "neither open nor among the last closed; look in the journal")
    return found


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON answer that nobody may keep."""
    return _answer(_ENCODER.encode(body), status, headers)


def _answer(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        body=body,
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )

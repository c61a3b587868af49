"""What an operator has to know of the place of an incident: what is dangerous there comes first.

One answer for every place, also one without a panel: dangers and the way in from the estate, how the site
stands (`incidents.sites.picture`), what of it is on test, and what happened there lately. Lately is what the
room still has: everything open, and the last closed ones; the journal has the rest.
"""

from datetime import date, datetime

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.api import answer, incident_of
from controlroom.console.parts import Parts
from controlroom.console.questions import Nothing, asked
from controlroom.console.raw import short
from controlroom.console.routes import Declared, get
from controlroom.estate.model import Estate, Place, SiteNotes
from controlroom.incidents.incident import Incident, Status
from controlroom.incidents.on_test import OnTest
from controlroom.incidents.sites.picture import SitePicture, picture_of, sites_of
from controlroom.rules.calendars import LONDON
from controlroom.signals.vocabulary import Kind

RECENT_MAX = 10
"""Incidents of the place that are listed, the newest: as many as an operator takes in at a glance."""

_NOTHING = SiteNotes()


class Recent(msgspec.Struct, frozen=True):
    """Another incident of the same place."""

    id: str
    kind: Kind
    event: str
    priority: int
    status: Status
    opened_at: datetime
    outcome: str | None


class SiteCard(msgspec.Struct, frozen=True):
    """One place. `hazards` are words of `estate.site_notes.HAZARDS`, who can hurt a crew before what can.

    `review_overdue`: the day by which somebody should have looked at them again is past. `risk` runs from 1
    to 3, None where the estate does not know the place. `picture` is None for a place that has no panel,
    gates or patrol.
    """

    site: str
    site_kind: str | None
    risk: int | None
    keys_held: bool
    hazards: tuple[str, ...]
    review_by: date | None
    review_overdue: bool
    entry: str
    notes: str
    tests: tuple[OnTest, ...]
    picture: SitePicture | None
    recent: tuple[Recent, ...]


class SiteCards:
    """The handler of these cards. It holds the index of the estate it last saw."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._indexed: Estate | None = None
        self._places: dict[str, tuple[Place, ...]] = {}

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/incidents/{id}/site", self.card, Permission.SEE)]

    async def card(self, request: web.Request) -> web.Response:
        """Tell what to know of an incident's place: dangers, the way in, how it stands, what happened."""
        asked(request, Nothing)
        return answer(self._card(incident_of(self._parts, request.match_info["id"])))

    def _card(self, incident: Incident) -> SiteCard:
        parts, state = self._parts, self._parts.state()
        handbook, now = parts.handbook(), parts.now()
        place = handbook.estate.place(incident.source)
        notes = handbook.estate.notes.get(incident.site, _NOTHING)
        places = self._sites(handbook.estate).get(incident.site)
        today, here = now.astimezone(LONDON).date(), {incident.site, incident.source}
        return SiteCard(
            site=incident.site,
            site_kind=place.site_kind if place is not None else None,
            risk=place.risk if place is not None else None,
            keys_held=place is not None and place.keys_held,
            hazards=notes.hazards,
            review_by=notes.review_by,
            review_overdue=notes.review_by is not None and notes.review_by < today,
            entry=notes.entry,
            notes=notes.notes,
            tests=tuple(one for one in state.tests.values() if one.target in here),
            picture=picture_of(handbook, state, places, now) if places is not None else None,
            recent=self._recent(incident),
        )

    def _recent(self, incident: Incident) -> tuple[Recent, ...]:
        state = self._parts.state()
        here = [
            one
            for known in (state.incidents, state.closed)
            for one in known.values()
            if one.site == incident.site and one.id != incident.id
        ]
        here.sort(key=lambda one: one.opened_at, reverse=True)
        return tuple(
            Recent(
                one.id,
                one.kind,
                one.event,
                one.priority,
                one.status,
                one.opened_at,
                short(one.outcome) if one.outcome is not None else None,
            )
            for one in here[:RECENT_MAX]
        )

    def _sites(self, estate: Estate) -> dict[str, tuple[Place, ...]]:
        if estate is not self._indexed:
            self._indexed, self._places = estate, sites_of(estate)
        return self._places

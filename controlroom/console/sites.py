"""The questions about sites: which are unset, unknown or owe something, and everything about one of them.

Read from the room's state at the moment of the question. A list is in the order of the sites' keys and
bounded; `next` leads on. Keyholders are roles with a reference into the key register: their
numbers are behind a door of their own (`console.keyholders`).
"""

from enum import StrEnum
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Limit, Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.estate.model import Estate, Place
from controlroom.incidents.sites.changes import Expected
from controlroom.incidents.sites.picture import UNKNOWN, owed_at, picture_of, sites_of, state_at
from controlroom.incidents.sites.state import Sites
from controlroom.signals.vocabulary import SetState


class SetShown(StrEnum):
    """Which set state a listed site has."""

    SET = SetState.SET
    PART_SET = SetState.PART_SET
    UNSET = SetState.UNSET
    UNKNOWN = UNKNOWN


class Overdue(StrEnum):
    """What a listed site owes: one of what can be expected, or anything at all."""

    ANY = "any"
    LATE_TO_SET = Expected.LATE_TO_SET
    TEST_OVERDUE = Expected.TEST_OVERDUE
    PATH_SILENT = Expected.PATH_SILENT
    NOT_OPENED = Expected.NOT_OPENED
    NOT_CLOSED = Expected.NOT_CLOSED
    VISIT_MISSED = Expected.VISIT_MISSED


class SitesQuestion(BaseModel):
    """Which sites, how many, and behind which."""

    model_config = ConfigDict(extra="forbid")

    state: SetShown | None = None
    overdue: Overdue | None = None
    limit: Limit = 100
    after: Annotated[str, Field(max_length=64)] = ""


class SiteAnswers:
    """The handlers of questions about sites. They hold the index of the estate they last saw."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._indexed: Estate | None = None
        self._places: dict[str, tuple[Place, ...]] = {}

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/api/v1/sites", self.sites, Permission.SEE),
            get("/api/v1/sites/{site}", self.site, Permission.SEE),
        ]

    async def sites(self, request: web.Request) -> web.Response:
        """List sites by key: all of them, those in a set state, those that owe something."""
        question = asked(request, SitesQuestion)
        state, handbook, now = self._parts.state(), self._parts.handbook(), self._parts.now()
        found = (
            site
            for site, places in self._sites().items()
            if site > question.after and _fits(state.sites, question, places)
        )
        page = [site for _, site in zip(range(question.limit + 1), found, strict=False)]
        shown, more = page[: question.limit], len(page) > question.limit
        pictures = [picture_of(handbook, state, self._places[site], now) for site in shown]
        return answer({"sites": pictures, "next": shown[-1] if more else None})

    async def site(self, request: web.Request) -> web.Response:
        """Answer with one site: how it stands, what is expected of it, who holds its keys."""
        asked(request, Nothing)
        places = self._sites().get(request.match_info["site"])
        if places is None:
            raise problem(404, "no-such-site", "no site of the estate that has a panel, gates or a patrol")
        parts = self._parts
        return answer(picture_of(parts.handbook(), parts.state(), places, parts.now()))

    def _sites(self) -> dict[str, tuple[Place, ...]]:
        estate = self._parts.lens.estate()
        if estate is not self._indexed:
            self._indexed, self._places = estate, sites_of(estate)
        return self._places


def _fits(sites: Sites, question: SitesQuestion, places: tuple[Place, ...]) -> bool:
    if question.state is not None and state_at(sites, places) != question.state.value:
        return False
    if question.overdue is None:
        return True
    owed = {one.what for one in owed_at(sites, places)}
    return bool(owed) if question.overdue is Overdue.ANY else question.overdue.value in owed

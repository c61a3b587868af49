"""The live console's own handlers, over whatever parts they are given: here, over those of the past."""

from collections.abc import Iterator
from typing import Any

from controlroom.access.permissions import Permission
from controlroom.console.api import Answers
from controlroom.console.cameras import CameraAnswers
from controlroom.console.crews import CrewAnswers
from controlroom.console.handovers import HandoverAnswers
from controlroom.console.help_points import HelpPointAnswers
from controlroom.console.keyholders import KeyholderAnswers
from controlroom.console.log_entries import LogEntryAnswers
from controlroom.console.map_answers import AT_ONCE, MapAnswers
from controlroom.console.on_test import OnTestAnswers
from controlroom.console.pages.navigation import signed_in
from controlroom.console.parts import Parts
from controlroom.console.past.boards import DRAFT
from controlroom.console.patrols import PatrolAnswers
from controlroom.console.people import PeopleAnswers
from controlroom.console.routes import Declared, get
from controlroom.console.site_card import SiteCards
from controlroom.console.sites import SiteAnswers
from controlroom.console.waiting import Waiting

NOT_ASKED: Any = None
"""In the place of what no handler of the boards asks."""


def live(parts: Parts) -> Iterator[Declared]:
    """Yield the routes of the live console's handlers over these parts."""
    room = Answers(parts, NOT_ASKED, NOT_ASKED)
    yield get("/api/v1/incidents", room.incidents, Permission.SEE)
    yield get("/api/v1/incidents/{id}", room.incident, Permission.SEE)
    handovers = HandoverAnswers(parts)
    yield get(DRAFT, handovers.draft, Permission.SEE)
    yield get("/api/v1/handovers", handovers.handovers, Permission.SEE)
    for answers in (
        Waiting(parts),
        CrewAnswers(parts),
        CameraAnswers(parts),
        HelpPointAnswers(parts),
        SiteAnswers(parts),
        PeopleAnswers(parts),
        OnTestAnswers(parts, NOT_ASKED),
        LogEntryAnswers(parts, signed_in, NOT_ASKED),
        MapAnswers(parts, fresh=AT_ONCE),
        SiteCards(parts),
        PatrolAnswers(parts),
        KeyholderAnswers(parts),
    ):
        yield from answers.routes()

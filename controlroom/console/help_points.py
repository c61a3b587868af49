"""Help points over the API: calls that stand, stuck buttons, tests, and the cameras that look there."""

from datetime import datetime

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.parts import Parts
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.estate.areas import Area
from controlroom.estate.model import Place
from controlroom.signals.vocabulary import Kind

LISTED_MAX = 500
"""Points in one answer: ten times a city's; `left_off` says how many more there are."""


class HelpCallView(msgspec.Struct, frozen=True):
    """A call that is not over."""

    since: datetime
    answered: bool
    abandoned: bool


class HelpPointView(msgspec.Struct, frozen=True):
    """One help point; `cameras` are the keys of those that look at it, the nearest first."""

    key: str
    name: str
    area: Area
    site: str
    calls: tuple[HelpCallView, ...]
    stuck: bool
    tested_at: datetime | None
    test_overdue: bool
    cameras: tuple[str, ...]


class HelpPointAnswers:
    """The handler of the list of help points. It holds no state of its own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what this handler answers."""
        return [get("/api/v1/help-points", self.help_points, Permission.SEE)]

    async def help_points(self, request: web.Request) -> web.Response:
        """List help points: those with a call first, then stuck ones, overdue tests, and the rest by key."""
        asked(request, Nothing)
        places = self._parts.lens.estate().places.values()
        points = sorted((self._view(place) for place in places if place.kind == Kind.HELP_POINT), key=_need)
        return answer({"help_points": points[:LISTED_MAX], "left_off": max(0, len(points) - LISTED_MAX)})

    def _view(self, place: Place) -> HelpPointView:
        points = self._parts.state().help_points
        tested = points.tested.get(place.topic)
        return HelpPointView(
            key=place.key,
            name=place.name,
            area=place.area,
            site=place.site,
            calls=tuple(
                HelpCallView(call.since, call.answered, call.abandoned)
                for call in points.calls.get(place.topic, ())
            ),
            stuck=place.topic in points.stuck,
            tested_at=tested.at if tested is not None else None,
            test_overdue=tested is not None and tested.overdue,
            cameras=self._parts.lens.estate().cameras_near.get(place.topic, ()),
        )


def _need(view: HelpPointView) -> tuple[bool, bool, bool, str]:
    return (not view.calls, not view.stuck, not view.test_overdue, view.key)

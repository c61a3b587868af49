"""Cameras and their repairs over HTTP: how each one is and was, how groups and areas do, work orders.

Figures are exact seconds of the room's own state at the moment of the question. Listing is bounded; `after`
leads on. A work order's commands are answered when they are durable, like those about incidents.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from controlroom.access.permissions import Permission
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Limit, Nothing, asked
from controlroom.console.routes import Declared, get, post
from controlroom.console.telling import settled_by
from controlroom.estate.areas import Area
from controlroom.estate.load import CameraGroup
from controlroom.estate.model import Place
from controlroom.estate.places import ROOT
from controlroom.events import WorkOrderCommand
from controlroom.incidents.cameras.availability import PERIODS, Light, Spent, since_the_start, summed, within
from controlroom.incidents.cameras.changes import WorkOrder
from controlroom.incidents.cameras.state import Standing
from controlroom.incidents.reasons import Reason
from controlroom.signals.maintenance import WorkResult, WorkStep
from controlroom.signals.vocabulary import Kind

Key = Annotated[str, Field(min_length=1, max_length=64)]
Note = Annotated[str, Field(max_length=2_000)]
"""A note: a page of writing, or nothing."""


class CamerasQuestion(BaseModel):
    """Which cameras, how many, and behind which key."""

    model_config = ConfigDict(extra="forbid")

    group: CameraGroup | None = None
    area: Area | None = None
    light: Light | None = None
    limit: Limit = 100
    after: Key | None = None


class RaiseBody(Authored):
    """An engineer is to look at what this incident is about."""

    incident: Key
    note: Note = ""


class AttendedBody(Authored):
    """An engineer is there."""


class ClearedBody(Authored):
    """An engineer has left, with this result."""

    result: Annotated[WorkResult, Field(strict=False)]
    note: Note = ""


class Figures(msgspec.Struct, frozen=True):
    """Seconds with a picture, without, and unknown; the share of the known time, None where nothing is."""

    up_s: float
    down_s: float
    unknown_s: float
    availability: float | None


class CameraView(msgspec.Struct, frozen=True):
    """One camera: what it is, how it is now, and how it was over each period."""

    key: str
    name: str
    group: str
    area: Area
    site: str
    parent: str | None
    light: Light
    faults: tuple[Standing, ...]
    heard: datetime | None
    flapping: bool
    figures: dict[str, Figures]


class CameraAnswers:
    """The handlers of everything below `/api/v1/cameras` and `/api/v1/work-orders`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        orders = "/api/v1/work-orders"
        return [
            get("/api/v1/cameras", self.cameras, Permission.SEE),
            get("/api/v1/cameras/{key}", self.camera, Permission.SEE),
            get("/api/v1/camera-availability", self.availability, Permission.SEE),
            get(orders, self.work_orders, Permission.SEE),
            post(orders, self.raised, Permission.REPAIR),
            post(orders + "/{id}/attended", self.attended, Permission.REPAIR),
            post(orders + "/{id}/cleared", self.cleared, Permission.REPAIR),
        ]

    async def cameras(self, request: web.Request) -> web.Response:
        """List cameras by their keys."""
        question = asked(request, CamerasQuestion)
        found = (
            view
            for place in sorted(self._places(), key=lambda place: place.key)
            if question.after is None or place.key > question.after
            if question.group is None or place.site_kind == question.group
            if question.area is None or place.area is question.area
            if question.light is None or self._light(place) is question.light
            for view in (self._view(place),)
        )
        page: list[CameraView] = []
        for view in found:
            if len(page) == question.limit:
                return answer({"cameras": page, "next": page[-1].key})
            page.append(view)
        return answer({"cameras": page, "next": None})

    async def camera(self, request: web.Request) -> web.Response:
        """Answer with one camera."""
        asked(request, Nothing)
        key, estate = request.match_info["key"], self._parts.lens.estate()
        for area in Area:
            place = estate.place(f"{ROOT}/{area}/{Kind.CAMERA_FAULT}/{key}")
            if place is not None and place.kind == Kind.CAMERA_FAULT:
                return answer(self._view(place))
        raise problem(404, "no-such-camera", "no camera of the estate has this key; see /api/v1/cameras")

    async def availability(self, request: web.Request) -> web.Response:
        """Answer with the figures of each group and each area, and since when they are counted."""
        asked(request, Nothing)
        groups: dict[str, list[Place]] = {}
        areas: dict[str, list[Place]] = {}
        for place in self._places():
            groups.setdefault(place.site_kind, []).append(place)
            areas.setdefault(place.area, []).append(place)
        return answer(
            {
                "began": self._parts.state().cameras.began,
                "groups": {name: self._figures(places) for name, places in sorted(groups.items())},
                "areas": {name: self._figures(places) for name, places in sorted(areas.items())},
            }
        )

    async def work_orders(self, request: web.Request) -> web.Response:
        """List the open work orders, and the last cleared ones, the latest first."""
        asked(request, Nothing)
        cameras = self._parts.state().cameras
        cleared = tuple(reversed(cameras.cleared.values()))
        return answer({"open": tuple(cameras.work_orders.values()), "cleared": cleared})

    async def raised(self, request: web.Request) -> web.Response:
        """Raise a work order on an incident."""
        body = await read_body(request, RaiseBody)
        return await self._tell(
            WorkOrderCommand(WorkStep.RAISED, body.incident, author_of(request), body.note)
        )

    async def attended(self, request: web.Request) -> web.Response:
        """Say that an engineer is there."""
        await read_body(request, AttendedBody)
        return await self._tell(
            WorkOrderCommand(WorkStep.ATTENDED, request.match_info["id"], author_of(request))
        )

    async def cleared(self, request: web.Request) -> web.Response:
        """Say what came of a work order."""
        body, about = await read_body(request, ClearedBody), request.match_info["id"]
        return await self._tell(
            WorkOrderCommand(WorkStep.CLEARED, about, author_of(request), body.note, body.result)
        )

    async def _tell(self, command: WorkOrderCommand) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/work-orders tells")
        if settled.decision.reasons[0] is not Reason.COMMAND:
            raise problem(409, "not-possible-now", self._against(command))
        return answer({"position": settled.position, "work_order": self._order(command, settled.position)})

    def _order(self, command: WorkOrderCommand, position: int) -> WorkOrder | None:
        cameras = self._parts.state().cameras
        name = f"WO-{position}" if command.step is WorkStep.RAISED else command.about
        return cameras.work_orders.get(name) or cameras.cleared.get(name)

    def _against(self, command: WorkOrderCommand) -> str:
        """Return why the room did not take this, and what would be possible."""
        state = self._parts.state()
        if command.step is not WorkStep.RAISED:
            known = command.about in state.cameras.work_orders
            return "it is attended already" if known else "no open work order has this id"
        incident = state.incidents.get(command.about)
        if incident is None:
            return "no open incident has this id; a work order is raised on an open one"
        standing = [one.id for one in state.cameras.work_orders.values() if one.subject == incident.source]
        if standing:
            return f"{standing[0]} is open for it already"
        return f"an engineer goes to a camera or a help point, not for {incident.kind}"

    def _places(self) -> Iterable[Place]:
        places = self._parts.lens.estate().places.values()
        return (place for place in places if place.kind == Kind.CAMERA_FAULT)

    def _light(self, place: Place) -> Light:
        uptime = self._parts.state().cameras.uptime.get(place.topic)
        return uptime.light if uptime is not None else Light.UNKNOWN

    def _view(self, place: Place) -> CameraView:
        cameras = self._parts.state().cameras
        heard = cameras.heard.get(place.topic)
        return CameraView(
            key=place.key,
            name=place.name,
            group=place.site_kind,
            area=place.area,
            site=place.site,
            parent=place.parent.rpartition("/")[2] if place.parent is not None else None,
            light=self._light(place),
            faults=cameras.faults.get(place.topic, ()),
            heard=heard.at if heard is not None else None,
            flapping=place.topic in cameras.flapping,
            figures=self._figures([place]),
        )

    def _figures(self, places: list[Place]) -> dict[str, Figures]:
        cameras, now = self._parts.state().cameras, self._parts.now()
        began = cameras.began or now
        times = [cameras.uptime.get(place.topic) for place in places]
        figures = {"since_start": _said(summed(since_the_start(time, began, now) for time in times))}
        for name, length in PERIODS.items():
            start = max(began, now - length)
            figures[name] = _said(summed(within(time, start, now) for time in times))
        return figures


def _said(spent: Spent) -> Figures:
    return Figures(spent.up, spent.down, spent.unknown, spent.availability)

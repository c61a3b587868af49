"""The map over HTTP: the points with an `ETag`, how they stand now, and the council's own map file.

Points are asked for once a page and answered with 304 until the estate changes. How they stand is made at
most twice a second for all who may see the same, however many pages ask. The map file is one PMTiles archive,
named in the settings (`console.map_tiles`), of which a browser reads the ranges that it shows; without one
there is none.
"""

import hashlib
from datetime import datetime, timedelta

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.city_map import MapNow, now_of, points_of
from controlroom.console.map_tiles import CONTENT_TYPE
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.routes import Declared, get
from controlroom.console.seen import Hidden
from controlroom.estate.model import Estate
from controlroom.estate.nearby import NEAR_M, NEAR_MOST

FRESH = timedelta(seconds=0.5)
"""How long an answer about now is given again: a hundred pages then cost the room what one does."""

AT_ONCE = timedelta(0)
"""For whoever goes to and fro in time: no answer is given again."""

TILES = "/map/tiles.pmtiles"
"""Where the map file is read; its reader knows one by this ending."""


class MapAnswers:
    """The handlers of the map. They keep the last answer of each kind, and nothing else."""

    def __init__(self, parts: Parts, fresh: timedelta = FRESH) -> None:
        self._parts = parts
        self._fresh = fresh
        self._estate: Estate | None = None
        self._points = b""
        self._tag = ""
        self._asked: datetime | None = None
        self._now: dict[Hidden, MapNow] = {}

    def routes(self) -> list[Declared]:
        """Return what these handlers answer; the map file is no part of the API."""
        return [
            get("/api/v1/map", self.points, Permission.SEE),
            get("/api/v1/map/now", self.now, Permission.SEE),
            get(TILES, self.tiles, Permission.SEE),
        ]

    async def points(self, request: web.Request) -> web.Response:
        """Answer with every point, how near a camera has to be, and what is known of the map file."""
        asked(request, Nothing)
        estate = self._parts.handbook().estate
        if estate is not self._estate:
            self._points = msgspec.json.encode(
                {
                    "points": points_of(estate),
                    "near_m": NEAR_M,
                    "near_most": NEAR_MOST,
                    "tiles": self._parts.tiles.told(TILES) if self._parts.tiles is not None else None,
                }
            )
            self._tag = f'"{hashlib.sha256(self._points).hexdigest()[:16]}"'
            self._estate = estate
        headers = {"ETag": self._tag, "Cache-Control": "private, no-cache"}
        if request.headers.get("If-None-Match") == self._tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=self._points, content_type="application/json", headers=headers)

    async def now(self, request: web.Request) -> web.Response:
        """Answer with how the points stand now, where that is not as it should be."""
        asked(request, Nothing)
        moment, hidden = self._parts.now(), self._parts.hidden()
        if self._asked is None or abs(moment - self._asked) >= self._fresh:
            self._now, self._asked = {}, moment
        if hidden not in self._now:
            self._now[hidden] = now_of(self._parts.handbook(), self._parts.state(), moment)
        return answer(self._now[hidden])

    async def tiles(self, _: web.Request) -> web.StreamResponse:
        """Answer with the map file, or with the range of it that is asked for."""
        if self._parts.tiles is None:
            raise problem(404, "no-map-file", "console.map_tiles names none; the map shows its outline")
        headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "private, no-cache"}
        return web.FileResponse(self._parts.tiles.path, headers=headers)

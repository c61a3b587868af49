"""The live stream: the room's records to every page that is open, as server-sent events.

The room calls `released` and `provisional`; both append to the shared feed and, when somebody is watching,
have a pulse go round: at most 20 a second, each of them bounded (`rounds`), a few pages at a time, and never
in the turn in which the room lets a batch out, whose orders leave first (`pulses`). So two hundred pages cost
the room as many turns as forty. What one page costs is bounded by construction (`lines`): its place, one
message, and the socket's buffers. A page that takes longer than `Pace.stall_s` for one message is cut off;
its browser connects again and goes on where it stood, or starts over when that is too long ago.

Limit: one process. A page is served by the process whose room it shows.
"""

import asyncio
import secrets
import socket
from collections.abc import Callable, Sequence

from aiohttp import web
from aiohttp.http import HttpVersion11

from controlroom.access.permissions import Permission, may
from controlroom.console.admission import person_of
from controlroom.console.feed import Feed
from controlroom.console.lines import Chunks, Ending, Line, Stands
from controlroom.console.messages import Follower, Resync, resync, retry, you
from controlroom.console.parts import StreamMeter
from controlroom.console.places import Places
from controlroom.console.pulses import Pace, Pulses
from controlroom.console.questions import StreamQuestion, asked
from controlroom.console.seen import Looker
from controlroom.console.sight import sight_of
from controlroom.console.sse import Place, message, place_of
from controlroom.incidents.record import Record

RETRY_MS = (500, 2_000)
"""Browsers connect again after a random time between these, so that a restart does not meet all at once."""

SEND_BUFFER_BYTES = 256 * 1024
"""Socket buffer of one page: a page that stopped reading must be noticed before it holds megabytes."""

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class Hub:
    """Carries the feed to the pages. `beat` returns the JSON a person's page hears every `Pace.beat_s`."""

    def __init__(
        self,
        feed: Feed,
        beat: Callable[[Looker], bytes],
        meter: StreamMeter,
        pace: Pace,
        admitted: Callable[[web.Request], Stands],
        places: Places,
    ) -> None:
        self.feed = feed
        self._beat = beat
        self._meter = meter
        self._pace = pace
        self._admitted = admitted
        self._places = places
        self._pages = 0
        self._pulses = Pulses(beat, feed.hidden_from, pace)
        self._chunks = Chunks()
        self._closed = False

    @property
    def pages(self) -> int:
        """How many pages follow the stream now."""
        return self._pages

    @property
    def at_rest(self) -> bool:
        """Whether nothing is under way, because nobody follows."""
        return self._pulses.at_rest

    def released(self, records: Sequence[Record]) -> None:
        """Show records that are durable."""
        self.feed.released(records)
        self._pulses.news()

    def provisional(self, records: Sequence[Record]) -> None:
        """Show records that are decided and not yet stored, marked as such."""
        self.feed.provisional(records)
        self._pulses.news()

    def opened(self, epoch: int, position: int) -> None:
        """Begin a new epoch; every open page starts over."""
        self.feed.opened(epoch, position)
        self._pulses.news()

    def close(self) -> None:
        """End every stream; the pages try again by themselves."""
        self._closed = True
        self._pulses.close()

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Answer with the stream, from the place that the request names, until the page leaves."""
        named = request.headers.get("Last-Event-ID") or asked(request, StreamQuestion).after
        place = place_of(named) if named else Place(self.feed.epoch, self.feed.decided)
        response = web.StreamResponse(headers=_HEADERS)
        name = person_of(request).name
        self._places.take(name)
        self._count(+1)
        try:
            await asyncio.sleep(self._places.turn_s(name, asyncio.get_running_loop().time()))
            await self._open(request, response)
            if place is None:
                await self._send_away(response, Resync.NOT_A_POSITION)
            else:
                await self._serve(request, response, place)
        except TimeoutError:
            self._stalled(request)
        except ConnectionResetError:
            pass  # the page was closed; it says so by nothing else
        finally:
            self._places.leave(name)
            self._count(-1)
        return response

    async def _open(self, request: web.Request, response: web.StreamResponse) -> None:
        """Send what comes first: how long to wait before connecting again, and the room's condition."""
        wire = request.transport.get_extra_info("socket") if request.transport is not None else None
        if wire is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        least, most = RETRY_MS
        await response.prepare(request)
        if request.method == "HEAD":
            return
        person = person_of(request)
        first = retry(least + secrets.randbelow(most - least)) + you(person)
        first += message("beat", self._beat(Looker(person.name, person.unit)))
        await self._send(response, first)

    async def _serve(self, request: web.Request, response: web.StreamResponse, place: Place) -> None:
        """Let the page have its turns until it leaves, or the place or the right is lost."""
        person, wire = person_of(request), request.transport
        if wire is None or self._closed or request.method == "HEAD":
            return
        follower = Follower(self.feed, place, sight_of(person))
        framed = self._chunks.of if request.version >= HttpVersion11 else _as_it_is
        line = Line(wire, follower, self._admitted(request), self._pace.stall_s, framed)
        self._pulses.join(line, works=may(person, Permission.WORK))
        try:
            ending = await line.ended
        finally:
            self._pulses.leave(line)
        if ending is Ending.STALLED:
            self._stalled(request)
        elif follower.lost is not None:
            await self._send_away(response, follower.lost)

    def _stalled(self, request: web.Request) -> None:
        self._meter.resynced(Resync.STALLED)
        if request.transport is not None:
            request.transport.abort()

    async def _send_away(self, response: web.StreamResponse, reason: Resync) -> None:
        self._meter.resynced(reason)
        await self._send(response, resync(reason))

    async def _send(self, response: web.StreamResponse, data: bytes) -> None:
        """Write one message; raises TimeoutError when the page does not take it in time."""
        async with asyncio.timeout(self._pace.stall_s):
            await response.write(data)

    def _count(self, change: int) -> None:
        self._pages += change
        self._meter.clients(self._pages)


def _as_it_is(data: bytes) -> bytes:
    """Frame nothing: before HTTP/1.1 a body ends with its connection."""
    return data

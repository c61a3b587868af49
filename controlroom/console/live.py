"""The live stream: the room's records to every page that is open, as server-sent events.

The room calls `released` and `provisional`; both append to the shared feed and, when somebody is
watching, see to it that the pages are woken, at most 20 times a second, and few at a time: two hundred that
are written to in one go would keep a signal waiting. Each page then reads on from its own place. What a page
costs is bounded by construction: its place, one message, and the socket's buffers. A page that takes longer
than `Pace.stall_s` for one message is cut off; its browser connects again and goes on where it stood, or
starts over when that is too long ago.

Limit: one process. A page is served by the process whose room it shows.
"""

import asyncio
import secrets
import socket
from collections.abc import Callable, Sequence

import msgspec
from aiohttp import web

from controlroom.console.admission import person_of
from controlroom.console.feed import Feed
from controlroom.console.messages import Follower, Place, Resync, message, place_of, resync, retry, you
from controlroom.console.parts import StreamMeter
from controlroom.console.places import Places
from controlroom.console.questions import StreamQuestion, asked
from controlroom.console.sight import sight_of
from controlroom.incidents.record import Record


class Pace(msgspec.Struct, frozen=True):
    """How fast the stream goes, in seconds."""

    pulse_s: float = 0.05
    """Pages are woken at most this often: 20 messages a second are more than an eye can follow."""
    beat_s: float = 2.0
    """A page hears this often that the room lives; it calls itself stale after ten seconds without."""
    stall_s: float = 10.0
    """How long one message may take to leave; after that the page is not reading."""


DEFAULT_PACE = Pace()

Stands = Callable[[], bool]
"""Says whether whoever follows may still: asked before each message."""

RETRY_MS = (500, 2_000)
"""Browsers connect again after a random time between these, so that a restart does not meet all at once."""

SEND_BUFFER_BYTES = 256 * 1024
"""Socket buffer of one page: a page that stopped reading must be noticed before it holds megabytes."""

GROUPS = 10
"""Pages are woken in so many groups, spread over a pulse, so that no signal waits behind more than one."""

FULL_PACE = 100
"""Up to so many pages each is woken at the full pace; beyond, the pace falls, so that the cost is bounded."""

AT_ONCE = 20
"""Up to so many pages are woken together, which costs the room about a millisecond: a control room's own."""

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class Hub:
    """Carries the feed to the pages. `beat` returns the JSON that every page hears every `Pace.beat_s`."""

    def __init__(
        self,
        feed: Feed,
        beat: Callable[[], bytes],
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
        self._opened = 0
        self._pulses = [asyncio.Event() for _ in range(GROUPS)]
        self._pulsing = False
        self._missed = False
        self._closed = False

    @property
    def pages(self) -> int:
        """How many pages follow the stream now."""
        return self._pages

    def released(self, records: Sequence[Record]) -> None:
        """Show records that are durable."""
        self.feed.released(records)
        if self._pages:
            self._wake()

    def provisional(self, records: Sequence[Record]) -> None:
        """Show records that are decided and not yet stored, marked as such."""
        self.feed.provisional(records)
        if self._pages:
            self._wake()

    def opened(self, epoch: int, position: int) -> None:
        """Begin a new epoch; every open page starts over."""
        self.feed.opened(epoch, position)
        if self._pages:
            self._wake()

    def close(self) -> None:
        """End every stream; the pages try again by themselves."""
        self._closed = True
        for pulse in self._pulses:
            pulse.set()

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
                follower = Follower(self.feed, place, sight_of(person_of(request)))
                await self._serve(response, follower, self._admitted(request))
        except TimeoutError:
            self._meter.resynced(Resync.STALLED)
            if request.transport is not None:
                request.transport.abort()
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
        first = retry(least + secrets.randbelow(most - least)) + you(person_of(request))
        first += message("beat", self._beat())
        await self._send(response, first)

    async def _serve(self, response: web.StreamResponse, follower: Follower, stands: Stands) -> None:
        """Send what follows the page's place, and a beat in between, until the place or the right is lost."""
        clock = asyncio.get_running_loop().time
        beat_due = clock() + self._pace.beat_s
        self._opened += 1
        group = self._opened % GROUPS
        while not self._closed and stands():
            pulse = self._pulses[group]  # taken before reading, so that no pulse falls in between
            batch = follower.next()
            if follower.lost is not None:
                await self._send_away(response, follower.lost)
                return
            if batch is not None:
                await self._send(response, batch)
            if clock() >= beat_due:
                await self._send(response, message("beat", self._beat()))
                beat_due = clock() + self._pace.beat_s
            if follower.more:
                self._wake()
            await _heard(pulse, beat_due - clock())

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

    def _wake(self) -> None:
        """Have every page woken: now, or as soon as the pulse that is under way has gone round."""
        if self._pulsing:
            self._missed = True
        else:
            self._pulsing = True
            self._pulse(0)

    def _pulse(self, group: int) -> None:
        """Wake one group, and see to the next; after the last, begin anew if something came meanwhile."""
        loop = asyncio.get_running_loop()
        spread = self._pace.pulse_s * max(1.0, self._pages / FULL_PACE) / GROUPS
        last = GROUPS if self._pages <= AT_ONCE else group + 1
        for at in range(group, last):
            pulse, self._pulses[at] = self._pulses[at], asyncio.Event()
            if self._closed:
                self._pulses[at].set()
            pulse.set()
        if last < GROUPS:
            loop.call_later(spread, self._pulse, last)
        else:
            loop.call_later(spread * (GROUPS - group), self._gone_round)

    def _gone_round(self) -> None:
        self._pulsing = False
        if self._missed:
            self._missed = False
            self._wake()


async def _heard(pulse: asyncio.Event, within_s: float) -> None:
    """Wait for the pulse, no longer than so many seconds."""
    try:
        async with asyncio.timeout(max(0.0, within_s)):
            await pulse.wait()
    except TimeoutError:
        return

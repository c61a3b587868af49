"""What pages start from, as JSON: made in slices that let signals through, once for pages that open together.

A room with five thousand open incidents takes 30 ms to be put into words, and after a restart twenty pages
ask at the same moment. So who asks while an answer is being made waits for the next one, which is then made
for all who may see the same; nobody is told anything older than their question. The words of an incident are
kept until it changes, and every `A_SLICE` incidents the loop has its turn.

An answer is of one moment all the same: what can change is taken out of the room before the first slice.
"""

import asyncio
from collections.abc import Sequence

import msgspec

from controlroom.console.deltas import QuarantineView
from controlroom.console.feed import Feed
from controlroom.console.parts import Parts
from controlroom.console.queue import Rank, rank
from controlroom.console.seen import Looker
from controlroom.console.sight import Sight
from controlroom.console.snapshot import INCIDENTS_MAX, RECENT_QUARANTINE, RECENT_SIGNALS, beat, quarantine
from controlroom.console.views import incident_view
from controlroom.incidents.crews.given import StandingOrder
from controlroom.incidents.incident import Incident

A_SLICE = 100
"""Incidents put into words in one go: some 0.6 ms where none of them is known, 0.05 ms where all are."""

_ENCODER = msgspec.json.Encoder()


class Alike(msgspec.Struct, frozen=True):
    """What two people have to have in common to be told the same."""

    hidden: frozenset[str]
    unit: str | None
    quarantine: bool


class _Worded:
    """An incident with its place in the list and, once somebody is told of it, its words."""

    __slots__ = ("incident", "json", "rank", "standing")

    def __init__(self, incident: Incident, standing: StandingOrder | None) -> None:
        self.incident = incident
        self.standing = standing
        self.rank: Rank = rank(incident)
        self.json = b""


class _Rest(msgspec.Struct, frozen=True):
    """A snapshot without its incidents, and without the room's condition, which is as of the answer's end."""

    epoch: int
    position: int
    as_of: int
    recent: tuple[msgspec.Raw, ...]
    quarantine: tuple[QuarantineView, ...]
    units: tuple[str, ...]
    left_off: int


class _Taken(msgspec.Struct, frozen=True):
    """What was taken out of the room at one moment."""

    incidents: Sequence[Incident]
    orders: dict[str, StandingOrder]
    rest: _Rest


Made = asyncio.Future[bytes | None]
"""What several wait for and one of them makes; None where that one gave up."""


class Openings:
    """Makes the answers. To be asked within a request: the room is read as whoever asks may see it."""

    def __init__(self, parts: Parts, feed: Feed) -> None:
        self._parts = parts
        self._feed = feed
        self._making = asyncio.Lock()
        self._next: dict[Alike, Made] = {}
        self._known: dict[str, _Worded] = {}
        self._estate: object = None
        self.made = 0

    async def asked(self, sight: Sight) -> bytes:
        """Return this person's `Snapshot` as JSON, as of a moment after the question."""
        while True:
            alike = self._alike(sight)
            next_one = self._next.get(alike)
            told = await (asyncio.shield(next_one) if next_one is not None else self._lead(alike, sight))
            if told is not None and self._alike(sight) == alike:
                return told  # else who made it gave up, or something was hidden from one of them meanwhile

    async def _lead(self, alike: Alike, sight: Sight) -> bytes:
        """Make the next answer, for all who ask before its moment as well."""
        made: Made = asyncio.get_running_loop().create_future()
        self._next[alike] = made
        try:
            async with self._making:
                del self._next[alike]  # who asks from here on asks for a later moment
                told = await self._make(sight)
                made.set_result(told)
                return told
        finally:
            if self._next.get(alike) is made:
                del self._next[alike]
            if not made.done():
                made.set_result(None)

    def _alike(self, sight: Sight) -> Alike:
        hidden = self._feed.hidden_from(Looker(sight.name, sight.unit))
        return Alike(hidden.incidents, sight.unit, sight.quarantine)

    async def _make(self, sight: Sight) -> bytes:
        self.made += 1
        taken = self._take(sight)
        worded = await self._in_order(taken)
        shown = worded[:INCIDENTS_MAX]
        for at in range(0, len(shown), A_SLICE):
            await asyncio.sleep(0)
            for one in shown[at : at + A_SLICE]:
                one.json = one.json or _ENCODER.encode(self._view(one))
        status = _ENCODER.encode(beat(self._parts, self._feed, len(taken.incidents)))
        words = [one.json for one in shown] or [b""]
        words[0] = b'{"status":%b,"incidents":[%b' % (status, words[0])
        words[-1] += b"]," + _ENCODER.encode(taken.rest)[1:]
        return b",".join(words)  # in one copy: two megabytes take 2 ms

    def _take(self, sight: Sight) -> _Taken:
        """Take what can change; one step of the loop, whatever is open."""
        parts, feed = self._parts, self._feed
        state = parts.state()
        if parts.lens.estate() is not self._estate:
            self._estate = parts.lens.estate()
            self._known = {}  # places may have other names
        return _Taken(
            tuple(state.incidents.values()),
            dict(state.orders),
            _Rest(
                epoch=feed.epoch,
                position=feed.decided,
                as_of=state.position,
                recent=tuple(msgspec.Raw(delta) for delta in feed.recent(RECENT_SIGNALS, sight)),
                quarantine=quarantine(parts, feed, RECENT_QUARANTINE) if sight.quarantine else (),
                units=tuple(parts.lens.estate().crews),
                left_off=max(0, len(state.incidents) - INCIDENTS_MAX),
            ),
        )

    async def _in_order(self, taken: _Taken) -> list[_Worded]:
        """Return the incidents in the order of the list, with the words that are known of them."""
        before, known = self._known, {}
        for at in range(0, len(taken.incidents), A_SLICE):
            await asyncio.sleep(0)
            for incident in taken.incidents[at : at + A_SLICE]:
                standing = taken.orders.get(incident.order) if incident.order is not None else None
                one = before.get(incident.id)
                if one is None or one.incident is not incident or one.standing is not standing:
                    one = _Worded(incident, standing)
                known[incident.id] = one
        kept = [one for one in before.values() if known.get(one.incident.id) is one]
        new = [one for one in known.values() if before.get(one.incident.id) is not one]
        ordered = sorted(kept + new, key=_rank)  # mostly in order already, which takes a fifth of the time
        self._known = {one.incident.id: one for one in ordered}
        return ordered

    def _view(self, one: _Worded) -> msgspec.Struct:
        standing = one.standing
        unit = standing.order.unit if standing is not None else None
        step = (standing.ended or standing.step) if standing is not None else None
        return incident_view(one.incident, self._parts.lens, unit, step)


def _rank(one: _Worded) -> Rank:
    return one.rank

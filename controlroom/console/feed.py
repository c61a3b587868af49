"""The last stretch of the room's records, ready for any page that asks for what follows its position.

One log for all pages: the room appends, each page reads from its own position, so a page that is slow or
stuck costs the room nothing and holds nothing but its place. A record is turned into JSON when the first page
asks for it, and only once.

The log is bounded by records and by payload bytes, and loses its oldest first. A page whose position is
older than the floor, or of another epoch, has to start over from a snapshot. Records may be told twice:
first when they are decided (`provisional`), then when they are stored (`released`); their position is the
same, so only the mark `stored` moves. A hole in the positions raises the floor above it.
"""

from collections import deque
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import replace

from controlroom.console.quarantined import Held, held_of
from controlroom.console.seen import NOTHING, Hidden, Looker, shown, touches
from controlroom.console.sight import WHOLE, Sight, hides_quarantine, is_personal, sees
from controlroom.console.sse import Place, message
from controlroom.console.views import Lens, delta_of
from controlroom.events import MessageQuarantined, SignalReceived
from controlroom.incidents.changes import IncidentOpened, Logged, SignalJoined
from controlroom.incidents.record import Record
from controlroom.rules.verdict import Route
from controlroom.signals.vocabulary import Kind

KEPT_RECORDS = 8_192
"""Minutes of a city's night and most of a second at the flat-out rate: what a page needs to reconnect."""

KEPT_BYTES = 32 * 1024 * 1024
"""Payload and JSON bytes the kept records may hold; hostile messages are large, this bounds them."""

KEPT_QUARANTINE = 200
"""Quarantined messages the page can list; the journal keeps the rest."""

BATCH_RECORDS = 1_000
"""Records in one message to a page: 20 messages a second carry twice the flat-out rate."""

BATCH_BYTES = 256 * 1024
"""JSON bytes in one message: one page's share of memory while it is being written."""

READ_KEPT = 64
"""Answers kept until the next record: pages that follow stand at the same few places, and read them once."""

ALIKE = (Sight(quarantine=False), Sight(quarantine=True))
"""What everybody sees alike where nothing is for named people: two hundred pages, and one answer. Where
something is, there is one for all from whom the same is hidden."""

_ENCODER = msgspec.json.Encoder()
_NOTHING = b""


class Batch(msgspec.Struct, frozen=True):
    """What follows a position: the deltas up to `through`, encoded, and whether more is waiting.

    `message` tells it, in the form of a server-sent event: the same bytes for everybody who stands there.
    """

    after: int
    through: int
    deltas: tuple[bytes, ...]
    more: bool
    message: bytes


class Feed:
    """The log. `floor` is the position before the oldest kept record, `decided` and `stored` the newest."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens
        self.hidden_from: Callable[[Looker], Hidden] = _nothing
        self._records: dict[int, Record] = {}
        self._encoded: dict[int, bytes] = {}
        self._read: dict[tuple[int, Sight], Batch] = {}
        self._personal = 0
        self._bytes = 0
        self.epoch = 0
        self.floor = 0
        self.decided = 0
        self.stored = 0
        self.holes = 0
        self.counts: dict[tuple[Kind, Route], int] = {(kind, route): 0 for kind in Kind for route in Route}
        self.quarantined = 0
        self.quarantine: deque[Held] = deque(maxlen=KEPT_QUARANTINE)

    def opened(self, epoch: int, position: int) -> None:
        """Empty the log and go on after `position` in the epoch of the writer that opened the room."""
        self.epoch = epoch
        self._start_over(position)
        self.stored = position

    def released(self, records: Sequence[Record]) -> None:
        """Take records that are durable, in order of position."""
        if records:
            self._take(records)
            self.stored = max(self.stored, records[-1].position)

    def provisional(self, records: Sequence[Record]) -> None:
        """Take records that are decided and not yet stored; they come again through `released`.

        Records that leave a hole behind the last one are not shown before they are stored.
        """
        if records and records[0].position <= self.decided + 1:
            self._take(records)

    def read(self, after: int, sight: Sight = WHOLE) -> Batch | None:
        """Return what this person may see of what follows, one message's worth at most; None: not kept."""
        if after < self.floor or after > self.decided:
            return None
        sight = self._sighted(sight)
        if after >= self._personal:
            sight = (
                Sight(quarantine=sight.quarantine, hidden=sight.hidden)
                if sight.hidden
                else ALIKE[sight.quarantine]
            )
        known = self._read.get((after, sight))
        if known is None:
            if len(self._read) >= READ_KEPT:
                self._read.clear()
            known = self._read[after, sight] = self._batch(after, sight)
        return known

    def _batch(self, after: int, sight: Sight) -> Batch:
        deltas: list[bytes] = []
        size = 0
        position = after
        last = min(self.decided, after + BATCH_RECORDS)
        while position < last and size < BATCH_BYTES:
            position += 1
            delta = self._shown(position, sight)
            if delta:
                deltas.append(delta)
                size += len(delta)
        head = f'{{"after":{after},"through":{position},"stored":{self.stored},"deltas":['
        told = message("batch", head.encode() + b",".join(deltas) + b"]}", Place(self.epoch, position))
        return Batch(after, position, tuple(deltas), more=position < self.decided, message=told)

    def recent(self, count: int, sight: Sight = WHOLE) -> list[bytes]:
        """Return the newest deltas that show a routed signal, oldest first."""
        found: list[bytes] = []
        sight = self._sighted(sight)
        for position in range(self.decided, self.floor, -1):
            if len(found) == count:
                break
            if self._records[position].decision.ruling is not None and (
                delta := self._shown(position, sight)
            ):
                found.append(delta)
        return found[::-1]

    def _take(self, records: Sequence[Record]) -> None:
        self._read.clear()
        for record in records:
            position = record.position
            if position <= self.decided:
                continue
            if position != self.decided + 1:
                self.holes += 1
                self._start_over(position - 1)
            self.decided = position
            self._records[position] = record
            event = record.event
            if type(event) is SignalReceived:
                self._bytes += len(event.wire.payload)
                self._count_signal(event, record)
            elif type(event) is MessageQuarantined:
                self._bytes += len(event.wire.payload)
                self._keep_quarantine(record)
            elif is_personal(record):
                self._personal = position
        if len(self._records) > KEPT_RECORDS or self._bytes > KEPT_BYTES:
            self._drop_oldest()

    def _count_signal(self, event: SignalReceived, record: Record) -> None:
        for change in reversed(record.decision.changes):
            if type(change) is Logged:
                self.counts[change.kind, Route.LOG] += 1
                break
            if type(change) is IncidentOpened:
                self.counts[change.incident.kind, Route.MOBILE_RESPONSE] += 1
                break
            if type(change) is SignalJoined:
                self.counts[change.kind, Route.MOBILE_RESPONSE] += 1
                break
        if event.doubt is not None:
            self._keep_quarantine(record)

    def _keep_quarantine(self, record: Record) -> None:
        held = held_of(record)
        if held is not None:
            self.quarantined += 1
            self.quarantine.append(held)

    def _drop_oldest(self) -> None:
        """Forget from the oldest end until both bounds hold."""
        records, encoded = self._records, self._encoded
        while len(records) > KEPT_RECORDS or self._bytes > KEPT_BYTES:
            self.floor += 1
            event = records.pop(self.floor).event
            if encoded:
                self._bytes -= len(encoded.pop(self.floor, _NOTHING))
            if type(event) is SignalReceived or type(event) is MessageQuarantined:
                self._bytes -= len(event.wire.payload)

    def _start_over(self, position: int) -> None:
        self._records.clear()
        self._encoded.clear()
        self._read.clear()
        self._bytes = self._personal = 0
        self.floor = self.decided = position

    def _shown(self, position: int, sight: Sight) -> bytes:
        """Return the JSON of what this position shows to this person; empty where it shows nothing."""
        delta, record = self._delta(position), self._records[position]
        if not delta or not sees(sight, record):
            return _NOTHING
        hidden, raw = sight.hidden, hides_quarantine(sight, record)
        if not raw and not (hidden and touches(position, delta, hidden)):
            return delta
        rest = delta_of(record, self._lens)
        rest = shown(rest, hidden) if rest is not None else None
        if rest is None:
            return _NOTHING
        rest = replace(rest, quarantine=None) if raw else rest
        return _ENCODER.encode(rest) if rest.signal or rest.steps or rest.quarantine else _NOTHING

    def _sighted(self, sight: Sight) -> Sight:
        """Return the sight with what is hidden from this person now."""
        hidden = self.hidden_from(Looker(sight.name, sight.unit))
        return replace(sight, hidden=hidden) if hidden else sight

    def _delta(self, position: int) -> bytes:
        """Return the JSON of what this position shows; empty where it shows nothing."""
        known = self._encoded.get(position)
        if known is None:
            delta = delta_of(self._records[position], self._lens)
            known = self._encoded[position] = _NOTHING if delta is None else _ENCODER.encode(delta)
            self._bytes += len(known)
        return known


def _nothing(_: Looker) -> Hidden:
    """Hide nothing: there is no room behind this feed in which anything could be restricted."""
    return NOTHING

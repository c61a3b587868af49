"""What a page starts from: incidents, signals, quarantine, counts, and where in the stream to go on.

The incidents are the room's own, as of `as_of`, which may be a moment ahead of `position`: the stream then
tells once more what they already contain, and the page leaves out, incident by incident, every step that is
not newer than `as_of`. So snapshot and stream together have no gap and count nothing twice.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from controlroom.console.deltas import IncidentView, QuarantineView
from controlroom.console.feed import Feed
from controlroom.console.parts import Parts
from controlroom.console.quarantined import quarantine_view
from controlroom.console.queue import page
from controlroom.console.sight import WHOLE, Sight
from controlroom.console.views import incident_view
from controlroom.incidents.incident import Incident
from controlroom.signals.vocabulary import Kind

RECENT_SIGNALS = 200
"""Routed signals that a page begins with: what came while somebody fetched a coffee."""

RECENT_QUARANTINE = 50
"""Quarantined messages that a page begins with; the API lists all that are kept."""

INCIDENTS_MAX = 5_000
"""Open incidents that a page begins with; past that the page says how many it leaves off."""


class Beat(msgspec.Struct, frozen=True):
    """The room's condition at one moment: what a page hears every two seconds and `/api/v1/status` answers.

    `counts` are signals by kind and route since the process started; a page turns their growth into rates.
    """

    now: datetime
    epoch: int
    position: int
    stored: int
    demonstration: bool
    degraded: str | None
    instance: str
    rule_set: str
    open: int
    quarantined: int
    counts: dict[Kind, dict[str, int]]
    pages: int = 0


class Snapshot(msgspec.Struct, frozen=True):
    """Everything that a page starts from; `recent` are deltas, oldest first, `quarantine` newest first."""

    status: Beat
    epoch: int
    position: int
    as_of: int
    incidents: tuple[IncidentView, ...]
    recent: tuple[msgspec.Raw, ...]
    quarantine: tuple[QuarantineView, ...]
    units: tuple[str, ...]
    left_off: int


def beat(parts: Parts, feed: Feed, incidents: int, pages: int = 0) -> Beat:
    """Return the room's condition now; `incidents` are as many as are open for whom it is told."""
    status = parts.status()
    counts: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
    for (kind, route), count in feed.counts.items():
        counts[kind][route] = count
    return Beat(
        now=parts.now(),
        epoch=feed.epoch,
        position=feed.decided,
        stored=feed.stored,
        demonstration=status.demonstration,
        degraded=status.degraded,
        instance=status.instance,
        rule_set=status.rule_set,
        open=incidents,
        quarantined=feed.quarantined,
        counts=counts,
        pages=pages,
    )


def snapshot(parts: Parts, feed: Feed, sight: Sight = WHOLE) -> Snapshot:
    """Return what this person's page starts from, as of this moment."""
    state = parts.state()
    shown, _ = page(state.incidents.values(), None, INCIDENTS_MAX)
    return Snapshot(
        status=beat(parts, feed, len(state.incidents)),
        epoch=feed.epoch,
        position=feed.decided,
        as_of=state.position,
        incidents=tuple(views(parts, shown)),
        recent=tuple(msgspec.Raw(delta) for delta in feed.recent(RECENT_SIGNALS, sight)),
        quarantine=quarantine(parts, feed, RECENT_QUARANTINE) if sight.quarantine else (),
        units=tuple(parts.lens.estate().crews),
        left_off=len(state.incidents) - len(shown),
    )


def views(parts: Parts, incidents: Iterable[Incident]) -> Iterable[IncidentView]:
    """Yield each incident with the unit that has its order."""
    orders = parts.state().orders
    for incident in incidents:
        standing = orders.get(incident.order) if incident.order is not None else None
        unit, step = (
            (standing.order.unit, standing.ended or standing.step) if standing is not None else (None, None)
        )
        yield incident_view(incident, parts.lens, unit, step)


def quarantine(parts: Parts, feed: Feed, limit: int) -> tuple[QuarantineView, ...]:
    """Return the newest quarantined messages that whoever looks may see, the newest first."""
    hidden = parts.hidden().positions
    newest = [held for held in feed.quarantine if held.position not in hidden][-limit:]
    return tuple(quarantine_view(held) for held in reversed(newest))

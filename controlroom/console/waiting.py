"""What waits without being an incident: alarms held for an abort, faults without their restore."""

from datetime import datetime

import msgspec
from aiohttp import web

from controlroom.access.permissions import Permission
from controlroom.console.api import answer
from controlroom.console.parts import Parts
from controlroom.console.questions import Nothing, asked
from controlroom.console.raw import short
from controlroom.console.routes import Declared, get
from controlroom.incidents.holds.state import Held
from controlroom.incidents.restores.state import Fault
from controlroom.signals.vocabulary import Kind

LISTED_MAX = 500
"""Entries in one answer, those that are over first; the number of all stands beside them."""


class HeldView(msgspec.Struct, frozen=True):
    """One cause that waits for an abort: where, what, since when and until when."""

    kind: Kind
    site: str
    name: str | None
    source: str
    event: str
    priority: int
    signals: int
    rule: str
    why: str
    since: datetime
    until: datetime


class FaultView(msgspec.Struct, frozen=True):
    """One fault that stands, with the position of its record; `unpaired` once its restore is overdue."""

    site: str
    name: str | None
    source: str
    event: str
    since: datetime
    position: int
    unpaired: bool


class Waiting:
    """The handlers of these lists. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        return [
            get("/api/v1/held", self.held, Permission.SEE),
            get("/api/v1/faults", self.faults, Permission.SEE),
        ]

    async def held(self, request: web.Request) -> web.Response:
        """List what is held for an abort, the first that is over first."""
        asked(request, Nothing)
        held = sorted(self._parts.state().holds.by_name.values(), key=lambda one: (one.until, one.since))
        return answer({"held": [self._held_view(one) for one in held[:LISTED_MAX]], "count": len(held)})

    async def faults(self, request: web.Request) -> web.Response:
        """List mains and path faults that stand, those without their restore first, then the oldest."""
        asked(request, Nothing)
        faults = sorted(
            self._parts.state().faults.items(), key=lambda one: (not one[1].unpaired, one[1].since, one[0])
        )
        listed = [self._fault_view(fault) for _, fault in faults[:LISTED_MAX]]
        unpaired = sum(fault.unpaired for _, fault in faults)
        return answer({"faults": listed, "count": len(faults), "unpaired": unpaired})

    def _named(self, source: str) -> str | None:
        """Return the name of the place that speaks on this topic; None where nobody's account does."""
        place = self._parts.lens.estate().place(source)
        return place.name if place is not None else None

    def _fault_view(self, fault: Fault) -> FaultView:
        return FaultView(
            site=fault.site,
            name=self._named(fault.source),
            source=short(fault.source),
            event=fault.event,
            since=fault.since,
            position=fault.position,
            unpaired=fault.unpaired,
        )

    def _held_view(self, held: Held) -> HeldView:
        incident = held.draft.incident
        return HeldView(
            kind=incident.kind,
            site=incident.site,
            name=self._named(incident.source),
            source=short(incident.source),
            event=incident.event,
            priority=incident.priority,
            signals=incident.signals,
            rule=incident.rule,
            why=incident.why,
            since=held.since,
            until=held.until,
        )

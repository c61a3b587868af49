"""Handing a shift over, over the API: the drafted sheet, the words of both sides, and the signatures.

The draft is made from the room as it stands, heading by heading; it is bounded, and says how much it leaves
off. What is signed is the sheet that the room drafted at that moment, not one that a page made up.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from controlroom.access.permissions import Permission
from controlroom.commands.handovers import HandoverCommand, HandoverTaken, HandoverWritten, SheetLine
from controlroom.console.admission import author_of
from controlroom.console.api import answer
from controlroom.console.bodies import Authored, read_body
from controlroom.console.pages.shell import LONDON
from controlroom.console.parts import Parts
from controlroom.console.problems import problem
from controlroom.console.questions import Nothing, asked
from controlroom.console.queue import rank
from controlroom.console.routes import Declared, get, post
from controlroom.console.seen import open_to_all
from controlroom.console.telling import settled_by
from controlroom.estate.model import Estate
from controlroom.incidents.incident import Incident, Status, WatchKind
from controlroom.incidents.reasons import Reason
from controlroom.incidents.state import State
from controlroom.incidents.watch_list import Present, Question, expected
from controlroom.signals.vocabulary import Kind

LINES_MAX = 60
"""Lines of one heading: what two people read to each other; the last line says how many are left off."""

DUE_MAX = 20
"""What is due next: the first hour of most shifts."""

Words = Annotated[str, Field(max_length=4_000)]

_NEXT = frozenset(
    {
        *(
            WatchKind.CHECK,
            WatchKind.BOOK_ON,
            WatchKind.VISIT,
            WatchKind.GATE_OPENING,
            WatchKind.GATE_CLOSING,
        ),
        *(WatchKind.LATE_TO_SET, WatchKind.END_OF_TEST, WatchKind.END_OF_PARKING),
        WatchKind.FOOTAGE_DUE,
    }
)
"""What the next shift has to expect of others."""

_EVENTS = {
    (Kind.HELP_POINT, "started"): "call started",
    (Kind.HELP_POINT, "answered"): "call answered",
    (Kind.HELP_POINT, "abandoned"): "call given up",
    (Kind.HELP_POINT, "stuck"): "button stuck",
    (Kind.CAMERA_FAULT, "offline"): "camera offline",
    (Kind.CAMERA_FAULT, "silent"): "camera silent",
    (Kind.TELECARE, "pendant"): "pendant pressed",
    (Kind.TELECARE, "pull_cord"): "cord pulled",
}
"""What happened, where the word of the wire says it only beside the kind of its feed."""

_SHORT = {"sos": "SOS", "antisocial_behaviour": "anti-social behaviour"}

_REFUSALS = {
    Reason.HANDOVER_UNKNOWN: "no handover of this id is kept; see GET /api/v1/handovers",
    Reason.HANDOVER_SIGNED: "somebody has taken it over already",
    Reason.HANDOVER_NEEDS_SECOND: "the one who gives cannot be the one who takes",
}


class GiveBody(Authored):
    """What the next shift should expect, in words."""

    expect: Words = ""


class TakeBody(Authored):
    """I take this over, with the work of the one who gives or without it."""

    with_work: bool
    said: Words = ""


class HandoverAnswers:
    """The handlers of everything below `/api/v1/handovers`. They hold no state of their own."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Declared]:
        """Return what these handlers answer."""
        handovers = "/api/v1/handovers"
        return [
            get(handovers, self.handovers, Permission.SEE),
            get("/api/v1/handover-draft", self.draft, Permission.WORK),
            post(handovers, self.give, Permission.WORK),
            post(f"{handovers}/{{id}}/take", self.take, Permission.WORK),
        ]

    async def handovers(self, request: web.Request) -> web.Response:
        """List the last handovers, the newest first."""
        asked(request, Nothing)
        return answer({"handovers": [*self._parts.state().handovers.values()][::-1]})

    async def draft(self, request: web.Request) -> web.Response:
        """Answer with the sheet as it would be signed now."""
        asked(request, Nothing)
        return answer({"sheet": sheet(self._parts, author_of(request))})

    async def give(self, request: web.Request) -> web.Response:
        """Sign the sheet as it is now, and hand over."""
        body, author = await read_body(request, GiveBody), author_of(request)
        return await self._tell(HandoverWritten(author, body.expect, sheet(self._parts, author)))

    async def take(self, request: web.Request) -> web.Response:
        """Sign the other side, and take the work over where that is wanted."""
        body, name = await read_body(request, TakeBody), request.match_info["id"]
        return await self._tell(HandoverTaken(author_of(request), name, body.with_work, body.said))

    async def _tell(self, command: HandoverCommand) -> web.Response:
        settled = await settled_by(self._parts, command, "GET /api/v1/handovers tells")
        reason = settled.decision.reasons[0]
        if reason is not Reason.COMMAND:
            raise problem(409, "not-possible-now", _REFUSALS[reason], reason=reason)
        name = command.handover if isinstance(command, HandoverTaken) else f"HO-{settled.position}"
        return answer({"position": settled.position, "handover": self._parts.state().handovers.get(name)})


def sheet(parts: Parts, giver: str) -> tuple[SheetLine, ...]:
    """Return the sheet of the room as it stands, for somebody who hands over."""
    state, now = open_to_all(parts.state()), parts.now()
    estate = parts.lens.estate()
    opened = sorted(state.incidents.values(), key=rank)
    parked = [one for one in opened if one.status is Status.PARKED]
    live = [one for one in opened if one.status is not Status.PARKED]
    return (
        *_incidents("Yours", (one for one in live if one.owner == giver), estate),
        *_incidents("Overdue", (one for one in live if one.due is not None and one.due < now), estate),
        *_incidents("Open", (one for one in live if one.owner != giver), estate),
        *_incidents("Parked", parked, estate),
        *_on_test(state, estate),
        *_muted(state, estate),
        *_faults(state, estate),
        *_due_next(parts, now),
    )


def _incidents(heading: str, incidents: Iterable[Incident], estate: Estate) -> Iterator[SheetLine]:
    listed = list(incidents)
    for one in listed[:LINES_MAX]:
        by = "" if heading == "Yours" else f", with {one.owner}" if one.owner else ", nobody has it"
        due = f", due {_clock(one.due)}" if one.due is not None else ""
        why = f": {one.parked}" if one.parked else ""
        what = _EVENTS.get((one.kind, one.event), _said(one.event))
        at = _named(estate, one.source, one.site)
        text = f"priority {one.priority}, {what} at {at}, {one.status.replace('_', ' ')}{by}{due}{why}"
        yield SheetLine(heading, one.id, text)
    yield from _left_off(heading, len(listed))


def _on_test(state: State, estate: Estate) -> Iterator[SheetLine]:
    """Yield what is on test, until when, whose and why."""
    tests = list(state.tests.values())
    names = {place.site: place.name for place in estate.places.values()} if tests else {}
    for test in tests[:LINES_MAX]:
        name = f"{names[test.target]}, " if test.target in names else ""
        text = f"{name}until {_clock(test.until)}, {test.owner}: {test.reason}"
        yield SheetLine("On test", test.target, text)
    yield from _left_off("On test", len(tests))


def _faults(state: State, estate: Estate) -> Iterator[SheetLine]:
    """Yield the faults that stand, first those whose restore never came."""
    faults = sorted(state.faults.values(), key=lambda fault: (not fault.unpaired, fault.since))
    for fault in faults[:LINES_MAX]:
        left = ", no restore came" if fault.unpaired else ""
        at = _named(estate, fault.source, fault.site)
        text = f"{_said(fault.event)} at {at} since {_clock(fault.since)}{left}"
        yield SheetLine("Faults", fault.site, text)
    yield from _left_off("Faults", len(faults))


def _muted(state: State, estate: Estate) -> Iterator[SheetLine]:
    """Yield the zones that the room only counts, because they tripped once too often: they alarm nobody."""
    zones = [
        (zone.shelved_at, site, name, zone.rolled_up)
        for site, named in state.rollups.zones.items()
        for name, zone in named.items()
        if zone.shelved_at is not None
    ]
    names = {place.site: place.name for place in estate.places.values()} if zones else {}
    for since, site, zone, counted in sorted(zones)[:LINES_MAX]:
        where = f"zone {zone} at {names.get(site, site)}"
        yield SheetLine("Muted", site, f"{where} since {_clock(since)}, {counted} more trips were counted")
    yield from _left_off("Muted", len(zones))


def _due_next(parts: Parts, now: datetime) -> Iterator[SheetLine]:
    """Yield what others are expected to do next, the first due first; a day is said where it is another."""
    state = open_to_all(parts.state())
    present = Present(state, parts.lens.estate(), now, parts.handbook().house.after_outage_s)
    listed, _ = expected(present, Question(kinds=_NEXT, limit=DUE_MAX, reader=""))
    for one in listed:
        other = one.due.astimezone(LONDON).date() != now.astimezone(LONDON).date()
        day = f"{one.due.astimezone(LONDON):%-d %b} " if other else ""
        yield SheetLine("Due next", one.whom, f"{day}{_clock(one.due)}, {one.what}")


def _named(estate: Estate, source: str, site: str) -> str:
    """Return the name of the place that speaks on this topic; its site's key where the estate knows none."""
    place = estate.place(source)
    return place.name if place is not None else site


def _said(event: str) -> str:
    """Return an event of the wire as words within a sentence."""
    return _SHORT.get(event, event.replace("_", " "))


def _clock(at: datetime) -> str:
    """Return the time of day on the room's wall."""
    return f"{at.astimezone(LONDON):%H:%M}"


def _left_off(heading: str, count: int) -> Iterator[SheetLine]:
    if count > LINES_MAX:
        yield SheetLine(heading, "", f"and {count - LINES_MAX} more, not listed")

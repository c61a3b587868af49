"""What the room remembers of its sites, and how a change moves it. A panel it never heard of is *unknown*.

Unknown is not a state that is kept: it is the absence of one, so it can never be mistaken for normal.

Bounds: places of the estate only, one entry each and one for each of its paths; `FALSE_CALLS_KEPT` dates a
system. What belongs to a place that left the estate goes when the room opens.
"""

from datetime import date, datetime
from typing import assert_never

from msgspec import Struct, field

from controlroom.estate.police import System
from controlroom.incidents.sites.changes import (
    ExpectationDropped,
    ExpectationMissed,
    Expected,
    FalseCallCounted,
    PatrolSeeded,
    PlaceForgotten,
    SetNoted,
    Sign,
    SignNoted,
    SiteChange,
    VisitCalled,
    VisitSettled,
)
from controlroom.incidents.sites.false_calls import counting, day_of, kept
from controlroom.incidents.sites.supervision import PATHS
from controlroom.signals.vocabulary import SetState


class SetNote(Struct, frozen=True, gc=False, array_like=True):
    """What a panel last said of itself, since when, and the position of the signal that said it."""

    state: SetState
    since: datetime
    by: int


class Gate(Struct, frozen=True, gc=False, array_like=True):
    """Whether a park was last opened or closed, since when, and the position of the report."""

    open: bool
    since: datetime
    by: int


class Sites(Struct):
    """All that is noted of sites, by topic; `polled` by topic and path, `false_calls` by site and system.

    `counts` is how many panels are in each set state, by "<area> <state>". `missed` says of each place what
    it owes, by what and detail, and since when the room says so. `patrol_seed` is what the moments of random
    rounds follow from, `called` which of them are called, and since when.
    """

    set_states: dict[str, SetNote] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    tested: dict[str, datetime] = field(default_factory=dict)
    polled: dict[str, datetime] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    visited: dict[str, datetime] = field(default_factory=dict)
    missed: dict[str, dict[str, datetime]] = field(default_factory=dict)
    false_calls: dict[str, tuple[date, ...]] = field(default_factory=dict)
    patrol_seed: bytes = b""
    called: dict[str, datetime] = field(default_factory=dict)


def owed(what: Expected, detail: str = "") -> str:
    """Return the name under which something owed stands among what is missed."""
    return f"{what} {detail}" if detail else what.value


def system_key(site: str, system: System) -> str:
    """Return the key of a site's false calls."""
    return f"{site} {system}"


def note(sites: Sites, change: SiteChange, position: int, now: datetime) -> None:
    """Remember the change; an expectation that was dropped is the watches' business."""
    match change:
        case SetNoted():
            _set(sites, change, position, now)
        case SignNoted():
            _sign(sites, change, position, now)
        case ExpectationMissed():
            sites.missed.setdefault(change.topic, {})[owed(change.what, change.detail)] = now
        case PlaceForgotten():
            _forget(sites, change.topic)
        case FalseCallCounted():
            key = system_key(change.site, change.system)
            standing = counting(sites.false_calls.get(key, ()), day_of(now))
            sites.false_calls[key] = kept((*standing, change.on))
        case PatrolSeeded():
            sites.patrol_seed = change.seed
        case VisitCalled():
            sites.called[change.round] = now
        case VisitSettled():
            sites.called.pop(change.round, None)
        case ExpectationDropped():
            pass
        case _:
            assert_never(change)


def _set(sites: Sites, change: SetNoted, position: int, now: datetime) -> None:
    before = sites.set_states.get(change.topic)
    area = change.topic.split("/", 2)[1]
    if before is not None:
        sites.counts[f"{area} {before.state}"] -= 1
    sites.set_states[change.topic] = SetNote(change.state, now, position)
    name = f"{area} {change.state}"
    sites.counts[name] = sites.counts.get(name, 0) + 1
    if change.state is not SetState.UNSET:
        _paid(sites, change.topic, Expected.LATE_TO_SET)


def _sign(sites: Sites, change: SignNoted, position: int, now: datetime) -> None:
    topic = change.topic
    match change.sign:
        case Sign.TESTED:
            sites.tested[topic] = now
            _paid(sites, topic, Expected.TEST_OVERDUE)
        case Sign.POLLED:
            sites.polled[f"{topic} {change.detail}"] = now
            _paid(sites, topic, Expected.PATH_SILENT, change.detail)
        case Sign.OPENED:
            sites.gates[topic] = Gate(open=True, since=now, by=position)
            _paid(sites, topic, Expected.NOT_OPENED)
        case Sign.CLOSED:
            sites.gates[topic] = Gate(open=False, since=now, by=position)
            _paid(sites, topic, Expected.NOT_CLOSED)
        case Sign.VISITED:
            sites.visited[topic] = now
            sites.missed.pop(topic, None)
        case _:
            assert_never(change.sign)


def _paid(sites: Sites, topic: str, what: Expected, detail: str = "") -> None:
    missed = sites.missed.get(topic)
    if missed is None:
        return
    missed.pop(owed(what, detail), None)
    if not missed:
        del sites.missed[topic]


def _forget(sites: Sites, topic: str) -> None:
    before = sites.set_states.pop(topic, None)
    if before is not None:
        sites.counts[f"{topic.split('/', 2)[1]} {before.state}"] -= 1
    for kept_of in (sites.tested, sites.gates, sites.visited, sites.missed):
        kept_of.pop(topic, None)
    for path in PATHS:
        sites.polled.pop(f"{topic} {path}", None)

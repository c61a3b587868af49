"""What is expected, of whom, by when, and what happens else: the armed watches in words.

The list is read from the state as it stands and costs O(k log n) for its first k entries; what is rare, or
far down the list, costs a look at every watch of its kinds. *Unknown* is what the field owes and nobody can
know now, because the room itself was deaf (see `hearing`).
"""

import heapq
from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from controlroom.estate.model import CREW_TAG, Estate
from controlroom.incidents.hearing import grace_ends, is_unknown
from controlroom.incidents.incident import Watch, WatchKind
from controlroom.incidents.log_book.entry import may_see
from controlroom.incidents.state import State
from controlroom.incidents.watches import OF_THE_CREW, OF_THE_FIELD, in_order
from controlroom.signals.vocabulary import Kind


class Terms(Struct, frozen=True):
    """A kind of watch in words: what is expected, and what happens else."""

    what: str
    otherwise: str


TERMS: dict[WatchKind, Terms] = {
    WatchKind.ACCEPTANCE: Terms("the unit accepts the order", "the incident is escalated"),
    WatchKind.ANSWER: Terms("somebody takes the incident", "the incident is escalated"),
    WatchKind.END_OF_TEST: Terms("the test is over", "it ends by itself, with its report"),
    WatchKind.ESCALATION: Terms("somebody takes the escalated incident", "the next level is told"),
    WatchKind.OWNER_MOVES: Terms("a word of the owner", "the incident is escalated"),
    WatchKind.ARRIVAL: Terms("the unit arrives", "the incident is escalated"),
    WatchKind.CLEARANCE: Terms("a word of the unit at the place", "the incident is escalated"),
    WatchKind.END_OF_PARKING: Terms("the parking is over", "the incident waits for a person again"),
    WatchKind.REOPENING: Terms("nobody reopens the resolved incident", "it is closed"),
    WatchKind.END_OF_HOLD: Terms("an unset or a cancel", "the incident opens as its rule says"),
    WatchKind.RESTORE: Terms("the restore of the fault", "the fault is listed as unpaired"),
    WatchKind.END_OF_SHELF: Terms("the end of the shelving", "the zone counts anew"),
    WatchKind.CHECK: Terms("a sign of life", "the check is late, and after its grace missed"),
    WatchKind.CONTACT: Terms("somebody reaches the person", "the next step: supervisor, then a crew"),
    WatchKind.AMBER: Terms("a word after the timed note", "it turns red"),
    WatchKind.BOOK_ON: Terms("the shift's booking on", "the room asks where the person is"),
    WatchKind.LATE_TO_SET: Terms("the building is set", "the room says that it is late to set"),
    WatchKind.EARLY_OPEN: Terms("the hour of opening", "the room asks who opened"),
    WatchKind.TEST_OVERDUE: Terms("the panel's periodic test", "the room says that the test is overdue"),
    WatchKind.PATH_SILENT: Terms("a sign of the path", "the path counts as failed"),
    WatchKind.FALSE_CALLS: Terms("a false call less", "the room warns of the limit"),
    WatchKind.GATE_OPENING: Terms("the park is opened", "the room says that it is not"),
    WatchKind.GATE_CLOSING: Terms("the park is closed", "the room says that it is not"),
    WatchKind.VISIT: Terms("the patrol's visit", "the room says that nobody came"),
    WatchKind.ROLL_CALL: Terms("the next part of the sites", "their watches are armed"),
    WatchKind.SHIFT_END: Terms("the booking off", "the room asks why the shift goes on"),
    WatchKind.CAMERA_SILENCE: Terms("a sign of life", "the camera is silent"),
    WatchKind.CAMERA_SETTLED: Terms("the fault clears", "it is work"),
    WatchKind.CAMERA_FLAPPING: Terms("the camera is quiet", "its incident goes on counting"),
    WatchKind.CAMERA_GROUP: Terms("the cameras of the parent come back", "they are one incident"),
    WatchKind.HELP_POINT_CALL: Terms(
        "a voice, and the call's end", "it is abandoned, later its button stuck"
    ),
    WatchKind.HELP_POINT_ABANDONED: Terms("nothing: the caller went unheard", "the room says so"),
    WatchKind.HELP_POINT_STUCK: Terms("the button is quiet", "it is stuck, or stays so"),
    WatchKind.FOOTAGE_DUE: Terms("the footage is handed over", "the request is listed as overdue"),
    WatchKind.KEYHOLDER_CALL: Terms("a word of the keyholder, or the next call", "the next one is due"),
    WatchKind.KEYHOLDER_ATTENDS: Terms("the keyholder is there", "it is escalated, and the next called"),
    WatchKind.UPDATE_HEARD: Terms("the crew knows that it is more urgent", "it is escalated"),
    WatchKind.HELP_POINT_TEST: Terms("the point's test of itself", "the test is overdue"),
}
"""Every kind of watch; a test holds that none is missing."""


class WatchGroup(StrEnum):
    """The lists that a desk looks at what is due by."""

    ALL = "all"
    PEOPLE = "people"
    PATROLS = "patrols"
    PARKS = "parks"
    SITES = "sites"


_THE_ROOMS_OWN = frozenset(
    {
        *(WatchKind.ROLL_CALL, WatchKind.FALSE_CALLS, WatchKind.CAMERA_SILENCE, WatchKind.CAMERA_SETTLED),
        *(WatchKind.CAMERA_FLAPPING, WatchKind.CAMERA_GROUP, WatchKind.HELP_POINT_TEST),
        WatchKind.END_OF_SHELF,
    }
)
"""Kinds that expect nothing of a person, by the thousand."""

GROUPS: dict[WatchGroup, frozenset[WatchKind]] = {
    WatchGroup.ALL: frozenset(WatchKind) - _THE_ROOMS_OWN,
    WatchGroup.PEOPLE: frozenset(
        {
            *(WatchKind.CHECK, WatchKind.CONTACT, WatchKind.AMBER),
            *(WatchKind.BOOK_ON, WatchKind.SHIFT_END),
        }
    ),
    WatchGroup.PATROLS: frozenset({WatchKind.VISIT}),
    WatchGroup.PARKS: frozenset({WatchKind.GATE_OPENING, WatchKind.GATE_CLOSING}),
    WatchGroup.SITES: frozenset(
        {
            *(WatchKind.LATE_TO_SET, WatchKind.EARLY_OPEN, WatchKind.TEST_OVERDUE),
            *(WatchKind.PATH_SILENT, WatchKind.END_OF_TEST, WatchKind.RESTORE),
        }
    ),
}
"""What stands in each list."""


_EVERY = frozenset(WatchKind)

LOOKED_MAX = 1_000
"""Watches that are looked at in order; what is rarer among them is looked for by its kind. In a house with a
hundred thousand sites one check of a guard would else be found behind all their alarms that are to be set."""


class Expectation(Struct, frozen=True):
    """One armed watch: `unknown` where the room's own outage may be why it is still open.

    `whom` is who or what is to act: a unit, an owner, a place by its name; the subject where nobody is named.
    """

    due: datetime
    kind: WatchKind
    subject: str
    whom: str
    what: str
    otherwise: str
    unknown: bool = False


class Question(Struct, frozen=True):
    """Which watches: of one kind (None: all), due before a moment (None: ever), behind a watch, how many.

    `group` is their list, `kinds` a choice of one's own. `unknown` asks only for what the room's own outage
    leaves unknown. `reader` is who asks, and sees no watch of an entry that is restricted to others; None is
    whoever holds the journal itself, and sees all.
    """

    kind: WatchKind | None = None
    before: datetime | None = None
    behind: Watch | None = None
    limit: int = 100
    unknown: bool = False
    reader: str | None = None
    group: WatchGroup | None = None
    kinds: frozenset[WatchKind] | None = None


class Present(Struct, frozen=True):
    """What a list is made of: the state, the estate for names, the moment, the grace after an outage."""

    state: State
    estate: Estate
    now: datetime
    after_outage_s: int


def expected(present: Present, asked: Question) -> tuple[list[Expectation], Watch | None]:
    """Return the next watches in order of their moment, and the last of them where more follow."""
    found = _near(present, asked)
    if found is None:
        found = heapq.nsmallest(asked.limit + 1, _all(present, asked))
    more = found[asked.limit - 1] if len(found) > asked.limit else None
    listed = [_in_words(present, watch) for watch in found[: asked.limit]]
    return listed, more


def _near(present: Present, asked: Question) -> list[Watch] | None:
    """Return what is asked for of the watches that are due soonest; None where that is not all of it."""
    found: list[Watch] = []
    for number, watch in enumerate(in_order(present.state.watches)):
        if (asked.before is not None and watch.due >= asked.before) or len(found) > asked.limit:
            break
        if number == LOOKED_MAX:
            return None
        if watch.kind in _kinds(asked) and _fits(present, asked, watch):
            found.append(watch)
    return found


def _all(present: Present, asked: Question) -> Iterator[Watch]:
    """Yield what is asked for in no order: of its kinds alone, so that a few are not looked for among all."""
    armed, before, behind = present.state.watches.armed, asked.before, asked.behind
    for kind in _kinds(asked):
        for subject, due in armed.get(kind, {}).items():
            if (before is not None and due >= before) or (behind is not None and due < behind.due):
                continue
            watch = Watch(due, kind, subject)
            if _fits(present, asked, watch):
                yield watch


def _kinds(asked: Question) -> Collection[WatchKind]:
    kinds = GROUPS[asked.group] if asked.group is not None else asked.kinds or _EVERY
    if asked.kind is None:
        return kinds
    return (asked.kind,) if asked.kind in kinds else ()


def _fits(present: Present, asked: Question, watch: Watch) -> bool:
    if asked.unknown and not _unknown(present, watch):
        return False
    if asked.reader is not None and not _shown_to(present.state, watch, asked.reader):
        return False
    return asked.behind is None or watch > asked.behind


def _shown_to(state: State, watch: Watch, reader: str) -> bool:
    """Say whether this person may know of it: a request for footage may be restricted to named people."""
    if watch.kind is not WatchKind.FOOTAGE_DUE:
        return True
    trace = state.log_book.traces.get(watch.subject)
    return trace is None or may_see(trace.readers, reader)


def _in_words(present: Present, watch: Watch) -> Expectation:
    terms, whom = TERMS[watch.kind], _whom(present, watch)
    unknown = _unknown(present, watch)
    return Expectation(watch.due, watch.kind, watch.subject, whom, terms.what, terms.otherwise, unknown)


def _unknown(present: Present, watch: Watch) -> bool:
    if watch.kind not in OF_THE_FIELD:
        return False
    return is_unknown(present.state.hearing, watch.due, present.now, present.after_outage_s)


def _whom(present: Present, watch: Watch) -> str:
    state, subject = present.state, watch.subject
    round_ = present.estate.rounds.get(subject)
    place = present.estate.place(round_.topic if round_ is not None else subject)
    if place is not None:
        return f"{place.name}, {subject}" if round_ is not None else place.name
    topic, _, part = subject.partition(" ")
    if part and (of := present.estate.place(topic)) is not None:  # a path of a panel, a fault of a camera
        return f"{of.name}, {part.strip().replace('_', ' ')}"
    incident = state.incidents.get(subject)
    standing = state.orders.get(subject) or (state.orders.get(incident.order or "") if incident else None)
    if watch.kind is WatchKind.OWNER_MOVES and incident is not None and incident.owner is not None:
        return incident.owner
    if standing is not None and watch.kind in OF_THE_CREW:
        return standing.order.unit
    test = state.tests.get(subject)
    return test.owner if test is not None else subject


def unknown_now(state: State, now: datetime, after_outage_s: int) -> int:
    """Return how much that the field owes cannot be known now; costs nothing while all is well."""
    hearing = state.hearing
    until = grace_ends(hearing, after_outage_s)
    if hearing.deaf_since is None and (until is None or now >= until):
        return 0
    return sum(
        is_unknown(hearing, due, now, after_outage_s)
        for kind in OF_THE_FIELD
        for due in tuple(state.watches.armed.get(kind, {}).values())
    )


def unwatched(state: State, estate: Estate) -> dict[str, int]:
    """Return, by kind of feed, how many places of the estate no watch expects anything of."""
    armed = [names for kind in OF_THE_FIELD if (names := state.watches.armed.get(kind)) is not None]
    visits = state.watches.armed.get(WatchKind.VISIT, {})
    patrolled = {one.topic for one in estate.rounds.values() if one.name in visits}
    count = {kind.value: 0 for kind in Kind}
    for place in estate.places.values():
        heard = any(place.topic in names or place.site in names for names in armed)
        source = place.kind in count and CREW_TAG not in place.tags  # neither a switch nor a crew is a source
        if source and place.topic not in patrolled and not heard:
            count[place.kind] += 1
    return count
